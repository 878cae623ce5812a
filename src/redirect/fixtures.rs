//! A small programme for tests.

use crate::model::Look;
use crate::model::kind::ContentKind;
use crate::model::programme::{Language, PrivacyMode};
use crate::model::{
    Advocate, AdvocateId, AdvocateKind, Campaign, CampaignId, Change, Content, ContentId, Entity, Link, LinkId, Space,
    SpaceId, TeamId,
};

pub(crate) fn space(id: u64) -> Space {
    Space {
        id: SpaceId::from_bits(id),
        slug: format!("space-{id}"),
        name: format!("Space {id}"),
        time_zone: "Europe/Paris".into(),
        working_week: vec![1, 2, 3, 4, 5],
        holidays: Vec::new(),
        hosts: Vec::new(),
        email_domains: Vec::new(),
        destination_domains: Vec::new(),
        click_rates: serde_json::Value::Null,
        utm_template: Space::default_utm_template(),
        fallback_url: None,
        privacy_mode: PrivacyMode::Standard,
        language: Language::English,
        attribution_window_days: Space::ATTRIBUTION_WINDOW_DAYS,
        similar_jobs: false,
        closed: false,
        look: Look::default(),
    }
}

pub(crate) fn campaign(id: u64, space: u64) -> Campaign {
    Campaign {
        id: CampaignId::from_bits(id),
        space: SpaceId::from_bits(space),
        external_id: None,
        name: format!("Campaign {id}"),
        slug: format!("campaign-{id}"),
        starts_on: None,
        ends_on: None,
        objective: None,
        paused: false,
    }
}

pub(crate) fn content(id: u64, space: u64) -> Content {
    Content {
        id: ContentId::from_bits(id),
        space: SpaceId::from_bits(space),
        external_id: Some(format!("content-{id}")),
        kind: ContentKind::Job,
        title: format!("Content {id}"),
        url: format!("https://example.com/{id}"),
        summary: Some("In a sentence.".into()),
        image_url: None,
        campaign: CampaignId::NONE,
        audience: serde_json::Value::Null,
        captions: serde_json::Value::Null,
        published_at_ms: Some(0),
        expires_at_ms: None,
        closed_at_ms: None,
        fallback_url: None,
        tracks_conversions: false,
        forward_query: false,
        similar: Vec::new(),
    }
}

pub(crate) fn advocate(id: u64, space: u64) -> Advocate {
    Advocate {
        id: AdvocateId::from_bits(id),
        space: SpaceId::from_bits(space),
        external_id: None,
        kind: AdvocateKind::Employee,
        team: TeamId::from_bits(id + 100),
        location: None,
        language: None,
        cohort: Some(format!("wave-{id}")),
        skills: Vec::new(),
        invited_on: None,
        registered_at_ms: None,
        left_on: None,
    }
}

pub(crate) fn link(id: u64, space: u64, content: u64, advocate: u64, channel: &str, code: &str) -> Link {
    Link {
        id: LinkId::from_bits(id),
        space: SpaceId::from_bits(space),
        content: ContentId::from_bits(content),
        advocate: AdvocateId::from_bits(advocate),
        channel: channel.parse().expect("a channel"),
        code: code.parse().expect("a code"),
        disabled: false,
        created_at_ms: 0,
    }
}

/// Numbers entities from `first` on.
pub(crate) fn changes(first: u64, entities: impl IntoIterator<Item = Entity>) -> Vec<Change> {
    entities.into_iter().zip(first..).map(|(entity, seq)| Change { seq, at_ms: 0, entity }).collect()
}
