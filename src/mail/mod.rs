//! Mails to people: what they say, and how they are handed over.
//!
//! [`SignInMail`] is composed in the person's language, as plain text and as simple HTML that loads
//! nothing. [`Post`] hands messages to the mail server of `mail.smtp_url`, or writes each into a
//! file of its own in the outbox when there is none.
//!
//! Deliberately absent: the queue. Which mails wait, how often they were tried and when they are
//! due stands in the store, in the transaction of whatever they tell of; `app` carries them here.

mod config;
mod mime;
mod post;
mod sign_in;
mod texts;

#[cfg(test)]
mod tests;

pub use config::Config;
pub use post::{InvalidMail, Post, Undelivered};
pub use sign_in::{SignInMail, Uncomposable};
