//! A small OpenID Connect provider on loopback, with real keys and signatures, that can be told to
//! lie.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use url::Url;

pub(crate) const CLIENT: &str = "relais";
pub(crate) const SECRET: &str = "a secret of 32 characters or more, for HMAC";

/// What the provider gets wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    Nothing,
    NoNonce,
    Nonce,
    Audience,
    AnotherAudienceToo,
    Issuer,
    Expired,
    NoSignature,
    SharedSecret,
    StrangersKey,
    Changed,
    Large,
}

/// Who signs in there.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) subject: &'static str,
    pub(crate) email: &'static str,
    pub(crate) verified: bool,
}

pub(crate) struct Provider {
    pub(crate) issuer: String,
    state: Arc<Mutex<State>>,
}

struct State {
    issuer: String,
    now_s: i64,
    flaw: Flaw,
    keys: Keys,
    codes: HashMap<String, Approved>,
}

struct Approved {
    account: Account,
    nonce: String,
    challenge: String,
    redirect: String,
}

struct Keys {
    id: u64,
    rsa: Option<(RsaKeyPair, String, String)>,
    ec: EcdsaKeyPair,
}

impl Keys {
    fn new(with_rsa: bool) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("a key");
        let rsa = with_rsa.then(|| {
            let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("a key");
            let pair = RsaKeyPair::from_der(key.to_pkcs1_der().expect("DER").as_bytes()).expect("a key");
            (pair, BASE64.encode(key.n().to_bytes_be()), BASE64.encode(key.e().to_bytes_be()))
        });
        Self { id: rand::random(), rsa, ec }
    }

    fn published(&self) -> Value {
        // An uncompressed point: 4, x, y.
        let point = self.ec.public_key().as_ref();
        let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..65]));
        let mut keys = vec![json!({"kty": "EC", "use": "sig", "kid": self.kid(), "crv": "P-256", "x": x, "y": y})];
        if let Some((_, n, e)) = &self.rsa {
            keys = vec![json!({"kty": "RSA", "use": "sig", "kid": self.kid(), "alg": "RS256", "n": n, "e": e})];
        }
        json!({"keys": keys})
    }

    fn kid(&self) -> String {
        format!("{:x}", self.id)
    }

    fn algorithm(&self) -> &'static str {
        if self.rsa.is_some() { "RS256" } else { "ES256" }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.rsa {
            Some((pair, ..)) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).expect("a signature");
                signature
            }
            None => self.ec.sign(&random, message).expect("a signature").as_ref().to_vec(),
        }
    }
}

impl Provider {
    /// Serves until the test ends; signs with RSA, or with an elliptic curve.
    pub(crate) async fn start(with_rsa: bool, now_ms: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State {
            issuer: issuer.clone(),
            now_s: now_ms / 1000,
            flaw: Flaw::Nothing,
            keys: Keys::new(with_rsa),
            codes: HashMap::new(),
        }));
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&serving);
                let service = service_fn(move |request| answer(Arc::clone(&state), request));
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Self { issuer, state }
    }

    pub(crate) fn is_flawed(&self, flaw: Flaw) {
        self.state.lock().flaw = flaw;
    }

    pub(crate) fn is_at(&self, now_ms: i64) {
        self.state.lock().now_s = now_ms / 1000;
    }

    pub(crate) fn changes_its_keys(&self) {
        self.state.lock().keys = Keys::new(false);
    }

    /// Somebody follows the address to the provider's page and agrees: the code and the state that
    /// the provider sends back.
    pub(crate) fn approve(&self, address: &str, account: Account) -> (String, String) {
        let address = Url::parse(address).expect("an address");
        assert_eq!(format!("{}{}", self.issuer, "/authorize"), address.as_str().split('?').next().unwrap_or_default());
        let query: HashMap<_, _> = address.query_pairs().into_owned().collect();
        let asked = |name: &str| query.get(name).cloned().unwrap_or_else(|| panic!("no {name}: {query:?}"));
        assert_eq!((asked("response_type"), asked("client_id")), ("code".to_owned(), CLIENT.to_owned()));
        assert_eq!(asked("code_challenge_method"), "S256");
        assert!(asked("scope").split(' ').any(|scope| scope == "openid"), "{query:?}");
        assert!(asked("state").len() >= 43 && asked("nonce").len() >= 43, "{query:?}");
        let (nonce, challenge, redirect) = (asked("nonce"), asked("code_challenge"), asked("redirect_uri"));
        let code = format!("{:032x}", rand::random::<u128>());
        self.state.lock().codes.insert(code.clone(), Approved { account, nonce, challenge, redirect });
        (code, asked("state"))
    }
}

