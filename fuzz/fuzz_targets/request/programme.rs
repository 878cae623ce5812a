//! A programme in which every kind of answer has a link.

use std::sync::Arc;

use relais::model::kind::ContentKind;
use relais::model::programme::{Language, PrivacyMode};
use relais::model::{
    Advocate, AdvocateId, AdvocateKind, CampaignId, Change, Content, ContentId, Entity, Link, LinkId, Space, SpaceId,
    TeamId,
};
use relais::redirect::LinkTable;

/// Where links lead, without what a request adds.
const DESTINATIONS: [&str; 4] = [
    "https://example.com/1?",
    "https://example.com/2?own=1&utm_source=fixed&",
    "https://example.com/3/%C3%A9t%C3%A9?",
    "https://example.com/fallback",
];

/// Printable ASCII, one of ours, with at most one click's id and nothing forged behind it.
pub(crate) fn check_location(location: &[u8]) {
    let text = std::str::from_utf8(location).expect("ASCII");
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    assert!(DESTINATIONS.iter().any(|own| text.starts_with(own)), "{text} leads elsewhere");
    let query = text.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    let ids: Vec<&str> = query.split('&').filter_map(|pair| pair.strip_prefix("rid=")).collect();
    assert!(ids.len() <= 1, "{text}");
    for id in ids {
        assert!(id.len() == 36 && id.as_bytes()[14] == b'7' && !text.starts_with("https://example.com/3"), "{text}");
    }
    assert!(query.split('&').filter(|pair| pair.starts_with("utm_source=")).count() <= 1, "{text}");
}

/// `plain-job` (2: forwards the query and tracks), `forwarded`, `strict`, `closed-one` (gone), `fallen-back`,
/// `switched-off`, and `aaaaaaaaa`, an issued code.
pub(crate) fn table() -> Arc<LinkTable> {
    let plain = space(1, "open.example", PrivacyMode::Standard);
    let strict = space(2, "strict.example", PrivacyMode::Strict);
    let first = content(1, 1, "https://example.com/1");
    let forwarding = Content {
        forward_query: true,
        tracks_conversions: true,
        url: "https://example.com/2?own=1&utm_source=fixed#part".into(),
        ..content(2, 1, "")
    };
    let hidden = Content {
        tracks_conversions: true,
        forward_query: true,
        ..content(3, 2, "https://example.com/3/%C3%A9t%C3%A9")
    };
    let gone = Content { closed_at_ms: Some(1), ..content(4, 1, "https://example.com/4") };
    let fallen =
        Content { expires_at_ms: Some(1), fallback_url: Some("https://example.com/fallback".into()), ..gone.clone() };
    let fallen = Content { id: ContentId::from_bits(5), closed_at_ms: None, ..fallen };
    let links = [
        link(1, 1, 1, "linkedin", "aaaaaaaaa"),
        link(2, 1, 1, "qr", "plain-job"),
        link(3, 1, 2, "x", "forwarded"),
        link(4, 2, 3, "email", "strict"),
        link(5, 1, 4, "linkedin", "closed-one"),
        link(6, 1, 5, "linkedin", "fallen-back"),
        Link { disabled: true, ..link(7, 1, 1, "email", "switched-off") },
    ];
    let entities = [Entity::Space(plain), Entity::Space(strict), Entity::Advocate(advocate())]
        .into_iter()
        .chain([first, forwarding, hidden, gone, fallen].map(Entity::Content))
        .chain(links.map(Entity::Link));
    let changes: Vec<Change> = entities.zip(1..).map(|(entity, seq)| Change { seq, at_ms: 0, entity }).collect();
    let table = LinkTable::new();
    table.apply(&changes);
    Arc::new(table)
}

fn space(id: u64, host: &str, privacy_mode: PrivacyMode) -> Space {
    Space {
        id: SpaceId::from_bits(id),
        slug: format!("space-{id}"),
        name: format!("Space <{id}> & \"co\""),
        time_zone: "Europe/Paris".into(),
        working_week: vec![1, 2, 3, 4, 5],
        holidays: Vec::new(),
        hosts: vec![host.into()],
        email_domains: Vec::new(),
        destination_domains: Vec::new(),
        click_rates: serde_json::Value::Null,
        utm_template: Space::default_utm_template(),
        fallback_url: None,
        privacy_mode,
        language: Language::French,
        attribution_window_days: Space::ATTRIBUTION_WINDOW_DAYS,
        similar_jobs: false,
        closed: false,
    }
}

fn content(id: u64, space: u64, url: &str) -> Content {
    Content {
        id: ContentId::from_bits(id),
        space: SpaceId::from_bits(space),
        external_id: Some(format!("content {id}")),
        kind: ContentKind::Job,
        title: format!("Content <{id}>"),
        url: url.into(),
        summary: Some("In a sentence.".into()),
        image_url: Some("https://example.com/picture.png".into()),
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

fn advocate() -> Advocate {
    Advocate {
        id: AdvocateId::from_bits(1),
        space: SpaceId::from_bits(1),
        external_id: None,
        kind: AdvocateKind::Employee,
        team: TeamId::from_bits(100),
        location: None,
        language: None,
        cohort: Some("été".into()),
        skills: Vec::new(),
        invited_on: None,
        registered_at_ms: None,
        left_on: None,
    }
}

fn link(id: u64, space: u64, content: u64, channel: &str, code: &str) -> Link {
    Link {
        id: LinkId::from_bits(id),
        space: SpaceId::from_bits(space),
        content: ContentId::from_bits(content),
        advocate: AdvocateId::from_bits(1),
        channel: channel.parse().expect("a channel"),
        code: code.parse().expect("a code"),
        disabled: false,
        created_at_ms: 0,
    }
}
