//! From the bytes of a page or a feed to what could become a content.
//!
//! Pure: no network, no clock, no file. Bytes go in, [`Draft`]s come out, and nothing that stands
//! in the bytes can make it fail otherwise than with a reason: whatever reads them here is run on
//! arbitrary bytes by the tests.
//!
//! Text leaves this room cleaned: no markup, no control characters, none that turn the direction
//! of what follows or cannot be seen, one line, of a bounded length. Addresses leave it absolute
//! and of the web; whether a content may have them is not judged here.
//!
//! Reading order: `page` for one page, `feed` for everything that lists entries, `syndication` and
//! `jobs` for its two families, `json_ld` for what both a page and a feed of jobs may hold; `html`,
//! `charset`, `text` and `times` are what they stand on.
//!
//! Deliberately absent: a tree of the page. A tokenizer that follows the HTML standard is enough
//! to find what a page says of itself, keeps nothing that it does not need, and cannot be nested
//! into the ground.

mod feed;
mod page;

mod jobs;
mod json_ld;
mod syndication;

mod charset;
mod html;
mod text;
mod times;

#[cfg(test)]
mod tests;

pub use feed::{Entries, Found, MAX_ENTRIES, Unreadable, address, feed};
pub use page::page;

use url::Url;

/// Longest address, in bytes.
const MAX_URL_BYTES: usize = 2048;

/// An absolute address of the web, without user name.
fn absolute(base: &Url, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_URL_BYTES {
        return None;
    }
    let url = base.join(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (plain && url.as_str().len() <= MAX_URL_BYTES).then(|| url.into())
}
