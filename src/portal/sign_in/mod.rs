//! Signing in: by a mail's code or link, or through the identity provider.

pub(super) mod mail;
pub(super) mod oidc;
mod pages;
