//! The messages of all pages. A new area adds its file here, in both languages.

use crate::texts::{Catalogue, Source};

macro_rules! areas {
    ($($area:literal),+ $(,)?) => {
        &[$(Source {
            english: include_str!(concat!("messages/en/", $area, ".ftl")),
            french: include_str!(concat!("messages/fr/", $area, ".ftl")),
        }),+]
    };
}

pub(super) static TEXTS: Catalogue = Catalogue::new(areas![
    "parts",
    "sign_in",
    "account",
    "employee",
    "admin",
    "admin_people",
    "admin_access",
    "admin_data",
    "marketing",
    "marketing_steering",
    "team",
    "recruiting",
    "kpis",
    "kpis_words",
    "strangers",
]);

/// Marks the name of a message that is said elsewhere than where it is named, so that the test of
/// the messages finds it.
pub(super) const fn msg(name: &'static str) -> &'static str {
    name
}

#[cfg(test)]
mod tests {
    use super::TEXTS;
    use crate::texts::testing::{languages_agree, said_and_written_agree};

    #[test]
    fn both_languages_say_the_same_messages() {
        languages_agree(&TEXTS);
    }

    #[test]
    fn what_pages_say_is_written_and_what_is_written_is_said() {
        said_and_written_agree(&TEXTS, "src/portal");
    }
}
