//! Contents: what the brand proposes for sharing.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Check, Field, LONG_TEXT, MAX_LIST};
use super::shapes::{
    FullLine, FullProse, GivenCampaignId, GivenInstant, GivenWebAddress, LanguageTag, Line, Prose, TeamNamed,
    WebAddress,
};
use super::urls::{self, OwnHosts};
use super::{ContentFilter, Error, Page, Programme, Work, advocates, ids};
use crate::model::{AdvocateKind, CampaignId, Channel, Content, ContentId, ContentKind, Space, SpaceId, TeamId};

/// A content as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContentFields {
    /// `article`, `campaign`, `job`, `video` or `event`; must be given.
    #[schema(value_type = ContentKind)]
    pub kind: Field<String>,
    /// For people; must be given.
    #[schema(value_type = FullLine)]
    pub title: Field<String>,
    /// Where its links lead; must be given.
    #[schema(value_type = WebAddress)]
    pub url: Field<String>,
    /// One or two sentences for the preview card.
    #[schema(value_type = Option<Prose>)]
    pub summary: Field<String>,
    /// Picture for the preview card.
    #[schema(value_type = Option<GivenWebAddress>)]
    pub image_url: Field<String>,
    /// Its campaign.
    #[schema(value_type = Option<GivenCampaignId>)]
    pub campaign_id: Field<String>,
    /// Who should see it first.
    #[schema(value_type = Option<Audience>)]
    pub audience: Field<Audience>,
    /// Suggested texts.
    #[schema(value_type = Option<Vec<Caption>>, max_items = 100)]
    pub captions: Field<Vec<Caption>>,
    /// When it is proposed; without it the content is a draft.
    #[schema(value_type = Option<GivenInstant>)]
    pub published_at: Field<String>,
    /// From then on its links answer the fallback.
    #[schema(value_type = Option<GivenInstant>)]
    pub expires_at: Field<String>,
    /// When the job was filled or the offer withdrawn.
    #[schema(value_type = Option<GivenInstant>)]
    pub closed_at: Field<String>,
    /// Where to send people when it is over.
    #[schema(value_type = Option<GivenWebAddress>)]
    pub fallback_url: Field<String>,
    /// Destinations carry `rid`, the click's id.
    #[schema(value_type = Option<bool>)]
    pub tracks_conversions: Field<bool>,
    /// The query of an incoming request is passed on.
    #[schema(value_type = Option<bool>)]
    pub forward_query: Field<bool>,
    /// The key of the company's own system; unique in the space.
    #[schema(value_type = Option<Line>)]
    pub external_id: Field<String>,
}

/// Whom a content is for. An empty list means everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Audience {
    /// Names or ids of teams.
    #[schema(value_type = Vec<TeamNamed>, max_items = 100)]
    pub teams: Vec<String>,
    /// Locations of advocates.
    #[schema(value_type = Vec<FullLine>, max_items = 100)]
    pub locations: Vec<String>,
    /// Languages that they read.
    #[schema(value_type = Vec<FullLine>, max_items = 100)]
    pub languages: Vec<String>,
    /// Kinds of advocates.
    #[schema(value_type = Vec<AdvocateKind>, max_items = 100)]
    pub kinds: Vec<String>,
    /// What they know about.
    #[schema(value_type = Vec<FullLine>, max_items = 100)]
    pub skills: Vec<String>,
}

/// A suggested text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Caption {
    /// Its language; none: any.
    #[serde(default)]
    #[schema(value_type = Option<LanguageTag>)]
    pub language: Option<String>,
    /// The channel it is for; none: any.
    #[serde(default)]
    #[schema(value_type = Option<Channel>)]
    pub channel: Option<String>,
    /// 1 to 5,000 characters.
    #[schema(value_type = FullProse)]
    pub text: String,
}

impl ContentFields {
    /// These fields with those of `given` in their place, wherever they are not left out.
    pub(super) fn overlaid_with(self, given: Self) -> Self {
        Self {
            kind: given.kind.or(self.kind),
            title: given.title.or(self.title),
            url: given.url.or(self.url),
            summary: given.summary.or(self.summary),
            image_url: given.image_url.or(self.image_url),
            campaign_id: given.campaign_id.or(self.campaign_id),
            audience: given.audience.or(self.audience),
            captions: given.captions.or(self.captions),
            published_at: given.published_at.or(self.published_at),
            expires_at: given.expires_at.or(self.expires_at),
            closed_at: given.closed_at.or(self.closed_at),
            fallback_url: given.fallback_url.or(self.fallback_url),
            tracks_conversions: given.tracks_conversions.or(self.tracks_conversions),
            forward_query: given.forward_query.or(self.forward_query),
            external_id: given.external_id.or(self.external_id),
        }
    }
}