async fn answer(state: Arc<Mutex<State>>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let mut state = state.lock();
    let issuer = state.issuer.clone();
    let (status, value) = match parts.uri.path() {
        "/.well-known/openid-configuration" => (
            200,
            json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/jwks"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                // What a careless provider says; Relais takes neither of the two last.
                "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            }),
        ),
        "/jwks" => (200, state.keys.published()),
        "/token" => state.token(&parts.headers, &body),
        _ => (404, json!({})),
    };
    let mut text = value.to_string();
    if state.flaw == Flaw::Large {
        text.push_str(&" ".repeat(2 << 20));
    }
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(Bytes::from(text))).expect("an answer"))
}

impl State {
    /// Exchanges a code, once, for whoever knows the client's secret and the PKCE verifier.
    fn token(&mut self, headers: &http::HeaderMap, body: &[u8]) -> (u16, Value) {
        let form: HashMap<_, _> = url::form_urlencoded::parse(body).into_owned().collect();
        let given = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let basic = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let secret: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        let expected = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{secret}")));
        let refused = (400, json!({"error": "invalid_grant"}));
        if basic != expected || given("grant_type") != "authorization_code" {
            return (401, json!({"error": "invalid_client"}));
        }
        let Some(approved) = self.codes.remove(given("code")) else { return refused };
        let challenge = BASE64.encode(Sha256::digest(given("code_verifier")));
        if challenge != approved.challenge || given("redirect_uri") != approved.redirect {
            return refused;
        }
        let token = self.id_token(&approved);
        (200, json!({"access_token": "unused", "token_type": "Bearer", "expires_in": 60, "id_token": token}))
    }

    fn id_token(&self, approved: &Approved) -> String {
        let now_s = self.now_s;
        let mut claims = json!({
            "iss": self.issuer, "sub": approved.account.subject, "aud": CLIENT, "nonce": approved.nonce,
            "iat": now_s, "exp": now_s + 300,
            "email": approved.account.email, "email_verified": approved.account.verified, "name": "Ada\r\nLovelace",
        });
        let mut head = json!({"alg": self.keys.algorithm(), "kid": self.keys.kid(), "typ": "JWT"});
        match self.flaw {
            Flaw::NoNonce => drop(claims.as_object_mut().expect("an object").remove("nonce")),
            Flaw::Nonce => claims["nonce"] = json!("another"),
            Flaw::Audience => claims["aud"] = json!("another-client"),
            Flaw::AnotherAudienceToo => claims["aud"] = json!([CLIENT, "another-client"]),
            Flaw::Issuer => claims["iss"] = json!(format!("{}/", self.issuer)),
            Flaw::Expired => claims["exp"] = json!(now_s - 1),
            Flaw::NoSignature => head = json!({"alg": "none"}),
            Flaw::SharedSecret => head = json!({"alg": "HS256"}),
            Flaw::Nothing | Flaw::StrangersKey | Flaw::Changed | Flaw::Large => {}
        }
        let part = |value: &Value| BASE64.encode(value.to_string());
        let message = format!("{}.{}", part(&head), part(&claims));
        let signature = match self.flaw {
            Flaw::NoSignature => Vec::new(),
            Flaw::SharedSecret => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
                ring::hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            Flaw::StrangersKey => Keys::new(self.keys.rsa.is_some()).sign(message.as_bytes()),
            _ => self.keys.sign(message.as_bytes()),
        };
        let message = if self.flaw == Flaw::Changed {
            claims["sub"] = json!("somebody-else");
            format!("{}.{}", part(&head), part(&claims))
        } else {
            message
        };
        format!("{message}.{}", BASE64.encode(signature))
    }
}
