//! Whether a space's hosts point here.
//!
//! Asked from where the control node stands, through the same rules as everything that is fetched from others
//! ([`super::Web`]): a host that only the company's own network can resolve is reported as not public, which is what
//! most people who follow a link would find too.

use rand::Rng as _;

use super::{Error, Programme, Work};
use crate::model::SpaceId;
use crate::model::host_proof::{PROOF_PATH, host_proof};
use crate::model::kind::words;
use crate::store::HostCheckRecord;

words! {
    /// What a check of a host found.
    HostState {
        /// It leads here, over TLS.
        Secure = "secure" / 1,
        /// It leads here, but not over TLS: browsers warn of its links.
        Plain = "plain" / 2,
        /// Something answers, but not for this space.
        Elsewhere = "elsewhere" / 3,
        /// The name has no address.
        Unknown = "unknown" / 4,
        /// An address of the name is not public.
        Private = "private" / 5,
        /// Nothing answers.
        Silent = "silent" / 6,
    }
}

/// A host of a space with what its last check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedHost {
    /// The host.
    pub host: String,
    /// What the last check found and when, in milliseconds since 1970; none while nobody asked.
    pub check: Option<(HostState, i64)>,
}

impl CheckedHost {
    /// Whether links of this host work.
    pub fn works(&self) -> bool {
        matches!(self.check, Some((HostState::Secure | HostState::Plain, _)))
    }
}

impl Programme {
    /// The hosts of a space in their order, each with its last check.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn hosts(&self, space: SpaceId) -> Result<Vec<CheckedHost>, Error> {
        let mut reading = self.store.read().await?;
        let space = reading.space(space).await?.ok_or(Error::NotFound { what: "space", field: None })?;
        let checks = reading.host_checks(space.id).await?;
        let check = |host: &str| {
            let record = checks.iter().find(|check| check.host == host)?;
            // A word of a later version is as good as no check.
            Some((record.outcome.parse().ok()?, record.checked_at_ms))
        };
        Ok(space.hosts.into_iter().map(|host| CheckedHost { check: check(&host), host }).collect())
    }

    /// Asks a host of the space whose it is, and keeps the answer.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the space has no such host.
    pub async fn check_host(&self, space: SpaceId, host: &str) -> Result<HostState, Error> {
        let space = self.space(space).await?;
        if !space.hosts.iter().any(|own| own == host) {
            return Err(Error::NotFound { what: "host", field: None });
        }
        let state = self.ask_host(space.id, host).await;
        let mut work = self.work().await?;
        work.note_host(space.id, host, state).await?;
        work.commit().await?;
        Ok(state)
    }

    async fn ask_host(&self, space: SpaceId, host: &str) -> HostState {
        let nonce = format!("{:032x}", rand::rng().random::<u128>());
        let proof = host_proof(space, &nonce);
        let mut state = HostState::Silent;
        for (scheme, found) in [("https", HostState::Secure), ("http", HostState::Plain)] {
            match self.web.text(&format!("{scheme}://{host}{PROOF_PATH}{nonce}")).await {
                Ok(answer) if answer.trim() == proof => return found,
                Ok(_) => state = HostState::Elsewhere,
                Err(error) => match error.code {
                    "host_unknown" => return HostState::Unknown,
                    "address_not_public" => return HostState::Private,
                    // A web server that knows the path as little as the host.
                    "refused_by_site" | "not_a_text" | "too_many_redirects" => state = HostState::Elsewhere,
                    _ => {}
                },
            }
        }
        state
    }
}

impl Work {
    async fn note_host(&mut self, space: SpaceId, host: &str, state: HostState) -> Result<(), Error> {
        let (outcome, checked_at_ms) = (state.as_str().to_owned(), self.writing.at_ms());
        let check = HostCheckRecord { host: host.to_owned(), outcome, checked_at_ms };
        Ok(self.writing.put_host_check(space, &check).await?)
    }
}
