//! Advocates: the people of the programme.

use std::str::FromStr;

use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::{Check, Field, MAX_LIST};
use super::shapes::{FullLine, GivenDate, GivenEmail, GivenInstant, GivenLanguage, Line};
use super::{AdvocateFilter, AdvocateRecord, ErasureRecord, Error, Page, Programme, Work, ids, times};
use crate::model::{AdvocateId, AdvocateKind, Space, SpaceId, Team, TeamId};

/// An advocate as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AdvocateFields {
    /// Unique in the space; kept in lower case. Needed for signing in by mail.
    #[schema(value_type = Option<GivenEmail>)]
    pub email: Field<String>,
    /// As the person writes it.
    #[schema(value_type = Option<Line>)]
    pub name: Field<String>,
    /// Default `employee`.
    #[schema(value_type = AdvocateKind)]
    pub kind: Field<String>,
    /// The name of a team, which is made when there is none of that name, or a team's id.
    #[schema(value_type = Option<Line>)]
    pub team: Field<String>,
    /// Where it works.
    #[schema(value_type = Option<Line>)]
    pub location: Field<String>,
    /// The language it reads, as a BCP 47 tag such as `fr` or `pt-BR`.
    #[schema(value_type = Option<GivenLanguage>)]
    pub language: Field<String>,
    /// What it knows about.
    #[schema(value_type = Option<Vec<FullLine>>, max_items = 100)]
    pub skills: Field<Vec<String>>,
    /// The wave it was invited in.
    #[schema(value_type = Option<Line>)]
    pub cohort: Field<String>,
    /// The key of the company's own system; unique in the space.
    #[schema(value_type = Option<Line>)]
    pub external_id: Field<String>,
    /// Local date.
    #[schema(value_type = Option<GivenDate>)]
    pub invited_on: Field<String>,
    /// Instant.
    #[schema(value_type = Option<GivenInstant>)]
    pub registered_at: Field<String>,
    /// Last local date of membership.
    #[schema(value_type = Option<GivenDate>)]
    pub left_on: Field<String>,
}

/// An advocate with what it has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The person.
    pub advocate: AdvocateRecord,
    /// Its links, on or off.
    pub links: u64,
    /// Its shares, ever.
    pub shares: u64,
}

impl Programme {
    /// An advocate.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn advocate(&self, space: SpaceId, id: AdvocateId) -> Result<AdvocateRecord, Error> {
        self.store.read().await?.advocate(space, id).await?.ok_or(MISSING)
    }

    /// An advocate and its space, in one state of the store.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn presence(&self, space: SpaceId, id: AdvocateId) -> Result<(Space, AdvocateRecord), Error> {
        let mut reading = self.store.read().await?;
        let record = reading.advocate(space, id).await?.ok_or(MISSING)?;
        let space = reading.space(space).await?.ok_or(Error::NotFound { what: "space", field: None })?;
        Ok((space, record))
    }

    /// What an advocate sees of itself.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn standing(&self, space: SpaceId, id: AdvocateId) -> Result<Standing, Error> {
        let mut reading = self.store.read().await?;
        let advocate = reading.advocate(space, id).await?.ok_or(MISSING)?;
        let (links, shares) = reading.counts_of(space, id).await?;
        Ok(Standing { advocate, links, shares })
    }

    /// Today's local date in a space, against which a `left_on` is judged.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn today(&self, space: SpaceId) -> Result<String, Error> {
        let space = self.space(space).await?;
        Ok(times::date_in(&space.time_zone, self.now_ms()).unwrap_or_default())
    }

    /// Advocates in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no advocate of the space.
    pub async fn advocates(
        &self,
        space: SpaceId,
        filter: &AdvocateFilter,
        page: Page<AdvocateId>,
    ) -> Result<Vec<AdvocateRecord>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.advocate(space, after).await?.ok_or(Error::NotFound { what: "advocate", field: Some("after") })?;
        }
        Ok(reading.list_advocates(space, filter, page).await?)
    }
}

