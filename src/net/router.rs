//! The accept loop's connections, handed to an axum router.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tower::util::Oneshot;

use super::client::TrustedProxies;
use super::serve::{Arrival, Drained, Port, serve};

/// The client's address, behind trusted proxies too; a request extension of every route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Serves `router` like [`serve`] does, with [`ClientAddress`] as an extension of each request.
///
/// # Errors
/// Those of [`serve`].
pub async fn serve_router(
    listener: std::net::TcpListener,
    port: Arc<Port>,
    router: Router,
    shutdown: CancellationToken,
) -> io::Result<Drained> {
    let trusted = Arc::clone(&port.trusted);
    let service_of = move |arrival| Routed { router: router.clone(), trusted: Arc::clone(&trusted), arrival };
    serve(listener, port, service_of, shutdown).await
}

struct Routed {
    router: Router,
    trusted: Arc<TrustedProxies>,
    arrival: Arrival,
}

impl Service<Request<Incoming>> for Routed {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Oneshot<Router, Request<Body>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let client = self.trusted.client(self.arrival.peer, request.headers());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ClientAddress(client));
        self.router.clone().oneshot(request)
    }
}
