//! A world outside that says what a test wrote down.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use super::*;
use crate::model::{Draft, Picture, host_proof};

/// Answers in the order in which they were written down; nothing more: unreachable.
#[derive(Debug, Default)]
pub(crate) struct ScriptedWeb {
    pub(crate) feeds: Mutex<VecDeque<Result<FeedAnswer, WebError>>>,
    pub(crate) pages: Mutex<HashMap<String, Result<Draft, WebError>>>,
    pub(crate) pictures: Mutex<VecDeque<Result<Picture, WebError>>>,
    /// By address, without its last part.
    pub(crate) texts: Mutex<HashMap<String, Result<String, WebError>>>,
    /// Whose proof every host gives of which nothing is written down.
    pub(crate) proves: Mutex<Option<SpaceId>>,
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
        let page = self.pages.lock().get(url).cloned().unwrap_or_else(|| Err(away()));
        Box::pin(std::future::ready(page))
    }

    fn feed<'w>(&'w self, asked: &'w AskedFeed) -> Outside<'w, FeedAnswer> {
        self.asked.lock().push(asked.clone());
        let answer = self.feeds.lock().pop_front().unwrap_or_else(|| Err(away()));
        Box::pin(std::future::ready(answer))
    }

    fn text<'w>(&'w self, url: &'w str) -> Outside<'w, String> {
        let (place, nonce) = url.rsplit_once('/').expect("an address with a path");
        let proof = self.proves.lock().map(|space| host_proof(space, nonce)).ok_or_else(away);
        let answer = self.texts.lock().get(place).cloned().unwrap_or(proof);
        Box::pin(std::future::ready(answer))
    }

    fn may_post<'w>(&'w self, url: &'w Url) -> Outside<'w, ()> {
        let code = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, _) if host.starts_with("10.") || host == "localhost" => Some("address_not_public"),
            (host, _) if host.ends_with(".invalid") => Some("host_unknown"),
            (_, Some(_)) => Some("port_not_allowed"),
            (_, None) => None,
        };
        let refused = code.map(|code| WebError { code, message: "refused".to_owned(), passes: false });
        Box::pin(std::future::ready(refused.map_or(Ok(()), Err)))
    }

    fn picture<'w>(&'w self, _: &'w str) -> Outside<'w, Picture> {
        let answer = self.pictures.lock().pop_front().unwrap_or_else(|| Err(away()));
        Box::pin(std::future::ready(answer))
    }
}
