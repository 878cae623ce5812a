//! What a message must not hold: anything that describes a candidate.

use serde_json::Value;

use crate::programme::Error;
use crate::programme::error::FieldProblem;
use crate::programme::fields::SHORT_TEXT;

/// Parts of field names that say that a person is described.
const PERSONAL: &[&str] = &[
    "name",
    "mail",
    "phone",
    "mobile",
    "tel",
    "fax",
    "address",
    "street",
    "city",
    "postcode",
    "postal",
    "zip",
    "birth",
    "age",
    "gender",
    "sex",
    "national",
    "candidate",
    "applicant",
    "person",
    "cv",
    "resume",
    "photo",
    "picture",
    "linkedin",
    "salary",
    "ssn",
    // The same in French; accents are taken off first.
    "nom",
    "prenom",
    "famille",
    "courriel",
    "telephone",
    "portable",
    "adresse",
    "naissance",
    "candidat",
    "personne",
    "sexe",
    "salaire",
];

/// Refuses a body with a field, at any depth, that is none of `known` and looks like it describes a person. Fields
/// that are unknown and look like nothing in particular are left to whoever reads the body.
///
/// # Errors
/// [`Error::Invalid`] with the code `personal_data` for each such field. Its value is not repeated.
pub fn refuse_personal_data(body: &Value, known: &[&str]) -> Result<(), Error> {
    let mut problems = Vec::new();
    look(body, "", known, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn look(value: &Value, path: &str, known: &[&str], problems: &mut Vec<FieldProblem>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let here = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if path.is_empty() && known.contains(&name.as_str()) {
                    continue;
                }
                if names_a_person(name) {
                    let short: String = here.chars().take(SHORT_TEXT).collect();
                    let message = "Relais takes nothing that describes a candidate: leave this field out".to_owned();
                    problems.push(FieldProblem { field: short, code: "personal_data", message });
                } else {
                    look(inner, &here, known, problems);
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| look(entry, path, known, problems)),
        _ => {}
    }
}

/// Whether a field of this name describes a person.
pub(super) fn names_a_person(field: &str) -> bool {
    let folded: String = field.chars().map(without_accent).collect::<String>().to_ascii_lowercase();
    let words: Vec<&str> = folded.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let plain = words.concat();
    // Short words are parts of many others.
    PERSONAL.iter().any(
        |word| {
            if word.len() <= 3 { plain == *word || words.contains(word) } else { plain.contains(word) }
        },
    )
}

/// A letter of French as people without its key type it.
pub(super) fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'À' | 'Â' => 'a',
        'ç' | 'Ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' => 'e',
        'î' | 'ï' | 'Î' => 'i',
        'ô' | 'ö' | 'Ô' => 'o',
        'ù' | 'û' | 'ü' | 'Ù' | 'Û' => 'u',
        other => other,
    }
}

/// What of a person's a value that should be an opaque id looks like, if anything.
pub(super) fn looks_personal(text: &str) -> Option<&'static str> {
    if looks_like_an_address(text) {
        Some("an e-mail address")
    } else if looks_like_a_name(text) {
        Some("a person's name")
    } else {
        None
    }
}

fn looks_like_an_address(text: &str) -> bool {
    text.split(|character: char| character.is_whitespace() || "<>,;:".contains(character))
        .any(|word| word.split_once('@').is_some_and(|(before, after)| !before.is_empty() && after.contains('.')))
}

/// Two words or more that are made of letters: `Ada Lovelace`, `DUPONT, Marie-Claire`. One word is not told from an id.
fn looks_like_a_name(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|word| !word.is_empty()).collect();
    let is_word = |word: &&str| {
        let joins = |sign: char| ['-', '\'', '’', '.'].contains(&sign);
        word.chars().all(|sign| sign.is_alphabetic() || joins(sign)) && word.chars().any(char::is_alphabetic)
    };
    words.len() >= 2 && words.iter().all(is_word)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_that_describe_a_person_are_recognised() {
        let known = &["external_id", "stage"];
        for field in [
            "name",
            "candidate_name",
            "firstName",
            "e-mail",
            "Email",
            "phone",
            "home_address",
            "tel",
            "CV",
            "Nom",
            "Prénom",
            "Nom complet",
            "cv_url",
        ] {
            let error = refuse_personal_data(&json!({ field: "x" }), known).expect_err(field);
            assert_eq!(crate::programme::tests::problems(&error), [(field, "personal_data")]);
        }
        let nested = json!({"stage": "applied", "data": [{"email": "ada@example.com"}]});
        let error = refuse_personal_data(&nested, known).expect_err("nested");
        assert_eq!(crate::programme::tests::problems(&error), [("data.email", "personal_data")]);
        assert!(!error.to_string().contains("ada@"), "{error}");
        for field in ["stage", "external_id", "colour", "note", "economy", "étape"] {
            assert!(refuse_personal_data(&json!({ field: "x" }), known).is_ok(), "{field}");
        }
    }

    #[test]
    fn an_opaque_id_is_told_from_an_address_and_a_name() {
        for text in ["ada@example.com", "Ada <ada@example.com>", "mailto:ada@example.com", "x ada@b.fr"] {
            assert!(looks_like_an_address(text), "{text}");
        }
        for text in ["REQ-12", "8c1a@3", "@handle", "a@b"] {
            assert!(!looks_like_an_address(text), "{text}");
        }
        for text in ["Ada Lovelace", "DUPONT, Marie-Claire", "J. d’Arc", "élodie  martin"] {
            assert_eq!(looks_personal(text), Some("a person's name"), "{text}");
        }
        for text in ["REQ 12", "job-42/app-7", "c0ffee", "Candidature", "A-17 B"] {
            assert_eq!(looks_personal(text), None, "{text}");
        }
    }
}
