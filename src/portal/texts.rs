//! The messages of one language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::langid;

use crate::model::programme::Language;

/// Messages of `messages/*.ftl`, compiled in.
pub(super) struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Those of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        static ENGLISH: OnceLock<Texts> = OnceLock::new();
        static FRENCH: OnceLock<Texts> = OnceLock::new();
        match language {
            Language::English => ENGLISH.get_or_init(|| Self::new(language, include_str!("messages/en.ftl"))),
            Language::French => FRENCH.get_or_init(|| Self::new(language, include_str!("messages/fr.ftl"))),
        }
    }

    fn new(language: Language, source: &str) -> Self {
        let id = match language {
            Language::English => langid!("en"),
            Language::French => langid!("fr"),
        };
        let resource = FluentResource::try_new(source.to_owned()).expect("the message files are tested");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("a message stands once in its file");
        Self { language, bundle }
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The message, or its name when the file lacks it (which a test excludes).
    pub(super) fn say(&self, message: &str) -> String {
        self.format(message, &FluentArgs::new())
    }

    /// The message about something.
    pub(super) fn say_of(&self, message: &str, name: &'static str, value: &str) -> String {
        self.format(message, &[(name, value)].into_iter().collect())
    }

    fn format(&self, message: &str, arguments: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.bundle.get_message(message).and_then(|message| message.value()) else {
            return message.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        let lines = source.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once(" = ").map(|(name, _)| name.to_owned())).collect()
    }

    #[test]
    fn both_languages_say_the_same_messages() {
        let english = names(include_str!("messages/en.ftl"));
        assert_eq!(english, names(include_str!("messages/fr.ftl")));
        for language in Language::ALL {
            for name in &english {
                let arguments = [("space", "Acme"), ("who", "Ada"), ("provider", "Login")].into_iter().collect();
                let text = Texts::of(*language).format(name, &arguments);
                assert!(text != *name && !text.contains('{'), "{name}: {text}");
            }
        }
    }

    #[test]
    fn every_message_that_a_page_says_is_written() {
        let english = names(include_str!("messages/en.ftl"));
        let literal = regex::Regex::new(r#"t\.say(?:_of)?\("([a-z-]+)""#).expect("a pattern");
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/portal/templates");
        for file in std::fs::read_dir(folder).expect("the templates") {
            let source = std::fs::read_to_string(file.expect("a file").path()).expect("a template");
            for said in literal.captures_iter(&source).map(|found| found[1].to_owned()) {
                assert!(english.contains(&said), "{said}");
            }
        }
    }
}
