//! Requests to the identity provider, bounded in time and size. Follows no redirect, and sends
//! nothing that somebody on the way could read.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

use super::config::is_private;
use crate::outbound::{OwnClient, own_client};

/// A whole request, its answer's body included.
const WITHIN: Duration = Duration::from_secs(10);
/// Largest answer, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// The client for requests to the provider.
#[derive(Debug)]
pub(super) struct Fetch(OwnClient<Full<Bytes>>);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the address {0} is not encrypted")]
    Plain(String),
    #[error("no answer within {} s", WITHIN.as_secs())]
    Late,
    #[error("cannot be reached")]
    Unreached(#[from] hyper_util::client::legacy::Error),
    #[error("the answer is too large or was cut off: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
}

impl Fetch {
    pub(super) fn new() -> Self {
        Self(own_client())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let address = request.uri().to_string();
        if !Url::parse(&address).is_ok_and(|url| is_private(&url)) {
            return Err(FetchError::Plain(address));
        }
        let (parts, body) = request.into_parts();
        let request = http::Request::from_parts(parts, Full::new(Bytes::from(body)));
        let answer = async {
            let (parts, body) = self.0.request(request).await?.into_parts();
            let body = Limited::new(body, MAX_BYTES).collect().await.map_err(FetchError::Body)?;
            let mut response = http::Response::new(body.to_bytes().to_vec());
            *response.status_mut() = parts.status;
            *response.headers_mut() = parts.headers;
            Ok(response)
        };
        tokio::time::timeout(WITHIN, answer).await.map_err(|_| FetchError::Late)?
    }
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
