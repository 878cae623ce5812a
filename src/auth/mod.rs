//! Who asks, and what it may do.
//!
//! [`Auth`] turns a program's bearer token or a browser's session into a [`Principal`]; [`roles`] is
//! the one table of what each role may do, and a token's [`Scopes`] narrow it. A principal belongs to
//! one space: its id is the only one that a query is ever given.
//!
//! People come in by mail ([`sign_in`]) or through the company's identity provider ([`oidc`]), and
//! stay in by a session ([`session`]). Whatever they or programs keep is a secret that the store
//! knows the digest of.
//!
//! Deliberately absent: passwords, and the sending of mails (`mail` does it, when `app` brings it
//! the letters that are due here).

mod config;
mod error;
mod issue;
pub mod roles;
mod scopes;
mod secret;
mod site;
mod token;

pub mod session;
pub mod sign_in;

pub mod oidc;

#[cfg(test)]
pub(crate) mod tests;

pub use config::Config;
pub use error::{AuthError, CreateTokenError};
pub use issue::NewToken;
pub use roles::{Action, may};
pub use scopes::Scopes;
pub use secret::Secret;
pub use session::Visitor;
pub use site::{InvalidSite, Site, next_path};
pub use token::Token;

use std::sync::Arc;
use std::time::Duration;

use subtle::ConstantTimeEq as _;
use tokio::sync::Notify;

use sign_in::Pace;

use crate::model::{AdvocateId, Role, SpaceId, TokenId};
use crate::store::{Store, TokenRecord};

/// How coarsely a token's last use is noted: at most one write an hour for each token.
const LAST_USE_MS: i64 = 3_600_000;
/// How long a request waits for that write; the next request tries again.
const NOTE_WITHIN: Duration = Duration::from_millis(250);

/// A caller whose credential was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The only space that it acts in.
    pub space: SpaceId,
    /// What it may do there.
    pub role: Role,
    /// What its role is narrowed to.
    pub scopes: Scopes,
    /// Who it is: a person at a browser, or the one that a token of the role `advocate` acts for.
    pub advocate: Option<AdvocateId>,
    /// Its credential; the session's id, written as a token's, for a person at a browser.
    pub token: TokenId,
}

impl Principal {
    /// The one advocate whose things it sees and makes; none for a principal that sees everybody's.
    pub fn only(&self) -> Option<AdvocateId> {
        match self.role {
            // A token of this role names its advocate; one that did not would see nobody's.
            Role::Advocate => Some(self.advocate.unwrap_or(AdvocateId::NONE)),
            Role::Marketing | Role::Recruiter | Role::Admin | Role::Operator => None,
        }
    }

    /// How the audit log calls it: the person if it is one, else the token.
    pub fn actor(&self) -> String {
        self.advocate.map_or_else(|| self.token.to_string(), |advocate| advocate.to_string())
    }
}

/// How the audit log calls whoever sits at the installation's command line.
pub const OPERATOR: &str = "operator";

/// Checks and issues credentials. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Auth {
    store: Store,
    config: Arc<Config>,
    site: Arc<Site>,
    pace: Arc<Pace>,
    /// A mail was queued.
    wake: Arc<Notify>,
}

impl Auth {
    /// Stands on the store that holds the digests, with the configuration's defaults.
    pub fn new(store: Store) -> Self {
        let site = Site::new("http://localhost:8081").expect("the default of portal.base_url");
        Self::configured(store, Config::default(), site)
    }

    /// The same, for pages at `site`.
    pub fn configured(store: Store, config: Config, site: Site) -> Self {
        let (pace, wake) = (Arc::default(), Arc::default());
        Self { store, config: Arc::new(config), site: Arc::new(site), pace, wake }
    }

    /// Where pages are served.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// How long sessions live, and how fast somebody may guess.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Who sent this `Authorization` header.
    ///
    /// # Errors
    /// Says what is wrong with the credential; an unknown and a revoked one look alike.
    pub async fn authenticate(&self, authorization: Option<&str>) -> Result<Principal, AuthError> {
        let (scheme, text) = authorization.ok_or(AuthError::Missing)?.split_once(' ').ok_or(AuthError::Missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(AuthError::Missing);
        }
        let token: Token = text.trim().parse().map_err(|_| AuthError::Malformed)?;
        let hash = token.hash();
        let record = self.store.read().await?.token_of_hash(&hash).await?.ok_or(AuthError::Unknown)?;
        // The index was asked with a digest, which tells nothing of the token to somebody who
        // measures; the comparison that decides takes the same time wherever they differ.
        if !bool::from(record.hash.ct_eq(&hash)) || record.revoked_at_ms.is_some() {
            return Err(AuthError::Unknown);
        }
        let now_ms = self.store.clock().now_ms();
        if record.expires_at_ms.is_some_and(|expiry| expiry <= now_ms) {
            return Err(AuthError::Expired);
        }
        if record.last_used_at_ms.is_none_or(|last| now_ms.saturating_sub(last) >= LAST_USE_MS) {
            self.note_use(&record).await;
        }
        let scopes = Scopes::of(record.scopes.as_deref());
        Ok(Principal { space: record.space, role: record.role, scopes, advocate: record.advocate, token: record.id })
    }

    /// A request neither fails nor waits for long because its credential's use cannot be noted.
    async fn note_use(&self, record: &TokenRecord) {
        let noted = async {
            let mut writing = self.store.write().await?;
            writing.note_token_use(record.space, record.id).await?;
            writing.commit().await
        };
        match tokio::time::timeout(NOTE_WITHIN, noted).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(token = %record.id, %error, "the last use of a token could not be noted"),
            Err(_) => tracing::debug!(token = %record.id, "the last use of a token is noted at a quieter moment"),
        }
    }
}
