//! Requests to addresses that the operator configured: the control node, the identity provider.
//!
//! They may well be private, so the rules of [`super::Destinations`] are not theirs; who asks bounds size and time,
//! and follows no redirect.

use hyper::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A client with a pool of connections; `B` is the body of its requests.
pub type OwnClient<B> = Client<HttpsConnector<HttpConnector>, B>;

/// Speaks HTTP/1.1, and TLS as browsers trust it where the address says `https`.
pub fn own_client<B>() -> OwnClient<B>
where
    B: Body<Data: Send> + Send,
{
    let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
    Client::builder(TokioExecutor::new()).build(connector)
}
