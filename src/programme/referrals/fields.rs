//! Messages about applications, as they are given.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{AdvocateId, ApplicationId, ContentId, Evidence, LinkId, ReferralFact, Stage};
use crate::programme::error::FieldProblem;
use crate::programme::fields::{Check, Field, SHORT_TEXT};
use crate::programme::shapes::{FullLine, Instant};
use crate::programme::{Error, times};
use crate::store::{LinkFilter, Page, Reading};

/// How far ahead of this clock an applicant system's may be, in milliseconds.
const AHEAD_MS: i64 = 86_400_000;

/// `POST /conversions`: a page that was reached from a link, or a system behind it, tells of a stage.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversionFields {
    /// The click's id, which the destination got as `rid`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub click_id: Field<String>,
    /// Or the link's code.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub code: Field<String>,
    /// `started`, `applied`, `screened`, …
    #[serde(default)]
    #[schema(value_type = Stage, required = true)]
    pub stage: Field<String>,
    /// The applicant system's opaque id of the application. Never anything of the candidate's.
    #[serde(default)]
    #[schema(value_type = FullLine, required = true)]
    pub external_id: Field<String>,
    /// When the stage was reached.
    #[serde(default)]
    #[schema(value_type = Instant, required = true)]
    pub occurred_at: Field<String>,
}

/// `POST /applications`: somebody tells of an application by hand.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationFields {
    /// The link that it came by.
    #[serde(default)]
    #[schema(value_type = LinkId)]
    pub link_id: Field<String>,
    /// Or the job, with
    #[serde(default)]
    #[schema(value_type = ContentId)]
    pub content_id: Field<String>,
    /// who referred.
    #[serde(default)]
    #[schema(value_type = AdvocateId)]
    pub advocate_id: Field<String>,
    /// `started`, `applied`, `screened`, …
    #[serde(default)]
    #[schema(value_type = Stage, required = true)]
    pub stage: Field<String>,
    /// The applicant system's opaque id of the application. Never anything of the candidate's.
    #[serde(default)]
    #[schema(value_type = FullLine, required = true)]
    pub external_id: Field<String>,
    /// When the stage was reached.
    #[serde(default)]
    #[schema(value_type = Instant, required = true)]
    pub occurred_at: Field<String>,
}

/// `PATCH /applications/{id}`: it went on.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageFields {
    /// The stage that was reached.
    #[serde(default)]
    #[schema(value_type = Stage, required = true)]
    pub stage: Field<String>,
    /// When.
    #[serde(default)]
    #[schema(value_type = Instant, required = true)]
    pub occurred_at: Field<String>,
}

/// A message whose fields were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub(super) of: Of,
    pub(super) named: Named,
    pub(super) stage: Stage,
    pub(super) occurred_at_ms: i64,
}

/// Which application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Of {
    Application(ApplicationId),
    ExternalId(String),
}

/// By what it knows whose referral it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    Click(Uuid),
    Code(crate::model::Code),
    Link(LinkId),
    Advocate(ContentId, AdvocateId),
    Nothing,
}

impl ConversionFields {
    /// Checks the fields at this instant.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn message(&self, now_ms: i64) -> Result<Message, Error> {
        let mut check = Check::default();
        let mut click: Option<Uuid> = None;
        check.optional("click_id", &self.click_id, &mut click, |check, text| {
            let read = text.parse().map_err(|_| check.refuse("click_id", "invalid", "expected the id of a click"));
            read.ok()
        });
        let code: Option<crate::model::Code> = check.word("code", &self.code);
        let named = match (&self.click_id, &self.code) {
            (Field::Value(_), Field::Value(_)) => {
                check.refuse("code", "invalid", "give click_id or code, not both");
                None
            }
            (Field::Value(_), _) => click.map(Named::Click),
            (_, Field::Value(_)) => code.map(Named::Code),
            _ => {
                check.refuse("click_id", "required", "click_id or code must be given");
                None
            }
        };
        message(check, &self.external_id, named, &self.stage, &self.occurred_at, now_ms)
    }
}

impl ApplicationFields {
    /// Checks the fields at this instant.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn message(&self, now_ms: i64) -> Result<Message, Error> {
        let mut check = Check::default();
        let link = check.word("link_id", &self.link_id);
        let content = check.word("content_id", &self.content_id);
        let advocate = check.word("advocate_id", &self.advocate_id);
        let named = match (&self.link_id, &self.content_id, &self.advocate_id) {
            (Field::Value(_), Field::Absent, Field::Absent) => link.map(Named::Link),
            (Field::Absent, Field::Value(_), Field::Value(_)) => {
                content.zip(advocate).map(|(content, advocate)| Named::Advocate(content, advocate))
            }
            _ => {
                check.refuse("link_id", "required", "give link_id, or content_id and advocate_id");
                None
            }
        };
        message(check, &self.external_id, named, &self.stage, &self.occurred_at, now_ms)
    }
}

impl StageFields {
    /// Checks the fields at this instant.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn message(&self, application: ApplicationId, now_ms: i64) -> Result<Message, Error> {
        let mut check = Check::default();
        let (stage, at) = moment(&mut check, &self.stage, &self.occurred_at, now_ms);
        check.finish()?;
        let (Some(stage), Some(occurred_at_ms)) = (stage, at) else { return Err(unreadable()) };
        Ok(Message { of: Of::Application(application), named: Named::Nothing, stage, occurred_at_ms })
    }
}

