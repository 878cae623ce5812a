//! A bundle in a real ClickHouse: facts as the outbox ships them, clicks as ingest stores them, rolled up.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use tokio::sync::watch;

use super::bundle::{Bundle, Key};
use super::{Figures, Numbers};
use crate::kpi::answer::{Answer, Question};
use crate::kpi::audience::Audience;
use crate::kpi::kpis::Kpis;
use crate::kpi::rollup::{Rollups, Scope};
use crate::model::programme::{Language, PrivacyMode};
use crate::model::{
    Advocate, AdvocateId, Answer as Answered, Application, ApplicationId, Campaign, CampaignId, Change, Channel, Class,
    Content, ContentId, Entity, LinkId, Share, ShareId, ShareSource, SignIn, Space, SpaceId, Stage, Team, TeamId,
};
use crate::store::tests::Home;
use crate::store::{AdvocateRecord, Clock, Store};
use crate::warehouse::testing::{self, BARE};
use crate::warehouse::{Batch, ClickRow, ClickSink as _, Warehouse};

/// Ids of one space: more than a bundle has things.
const IDS: u64 = 10_000;

/// A database of its own, and the KPIs on it.
pub(crate) struct Scene {
    pub(crate) warehouse: Warehouse,
    pub(crate) kpis: Kpis,
    pub(crate) store: Store,
    _sender: watch::Sender<Option<Warehouse>>,
    _home: Option<Home>,
    facts: u64,
}

/// The space of this number.
pub(crate) fn space(number: u64) -> SpaceId {
    SpaceId::from_bits(number + 1)
}

/// The advocate at this place of a bundle's list.
pub(crate) fn advocate(space: SpaceId, at: usize) -> AdvocateId {
    AdvocateId::from_bits((space.bits() % (1 << 40)) * IDS + at as u64)
}

/// KPIs whose ClickHouse refuses every connection.
pub(crate) fn refusing(store: Store) -> Kpis {
    let nowhere = ["http://127.0.0.1:9".to_owned(), "default".to_owned(), String::new()];
    Kpis::new(watch::channel(Some(testing::connect(nowhere, "relais"))).1, store)
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let home = Home::new();
        let store = home.open(Clock::system()).await;
        Self { _home: Some(home), ..Self::on(store).await }
    }

    /// The names of people stand in this store.
    pub(crate) async fn on(store: Store) -> Self {
        let warehouse = testing::database().await;
        let (sender, receiver) = watch::channel(Some(warehouse.clone()));
        let kpis = Kpis::new(receiver, store.clone());
        Self { warehouse, kpis, store, _sender: sender, _home: None, facts: 0 }
    }

    /// Ships a bundle as a space. Roll-ups do not know of it before [`Self::roll_up`].
    pub(crate) async fn put(&mut self, space: SpaceId, bundle: &Bundle, privacy_mode: PrivacyMode) {
        let entities = entities(space, bundle, privacy_mode);
        let change = |(seq, entity)| Change { seq, at_ms: 0, entity };
        let first = self.facts + 1;
        let changes: Vec<Change> = (first..).zip(entities).map(change).collect();
        self.facts += changes.len() as u64;
        self.warehouse.store_facts(&changes).await.expect("facts are stored");

        let mut batches: BTreeMap<u32, Batch> = BTreeMap::new();
        for (record, row) in (0..).zip(clicks(space, bundle)) {
            let row = ClickRow { record, ..row };
            let batch = batches.entry(row.partition()).or_insert_with(|| Batch::new(testing::batch_id(), 0));
            batch.push(&row);
        }
        for (partition, batch) in batches {
            self.warehouse.insert(&batch.freeze(1, partition)).await.expect("clicks are stored");
        }
    }

    /// Puts `rows` in the place of a view; in it, `{view}` is what that answered before.
    pub(crate) async fn replace(&self, view: &str, rows: &str) {
        let asked = format!(
            "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = '{view}'"
        );
        let standing = testing::ask(&self.warehouse, &asked).await;
        let (_, select) = standing.split_once(" AS ").expect("a view");
        let sql = format!("CREATE OR REPLACE VIEW {view} AS {}", rows.replace("{view}", &format!("({select})")));
        self.warehouse.execute(&sql).await.expect("replaced");
    }

    /// Gives the person at this place of a bundle's list a name, in the store, where names stand.
    pub(crate) async fn name(&self, space: SpaceId, bundle: &Bundle, at: usize, name: &str) {
        let person = &bundle.people[at];
        let advocate = Advocate {
            id: advocate(space, at),
            space,
            external_id: Some(person.key.clone()),
            kind: person.kind.parse().expect("a kind"),
            team: TeamId::NONE,
            location: None,
            language: None,
            cohort: None,
            skills: Vec::new(),
            invited_on: None,
            registered_at_ms: person.registered_ms,
            left_on: None,
        };
        let record = AdvocateRecord {
            advocate,
            email: Some(format!("{at}@acme.test")),
            name: Some(name.to_owned()),
            charter_accepted: None,
            charter_accepted_at_ms: None,
            team_name: None,
        };
        let mut writing = self.store.write().await.expect("a transaction");
        writing.put_advocate(&record).await.expect("written");
        writing.commit().await.expect("committed");
    }

    /// Computes every roll-up of everything.
    pub(crate) async fn roll_up(&self) {
        let (rollups, scope) = (Rollups::new(self.warehouse.clone()), Scope::default());
        rollups.mark(&scope).await.expect("marked");
        loop {
            let pass = rollups.pass(&scope).await.expect("a pass");
            if pass.left == 0 && pass.computed == 0 {
                return;
            }
        }
    }

    /// What the views say, in the oracle's words.
    pub(crate) async fn figures(&self, space: SpaceId, question: &Question, audience: Audience) -> Figures {
        let answer = self.kpis.answer(&space, question, audience).await;
        figures(answer.unwrap_or_else(|error| panic!("{question:?}: {error}")))
    }
}

