//! Signed-in browsers.
//!
//! A session is a random secret in a cookie and a row with its digest. It is drawn anew at every
//! sign-in, ends after some days without use, after more days in any case, and at once when
//! somebody ends it or the person has left.

use std::time::Duration;

use http::{HeaderMap, Method, header};
use rand::Rng as _;
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::Scopes;
use super::sign_in::has_left;
use super::{Auth, AuthError, Principal, Secret};
use crate::model::{AdvocateId, Role, SessionId, SpaceId, TokenId};
use crate::store::{OpenSession, StoreError, Writing};

pub use crate::store::SessionRecord;

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "__Host-relais";
/// The cookie that binds an asking to sign in to its browser.
pub const BROWSER_COOKIE: &str = "__Host-relais-browser";
/// Where a program in a page says the token that only pages of this site can know.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// How coarsely a session's last use is noted: at most one write in so many milliseconds.
const LAST_USE_MS: i64 = 5 * 60_000;
/// How long a request waits for that write; the next request tries again.
const NOTE_WITHIN: Duration = Duration::from_millis(250);

/// Whoever sits at a signed-in browser.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What it may do; its `token` is the session's id.
    pub principal: Principal,
    /// Who it is.
    pub advocate: AdvocateId,
    /// The session.
    pub session: SessionId,
    /// What a form must send back.
    pub csrf: String,
}

impl Visitor {
    /// Whether `given` is this session's token for forms.
    pub fn is_csrf(&self, given: &str) -> bool {
        self.csrf.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

/// The value of a cookie. Of several of one name the first counts, as in RFC 6265.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}

impl Auth {
    /// Who sent a request to the API: by its token, or by its session. A request that changes
    /// something with a session proves that a page of this site made it: same origin, and the
    /// session's token in [`CSRF_HEADER`].
    ///
    /// # Errors
    /// Says what is wrong with the credential.
    pub async fn principal(&self, method: &Method, headers: &HeaderMap) -> Result<Principal, AuthError> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            return self.authenticate(value.to_str().ok()).await;
        }
        if cookie(headers, SESSION_COOKIE).is_none() {
            return Err(AuthError::Missing);
        }
        let visitor = self.visitor(headers).await?.ok_or(AuthError::SignedOut)?;
        let proven = || {
            let token = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
            self.site.is_same_origin(headers) && token.is_some_and(|token| visitor.is_csrf(token))
        };
        if method.is_safe() || proven() { Ok(visitor.principal) } else { Err(AuthError::Unproven) }
    }

    /// Who sits at the browser that sent these headers; nobody when it is not signed in (any more).
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn visitor(&self, headers: &HeaderMap) -> Result<Option<Visitor>, StoreError> {
        let Some(secret) = cookie(headers, SESSION_COOKIE).and_then(Secret::read) else { return Ok(None) };
        let hash = secret.hash();
        let Some(open) = self.store.read().await?.session_of_hash(&hash).await? else { return Ok(None) };
        if !bool::from(open.session.hash.ct_eq(&hash)) || !self.is_open(&open) {
            return Ok(None);
        }
        self.note_seen(&open.session).await;
        let SessionRecord { id, space, advocate, .. } = open.session;
        let role = open.role.unwrap_or(Role::Advocate);
        let token = TokenId::from_bits(id.bits());
        let principal = Principal { space, role, scopes: Scopes::ALL, advocate: Some(advocate), token };
        Ok(Some(Visitor { principal, advocate, session: id, csrf: secret.derive("csrf") }))
    }

    fn is_open(&self, open: &OpenSession) -> bool {
        let now_ms = self.store.clock().now_ms();
        open.session.ends_at_ms > now_ms
            && now_ms - open.session.seen_at_ms < self.config.idle_ms()
            && !has_left(open.left_on.as_deref(), &open.time_zone, now_ms)
    }

    /// A request neither fails nor waits for long because its session's use cannot be noted.
    async fn note_seen(&self, session: &SessionRecord) {
        if self.store.clock().now_ms() - session.seen_at_ms < LAST_USE_MS {
            return;
        }
        let noted = async {
            let mut writing = self.store.write().await?;
            writing.see_session(session.space, session.id).await?;
            writing.commit().await
        };
        match tokio::time::timeout(NOTE_WITHIN, noted).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(session = %session.id, %error, "a session's use could not be noted"),
            Err(_) => tracing::debug!(session = %session.id, "a session's use is noted at a quieter moment"),
        }
    }

    /// Begins a session in a transaction; the former one of the same browser ends.
    pub(super) async fn begin_session(
        &self,
        writing: &mut Writing,
        space: SpaceId,
        advocate: AdvocateId,
        former: Option<&Secret>,
    ) -> Result<Secret, StoreError> {
        if let Some(former) = former
            && let Some(open) = writing.session_of_hash(&former.hash()).await?
        {
            let SessionRecord { id, space, advocate, .. } = open.session;
            writing.end_session(space, advocate, id).await?;
        }
        let (secret, now_ms) = (Secret::draw(), writing.at_ms());
        let id = SessionId::from_bits(rand::rng().random_range(1..=i64::MAX.cast_unsigned()));
        let ends_at_ms = now_ms + self.config.max_ms();
        let hash = secret.hash();
        let record = SessionRecord { id, space, advocate, hash, created_at_ms: now_ms, seen_at_ms: now_ms, ends_at_ms };
        writing.insert_session(&record).await?;
        Ok(secret)
    }

    /// A person's sessions that still open something, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn sessions(&self, space: SpaceId, advocate: AdvocateId) -> Result<Vec<SessionRecord>, StoreError> {
        let now_ms = self.store.clock().now_ms();
        let mut sessions = self.store.read().await?.sessions_of(space, advocate, now_ms).await?;
        sessions.retain(|session| now_ms - session.seen_at_ms < self.config.idle_ms());
        Ok(sessions)
    }

    /// Ends one session of a person at once; false when the person has none of this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn sign_out(&self, space: SpaceId, advocate: AdvocateId, id: SessionId) -> Result<bool, StoreError> {
        let mut writing = self.store.write().await?;
        let ended = writing.end_session(space, advocate, id).await?;
        writing.commit().await?;
        Ok(ended)
    }

    /// Ends all sessions of a person at once, and says so in the audit log; answers how many.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn sign_out_everywhere(
        &self,
        actor: &str,
        space: SpaceId,
        advocate: AdvocateId,
    ) -> Result<u64, StoreError> {
        let mut writing = self.store.write().await?;
        let ended = writing.end_sessions_of(space, advocate).await?;
        let details = json!({"sessions": ended});
        writing.append_audit(space, actor, "member.signed_out", &advocate.to_string(), details).await?;
        writing.commit().await?;
        Ok(ended)
    }

    /// Removes what has reached its end: sessions, askings, sign-ins at the provider.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn prune(&self) -> Result<(), StoreError> {
        let mut writing = self.store.write().await?;
        let idle_since_ms = writing.at_ms() - self.config.idle_ms();
        writing.prune_sign_ins(idle_since_ms).await?;
        writing.commit().await
    }
}