fn message(
    mut check: Check,
    external_id: &Field<String>,
    named: Option<Named>,
    stage: &Field<String>,
    occurred_at: &Field<String>,
    now_ms: i64,
) -> Result<Message, Error> {
    let mut key = String::new();
    check.required_text("external_id", external_id, &mut key);
    if looks_like_an_address(&key) {
        let message = "this looks like an e-mail address: send the applicant system's own opaque id";
        check.refuse("external_id", "personal_data", message);
    }
    let (stage, at) = moment(&mut check, stage, occurred_at, now_ms);
    check.finish()?;
    let (Some(named), Some(stage), Some(occurred_at_ms)) = (named, stage, at) else { return Err(unreadable()) };
    Ok(Message { of: Of::ExternalId(key), named, stage, occurred_at_ms })
}

/// A field that was neither read nor refused: empty texts of optional fields.
fn unreadable() -> Error {
    Error::field("", "required", "a field is empty that must be given")
}

fn moment(
    check: &mut Check,
    stage: &Field<String>,
    occurred_at: &Field<String>,
    now_ms: i64,
) -> (Option<Stage>, Option<i64>) {
    let stage = check.required_word("stage", stage);
    let mut at = None;
    check.optional_instant("occurred_at", occurred_at, &mut at);
    match (occurred_at, at) {
        (Field::Value(text), _) if !text.trim().is_empty() => {}
        _ => check.refuse("occurred_at", "required", "occurred_at must be given"),
    }
    if at.is_some_and(|at| at > now_ms + AHEAD_MS) {
        let now = times::format_instant(now_ms);
        check.refuse("occurred_at", "invalid", format!("occurred_at is more than a day ahead of {now}"));
    }
    (stage, at)
}

/// Fills in what the fact's link or declaration says.
pub(super) async fn resolve(reading: &mut Reading, named: &Named, fact: &mut ReferralFact) -> Result<(), Error> {
    let space = fact.space;
    let link = match named {
        Named::Nothing => return Ok(()),
        Named::Click(click) => {
            fact.evidence = Evidence::Click;
            fact.click = Some(*click);
            return Ok(());
        }
        Named::Advocate(content, advocate) => {
            let missing = |what, field| Error::NotFound { what, field: Some(field) };
            reading.content(space, *content).await?.ok_or(missing("content", "content_id"))?;
            reading.advocate(space, *advocate).await?.ok_or(missing("advocate", "advocate_id"))?;
            fact.evidence = Evidence::Declared;
            (fact.content, fact.advocate) = (*content, *advocate);
            return Ok(());
        }
        Named::Link(link) => {
            let missing = Error::NotFound { what: "link", field: Some("link_id") };
            reading.link(space, *link).await?.ok_or(missing)?
        }
        Named::Code(code) => {
            let missing = Error::NotFound { what: "link", field: Some("code") };
            let filter = LinkFilter { code: Some(code.clone()), ..LinkFilter::default() };
            let found = reading.list_links(space, &filter, Page { after: None, limit: 1 }).await?;
            found.into_iter().next().ok_or(missing)?
        }
    };
    fact.evidence = Evidence::Link;
    (fact.link, fact.content, fact.advocate) = (link.id, link.content, link.advocate);
    fact.channel = Some(link.channel);
    Ok(())
}

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
                if looks_personal(name) {
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

fn looks_personal(field: &str) -> bool {
    let plain: String = field.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    PERSONAL.iter().any(|word| if word.len() <= 3 { plain == *word } else { plain.contains(word) })
}

fn looks_like_an_address(text: &str) -> bool {
    text.split(|character: char| character.is_whitespace() || "<>,;:".contains(character))
        .any(|word| word.split_once('@').is_some_and(|(before, after)| !before.is_empty() && after.contains('.')))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_that_describe_a_person_are_recognised() {
        let known = &["external_id", "stage"];
        for field in ["name", "candidate_name", "firstName", "e-mail", "Email", "phone", "home_address", "tel", "CV"] {
            let error = refuse_personal_data(&json!({ field: "x" }), known).expect_err(field);
            assert_eq!(crate::programme::tests::problems(&error), [(field, "personal_data")]);
        }
        let nested = json!({"stage": "applied", "data": [{"email": "ada@example.com"}]});
        let error = refuse_personal_data(&nested, known).expect_err("nested");
        assert_eq!(crate::programme::tests::problems(&error), [("data.email", "personal_data")]);
        assert!(!error.to_string().contains("ada@"), "{error}");
        for field in ["stage", "external_id", "colour", "note"] {
            assert!(refuse_personal_data(&json!({ field: "x" }), known).is_ok(), "{field}");
        }
    }

    #[test]
    fn an_opaque_id_is_told_from_an_address() {
        for text in ["ada@example.com", "Ada <ada@example.com>", "mailto:ada@example.com", "x ada@b.fr"] {
            assert!(looks_like_an_address(text), "{text}");
        }
        for text in ["REQ-12", "8c1a@3", "@handle", "a@b"] {
            assert!(!looks_like_an_address(text), "{text}");
        }
    }
}
