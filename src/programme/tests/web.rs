//! A world outside that says what a test wrote down.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use super::*;
use crate::model::{Draft, Picture};

/// Answers in the order in which they were written down; nothing more: unreachable.
#[derive(Debug, Default)]
pub(crate) struct ScriptedWeb {
    pub(crate) feeds: Mutex<VecDeque<Result<FeedAnswer, WebError>>>,
    pub(crate) pages: Mutex<HashMap<String, Draft>>,
    pub(crate) pictures: Mutex<VecDeque<Result<Picture, WebError>>>,
    /// Every feed that was asked for.
    pub(crate) asked: Mutex<Vec<AskedFeed>>,
}

pub(crate) fn away() -> WebError {
    WebError { code: "unreachable", message: "the site does not answer".to_owned(), passes: true }
}

impl ScriptedWeb {
    pub(crate) fn says(&self, drafts: Vec<Draft>) {
        self.answers(FeedEntries { drafts, whole: true, ..FeedEntries::default() });
    }

    pub(crate) fn answers(&self, entries: FeedEntries) {
        self.feeds.lock().push_back(Ok(FeedAnswer::Entries(entries)));
    }
}

impl Web for ScriptedWeb {
    fn page<'w>(&'w self, url: &'w str) -> Outside<'w, Draft> {
        let page = self.pages.lock().get(url).cloned().ok_or_else(away);
        Box::pin(std::future::ready(page))
    }

    fn feed<'w>(&'w self, asked: &'w AskedFeed) -> Outside<'w, FeedAnswer> {
        self.asked.lock().push(asked.clone());
        let answer = self.feeds.lock().pop_front().unwrap_or_else(|| Err(away()));
        Box::pin(std::future::ready(answer))
    }

    fn picture<'w>(&'w self, _: &'w str) -> Outside<'w, Picture> {
        let answer = self.pictures.lock().pop_front().unwrap_or_else(|| Err(away()));
        Box::pin(std::future::ready(answer))
    }
}
