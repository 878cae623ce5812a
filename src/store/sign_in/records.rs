//! What is kept about people at a browser. Secrets are digests: who reads the store signs in as nobody.

use crate::model::programme::Language;
use crate::model::{AdvocateId, ChallengeId, MailId, Role, SessionId, SpaceId};

/// A person with a role beside being an advocate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRecord {
    /// Who.
    pub advocate: AdvocateId,
    /// As the person writes it.
    pub name: Option<String>,
    /// In lower case.
    pub email: Option<String>,
    /// What else it is.
    pub role: Role,
    /// Since when.
    pub changed_at_ms: i64,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id; no secret.
    pub id: SessionId,
    /// The only space that it opens.
    pub space: SpaceId,
    /// Whose it is.
    pub advocate: AdvocateId,
    /// SHA-256 of the cookie's secret.
    pub hash: [u8; 32],
    /// When the person signed in.
    pub created_at_ms: i64,
    /// Last use, to some minutes.
    pub seen_at_ms: i64,
    /// From then on it is over, however much it is used.
    pub ends_at_ms: i64,
}

/// A session with what decides whether it still opens anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub session: SessionRecord,
    /// The person's role beside being an advocate.
    pub role: Option<Role>,
    /// Last local date of the person's membership.
    pub left_on: Option<String>,
    /// The space's zone, which that date is of.
    pub time_zone: String,
}

/// One asking to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeRecord {
    /// Its id; no secret.
    pub id: ChallengeId,
    /// Where.
    pub space: SpaceId,
    /// The address that was asked for, in lower case; none for a printed address.
    pub email: Option<String>,
    /// Whom a printed address signs in.
    pub advocate: Option<AdvocateId>,
    /// SHA-256 of the asking browser's secret; none for a printed address, which any browser may use.
    pub browser: Option<[u8; 32]>,
    /// Digest of the code, once a mail was made.
    pub code: Option<[u8; 32]>,
    /// SHA-256 of the link's secret, once there is one.
    pub link: Option<[u8; 32]>,
    /// Where to go afterwards: a path of this site.
    pub next: String,
    /// Wrong codes so far.
    pub attempts: u32,
    /// When somebody asked.
    pub created_at_ms: i64,
    /// From then on it opens nothing.
    pub ends_at_ms: i64,
}

/// A mail that waits for being made and handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRecord {
    /// Its id.
    pub id: MailId,
    /// Whose mail it is.
    pub space: SpaceId,
    /// The challenge that it answers; the mail goes with it.
    pub challenge: ChallengeId,
    /// What the asking browser spoke.
    pub language: Language,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before then.
    pub due_at_ms: i64,
}

/// A sign-in that is at the identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcRequestRecord {
    /// SHA-256 of the state.
    pub state: [u8; 32],
    /// Where.
    pub space: SpaceId,
    /// SHA-256 of the asking browser's secret.
    pub browser: [u8; 32],
    /// Where to go afterwards: a path of this site.
    pub next: String,
    /// From then on it opens nothing.
    pub ends_at_ms: i64,
}

/// Who somebody of an identity provider is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRecord {
    /// Where.
    pub space: SpaceId,
    /// The provider, exactly as it calls itself.
    pub issuer: String,
    /// The person, as the provider calls it for ever.
    pub subject: String,
    /// Who that is here.
    pub advocate: AdvocateId,
}
