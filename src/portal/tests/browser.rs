//! A browser, as far as signing in needs one: it keeps cookies and says where its requests come from.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::Router;
use axum::body::Body;
use http::request::Builder;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::auth::session::{BROWSER_COOKIE, SESSION_COOKIE};
use crate::net::ClientAddress;

pub(super) struct Browser {
    router: Router,
    client: IpAddr,
    pub(super) host: String,
    pub(super) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.headers[header::LOCATION].to_str().expect("an address")
    }

    /// The value of the first field of this name.
    pub(super) fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no field {name}: {self:?}"));
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

impl Browser {
    pub(super) fn new(router: Router, client: IpAddr) -> Self {
        Self { router, client, host: "localhost:8081".to_owned(), cookies: BTreeMap::new() }
    }

    pub(super) fn is_signed_in(&self) -> bool {
        self.cookies.contains_key(SESSION_COOKIE)
    }

    pub(super) fn session(&self) -> String {
        self.cookies.get(SESSION_COOKIE).cloned().expect("a session")
    }

    pub(super) fn browser(&self) -> Option<&String> {
        self.cookies.get(BROWSER_COOKIE)
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::builder().uri(path).header("sec-fetch-site", "cross-site"), Body::empty()).await
    }

    /// Sends a form of this site.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from("same-origin", path, fields).await
    }

    /// Sends a form of a site that the browser calls so.
    pub(super) async fn post_from(&mut self, site: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header("sec-fetch-site", site)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(form)).await
    }

    /// Asks for a mail.
    pub(super) async fn ask(&mut self, email: &str) -> Answer {
        self.post("/sign-in", &[("email", email)]).await
    }

    pub(super) async fn send(&mut self, request: Builder, body: Body) -> Answer {
        let mut request = request.header(header::HOST, &self.host);
        if !self.cookies.is_empty() {
            let line: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        let mut request = request.body(body).expect("a request");
        request.extensions_mut().insert(ClientAddress(self.client));
        let response = self.router.clone().oneshot(request).await.expect("a router never fails");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().expect("text"));
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        let body = String::from_utf8(bytes.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Keeps a cookie under the rules of its prefix; every one of ours has them all.
    fn keep(&mut self, line: &str) {
        let mut parts = line.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let attributes: Vec<_> = parts.collect();
        assert!(name.starts_with("__Host-"), "{line}");
        for wanted in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(attributes.contains(&wanted), "{line}");
        }
        assert!(!line.contains("Domain"), "{line}");
        if attributes.contains(&"Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