/// An answer in the oracle's words.
pub(crate) fn figures(answer: Answer) -> Figures {
    let entry = |figure: crate::kpi::answer::Figure| {
        let key: Option<Key> = figure.split.map(|(_, key)| key);
        let numbers = Numbers { numerator: figure.numerator, denominator: figure.denominator, value: figure.value };
        ((figure.kpi.id(), key, figure.detail), numbers)
    };
    answer.figures.into_iter().map(entry).collect()
}

fn channel(name: &str) -> Channel {
    name.parse().expect("a channel")
}

/// Ids of names, in the order of the names.
fn named<Id>(names: impl Iterator<Item = Key>, id: impl Fn(u64) -> Id) -> BTreeMap<String, Id> {
    let names: std::collections::BTreeSet<String> = names.flatten().collect();
    (1..).zip(names).map(|(at, name)| (name, id(at))).collect()
}

/// The bundle's people as the programme knows them.
pub(crate) fn people(space: SpaceId, bundle: &Bundle) -> Vec<Advocate> {
    let entities = entities(space, bundle, PrivacyMode::Standard).into_iter();
    let people = entities.filter_map(|entity| match entity {
        Entity::Advocate(person) => Some(person),
        _ => None,
    });
    people.collect()
}

fn entities(space: SpaceId, bundle: &Bundle, privacy_mode: PrivacyMode) -> Vec<Entity> {
    let id = |at: usize| (space.bits() % (1 << 40)) * IDS + at as u64;
    let teams = named(bundle.people.iter().map(|person| person.team.clone()), |at| {
        TeamId::from_bits((space.bits() % (1 << 40)) * IDS + at)
    });
    let campaigns = campaigns(space, bundle);
    let mut entities = vec![Entity::Space(self::settings(space, bundle, privacy_mode))];
    entities.extend(
        teams.iter().map(|(name, id)| Entity::Team(Team { id: *id, space, parent: TeamId::NONE, name: name.clone() })),
    );
    entities.extend(campaigns.iter().map(|(key, id)| {
        Entity::Campaign(Campaign {
            id: *id,
            space,
            external_id: Some(key.clone()),
            name: format!("campaign {key}"),
            slug: format!("campaign-{}", id.bits()),
            starts_on: None,
            ends_on: None,
            objective: None,
            paused: false,
        })
    }));
    entities.extend(bundle.people.iter().enumerate().map(|(at, person)| {
        Entity::Advocate(Advocate {
            id: advocate(space, at),
            space,
            external_id: Some(person.key.clone()),
            kind: person.kind.parse().expect("a kind"),
            team: person.team.as_ref().map_or(TeamId::NONE, |name| teams[name]),
            location: person.location.clone(),
            language: person.language.clone(),
            cohort: person.cohort.clone(),
            skills: Vec::new(),
            invited_on: person.invited_on.map(|on| on.to_string()),
            registered_at_ms: person.registered_ms,
            left_on: person.left_on.map(|on| on.to_string()),
        })
    }));
    entities.extend(bundle.contents.iter().enumerate().map(|(at, content)| {
        Entity::Content(Content {
            id: ContentId::from_bits(id(at)),
            space,
            external_id: Some(content.key.clone()),
            kind: content.kind.parse().expect("a kind"),
            title: format!("content {}", content.key),
            url: String::new(),
            summary: None,
            image_url: None,
            campaign: content.campaign.as_ref().map_or(CampaignId::NONE, |key| campaigns[key]),
            audience: serde_json::Value::Null,
            captions: serde_json::Value::Null,
            published_at_ms: content.published_ms,
            expires_at_ms: None,
            closed_at_ms: None,
            fallback_url: None,
            tracks_conversions: false,
            forward_query: false,
            similar: Vec::new(),
        })
    }));
    entities.extend(bundle.shares.iter().enumerate().map(|(at, share)| {
        Entity::Share(Share {
            id: ShareId::from_bits(id(at)),
            space,
            external_id: None,
            content: ContentId::from_bits(id(share.content)),
            advocate: share.person.map_or(AdvocateId::NONE, |at| advocate(space, at)),
            channel: channel(&share.channel),
            link: LinkId::NONE,
            source: ShareSource::Copy,
            shared_at_ms: share.at_ms,
        })
    }));
    entities.extend(bundle.sign_ins.iter().map(|(at, signed_in_at_ms)| {
        Entity::SignIn(SignIn { space, advocate: advocate(space, *at), signed_in_at_ms: *signed_in_at_ms })
    }));
    entities.extend(bundle.applications.iter().enumerate().map(|(at, application)| {
        let reached: BTreeMap<Stage, i64> =
            application.reached.iter().map(|(stage, at)| (Stage::from_str(stage).expect("a stage"), *at)).collect();
        Entity::Application(Application {
            id: ApplicationId::from_bits(id(at)),
            space,
            external_id: format!("application {at}"),
            content: application.content.map_or(ContentId::NONE, |at| ContentId::from_bits(id(at))),
            advocate: application.person.map_or(AdvocateId::NONE, |at| advocate(space, at)),
            channel: application.channel.as_deref().map(channel),
            link: LinkId::NONE,
            click: None,
            clicked_at_ms: None,
            reason: String::new(),
            window_days: None,
            stage: reached.iter().max_by_key(|(_, at)| **at).map_or(Stage::Started, |(stage, _)| *stage),
            reached,
        })
    }));
    entities
}

