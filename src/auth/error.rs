//! Why a credential was refused, or not issued.

use crate::store::StoreError;

/// Why a request has no principal.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No `Authorization: Bearer …` header.
    #[error("send a token: Authorization: Bearer rls_…")]
    Missing,
    /// Not of a token's form, or its checksum is wrong: mistyped or cut off, never issued.
    #[error("this is no token of Relais: it is mistyped or cut off, copy it again")]
    Malformed,
    /// Never issued, or taken back.
    #[error("this token is not valid (any more): ask for a new one")]
    Unknown,
    /// Its time is over.
    #[error("this token has expired: ask for a new one")]
    Expired,
    /// The browser's session is over: signed out, ended by somebody, or too old.
    #[error("you are not signed in (any more): sign in again")]
    SignedOut,
    /// The session is good, but nothing proves that a page of this site makes the request.
    #[error(
        "a change with a session needs the header X-CSRF-Token and comes from a page of this site; programs send a token: Authorization: Bearer rls_…"
    )]
    Unproven,
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a token was not issued.
#[derive(Debug, thiserror::Error)]
pub enum CreateTokenError {
    /// There is no such space.
    #[error("there is no such space")]
    Space,
    /// A token of the role `advocate` acts for one person.
    #[error("a token of the role advocate needs the advocate that it acts for")]
    AdvocateNeeded,
    /// Only that role has one.
    #[error("only a token of the role advocate has an advocate")]
    AdvocateGiven,
    /// The advocate is not of this space.
    #[error("there is no such advocate in this space")]
    Advocate,
    /// It would never be accepted.
    #[error("the token's expiry lies in the past")]
    Expiry,
    /// The store could not keep it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