impl Programme {
    /// A content.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn content(&self, space: SpaceId, id: ContentId) -> Result<Content, Error> {
        self.store.read().await?.content(space, id).await?.ok_or(MISSING)
    }

    /// Contents in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no content of the space.
    pub async fn contents(
        &self,
        space: SpaceId,
        filter: &ContentFilter,
        page: Page<ContentId>,
    ) -> Result<Vec<Content>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.content(space, after).await?.ok_or(Error::NotFound { what: "content", field: Some("after") })?;
        }
        Ok(reading.list_contents(space, filter, page).await?)
    }
}

impl Work {
    /// Adds a content.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for its campaign; [`Error::Conflict`] when another
    /// content has its key.
    pub async fn create_content(&mut self, space: SpaceId, fields: &ContentFields) -> Result<Content, Error> {
        let content = Content::blank(ContentId::from_bits(ids::random_bits()), space);
        self.put_content(content, fields, true).await
    }

    /// A content as it stands in this work.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn content(&mut self, space: SpaceId, id: ContentId) -> Result<Content, Error> {
        self.writing.content(space, id).await?.ok_or(MISSING)
    }

    /// Lays `fields` over a content.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of [`Self::create_content`].
    pub async fn update_content(
        &mut self,
        space: SpaceId,
        id: ContentId,
        fields: &ContentFields,
    ) -> Result<Content, Error> {
        let content = self.writing.content(space, id).await?.ok_or(MISSING)?;
        self.put_content(content, fields, false).await
    }

    async fn put_content(
        &mut self,
        mut content: Content,
        fields: &ContentFields,
        created: bool,
    ) -> Result<Content, Error> {
        let space = self.open_space(content.space).await?;
        let was_job = content.kind == ContentKind::Job;
        let own = self.own_hosts().await?;
        let mut check = Check::default();
        let kind: Option<ContentKind> =
            if created { check.required_word("kind", &fields.kind) } else { check.word("kind", &fields.kind) };
        content.kind = kind.unwrap_or(content.kind);
        lay(&mut check, fields, &mut content);
        lay_urls(&mut check, fields, &own, &space, &mut content);
        lay_audience(&mut check, &fields.audience, &mut content.audience);
        lay_captions(&mut check, &fields.captions, &mut content);
        if let (Some(published), Some(expires)) = (content.published_at_ms, content.expires_at_ms)
            && expires <= published
        {
            check.refuse("expires_at", "invalid", "expires_at must be later than published_at");
        }
        check.finish()?;

        if let Some(campaign) = content.campaign.known()
            && self.writing.campaign(content.space, campaign).await?.is_none()
        {
            return Err(Error::NotFound { what: "campaign", field: Some("campaign_id") });
        }
        if let Some(external_id) = &content.external_id {
            match self.writing.content_of_external_id(content.space, external_id).await? {
                Some(other) if other != content.id => {
                    return Err(Error::Conflict {
                        code: "external_id_taken",
                        field: Some("external_id"),
                        message: format!("the content {other} has this external_id: change that one instead"),
                    });
                }
                _ => {}
            }
        }
        self.known_teams(content.space, &fields.audience).await?;
        self.writing.put_content(&content).await?;
        if let Some(picture) = &content.image_url {
            self.writing.want_picture(content.space, picture).await?;
        }
        if was_job || content.kind == ContentKind::Job {
            self.jobs.one(content.space, content.id);
        }
        Ok(content)
    }
}

impl Work {
    /// Names of teams may come before the teams; ids may not.
    pub(super) async fn known_teams(&mut self, space: SpaceId, audience: &Field<Audience>) -> Result<(), Error> {
        let Field::Value(audience) = audience else { return Ok(()) };
        for id in audience.teams.iter().filter_map(|team| team.trim().parse::<TeamId>().ok()) {
            if self.writing.team(space, id).await?.is_none() {
                return Err(Error::NotFound { what: "team", field: Some("audience.teams") });
            }
        }
        Ok(())
    }
}

const MISSING: Error = Error::NotFound { what: "content", field: None };

