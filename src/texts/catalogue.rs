//! Message files, and the messages of one language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use super::format;
use crate::model::programme::Language;

/// One message file in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The English file's text.
    pub english: &'static str,
    /// The French file's text.
    pub french: &'static str,
}

/// The message files of a room; a static of it.
pub struct Catalogue {
    sources: &'static [Source],
    english: OnceLock<Texts>,
    french: OnceLock<Texts>,
}

/// The messages of one language.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

/// What a message is about: a text, or a number that the language writes and bends words by.
#[derive(Debug, Clone, Copy)]
pub enum Argument<'a> {
    /// A name, a title, a date that is written already.
    Text(&'a str),
    /// A count.
    Number(i64),
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a &'a str> for Argument<'a> {
    fn from(text: &'a &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Argument<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

macro_rules! numbers {
    ($($kind:ty),+) => {$(
        impl From<$kind> for Argument<'_> {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }

        impl From<&$kind> for Argument<'_> {
            fn from(number: &$kind) -> Self {
                Self::from(*number)
            }
        }

        // Templates name what a loop gives them by one reference more.
        impl From<&&$kind> for Argument<'_> {
            fn from(number: &&$kind) -> Self {
                Self::from(**number)
            }
        }
    )+};
}

numbers!(i64, i32, u32, u64, usize);

impl Catalogue {
    /// The messages of these files; each message stands in one of them.
    pub const fn new(sources: &'static [Source]) -> Self {
        Self { sources, english: OnceLock::new(), french: OnceLock::new() }
    }

    /// Those of a language.
    pub fn of(&'static self, language: Language) -> &'static Texts {
        match language {
            Language::English => self.english.get_or_init(|| self.read(language)),
            Language::French => self.french.get_or_init(|| self.read(language)),
        }
    }

    /// Its files.
    pub fn sources(&self) -> &'static [Source] {
        self.sources
    }

    fn read(&self, language: Language) -> Texts {
        let (id, write): (_, fn(&FluentValue<'_>, &_) -> _) = match language {
            Language::English => (langid!("en"), |value, _| written(Language::English, value)),
            Language::French => (langid!("fr"), |value, _| written(Language::French, value)),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks would show as boxes in old mail and messenger views.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(write));
        for source in self.sources {
            let text = match language {
                Language::English => source.english,
                Language::French => source.french,
            };
            let resource = FluentResource::try_new(text.to_owned()).expect("the message files are tested");
            bundle.add_resource(resource).expect("a message stands once in its room");
        }
        Texts { language, bundle }
    }
}

/// Numbers as the language writes them; texts as they are.
fn written(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(format::decimal(language, number.value, 0)),
        _ => None,
    }
}

impl Texts {
    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The message, or its name when the files lack it (which tests exclude).
    pub fn say(&self, message: &str) -> String {
        self.say_with(message, &[])
    }

    /// The message about something.
    pub fn say_of<'a>(&self, message: &str, name: &'static str, value: impl Into<Argument<'a>>) -> String {
        self.say_with(message, &[(name, value.into())])
    }

    /// The message about several things.
    pub fn say_with(&self, message: &str, arguments: &[(&'static str, Argument<'_>)]) -> String {
        match self.find(message, arguments) {
            Some(text) => text,
            None if cfg!(test) => panic!("no message {message}"),
            None => message.to_owned(),
        }
    }

    /// What is said of a word of a closed list: the message `<group>-<word>`.
    pub fn word(&self, group: &str, word: &str) -> String {
        self.say(&format!("{group}-{word}"))
    }

    /// The same for a word that need not have a message, such as a channel that somebody made up.
    pub fn word_if_known(&self, group: &str, word: &str) -> Option<String> {
        self.find(&format!("{group}-{word}"), &[])
    }

    /// The message, if the files have it.
    pub fn find(&self, message: &str, arguments: &[(&'static str, Argument<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(message)?.value()?;
        let arguments: FluentArgs<'_> = arguments
            .iter()
            .map(|(name, argument)| match argument {
                Argument::Text(text) => (*name, FluentValue::from(*text)),
                Argument::Number(number) => (*name, FluentValue::from(*number)),
            })
            .collect();
        let mut errors = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned())
    }
}
