//! The programme's rules on a real store.

mod campaigns;
mod contents;
mod erasure;
mod invitations;
mod links;
mod look;
mod people;
mod pictures;
mod proposals;
mod recruiting;
mod referrals;
mod searches;
mod setup;
mod shares;
mod similar;
mod spaces;
mod steering;
mod teams;
mod tokens;
pub(crate) mod web;
mod webhooks;

use super::*;
use crate::model::{AdvocateId, Campaign, CampaignId, ContentId, Space, SpaceId};
pub(crate) use crate::store::Clock;
use crate::store::tests::Home;

/// 2026-03-02T10:00:00Z, a Monday.
pub(crate) const NOW_MS: i64 = 1_772_445_600_000;

/// A store with the space `acme`.
pub(crate) struct Fixture {
    pub(crate) home: Arc<Home>,
    pub(crate) store: Store,
    pub(crate) programme: Programme,
    pub(crate) space: Space,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        Self::with_clock(Clock::from_fn(|| NOW_MS)).await
    }

    pub(crate) async fn with_clock(clock: Clock) -> Self {
        let home = Arc::new(Home::new());
        let store = home.open(clock).await;
        let programme = Programme::new(store.clone(), "https://relais.test").expect("a base URL");
        let fields = SpaceFields { hosts: Field::Value(vec!["go.acme.test".to_owned()]), ..SpaceFields::default() };
        let (space, created) = programme.create_or_update_space("acme", &fields).await.expect("a space");
        assert!(created);
        Self { home, store, programme, space }
    }

    /// The same programme with a store of its own on the same database.
    pub(crate) async fn in_another_process(&self) -> Self {
        let store = self.home.open(Clock::from_fn(|| NOW_MS)).await;
        let programme = Programme::new(store.clone(), "https://relais.test").expect("a base URL");
        Self { home: Arc::clone(&self.home), store, programme, space: self.space.clone() }
    }

    pub(crate) async fn other_space(&self) -> SpaceId {
        self.programme.create_or_update_space("other", &SpaceFields::default()).await.expect("a space").0.id
    }

    /// A campaign of any space.
    pub(crate) async fn campaign_of(&self, space: SpaceId) -> CampaignId {
        let id = CampaignId::from_bits(ids::random_bits());
        let campaign = Campaign {
            id,
            space,
            external_id: None,
            name: "Summer".to_owned(),
            slug: "summer".to_owned(),
            starts_on: None,
            ends_on: None,
            objective: None,
            paused: false,
        };
        let mut writing = self.store.write().await.expect("a transaction");
        writing.put_campaign(&campaign).await.expect("a campaign");
        writing.commit().await.expect("a commit");
        id
    }

    pub(crate) async fn advocate(&self) -> AdvocateId {
        let fields = advocate(&format!("{}@acme.test", ids::random_bits()));
        let mut work = self.programme.work().await.expect("work");
        let record = work.create_advocate(self.space.id, &fields).await.expect("an advocate");
        work.commit().await.expect("a commit");
        record.advocate.id
    }

    pub(crate) async fn content(&self) -> ContentId {
        self.content_with(content("https://example.com/a?b=1#top")).await
    }

    pub(crate) async fn content_with(&self, fields: ContentFields) -> ContentId {
        let mut work = self.programme.work().await.expect("work");
        let content = work.create_content(self.space.id, &fields).await.expect("a content");
        work.commit().await.expect("a commit");
        content.id
    }
}

/// A clock for those who may not know the store.
pub(crate) fn clock(now: impl Fn() -> i64 + Send + Sync + 'static) -> Clock {
    Clock::from_fn(now)
}

pub(crate) fn text(text: &str) -> Field<String> {
    Field::Value(text.to_owned())
}

pub(crate) fn advocate(email: &str) -> AdvocateFields {
    AdvocateFields { email: text(email), name: text("Ada"), ..AdvocateFields::default() }
}

pub(crate) fn content(url: &str) -> ContentFields {
    ContentFields { kind: text("article"), title: text("A title"), url: text(url), ..ContentFields::default() }
}

/// The fields that an error names, with their codes.
pub(crate) fn problems(error: &Error) -> Vec<(&str, &str)> {
    match error {
        Error::Invalid(problems) => problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect(),
        Error::NotFound { what, field } => vec![(field.unwrap_or_default(), what)],
        Error::Conflict { code, field, .. } => vec![(field.unwrap_or_default(), code)],
        Error::Closed => vec![("", "closed")],
        Error::Store(_) => Vec::new(),
    }
}
