//! A programme of any size for benches.

use std::sync::Arc;

use relais::model::code::unpack;
use relais::model::kind::ContentKind;
use relais::model::programme::{Language, PrivacyMode};
use relais::model::{
    Advocate, AdvocateId, AdvocateKind, CampaignId, Change, Content, ContentId, Entity, Link, LinkId, Space, SpaceId,
    TeamId,
};
use relais::redirect::LinkTable;

const CONTENTS: u64 = 500;
const CHANNELS: [&str; 5] = ["linkedin", "x", "whatsapp", "email", "qr"];

/// The code of link number `index`; that of 0 is `aaaaaaaaa`.
pub(crate) fn code(index: u64) -> String {
    // 'a' is digit 8 of 56; a step prime to 56⁹ spreads the rest.
    let first = (0..9).fold(0u64, |value, _| value * 56 + 8);
    let number = (u128::from(first) + u128::from(index) * 4_000_000_000_037) % u128::from(56u64.pow(9));
    String::from_utf8(unpack(number as u64).into()).expect("ASCII")
}

/// A table of `links` links of one space, to 500 contents.
pub(crate) fn table(links: u64) -> Arc<LinkTable> {
    table_to(links, CONTENTS)
}

/// A table of `links` links of one space: as many advocates as it takes share `contents` contents on five channels.
pub(crate) fn table_to(links: u64, contents: u64) -> Arc<LinkTable> {
    let table = LinkTable::new();
    let mut seq = 0;
    let mut apply = |entities: &mut dyn Iterator<Item = Entity>| loop {
        let batch: Vec<Change> = entities
            .take(10_000)
            .map(|entity| {
                seq += 1;
                Change { seq, at_ms: 0, entity }
            })
            .collect();
        if batch.is_empty() {
            break;
        }
        table.apply(&batch);
    };
    let people = links.div_ceil(contents * CHANNELS.len() as u64);
    apply(&mut std::iter::once(Entity::Space(space())));
    apply(&mut (1..=contents).map(|id| Entity::Content(content(id))));
    apply(&mut (1..=people).map(|id| Entity::Advocate(advocate(id))));
    apply(&mut (0..links).map(|index| {
        let (rest, channel) = (index / CHANNELS.len() as u64, index as usize % CHANNELS.len());
        Entity::Link(Link {
            id: LinkId::from_bits((index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            space: SpaceId::from_bits(1),
            content: ContentId::from_bits(rest % contents + 1),
            advocate: AdvocateId::from_bits(rest / contents % people + 1),
            channel: CHANNELS[channel].parse().expect("a channel"),
            code: code(index).parse().expect("a code"),
            disabled: false,
            created_at_ms: 0,
        })
    }));
    Arc::new(table)
}

/// The space of all of them.
pub(crate) fn space() -> Space {
    Space {
        id: SpaceId::from_bits(1),
        slug: "bench".into(),
        name: "Bench".into(),
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
        look: relais::model::Look::default(),
    }
}

fn content(id: u64) -> Content {
    Content {
        id: ContentId::from_bits(id),
        space: SpaceId::from_bits(1),
        external_id: Some(format!("content-{id}")),
        kind: ContentKind::Job,
        title: format!("Content {id}"),
        url: format!("https://example.com/jobs/{id}"),
        summary: None,
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

fn advocate(id: u64) -> Advocate {
    Advocate {
        id: AdvocateId::from_bits(id),
        space: SpaceId::from_bits(1),
        external_id: None,
        kind: AdvocateKind::Employee,
        team: TeamId::from_bits(id % 20 + 1),
        location: None,
        language: None,
        cohort: Some(format!("wave-{}", id % 8)),
        skills: Vec::new(),
        invited_on: None,
        registered_at_ms: None,
        left_on: None,
    }
}
