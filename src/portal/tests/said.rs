//! What pages say: messages by name, in the language of the page.

use std::collections::BTreeSet;

use super::*;
use crate::model::programme::Language;
use crate::portal::texts::TEXTS;

impl Answer {
    fn language(&self) -> Language {
        if self.body.contains("<html lang=\"fr\">") { Language::French } else { Language::English }
    }

    /// Whether the page says this message in its own language, whatever it puts into it.
    fn has_said(&self, message: &str) -> bool {
        let texts = TEXTS.of(self.language());
        // Of any number, or of one.
        let ways = [texts.find(message, &[]), texts.find(message, &[("count", 1_i64.into())])];
        ways.iter().any(|text| self.has(text.as_deref().unwrap_or_else(|| panic!("there is no message {message}"))))
    }

    /// Whether the parts of a text stand on the page in their order, with any values between them. A single word is
    /// looked for as the whole text of an element or a value, or what stands before a dot in its middle: as a part of others, it stands on every page.
    fn has(&self, text: &str) -> bool {
        let value = regex::Regex::new(r"\{ ?\$[a-z_]+ ?\}").expect("a pattern");
        let escaped = |part: &str| askama::filters::escape(part, askama::filters::Html).expect("a text").to_string();
        if !text.contains(' ') && !value.is_match(text) {
            let alone = format!("[>\"]\\s*{}\\s*[<\"·]", regex::escape(&escaped(text)));
            return regex::Regex::new(&alone).expect("a pattern").is_match(&self.body);
        }
        let mut rest = self.body.as_str();
        value.split(text).all(|part| {
            let found = rest.split_once(&escaped(part));
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

/// The messages of a group that pages were seen to say, and in which language.
#[derive(Default)]
pub(super) struct Said(BTreeSet<(String, String)>);

impl Said {
    /// A page, asked for in both languages, that says these messages.
    pub(super) async fn on(&mut self, browser: &mut Browser, path: &str, messages: &[&str]) {
        let page = async |browser: &mut Browser| {
            let page = browser.get(path).await;
            page.assert_page();
            page
        };
        self.of(browser, messages, page).await;
    }

    /// What comes back, asked for in both languages, says these messages.
    pub(super) async fn of(
        &mut self,
        browser: &mut Browser,
        messages: &[&str],
        ask: impl AsyncFn(&mut Browser) -> Answer,
    ) {
        for language in LANGUAGES {
            browser.language = language.to_owned();
            let answer = ask(browser).await;
            for message in messages {
                answer.assert_says(message);
                self.0.insert(((*message).to_owned(), answer.language().to_string()));
            }
        }
    }

    /// That nothing that is written of this kind was left out.
    #[track_caller]
    pub(super) fn assert_whole(&self, is_one: impl Fn(&str) -> bool) {
        let name = regex::Regex::new("(?m)^([a-z][a-z0-9-]*) =").expect("a pattern");
        let written = TEXTS.sources().iter().flat_map(|source| name.captures_iter(source.english));
        let messages = written.map(|found| found[1].to_owned()).filter(|message| is_one(message));
        let expected = messages.flat_map(|message| LANGUAGES.map(|language| (message.clone(), language.to_owned())));
        let unseen: Vec<_> = expected.filter(|one| !self.0.contains(one)).collect();
        assert!(unseen.is_empty(), "no page was seen that says {unseen:?}");
    }
}
