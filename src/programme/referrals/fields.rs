//! Messages about applications, as they are given.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::personal::looks_personal;
use crate::model::{AdvocateId, ApplicationId, ContentId, Evidence, FactSource, LinkId, ReferralFact, Stage};
use crate::programme::fields::{Check, Field};
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
    /// The job, when it is said beside what `named` knows.
    pub(super) job: Option<ContentId>,
    pub(super) source: FactSource,
    pub(super) stage: Stage,
    pub(super) occurred_at_ms: i64,
}

impl Message {
    /// The same by another door than the API.
    #[must_use]
    pub fn through(self, source: FactSource) -> Self {
        Self { source, ..self }
    }
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
        let (of, named) = (Of::Application(application), Named::Nothing);
        Ok(Message { of, named, job: None, source: FactSource::Api, stage, occurred_at_ms })
    }
}

pub(super) fn message(
    mut check: Check,
    external_id: &Field<String>,
    named: Option<Named>,
    stage: &Field<String>,
    occurred_at: &Field<String>,
    now_ms: i64,
) -> Result<Message, Error> {
    let mut key = String::new();
    check.required_text("external_id", external_id, &mut key);
    if let Some(what) = looks_personal(&key) {
        let message = format!("this looks like {what}: send the applicant system's own opaque id");
        check.refuse("external_id", "personal_data", message);
    }
    let (stage, at) = moment(&mut check, stage, occurred_at, now_ms);
    check.finish()?;
    let (Some(named), Some(stage), Some(occurred_at_ms)) = (named, stage, at) else { return Err(unreadable()) };
    Ok(Message { of: Of::ExternalId(key), named, job: None, source: FactSource::Api, stage, occurred_at_ms })
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
pub(super) async fn resolve(reading: &mut Reading, message: &Message, fact: &mut ReferralFact) -> Result<(), Error> {
    let space = fact.space;
    let missing = |what, field| Error::NotFound { what, field: Some(field) };
    if let Some(job) = message.job {
        reading.content(space, job).await?.ok_or(missing("content", "content_id"))?;
        fact.content = job;
    }
    let link = match &message.named {
        Named::Nothing => return Ok(()),
        Named::Click(click) => {
            fact.evidence = Evidence::Click;
            fact.click = Some(*click);
            return Ok(());
        }
        Named::Advocate(content, advocate) => {
            reading.content(space, *content).await?.ok_or(missing("content", "content_id"))?;
            reading.advocate(space, *advocate).await?.ok_or(missing("advocate", "advocate_id"))?;
            fact.evidence = Evidence::Declared;
            (fact.content, fact.advocate) = (*content, *advocate);
            return Ok(());
        }
        Named::Link(link) => reading.link(space, *link).await?.ok_or(missing("link", "link_id"))?,
        Named::Code(code) => {
            let filter = LinkFilter { code: Some(code.clone()), ..LinkFilter::default() };
            let found = reading.list_links(space, &filter, Page { after: None, limit: 1 }).await?;
            found.into_iter().next().ok_or(missing("link", "code"))?
        }
    };
    if message.job.is_some_and(|job| job != link.content) {
        return Err(Error::field("content_id", "other_job", "the link leads to another content: choose that one"));
    }
    fact.evidence = Evidence::Link;
    (fact.link, fact.content, fact.advocate) = (link.id, link.content, link.advocate);
    fact.channel = Some(link.channel);
    Ok(())
}
