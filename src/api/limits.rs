//! How much one address and one token may ask for, and what is refused before anybody is asked.
//!
//! Three counters stand on the way, each with a code of its own: requests of an address, refused
//! tokens of a network (guessing), requests of a token. The first two are the buckets that redirects
//! have ([`crate::net::limits`]), bounded in memory whatever strangers send; the third is keyed by
//! tokens that were accepted, of which there are as many as were issued. Guessing slows its network
//! down without locking anybody out: a token that was accepted lately is looked at all the same.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use parking_lot::Mutex;
use sha2::Digest as _;

use super::problem::Problem;
use super::{ApiState, Config};
use crate::model::TokenId;
use crate::net::limits::TooMany;
use crate::net::{ClientAddress, Limits, LimitsConfig};

/// Longest path with its query, in bytes. Half of what the accept loop reads of a head.
const MAX_URI_BYTES: usize = 8 * 1024;
/// Tokens that are remembered, with their last requests, before some are forgotten.
const REMEMBERED_TOKENS: usize = 10_000;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");

type ByToken = RateLimiter<TokenId, HashMapStateStore<TokenId>, MonotonicClock, StateInformationMiddleware>;

/// The counters of an API. Made once, shared by all requests.
pub struct RateLimits {
    config: Config,
    requests: Limits,
    refused_tokens: Limits,
    by_token: Option<ByToken>,
    /// Digests of what was accepted lately.
    accepted: Mutex<HashSet<Digest>>,
}

type Digest = [u8; 32];

impl RateLimits {
    /// Nothing used yet.
    pub fn new(config: &Config) -> Self {
        let per_token = NonZeroU32::new(config.requests_per_second_per_token);
        Self {
            requests: Limits::new(LimitsConfig {
                requests_per_second_per_address: config.requests_per_second_per_address,
                ..LimitsConfig::OFF
            }),
            refused_tokens: Limits::new(LimitsConfig {
                misses_per_minute_per_network: config.refused_tokens_per_minute_per_network,
                ..LimitsConfig::OFF
            }),
            by_token: per_token
                .map(|most| ByToken::new(Quota::per_second(most), HashMapStateStore::default(), MonotonicClock)),
            accepted: Mutex::default(),
            config: config.clone(),
        }
    }

    /// Takes one request from an address's second.
    fn request(&self, address: IpAddr) -> Result<(), TooOften> {
        let now = Instant::now();
        self.requests.request(&self.requests.client(address, now), now).map_err(|TooMany { retry_after_s }| TooOften {
            code: "too_many_requests",
            detail: "this address asks too often: wait as Retry-After says",
            policy: Policy { name: "address", most: self.config.requests_per_second_per_address, window_s: 1 },
            retry_after_s,
        })
    }

    /// Refuses an address whose network has used up its wrong tokens, unless what it presents was
    /// accepted lately; takes nothing.
    pub(super) fn may_present(&self, address: IpAddr, credential: &str) -> Result<(), TooOften> {
        if self.accepted.lock().contains(&digest(credential)) {
            return Ok(());
        }
        let now = Instant::now();
        let client = self.refused_tokens.client(address, now);
        self.refused_tokens.request(&client, now).map_err(|TooMany { retry_after_s }| TooOften {
            code: "too_many_refused_tokens",
            detail: "this network sent too many tokens that are none: correct them, and wait as Retry-After says",
            policy: Policy {
                name: "refused-tokens",
                most: self.config.refused_tokens_per_minute_per_network,
                window_s: 60,
            },
            retry_after_s,
        })
    }

    /// Remembers a token that is one.
    pub(super) fn accepted(&self, credential: &str) {
        let mut accepted = self.accepted.lock();
        if accepted.len() >= REMEMBERED_TOKENS {
            accepted.clear();
        }
        accepted.insert(digest(credential));
    }

    /// Counts a token that is none, or is none any more.
    pub(super) fn refused(&self, address: IpAddr, credential: &str) {
        self.accepted.lock().remove(&digest(credential));
        let now = Instant::now();
        self.refused_tokens.miss(&self.refused_tokens.client(address, now), now);
    }

    /// Takes one request from a token's second; tells what is left of it.
    pub(super) fn of_token(&self, token: TokenId) -> Result<Option<Standing>, TooOften> {
        let Some(limiter) = &self.by_token else { return Ok(None) };
        if limiter.len() > REMEMBERED_TOKENS {
            limiter.retain_recent();
        }
        let policy = Policy { name: "token", most: self.config.requests_per_second_per_token, window_s: 1 };
        match limiter.check_key(&token) {
            Ok(state) => Ok(Some(Standing { policy, left: state.remaining_burst_capacity() })),
            Err(early) => Err(TooOften {
                code: "too_many_requests",
                detail: "this token asks too often: wait as Retry-After says",
                policy,
                retry_after_s: whole_seconds(early.wait_time_from(limiter.clock().now())),
            }),
        }
    }
}

fn digest(credential: &str) -> Digest {
    sha2::Sha256::digest(credential).into()
}

fn whole_seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX).max(1)
}

/// A number of requests in a window of seconds.
#[derive(Debug, Clone, Copy)]
struct Policy {
    name: &'static str,
    most: u32,
    window_s: u32,
}

/// What a caller has left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    policy: Policy,
    left: u32,
}

impl Standing {
    /// Writes `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
    pub(super) fn write(self, headers: &mut HeaderMap) {
        let Policy { name, most, window_s } = self.policy;
        write(headers, POLICY, &format!("\"{name}\";q={most};w={window_s}"));
        write(headers, STANDING, &format!("\"{name}\";r={}", self.left));
    }
}

/// A request that came too early.
#[derive(Debug)]
pub(super) struct TooOften {
    code: &'static str,
    detail: &'static str,
    policy: Policy,
    retry_after_s: u64,
}

impl IntoResponse for TooOften {
    fn into_response(self) -> Response {
        let Self { code, detail, policy, retry_after_s } = self;
        let mut response = Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail).into_response();
        let headers = response.headers_mut();
        Standing { policy, left: 0 }.write(headers);
        write(headers, STANDING, &format!("\"{}\";r=0;t={retry_after_s}", policy.name));
        write(headers, header::RETRY_AFTER, &retry_after_s.to_string());
        response
    }
}

fn write(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    headers.insert(name, HeaderValue::from_str(value).expect("digits, letters and punctuation"));
}

/// Whose request it is. A router that is not behind our accept loop knows no address: all its
/// requests count as one client's.
pub(super) fn address(client: Option<&ClientAddress>) -> IpAddr {
    client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.0)
}

/// Stands before everything that has a path.
pub(super) async fn at_the_door(
    State(state): State<ApiState>,
    client: Option<Extension<ClientAddress>>,
    request: Request,
    next: Next,
) -> Response {
    if let Err(early) = state.limits.request(address(client.as_deref())) {
        return early.into_response();
    }
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > MAX_URI_BYTES) {
        let detail = format!("path and query have at most {MAX_URI_BYTES} bytes: ask for less at once");
        return Problem::new(StatusCode::URI_TOO_LONG, "uri_too_long", detail).into_response();
    }
    next.run(request).await
}