fn lay(check: &mut Check, fields: &ContentFields, content: &mut Content) {
    check.required_text("title", &fields.title, &mut content.title);
    check.optional_prose("summary", &fields.summary, &mut content.summary);
    let mut campaign = content.campaign.known();
    check.optional("campaign_id", &fields.campaign_id, &mut campaign, |check, text| {
        text.parse()
            .map_err(|error: crate::model::ParseIdError| check.refuse("campaign_id", "invalid", error.to_string()))
            .ok()
    });
    content.campaign = campaign.unwrap_or(CampaignId::NONE);
    check.optional_instant("published_at", &fields.published_at, &mut content.published_at_ms);
    check.optional_instant("expires_at", &fields.expires_at, &mut content.expires_at_ms);
    check.optional_instant("closed_at", &fields.closed_at, &mut content.closed_at_ms);
    Check::flag(&fields.tracks_conversions, &mut content.tracks_conversions);
    Check::flag(&fields.forward_query, &mut content.forward_query);
    check.optional_text("external_id", &fields.external_id, &mut content.external_id);
}

fn lay_urls(check: &mut Check, fields: &ContentFields, own: &OwnHosts, space: &Space, content: &mut Content) {
    let destination = |check: &mut Check, name: &str, url: &str| {
        urls::destination_url(url, own, &space.destination_domains)
            .map_err(|error| check.refuse(name, error.code(), error.to_string()))
            .ok()
    };
    match &fields.url {
        Field::Value(url) => content.url = destination(check, "url", url).unwrap_or_default(),
        Field::Absent if !content.url.is_empty() => {}
        Field::Absent | Field::Null => check.refuse("url", "required", "url must be given and not empty"),
    }
    check.optional("fallback_url", &fields.fallback_url, &mut content.fallback_url, |check, url| {
        destination(check, "fallback_url", url)
    });
    check.optional("image_url", &fields.image_url, &mut content.image_url, |check, url| {
        urls::picture_url(url).map_err(|error| check.refuse("image_url", error.code(), error.to_string())).ok()
    });
}

pub(super) fn lay_audience(check: &mut Check, given: &Field<Audience>, slot: &mut Value) {
    let audience = match given {
        Field::Absent => return,
        Field::Null => &Audience::default(),
        Field::Value(audience) => audience,
    };
    let mut kept = Audience::default();
    let plain = |check: &mut Check, name: &str, given: &Vec<String>, slot: &mut Vec<String>| {
        check.list(name, &Field::Value(given.clone()), slot, MAX_LIST, |check, name, entry| check.entry(name, entry));
    };
    plain(check, "audience.teams", &audience.teams, &mut kept.teams);
    plain(check, "audience.locations", &audience.locations, &mut kept.locations);
    plain(check, "audience.skills", &audience.skills, &mut kept.skills);
    let languages = Field::Value(audience.languages.clone());
    check.list("audience.languages", &languages, &mut kept.languages, MAX_LIST, |check, name, tag| {
        advocates::language(check, name, tag)
    });
    let kinds = Field::Value(audience.kinds.clone());
    check.list("audience.kinds", &kinds, &mut kept.kinds, MAX_LIST, |check, name, kind| {
        let kind: Result<AdvocateKind, _> = kind.parse();
        kind.map(|kind| kind.as_str().to_owned()).map_err(|error| check.refuse(name, "invalid", error.to_string())).ok()
    });
    *slot = serde_json::to_value(kept).expect("lists of texts have a JSON form");
}

fn lay_captions(check: &mut Check, given: &Field<Vec<Caption>>, content: &mut Content) {
    let mut captions: Vec<Caption> = Vec::new();
    if matches!(given, Field::Absent) {
        return;
    }
    check.list("captions", given, &mut captions, MAX_LIST, |check, name, caption| {
        let text = check.text(&format!("{name}.text"), &caption.text, LONG_TEXT, true)?;
        if text.is_empty() {
            check.refuse(&format!("{name}.text"), "required", "a caption must not be empty");
        }
        if let Some(channel) = &caption.channel
            && let Err(error) = channel.parse::<Channel>()
        {
            check.refuse(&format!("{name}.channel"), "invalid", error.to_string());
        }
        let language =
            caption.language.as_deref().and_then(|tag| advocates::language(check, &format!("{name}.language"), tag));
        Some(Caption { language, channel: caption.channel.clone(), text })
    });
    content.captions = serde_json::to_value(captions).expect("texts have a JSON form");
}
