//! What a programme consists of, as every room but the store's own sees it.
//!
//! These are facts without a person's name or e-mail address: they travel to redirect nodes and to
//! ClickHouse. Names and addresses stay in the store and are asked for by the rooms that show them.
//!
//! Instants are milliseconds since 1970 (UTC); local dates are `YYYY-MM-DD`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::channel::Channel;
use super::code::Code;
use super::id::{AdvocateId, CampaignId, ContentId, LinkId, ShareId, SpaceId, TeamId};
use super::kind::{AdvocateKind, ContentKind, ContentState, ShareSource, words};
use super::look::Look;

words! {
    /// How much of a click a space keeps.
    PrivacyMode {
        /// Daily visitor pseudonym, place as fine as the geo database knows.
        Standard = "standard" / 1,
        /// No visitor, no `rid` on the way to the content, country only.
        Strict = "strict" / 2,
    }
}

words! {
    /// A language that Relais's own pages speak.
    Language {
        /// English.
        English = "en" / 1,
        /// French.
        French = "fr" / 2,
    }
}

/// A tenant: one brand's programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Its id.
    pub id: SpaceId,
    /// Short name for the command line: `a-z0-9-`.
    pub slug: String,
    /// The brand's name, for people.
    pub name: String,
    /// IANA name, such as `Europe/Paris`.
    pub time_zone: String,
    /// ISO weekdays on which contents are expected: 1 is Monday.
    pub working_week: Vec<u8>,
    /// Local dates on which nothing is expected.
    pub holidays: Vec<String>,
    /// Short-link hosts of its own, lower case, without a port.
    pub hosts: Vec<String>,
    /// Domains whose addresses may sign up.
    pub email_domains: Vec<String>,
    /// Domains (and their subdomains) that contents may point to; empty: any.
    pub destination_domains: Vec<String>,
    /// Cost of a paid click by channel, in EUR, for the earned-media value.
    pub click_rates: serde_json::Value,
    /// Parameter → value for destinations; values may hold `{channel}`, `{campaign}`, `{content}`.
    pub utm_template: BTreeMap<String, String>,
    /// Where to send people when a content has nothing better.
    pub fallback_url: Option<String>,
    /// How much of a click is kept.
    pub privacy_mode: PrivacyMode,
    /// Language of pages for people whose own is not known.
    pub language: Language,
    /// Days after a click in which an application is credited to it.
    pub attribution_window_days: u32,
    /// Links of a job that is over lead to a similar open one, when there is one.
    pub similar_jobs: bool,
    /// Nothing of it changes any more, and its links answer the fallback.
    pub closed: bool,
    /// Its colour and its logo.
    pub look: Look,
}

impl Space {
    /// The attribution window of a space that has not chosen one, in days.
    pub const ATTRIBUTION_WINDOW_DAYS: u32 = 180;

