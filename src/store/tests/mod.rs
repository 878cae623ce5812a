//! The store on real engines: SQLite, or PostgreSQL when `RELAIS_TEST_STORE=postgres` says so. The
//! rooms that stand on the store take their stores from here, so that their tests are run on both.

mod erasure;
mod feed;
mod patience;
#[allow(dead_code, reason = "the integration tests kill a server, these do not")]
mod postgres;
mod proposals;
mod referrals;
mod schema;
mod sign_in;
mod tenants;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::model::programme::{Language, PrivacyMode};
use crate::model::{
    Advocate, AdvocateId, AdvocateKind, Campaign, CampaignId, Channel, Code, Content, ContentId, ContentKind, Link,
    LinkId, Look, Share, ShareId, ShareSource, Space, SpaceId, Team, TeamId,
};

/// Where a test's store is: a folder of its own, or a database of its own.
pub(crate) struct Home {
    folder: TempDir,
    config: Config,
}

impl Home {
    pub(crate) fn new() -> Self {
        let url = if postgres::is_wanted() { postgres::database() } else { String::new() };
        Self { folder: tempfile::tempdir().expect("a folder"), config: Config { url } }
    }

    /// The folder, which holds what the engine keeps in files of its own.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Opens the store, as one more process would.
    pub(crate) async fn open(&self, clock: Clock) -> Store {
        self.try_open(clock).await.expect("a store")
    }

    pub(crate) async fn try_open(&self, clock: Clock) -> Result<Store, OpenError> {
        Store::open(&self.config, self.folder.path(), clock).await
    }
}

/// A new store.
pub(crate) async fn store(clock: Clock) -> (Home, Store) {
    let home = Home::new();
    let store = home.open(clock).await;
    (home, store)
}

/// Writes one space with an advocate, a campaign, a content and a link, all numbered `n`.
pub(crate) async fn fill(store: &Store, n: u64) -> SpaceId {
    let mut writing = store.write().await.expect("a transaction");
    let space = space(n);
    writing.put_space(&space).await.expect("a space");
    writing.put_advocate(&advocate(n)).await.expect("an advocate");
    writing.put_campaign(&campaign(n)).await.expect("a campaign");
    writing.put_content(&content(n)).await.expect("a content");
    writing.insert_links(space.id, &[link(n, n)]).await.expect("a link");
    writing.commit().await.expect("a commit");
    space.id
}

pub(crate) fn space(n: u64) -> Space {
    Space {
        id: SpaceId::from_bits(n),
        slug: format!("space-{n}"),
        name: "Été & Co".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
        working_week: vec![1, 2, 3],
        holidays: vec!["2026-01-01".to_owned()],
        hosts: vec![format!("b{n}.test"), format!("a{n}.test")],
        email_domains: vec!["example.com".to_owned()],
        destination_domains: Vec::new(),
        click_rates: json!({"linkedin": 2.5}),
        utm_template: Space::default_utm_template(),
        fallback_url: Some("https://example.com/".to_owned()),
        privacy_mode: PrivacyMode::Strict,
        language: Language::French,
        attribution_window_days: 90,
        similar_jobs: true,
        closed: false,
        look: Look { accent: "#aa3311".parse().ok(), logo: None },
    }
}

pub(crate) fn advocate(n: u64) -> AdvocateRecord {
    AdvocateRecord {
        advocate: Advocate {
            id: AdvocateId::from_bits(n),
            space: SpaceId::from_bits(n),
            external_id: Some("hr-1".to_owned()),
            kind: AdvocateKind::Partner,
            team: TeamId::NONE,
            location: Some("Lyon".to_owned()),
            language: Some("fr".to_owned()),
            cohort: Some("spring".to_owned()),
            skills: vec!["rust".to_owned()],
            invited_on: Some("2026-01-01".to_owned()),
            registered_at_ms: Some(1),
            left_on: Some("2026-12-31".to_owned()),
        },
        email: Some("ada@example.com".to_owned()),
        name: Some("Ada Lovelace".to_owned()),
        charter_accepted: Some(2),
        charter_accepted_at_ms: Some(3),
        team_name: None,
    }
}

pub(crate) fn campaign(n: u64) -> Campaign {
    Campaign {
        id: CampaignId::from_bits(n),
        space: SpaceId::from_bits(n),
        external_id: None,
        name: "Summer".to_owned(),
        slug: "summer".to_owned(),
        starts_on: Some("2026-06-01".to_owned()),
        ends_on: None,
        objective: Some(json!({"kpi": "clicks", "target": 100})),
        paused: true,
    }
}

pub(crate) fn content(n: u64) -> Content {
    Content {
        id: ContentId::from_bits(n),
        space: SpaceId::from_bits(n),
        external_id: Some("c-1".to_owned()),
        kind: ContentKind::Job,
        title: "Baker".to_owned(),
        url: "https://example.com/jobs/1".to_owned(),
        summary: Some("Bread.".to_owned()),
        image_url: None,
        campaign: CampaignId::from_bits(n),
        audience: json!({"teams": ["Ovens"]}),
        captions: json!([{"text": "Join"}]),
        published_at_ms: Some(1),
        expires_at_ms: Some(2),
        closed_at_ms: Some(3),
        fallback_url: Some("https://example.com/jobs".to_owned()),
        tracks_conversions: true,
        forward_query: false,
        similar: vec![ContentId::from_bits(n + 1), ContentId::from_bits(n)],
    }
}

/// Link `n` of the things numbered `of`.
pub(crate) fn link(of: u64, n: u64) -> Link {
    Link {
        id: LinkId::from_bits(n),
        space: SpaceId::from_bits(of),
        content: ContentId::from_bits(of),
        advocate: AdvocateId::from_bits(of),
        channel: format!("channel-{n}").parse::<Channel>().expect("a channel"),
        code: format!("code-{n}").parse::<Code>().expect("a code"),
        disabled: false,
        created_at_ms: 5,
    }
}

pub(crate) fn team(n: u64) -> Team {
    Team { id: TeamId::from_bits(n), space: SpaceId::from_bits(n), parent: TeamId::NONE, name: "Ovens".to_owned() }
}

/// A share of link 1 of the things numbered `n`.
pub(crate) fn share(n: u64) -> Share {
    Share {
        id: ShareId::from_bits(n),
        space: SpaceId::from_bits(n),
        external_id: Some("s-1".to_owned()),
        content: ContentId::from_bits(n),
        advocate: AdvocateId::from_bits(n),
        channel: link(n, n).channel,
        link: LinkId::from_bits(n),
        source: ShareSource::Declared,
        shared_at_ms: 6,
    }
}
