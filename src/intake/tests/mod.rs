//! What is made of the pages and feeds that are out there, and of those that should not be.

mod arbitrary;
mod feeds;
mod jobs;
mod pages;

use super::*;
use crate::model::{ContentKind, Draft, FeedKind};

/// Text that has done harm somewhere, a line each.
const HOSTILE: &str = include_str!("../testdata/hostile.txt");

fn base() -> Url {
    Url::parse("https://site.example/dir/page").expect("a URL")
}

fn drafts(kind: FeedKind, document: &str) -> Vec<Draft> {
    match feed(kind, document.as_bytes(), None, &base()) {
        Ok(Found::Entries(entries)) => entries.drafts,
        other => panic!("{other:?}"),
    }
}

/// What must be true of a text wherever it ends: no character that acts instead of being seen.
fn assert_inert(text: &str, max: usize) {
    assert!(text.chars().count() <= max, "{text:?}");
    assert_eq!(text::line(text, max), text, "{text:?} is not clean");
}

fn assert_draft_is_inert(draft: &Draft) {
    assert_inert(&draft.title, text::TITLE);
    for (text, max) in [(&draft.summary, text::SUMMARY), (&draft.site, text::NAME), (&draft.place, text::NAME)] {
        assert_inert(text.as_deref().unwrap_or_default(), max);
    }
    for url in
        [Some(draft.url.as_str()).filter(|url| !url.is_empty()), draft.image_url.as_deref()].into_iter().flatten()
    {
        assert!(url.starts_with("https://") || url.starts_with("http://"), "{url}");
        assert!(url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte)), "{url}");
    }
    assert!(!draft.key.contains(char::is_control), "{:?}", draft.key);
}