    /// The template of a space that has not chosen one.
    pub fn default_utm_template() -> BTreeMap<String, String> {
        [
            ("utm_source", "{channel}"),
            ("utm_medium", "employee-advocacy"),
            ("utm_campaign", "{campaign}"),
            ("utm_content", "{content}"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}

/// A person of the programme, as a random key with group facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advocate {
    /// The random key.
    pub id: AdvocateId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The key of the company's own system.
    pub external_id: Option<String>,
    /// Employee, partner, customer or influencer.
    pub kind: AdvocateKind,
    /// Its team, or none.
    pub team: TeamId,
    /// Where it works.
    pub location: Option<String>,
    /// The language it reads.
    pub language: Option<String>,
    /// The wave it was invited in.
    pub cohort: Option<String>,
    /// What it knows about, for audiences.
    pub skills: Vec<String>,
    /// Local date of the invitation.
    pub invited_on: Option<String>,
    /// When it joined.
    pub registered_at_ms: Option<i64>,
    /// Last local date of membership.
    pub left_on: Option<String>,
}

/// A bracket around contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The key of the company's own system.
    pub external_id: Option<String>,
    /// For people.
    pub name: String,
    /// For `utm_campaign`.
    pub slug: String,
    /// First local date.
    pub starts_on: Option<String>,
    /// Last local date.
    pub ends_on: Option<String>,
    /// What is aimed at: `{"kpi": …, "target": …}`.
    pub objective: Option<serde_json::Value>,
    /// Every link of it answers the fallback until it is resumed.
    pub paused: bool,
}

/// Something the brand proposes for sharing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Its id.
    pub id: ContentId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The key of the company's own system.
    pub external_id: Option<String>,
    /// Article, campaign, job, video or event.
    pub kind: ContentKind,
    /// For people.
    pub title: String,
    /// Where its links lead: checked, `http` or `https`.
    pub url: String,
    /// One or two sentences for the preview card.
    pub summary: Option<String>,
    /// Picture for the preview card.
    pub image_url: Option<String>,
    /// Its campaign, or none.
    pub campaign: CampaignId,
    /// Who should see it first: `{teams, locations, languages, kinds, skills}`.
    pub audience: serde_json::Value,
    /// Suggested texts: `[{language, channel, text}]`.
    pub captions: serde_json::Value,
    /// When it was or will be proposed; none for a draft.
    pub published_at_ms: Option<i64>,
    /// From then on its links answer the fallback.
    pub expires_at_ms: Option<i64>,
    /// When the job was filled or the offer withdrawn: the same as expired.
    pub closed_at_ms: Option<i64>,
    /// Where to send people when it is over.
    pub fallback_url: Option<String>,
    /// Destinations carry `rid`, the click's id.
    pub tracks_conversions: bool,
    /// The query of an incoming request is passed on to the destination.
    pub forward_query: bool,
    /// Jobs to send people to once this one is over, newest first: the first that is open at the
    /// moment. The programme computes it, so that nobody searches while somebody waits.
    pub similar: Vec<ContentId>,
}

impl Content {
    /// A draft of an article of which nothing is known yet.
    pub fn blank(id: ContentId, space: SpaceId) -> Self {
        Self {
            id,
            space,
            external_id: None,
            kind: ContentKind::Article,
            title: String::new(),
            url: String::new(),
            summary: None,
            image_url: None,
            campaign: CampaignId::NONE,
            audience: serde_json::Value::Object(serde_json::Map::new()),
            captions: serde_json::Value::Array(Vec::new()),
            published_at_ms: None,
            expires_at_ms: None,
            closed_at_ms: None,
            fallback_url: None,
            tracks_conversions: false,
            forward_query: false,
            similar: Vec::new(),
        }
    }

    /// True from the instant on at which it has expired or is closed.
    pub fn is_over(&self, now_ms: i64) -> bool {
        [self.expires_at_ms, self.closed_at_ms].into_iter().flatten().any(|end| end <= now_ms)
    }

    /// How far it is.
    pub fn state(&self, now_ms: i64) -> ContentState {
        let has_come = |at_ms: Option<i64>| at_ms.is_some_and(|at_ms| at_ms <= now_ms);
        if has_come(self.closed_at_ms) {
            ContentState::Archived
        } else if self.published_at_ms.is_none() {
            ContentState::Draft
        } else if has_come(self.expires_at_ms) {
            ContentState::Expired
        } else if has_come(self.published_at_ms) {
            ContentState::Published
        } else {
            ContentState::Scheduled
        }
    }
}

/// Advocate × content × channel, with its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// What it leads to.
    pub content: ContentId,
    /// Whose it is.
    pub advocate: AdvocateId,
    /// Where it is shared.
    pub channel: Channel,
    /// What stands behind the slash.
    pub code: Code,
    /// Switched off by somebody.
    pub disabled: bool,
    /// When it was issued.
    pub created_at_ms: i64,
}

/// One publication of a content by an advocate on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The key of the company's own system.
    pub external_id: Option<String>,
    /// What was shared.
    pub content: ContentId,
    /// Who shared; none for somebody unknown or erased.
    pub advocate: AdvocateId,
    /// Where.
    pub channel: Channel,
    /// The link that was shared; none for an imported share whose link was never issued.
    pub link: LinkId,
    /// How Relais knows.
    pub source: ShareSource,
    /// When.
    pub shared_at_ms: i64,
}

/// A group of advocates in a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The team above it, or none.
    pub parent: TeamId,
    /// Unique in the space.
    pub name: String,
}

/// That an advocate signed in; the key is advocate and instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The programme it belongs to.
    pub space: SpaceId,
    /// Who.
    pub advocate: AdvocateId,
    /// When.
    pub signed_in_at_ms: i64,
}
