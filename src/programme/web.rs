//! What the programme asks of the world outside, and who asks for it.
//!
//! A page, a feed or a picture is fetched between two transactions, never inside one: what others
//! take seconds for must not keep the store's writers waiting. How it is fetched and read is the
//! business of whoever passes a [`Web`] in.

use std::fmt;
use std::pin::Pin;

use url::Url;

use crate::model::{Draft, FeedKind, Picture};

/// Something from outside, to come.
pub type Outside<'w, T> = Pin<Box<dyn Future<Output = Result<T, WebError>> + Send + 'w>>;

/// Fetches, safely, and reads what it finds.
pub trait Web: fmt::Debug + Send + Sync {
    /// What a page says of itself; its draft has no address of its own.
    fn page<'w>(&'w self, url: &'w str) -> Outside<'w, Draft>;
    /// What stands in a feed.
    fn feed<'w>(&'w self, asked: &'w AskedFeed) -> Outside<'w, FeedAnswer>;
    /// A picture of at most 1 MiB.
    fn picture<'w>(&'w self, url: &'w str) -> Outside<'w, Picture>;
    /// A text of at most 1 KiB.
    fn text<'w>(&'w self, url: &'w str) -> Outside<'w, String>;
    /// Whether something may be posted there: that every address of the name is public.
    fn may_post<'w>(&'w self, url: &'w Url) -> Outside<'w, ()>;
}

/// Which feed is wanted, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedFeed {
    /// Where it is.
    pub url: String,
    /// What is expected there.
    pub kind: FeedKind,
    /// The last answer's `ETag`.
    pub etag: Option<String>,
    /// The last answer's `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a feed answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedAnswer {
    /// The same as the last time.
    Unchanged,
    /// Its entries.
    Entries(FeedEntries),
}

/// The entries of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedEntries {
    /// The feed's own name.
    pub title: Option<String>,
    /// Where it is, when a page at the address that was asked for named it.
    pub found_at: Option<String>,
    /// Each with a key, a title and an address; no key twice.
    pub drafts: Vec<Draft>,
    /// False when there were more: then nothing is missing that is not there.
    pub whole: bool,
    /// To ask with the next time.
    pub etag: Option<String>,
    /// To ask with the next time.
    pub last_modified: Option<String>,
}

/// Why nothing came from outside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WebError {
    /// Stable word for programs.
    pub code: &'static str,
    /// For whoever gave the address.
    pub message: String,
    /// Another attempt may find something.
    pub passes: bool,
}

/// A programme that stays at home, as commands beside a server have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offline;

impl Offline {
    fn refuse<T: Send + 'static>() -> Outside<'static, T> {
        let message = "this process fetches nothing: ask the server".to_owned();
        Box::pin(std::future::ready(Err(WebError { code: "offline", message, passes: true })))
    }
}

impl Web for Offline {
    fn page<'w>(&'w self, _: &'w str) -> Outside<'w, Draft> {
        Self::refuse()
    }

    fn feed<'w>(&'w self, _: &'w AskedFeed) -> Outside<'w, FeedAnswer> {
        Self::refuse()
    }

    fn picture<'w>(&'w self, _: &'w str) -> Outside<'w, Picture> {
        Self::refuse()
    }

    fn text<'w>(&'w self, _: &'w str) -> Outside<'w, String> {
        Self::refuse()
    }

    fn may_post<'w>(&'w self, _: &'w Url) -> Outside<'w, ()> {
        Self::refuse()
    }
}
