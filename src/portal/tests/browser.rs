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
    /// What it prefers to read; empty: anything.
    pub(super) language: String,
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

    /// What holds on every page: it came, in a frame with a language, one heading of the first level and one main part,
    /// no style and no script in the page, nothing of another host, every field with a label, every change with a
    /// proof.
    #[track_caller]
    pub(super) fn assert_page(&self) -> &Self {
        let Self { status, body, .. } = self;
        assert_eq!(*status, 200, "{self:?}");
        assert_eq!((body.matches("<h1").count(), body.matches("<main").count()), (1, 1), "{body}");
        assert!(body.contains("<html lang=\"en\">") || body.contains("<html lang=\"fr\">"), "{body}");
        for never in [" style=", "<style", " onclick", "javascript:", "{ $", "src=\"http", "src=\"//"] {
            assert!(!body.contains(never), "{never}: {body}");
        }
        for tag in body.split('<').filter(|tag| tag.starts_with("script") || tag.starts_with("link rel=\"stylesheet")) {
            assert!(tag.contains("=\"/assets/") || tag.contains("=\"/look/"), "{tag}");
        }
        for form in body.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap_or_default()) {
            let is_post = form.split('>').next().is_some_and(|tag| tag.contains("method=\"post\""));
            assert!(!is_post || form.contains("name=\"csrf\"") || !body.contains("class=\"who\""), "{form}");
        }
        for field in body.split('<').filter(|tag| {
            let is_field = ["input ", "select ", "textarea "].iter().any(|start| tag.starts_with(start));
            is_field && !tag.contains("type=\"hidden\"")
        }) {
            let id = field.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next());
            let is_labelled = id.is_some_and(|id| body.contains(&format!("for=\"{id}\"")));
            let in_label =
                body.contains(&format!("<label class=\"choice\"><{}", field.split('>').next().unwrap_or_default()));
            assert!(is_labelled || in_label || field.contains("aria-label"), "a field without a label: {field}");
        }
        self
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
        Self { router, client, host: "localhost:8081".to_owned(), cookies: BTreeMap::new(), language: String::new() }
    }

    /// Goes on, signed in as it is, with a portal that was started anew.
    pub(super) fn use_router(&mut self, router: Router) {
        self.router = router;
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

    /// Sends a form of this site, with the proof.
    pub(super) async fn post_proven(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get("/account").await.field("csrf");
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        self.post(path, &fields).await
    }

    /// Sends a form with a file as its last field.
    pub(super) async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let (field, bytes) = file;
        let mut form = Vec::new();
        for (name, value) in fields {
            form.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"../../a\"\r\n\r\n");
        form.extend([head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat());
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=x");
        self.send(request, Body::from(form)).await
    }

    /// The same with the proof, which comes first: nothing is taken of a form without one.
    pub(super) async fn upload_proven(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let csrf = self.get("/account").await.field("csrf");
        self.upload(path, &[&[("csrf", csrf.as_str())], fields].concat(), file).await
    }

    /// The same as a script sends it.
    pub(super) async fn post_for_json(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(form)).await
    }

    /// Asks for a mail.
    pub(super) async fn ask(&mut self, email: &str) -> Answer {
        self.post("/sign-in", &[("email", email)]).await
    }

    pub(super) async fn send(&mut self, request: Builder, body: Body) -> Answer {
        let mut request = request.header(header::HOST, &self.host);
        if !self.language.is_empty() {
            request = request.header(header::ACCEPT_LANGUAGE, &self.language);
        }
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
        // Pictures too, as far as a test looks at them.
        let body = String::from_utf8_lossy(&bytes).into_owned();
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
