//! Mails to people: what they say, and how they are handed over.
//!
//! [`SignInMail`], [`InvitationMail`] and [`DigestMail`] are composed in the person's language, as plain text and as
//! simple HTML that loads nothing. [`Post`] hands messages to the mail server of `mail.smtp_url`, or writes each into a
//! file of its own in the outbox when there is none.
//!
//! Deliberately absent: the queue. Which mails wait, how often they were tried and when they are
//! due stands in the store, in the transaction of whatever they tell of; `app` carries them here.

mod config;
mod digest;
mod invitation;
mod mime;
pub mod outbox;
mod post;
mod sign_in;

#[cfg(test)]
mod tests;

pub use config::Config;
pub use digest::{DigestContent, DigestMail};
pub use invitation::InvitationMail;
pub use post::{InvalidMail, Mail, Post, Undelivered};
pub use sign_in::{SignInMail, Uncomposable};

use crate::texts::{Catalogue, Source};

static TEXTS: Catalogue =
    Catalogue::new(&[Source { english: include_str!("messages/en.ftl"), french: include_str!("messages/fr.ftl") }]);
