//! The messages of one language.

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
    pub(super) fn new(language: Language) -> Self {
        let (source, id) = match language {
            Language::English => (include_str!("messages/en.ftl"), langid!("en")),
            Language::French => (include_str!("messages/fr.ftl"), langid!("fr")),
        };
        let resource = FluentResource::try_new(source.to_owned()).expect("the message files are tested");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks would show as boxes in old mail and messenger views.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("a message stands once in its file");
        Self { language, bundle }
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The message, or its name when the file lacks it (which a test excludes).
    pub(super) fn say(&self, message: &str, arguments: &[(&'static str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(message).and_then(|message| message.value()) else {
            return message.to_owned();
        };
        let arguments: FluentArgs<'_> = arguments.iter().copied().collect();
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
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
        for language in [Language::English, Language::French] {
            let texts = Texts::new(language);
            for name in &english {
                let text = texts.say(name, &[("space", "Acme")]);
                assert!(text != *name && !text.contains('{'), "{name}: {text}");
            }
        }
    }
}