impl Work {
    /// Adds an advocate.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Conflict`] when another one has its address or key.
    pub async fn create_advocate(&mut self, space: SpaceId, fields: &AdvocateFields) -> Result<AdvocateRecord, Error> {
        self.open_space(space).await?;
        let record = AdvocateRecord::blank(AdvocateId::from_bits(ids::random_bits()), space);
        self.put_advocate(record, fields).await
    }

    /// An advocate as it stands in this work.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn advocate(&mut self, space: SpaceId, id: AdvocateId) -> Result<AdvocateRecord, Error> {
        self.writing.advocate(space, id).await?.ok_or(MISSING)
    }

    /// Lays `fields` over an advocate.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of [`Self::create_advocate`].
    pub async fn update_advocate(
        &mut self,
        space: SpaceId,
        id: AdvocateId,
        fields: &AdvocateFields,
    ) -> Result<AdvocateRecord, Error> {
        self.open_space(space).await?;
        let record = self.writing.advocate(space, id).await?.ok_or(MISSING)?;
        self.put_advocate(record, fields).await
    }

    /// Forgets a person: name, address, key, sign-ins, tokens and its place as a manager. Its links
    /// go on redirecting and its shares stay, nobody's. There is no way back.
    ///
    /// ClickHouse and files follow by themselves (`keeping::erasure`).
    ///
    /// # Errors
    /// [`Error::NotFound`], also when it was erased before.
    pub async fn erase_advocate(&mut self, space: SpaceId, id: AdvocateId) -> Result<(), Error> {
        self.open_space(space).await?;
        self.erase_on_request(space, id, "").await.map(drop)
    }

    /// The same, also in a space that is closed, with what whoever asked calls the request.
    ///
    /// # Errors
    /// [`Error::NotFound`], also when it was erased before.
    pub async fn erase_on_request(
        &mut self,
        space: SpaceId,
        id: AdvocateId,
        request: &str,
    ) -> Result<ErasureRecord, Error> {
        let record = self.writing.advocate(space, id).await?.ok_or(MISSING)?;
        self.writing.forget_sign_in(space, id, record.email.as_deref()).await?;
        // Files and bad rows of imports and exports may name the person: all of the space's go.
        self.writing.expire_transfers(space).await?;
        let erasure = self.writing.erase_advocate(&record, &self.actor, request).await?;
        self.note(space, "advocate.erased", &id.to_string(), serde_json::json!({})).await?;
        Ok(erasure)
    }

    /// Whether the space is there.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn has_space(&mut self, space: SpaceId) -> Result<bool, Error> {
        Ok(self.writing.space(space).await?.is_some())
    }

    /// Erases somebody whom this store has forgotten to have erased, or remembers it when there is nobody.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn erase_again(&mut self, erasure: &ErasureRecord) -> Result<(), Error> {
        match self.erase_on_request(erasure.space, erasure.advocate, &erasure.request).await {
            Err(Error::NotFound { .. }) => Ok(self.writing.put_erasure(erasure).await?),
            erased => erased.map(drop),
        }
    }

    async fn put_advocate(
        &mut self,
        mut record: AdvocateRecord,
        fields: &AdvocateFields,
    ) -> Result<AdvocateRecord, Error> {
        let mut check = Check::default();
        let mut team = record.team_name.clone();
        lay(&mut check, fields, &mut record);
        check.optional_text("team", &fields.team, &mut team);
        if record.email.is_none() && record.advocate.external_id.is_none() {
            check.refuse("email", "required", "give an email, or an external_id for somebody who never signs in");
        }
        check.finish()?;

        let (space, id) = (record.advocate.space, record.advocate.id);
        if let Some(email) = &record.email {
            let filter = AdvocateFilter { email: Some(email.clone()), ..AdvocateFilter::default() };
            self.refuse_double(space, id, &filter, "email_taken", "email").await?;
        }
        if let Some(external_id) = &record.advocate.external_id {
            let filter = AdvocateFilter { external_id: Some(external_id.clone()), ..AdvocateFilter::default() };
            self.refuse_double(space, id, &filter, "external_id_taken", "external_id").await?;
        }
        if !matches!(fields.team, Field::Absent) {
            (record.advocate.team, record.team_name) = self.team(space, team).await?;
        }
        self.writing.put_advocate(&record).await?;
        Ok(record)
    }

    async fn refuse_double(
        &mut self,
        space: SpaceId,
        id: AdvocateId,
        filter: &AdvocateFilter,
        code: &'static str,
        field: &'static str,
    ) -> Result<(), Error> {
        let found = self.writing.list_advocates(space, filter, Page { after: None, limit: 1 }).await?;
        match found.first() {
            Some(other) if other.advocate.id != id => {
                let message = format!("the advocate {} has this {field}: change that one instead", other.advocate.id);
                Err(Error::Conflict { code, field: Some(field), message })
            }
            _ => Ok(()),
        }
    }

    /// The team that a text names, made when it is a new name.
    async fn team(&mut self, space: SpaceId, given: Option<String>) -> Result<(TeamId, Option<String>), Error> {
        let Some(given) = given else { return Ok((TeamId::NONE, None)) };
        if let Ok(id) = TeamId::from_str(&given) {
            let found = self.writing.team(space, id).await?;
            let record = found.ok_or(Error::NotFound { what: "team", field: Some("team") })?;
            return Ok((id, Some(record.team.name)));
        }
        if let Some(id) = self.writing.team_of_name(space, &given).await? {
            return Ok((id, Some(given)));
        }
        let id = TeamId::from_bits(ids::random_bits());
        self.writing.put_team(&Team { id, space, parent: TeamId::NONE, name: given.clone() }).await?;
        Ok((id, Some(given)))
    }
}