fn campaigns(space: SpaceId, bundle: &Bundle) -> BTreeMap<String, CampaignId> {
    named(bundle.contents.iter().map(|content| content.campaign.clone()), |at| {
        CampaignId::from_bits((space.bits() % (1 << 40)) * IDS + at)
    })
}

fn settings(space: SpaceId, bundle: &Bundle, privacy_mode: PrivacyMode) -> Space {
    let mut rates: BTreeMap<&str, Vec<serde_json::Value>> = BTreeMap::new();
    for (channel, from, [low, middle, high]) in &bundle.rates {
        let mut rate = serde_json::json!({"low": low, "middle": middle, "high": high});
        if let Some(from) = from {
            rate["from"] = from.to_string().into();
        }
        rates.entry(channel).or_default().push(rate);
    }
    Space {
        id: space,
        slug: format!("space-{}", space.bits()),
        name: String::new(),
        time_zone: bundle.calendar.zone.iana_name().expect("a zone with a name").to_owned(),
        working_week: bundle.calendar.working_week.clone(),
        holidays: bundle.calendar.holidays.iter().map(ToString::to_string).collect(),
        hosts: Vec::new(),
        email_domains: Vec::new(),
        destination_domains: Vec::new(),
        click_rates: serde_json::json!(rates),
        utm_template: BTreeMap::new(),
        fallback_url: None,
        privacy_mode,
        language: Language::English,
        attribution_window_days: 180,
        similar_jobs: false,
        closed: false,
        look: crate::model::Look::default(),
    }
}

/// The rows of a bundle's clicks, without their records.
fn clicks(space: SpaceId, bundle: &Bundle) -> Vec<ClickRow<'_>> {
    let campaigns = campaigns(space, bundle);
    let row = |click: &super::bundle::Click| {
        let content = &bundle.contents[click.content];
        let class: Class = click.class.parse().expect("a class");
        ClickRow {
            spool_id: u128::from(space.bits()),
            clicked_at_ms: click.at_ms,
            space_id: space,
            link_id: LinkId::NONE,
            content_id: ContentId::from_bits((space.bits() % (1 << 40)) * IDS + click.content as u64),
            content_kind: content.kind.parse().expect("a kind"),
            campaign_id: content.campaign.as_ref().map_or(CampaignId::NONE, |key| campaigns[key]),
            advocate_id: click.person.map_or(AdvocateId::NONE, |at| advocate(space, at)),
            class,
            classifier_version: 1,
            answer: if click.answered { Answered::Content } else { Answered::Fallback },
            ..BARE
        }
    };
    bundle.clicks.iter().map(|click| with_texts(row(click), click)).collect()
}

fn with_texts<'a>(row: ClickRow<'static>, click: &'a super::bundle::Click) -> ClickRow<'a> {
    ClickRow {
        channel: &click.channel,
        country: click.country.as_deref().unwrap_or_default(),
        visitor: click.visitor.as_deref().unwrap_or_default(),
        ..row
    }
}
