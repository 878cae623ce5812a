//! The messages of one language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::langid;

use crate::model::programme::Language;

/// Messages of `messages/*.ftl`, compiled in.
pub(super) struct Texts(FluentBundle<FluentResource>);

impl Texts {
    /// Those of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        static ENGLISH: OnceLock<Texts> = OnceLock::new();
        static FRENCH: OnceLock<Texts> = OnceLock::new();
        match language {
            Language::English => ENGLISH.get_or_init(|| Self::new(include_str!("messages/en.ftl"), langid!("en"))),
            Language::French => FRENCH.get_or_init(|| Self::new(include_str!("messages/fr.ftl"), langid!("fr"))),
        }
    }

    fn new(source: &str, id: unic_langid::LanguageIdentifier) -> Self {
        let resource = FluentResource::try_new(source.to_owned()).expect("the message files are tested");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks would show as boxes in some mail programs.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("a message stands once in its file");
        Self(bundle)
    }

    /// The message, or its name when the file lacks it (which a test excludes).
    pub(super) fn say(&self, message: &str, arguments: &[(&'static str, &str)]) -> String {
        let Some(pattern) = self.0.get_message(message).and_then(|message| message.value()) else {
            return message.to_owned();
        };
        let arguments: FluentArgs<'_> = arguments.iter().copied().collect();
        let mut errors = Vec::new();
        self.0.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_messages() {
        let names = |source: &str| -> Vec<String> {
            let lines = source.lines().filter(|line| !line.starts_with('#'));
            lines.filter_map(|line| line.split_once(" = ").map(|(name, _)| name.to_owned())).collect()
        };
        let english = names(include_str!("messages/en.ftl"));
        assert_eq!(english, names(include_str!("messages/fr.ftl")));
        for language in Language::ALL {
            for name in &english {
                let text = Texts::of(*language).say(name, &[("space", "Acme"), ("minutes", "10"), ("code", "AB")]);
                assert!(text != *name && !text.contains('{'), "{name}: {text}");
            }
        }
    }
}
