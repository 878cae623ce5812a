//! What pages say: messages by name, in the language of the page.

use std::collections::BTreeSet;

use super::*;
use crate::model::programme::Language;
use crate::portal::texts::TEXTS;

impl Answer {
    /// Whether the page says this message in its own language, whatever it puts into it.
    fn has_said(&self, message: &str) -> bool {
        let is_french = self.body.contains("<html lang=\"fr\">");
        let texts = TEXTS.of(if is_french { Language::French } else { Language::English });
        // Of any number, or of one.
        let ways = [texts.find(message, &[]), texts.find(message, &[("count", 1_i64.into())])];
        ways.iter().any(|text| self.has(text.as_deref().unwrap_or_else(|| panic!("there is no message {message}"))))
    }

    /// Whether the parts of a text stand on the page in their order, with any values between them.
    fn has(&self, text: &str) -> bool {
        let value = regex::Regex::new(r"\{ ?\$[a-z_]+ ?\}").expect("a pattern");
        let mut rest = self.body.as_str();
        value.split(text).all(|part| {
            let escaped = askama::filters::escape(part, askama::filters::Html).expect("a text").to_string();
            let found = rest.split_once(&escaped);
            rest = found.map_or("", |(_, behind)| behind);
            found.is_some()
        })
    }

    #[track_caller]
    pub(super) fn assert_says(&self, message: &str) -> &Self {
        assert!(self.has_said(message), "{message} is not said: {}", self.body);
        self
    }
}

/// The messages of a group that pages were seen to say, in both languages each.
#[derive(Default)]
pub(super) struct Said(BTreeSet<String>);

impl Said {
    /// A page, asked for in both languages, that says these messages.
    pub(super) async fn on(&mut self, browser: &mut Browser, path: &str, messages: &[&str]) {
        for language in ["en", "fr"] {
            browser.language = language.to_owned();
            let page = browser.get(path).await;
            page.assert_page();
            self.by(&page, messages);
        }
    }

    /// The same, where somebody else has asked.
    #[track_caller]
    pub(super) fn by(&mut self, page: &Answer, messages: &[&str]) {
        for message in messages {
            page.assert_says(message);
            self.0.insert((*message).to_owned());
        }
    }

    /// That nothing that is written of this kind was left out.
    #[track_caller]
    pub(super) fn assert_whole(&self, is_one: impl Fn(&str) -> bool) {
        let name = regex::Regex::new("(?m)^([a-z][a-z0-9-]*) =").expect("a pattern");
        let written = TEXTS.sources().iter().flat_map(|source| name.captures_iter(source.english));
        let unseen: Vec<String> =
            written.map(|found| found[1].to_owned()).filter(|one| is_one(one) && !self.0.contains(one)).collect();
        assert!(unseen.is_empty(), "no page was seen that says {unseen:?}");
    }
}