const MISSING: Error = Error::NotFound { what: "advocate", field: None };

fn lay(check: &mut Check, fields: &AdvocateFields, record: &mut AdvocateRecord) {
    let advocate = &mut record.advocate;
    check.optional("email", &fields.email, &mut record.email, |check, text| {
        email(text).map_err(|error| check.refuse("email", "invalid", error.to_string())).ok()
    });
    check.optional_text("name", &fields.name, &mut record.name);
    advocate.kind = check.word("kind", &fields.kind).unwrap_or(advocate.kind);
    check.optional_text("location", &fields.location, &mut advocate.location);
    check.optional("language", &fields.language, &mut advocate.language, |check, text| {
        language(check, "language", text)
    });
    check.list("skills", &fields.skills, &mut advocate.skills, MAX_LIST, |check, name, skill| check.entry(name, skill));
    check.optional_text("cohort", &fields.cohort, &mut advocate.cohort);
    check.optional_text("external_id", &fields.external_id, &mut advocate.external_id);
    check.optional_date("invited_on", &fields.invited_on, &mut advocate.invited_on);
    check.optional_instant("registered_at", &fields.registered_at, &mut advocate.registered_at_ms);
    check.optional_date("left_on", &fields.left_on, &mut advocate.left_on);
}

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an e-mail address such as ada@example.com")]
pub struct InvalidEmail;

/// Checks an e-mail address; gives it in lower case. (Nobody in the field tells `Ada@` from `ada@`,
/// whatever RFC 5321 says; two accounts of one person are the likelier harm.)
///
/// # Errors
/// [`InvalidEmail`].
pub fn email(text: &str) -> Result<String, InvalidEmail> {
    let options = email_address::Options::default().without_display_text().without_domain_literal().with_required_tld();
    email_address::EmailAddress::parse_with_options(text.trim(), options)
        .map(|address| address.as_str().to_lowercase())
        .map_err(|_| InvalidEmail)
}

/// Whether it is a BCP 47 tag in its outer form: groups of 1 to 8 letters or digits between hyphens.
pub fn is_language(text: &str) -> bool {
    let group = |group: &str| (1..=8).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = text.split('-').next().unwrap_or_default();
    text.len() <= 35 && text.split('-').all(group) && (2..=3).contains(&first.len())
}

pub(super) fn language(check: &mut Check, name: &str, text: &str) -> Option<String> {
    // As everywhere, before trimming.
    let fits = text.len() <= 35;
    let text = text.trim();
    let tag = fits && is_language(text);
    if !tag {
        check.refuse(name, "invalid", "expected a language tag such as fr or pt-BR");
    }
    tag.then(|| text.to_owned())
}
