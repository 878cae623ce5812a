//! An application as a recruiter writes it down.

use super::fields::{Message, Named, message};
use crate::model::{Code, ContentId};
use crate::programme::Error;
use crate::programme::fields::{Check, Field};

/// What a recruiter knows of an application and a stage of it.
#[derive(Debug, Clone, Default)]
pub struct HandFields {
    /// The applicant system's opaque id; must be given.
    pub external_id: Field<String>,
    /// The job.
    pub content_id: Field<String>,
    /// What led there, when that is known: a link's code, its whole address, or a click's id.
    pub trace: Field<String>,
    /// `started`, `applied`, `screened`, …; must be given.
    pub stage: Field<String>,
    /// When the stage was reached; must be given.
    pub occurred_at: Field<String>,
}

impl HandFields {
    /// Checks the fields at this instant.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn message(&self, now_ms: i64) -> Result<Message, Error> {
        let mut check = Check::default();
        let job: Option<ContentId> = check.word("content_id", &self.content_id);
        let named = match &self.trace {
            Field::Value(text) if !text.trim().is_empty() => {
                let named = trace(text.trim());
                if named.is_none() {
                    check.refuse(
                        "trace",
                        "invalid",
                        "expected the code or the address of a link, or the id of a click",
                    );
                }
                named
            }
            _ => Some(Named::Nothing),
        };
        let message = message(check, &self.external_id, named, &self.stage, &self.occurred_at, now_ms)?;
        Ok(Message { job, ..message })
    }
}

/// What a text names: a click by its id (as such, or as the `rid` of an address), a link by its code or its address.
fn trace(text: &str) -> Option<Named> {
    if let Ok(click) = text.parse() {
        return Some(Named::Click(click));
    }
    let (path, query) = text.split_once(['?', '#']).unwrap_or((text, ""));
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    if let Some(click) = pairs.into_iter().find(|(name, _)| name == "rid").and_then(|(_, id)| id.parse().ok()) {
        return Some(Named::Click(click));
    }
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    last.parse::<Code>().ok().map(Named::Code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_led_there_is_a_code_an_address_or_a_click() {
        let click = "019cc000-0000-7000-8000-000000000001";
        let code: Code = "abcdefghj".parse().expect("a code");
        for text in ["abcdefghj", "https://go.acme.test/abcdefghj", "go.acme.test/abcdefghj/?utm_source=x"] {
            assert_eq!(trace(text), Some(Named::Code(code.clone())), "{text}");
        }
        for text in [click.to_owned(), format!("https://jobs.acme.test/42?a=b&rid={click}")] {
            assert_eq!(trace(&text), Some(Named::Click(click.parse().expect("an id"))), "{text}");
        }
        for text in ["Ada Lovelace", "https://go.acme.test/", "?", "ada@example.com"] {
            assert_eq!(trace(text), None, "{text}");
        }
    }
}
