//! What goes out to addresses that somebody else chose: pages that somebody pasted, feeds and pictures
//! are fetched ([`Fetcher`]), webhooks are posted to ([`Poster`]).
//!
//! Whoever may paste an address decides where Relais connects to, from inside the company's
//! network. So every fetch keeps these promises:
//! * `http` and `https` only, no user name in the address, and ports 80 and 443;
//! * the name is resolved once, every address of it is checked ([`addresses::is_public`]), and the
//!   connection goes to one of these addresses: no second lookup can answer otherwise;
//! * each redirect, five at most, is a new address under the same rules;
//! * 1 MiB of body, counted before and after decompression, and 5 s for all of it;
//! * the request says who asks, carries no cookie and no referrer, and takes what it got before as
//!   unchanged ([`Ask::etag`]).
//!
//! A post keeps the same promises about addresses, and follows no redirect. Both connect in the same way, to what
//! [`Destinations`] answered. There is no other way out of the house, but to what the operator configured
//! ([`own_client`]), ClickHouse and the mail server.
//!
//! `outbound.allow` opens networks that are not public, for feeds and receivers of an
//! intranet and for tests.
//!
//! Deliberately absent: what a page means (that is `intake`), whether a link may lead there and when
//! something is posted again (that is `programme`), and a cache.

pub mod addresses;

mod body;
mod config;
mod connection;
mod destinations;
mod error;
mod fetcher;
mod own;
mod post;
mod resolver;

#[cfg(test)]
mod tests;

pub use config::Config;
pub use destinations::{Destinations, Refused};
pub use error::FetchError;
pub use fetcher::{Answer, Ask, Fetched, Fetcher, MAX_BYTES, TIME_LIMIT};
pub use own::{OwnClient, own_client};
pub use post::{Answered, PostError, Poster};
pub use resolver::{Addresses, Resolve, SystemResolver};
