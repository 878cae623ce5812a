//! A small installation in which anything may happen: two spaces, a few people, contents, links.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::json;

use crate::kpi::rollup::{Pass, Rollups, Scope};
use crate::model::programme::{Language, PrivacyMode};
use crate::model::{
    Advocate, AdvocateId, AdvocateKind, Answer, CampaignId, Change, Channel, Class, Content, ContentId, ContentKind,
    Entity, LinkId, Share, ShareId, ShareSource, Space, SpaceId, TeamId,
};
use crate::warehouse::rollups::{Mark, Subject};
use crate::warehouse::testing::{self, BARE, batch_id};
use crate::warehouse::{Batch, ClickRow, ClickSink, Warehouse};

/// 2026-03-01T00:00:00Z; what happens lies in the forty days from then: both halves of the world change their clocks.
pub(super) const BEGIN_MS: i64 = 1_772_323_200_000;
const DAYS: i64 = 40;
const DAY_MS: i64 = 86_400_000;

/// Far apart, with odd offsets, with half an hour of summer time, with midnights that do not exist, and changes of the
/// clock in March and April 2026.
const ZONES: &[&str] = &[
    "Europe/Paris",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "Africa/Casablanca",
    "Asia/Beirut",
    "UTC",
];

const SPACES: u64 = 2;
const PEOPLE: u64 = 4;
const THINGS: u64 = 4;
const CHANNELS: &[&str] = &["linkedin", "x", "email"];

/// A recorded click, as the world remembers it to send it again.
#[derive(Clone)]
struct Kept {
    space: u64,
    person: Option<u64>,
    thing: u64,
    channel: &'static str,
    at_ms: i64,
    record: u32,
    class: Class,
    answer: Answer,
    visitor: u8,
    place: u8,
}

/// One database, and the dice.
pub(super) struct World {
    pub(super) warehouse: Warehouse,
    pub(super) rollups: Rollups,
    dice: StdRng,
    seq: u64,
    clicks: Vec<Kept>,
    shares: Vec<Share>,
    published: Vec<Option<i64>>,
    records: u32,
}

fn person(space: u64, number: u64) -> AdvocateId {
    AdvocateId::from_bits(1_000 * (space + 1) + number)
}

fn thing(space: u64, number: u64) -> ContentId {
    ContentId::from_bits(2_000 * (space + 1) + number)
}

fn space_id(number: u64) -> SpaceId {
    SpaceId::from_bits(number + 1)
}

/// One link for each person, content and channel.
fn link(space: u64, person: Option<u64>, thing: u64, channel: &str) -> LinkId {
    let channel = CHANNELS.iter().position(|known| *known == channel).unwrap_or_default() as u64;
    person
        .map_or(LinkId::NONE, |person| LinkId::from_bits(((space * 100 + person + 1) * 100 + thing) * 10 + channel + 1))
}

impl World {
    /// Spaces, people and contents, some of them published, and nothing that happened.
    pub(super) async fn new(seed: u64) -> Self {
        let warehouse = testing::tables().await;
        Self::on(warehouse, seed).await
    }

    async fn on(warehouse: Warehouse, seed: u64) -> Self {
        let mut world = Self {
            rollups: Rollups::new(warehouse.clone()),
            warehouse,
            dice: StdRng::seed_from_u64(seed),
            seq: 0,
            clicks: Vec::new(),
            shares: Vec::new(),
            published: vec![None; (SPACES * THINGS) as usize],
            records: 0,
        };
        for space in 0..SPACES {
            world.change_space(space).await;
            // The last of them are heard of later, if ever.
            for number in 0..PEOPLE - 1 {
                world.change_person(space, number).await;
            }
            for number in 0..THINGS {
                world.change_content(space, number).await;
            }
        }
        world
    }

    fn time(&mut self) -> i64 {
        let day = self.dice.random_range(0..DAYS);
        // Often near midnights, and not always with milliseconds.
        let within = match self.dice.random_range(0..3) {
            0 => self.dice.random_range(0..96) * 900_000,
            1 => self.dice.random_range(0..96) * 900_000 - 1,
            _ => self.dice.random_range(0..DAY_MS),
        };
        BEGIN_MS + day * DAY_MS + within
    }

    async fn tell(&mut self, entity: Entity) {
        self.seq += 1;
        let change = Change { seq: self.seq, at_ms: 0, entity };
        self.warehouse.store_facts(&[change]).await.expect("stored");
    }

    async fn change_space(&mut self, number: u64) {
        let time_zone = (*ZONES.choose(&mut self.dice).expect("zones")).to_owned();
        let space = Space {
            id: space_id(number),
            slug: format!("space-{number}"),
            name: String::new(),
            time_zone,
            working_week: vec![1, 2, 3, 4, 5],
            holidays: Vec::new(),
            hosts: Vec::new(),
            email_domains: Vec::new(),
            destination_domains: Vec::new(),
            click_rates: json!({}),
            utm_template: Default::default(),
            fallback_url: None,
            privacy_mode: PrivacyMode::Standard,
            language: Language::French,
            attribution_window_days: 180,
            similar_jobs: true,
            closed: false,
            look: crate::model::Look::default(),
        };
        self.tell(Entity::Space(space)).await;
    }

    async fn change_person(&mut self, space: u64, number: u64) {
        let mut word = |words: &[&str]| words.choose(&mut self.dice).map(|word| (*word).to_owned());
        let (location, language, cohort) = (word(&["Paris", "Lyon"]), word(&["fr", "en"]), word(&["pilot", "wave-2"]));
        let advocate = Advocate {
            id: person(space, number),
            space: space_id(space),
            external_id: None,
            kind: if self.dice.random() { AdvocateKind::Employee } else { AdvocateKind::Partner },
            team: if self.dice.random() { TeamId::from_bits(7) } else { TeamId::NONE },
            location,
            language,
            cohort,
            skills: Vec::new(),
            invited_on: None,
            registered_at_ms: None,
            left_on: None,
        };
        self.tell(Entity::Advocate(advocate)).await;
    }

    async fn change_content(&mut self, space: u64, number: u64) {
        let kinds = [ContentKind::Article, ContentKind::Job, ContentKind::Video];
        let published = if self.dice.random_range(0..5) == 0 { None } else { Some(self.time()) };
        self.published[(space * THINGS + number) as usize] = published;
        let content = Content {
            id: thing(space, number),
            space: space_id(space),
            external_id: None,
            kind: *kinds.choose(&mut self.dice).expect("kinds"),
            title: String::new(),
            url: String::new(),
            summary: None,
            image_url: None,
            campaign: if self.dice.random() { CampaignId::from_bits(5) } else { CampaignId::NONE },
            audience: json!({}),
            captions: json!([]),
            published_at_ms: published,
            expires_at_ms: None,
            closed_at_ms: None,
            fallback_url: None,
            tracks_conversions: false,
            forward_query: false,
            similar: Vec::new(),
        };
        self.tell(Entity::Content(content)).await;
    }

    fn who(&mut self) -> Option<u64> {
        (self.dice.random_range(0..6) > 0).then(|| self.dice.random_range(0..PEOPLE))
    }

    /// Somewhere on the edge of a cohort, or anywhere.
    fn time_for(&mut self, space: u64, content: u64) -> i64 {
        match self.published[(space * THINGS + content) as usize] {
            Some(published) if self.dice.random_range(0..4) == 0 => {
                let edge = if self.dice.random() { published } else { published + 30 * DAY_MS };
                edge + self.dice.random_range(-1..=1)
            }
            _ => self.time(),
        }
    }

    async fn share(&mut self) {
        let space = self.dice.random_range(0..SPACES);
        let (who, content) = (self.who(), self.dice.random_range(0..THINGS));
        let channel = *CHANNELS.choose(&mut self.dice).expect("channels");
        let share = Share {
            id: ShareId::from_bits(self.dice.random()),
            space: space_id(space),
            external_id: None,
            content: thing(space, content),
            advocate: who.map_or(AdvocateId::NONE, |who| person(space, who)),
            channel: channel.parse::<Channel>().expect("a channel"),
            link: link(space, who, content, channel),
            source: ShareSource::Copy,
            shared_at_ms: self.time_for(space, content),
        };
        self.shares.push(share.clone());
        self.tell(Entity::Share(share)).await;
    }

    /// A share turns out to have been at another time.
    async fn move_share(&mut self) {
        if let Some(mut share) = self.shares.choose(&mut self.dice).cloned() {
            share.shared_at_ms = self.time();
            self.tell(Entity::Share(share)).await;
        }
    }

    async fn click(&mut self) {
        let mut new = Vec::new();
        for _ in 0..self.dice.random_range(1..20) {
            // Most follow a share, soon or late.
            let shared = self.shares.choose(&mut self.dice).cloned();
            let (space, who, content, channel, at_ms) = match shared {
                Some(share) if self.dice.random_range(0..3) > 0 => {
                    let space = share.space.bits() - 1;
                    let who = share.advocate.known().map(|id| id.bits() - 1_000 * (space + 1));
                    let content = share.content.bits() - 2_000 * (space + 1);
                    let channel = *CHANNELS.iter().find(|known| **known == share.channel.as_str()).expect("known");
                    let after = [0, -1, 1, 3_600_000, DAY_MS, 5 * DAY_MS][self.dice.random_range(0..6)];
                    (space, who, content, channel, share.shared_at_ms + after)
                }
                _ => {
                    let (space, content) = (self.dice.random_range(0..SPACES), self.dice.random_range(0..THINGS));
                    let channel = *CHANNELS.choose(&mut self.dice).expect("channels");
                    (space, self.who(), content, channel, self.time_for(space, content))
                }
            };
            self.records += 1;
            new.push(Kept {
                space,
                person: who,
                thing: content,
                channel,
                at_ms,
                record: self.records,
                class: if self.dice.random_range(0..4) > 0 {
                    Class::Human
                } else {
                    Class::ALL[self.dice.random_range(0..7)]
                },
                answer: if self.dice.random_range(0..8) > 0 { Answer::Content } else { Answer::Fallback },
                visitor: self.dice.random_range(0..6),
                place: self.dice.random_range(0..3),
            });
        }
        self.store(&new).await;
        self.clicks.extend(new);
    }

    /// As shipping does: a batch a month, marked when it is there.
    async fn store(&self, clicks: &[Kept]) {
        let visitors = ["", "a", "b", "c", "d", "e"];
        let rows: Vec<_> = clicks
            .iter()
            .map(|click| ClickRow {
                record: click.record,
                clicked_at_ms: click.at_ms,
                space_id: space_id(click.space),
                link_id: link(click.space, click.person, click.thing, click.channel),
                content_id: thing(click.space, click.thing),
                advocate_id: click.person.map_or(AdvocateId::NONE, |who| person(click.space, who)),
                channel: click.channel,
                class: click.class,
                classifier_version: u16::from(click.place),
                answer: click.answer,
                visitor: visitors[usize::from(click.visitor)],
                country: ["", "FR", "DE"][usize::from(click.place)],
                device: ["", "mobile", "desktop"][usize::from(click.place)],
                network: ["linkedin", "", "x"][usize::from(click.place)],
                ..BARE
            })
            .collect();
        let months: std::collections::BTreeSet<u32> = rows.iter().map(ClickRow::partition).collect();
        for month in months {
            let mut batch = Batch::new(batch_id(), 0);
            rows.iter().filter(|row| row.partition() == month).for_each(|row| batch.push(row));
            let frozen = batch.freeze(1, month);
            self.warehouse.insert(&frozen).await.expect("stored");
            self.warehouse.mark_batch(frozen.batch, month).await.expect("marked");
        }
    }

    async fn send_again(&mut self) {
        let again: Vec<_> = self.clicks.choose_multiple(&mut self.dice, 5).cloned().collect();
        self.store(&again).await;
    }

    /// The same clicks, judged otherwise.
    async fn reclassify(&mut self) {
        let from = self.dice.random_range(0..=self.clicks.len());
        let to = (from + 10).min(self.clicks.len());
        for click in &mut self.clicks[from..to] {
            click.class = Class::ALL[self.dice.random_range(0..7)];
        }
        self.store(&self.clicks[from..to]).await;
    }

    /// Rows are removed, and their days marked.
    async fn remove_clicks(&mut self) {
        if self.clicks.is_empty() {
            return;
        }
        let first = self.dice.random_range(0..self.clicks.len());
        let gone: Vec<_> = self.clicks.drain(first..(first + 6).min(self.clicks.len())).collect::<Vec<_>>();
        let records: Vec<_> = gone.iter().map(|click| click.record.to_string()).collect();
        let sql =
            format!("ALTER TABLE clicks DELETE WHERE record IN ({}) SETTINGS mutations_sync = 1", records.join(","));
        self.warehouse.execute(&sql).await.expect("removed");
        let marks = gone.iter().map(|click| Mark::at(&space_id(click.space).to_string(), Subject::Click, click.at_ms));
        self.warehouse.mark(marks.collect::<Vec<_>>()).await.expect("marked");
    }

    async fn change_fact(&mut self) {
        let space = self.dice.random_range(0..SPACES);
        match self.dice.random_range(0..9) {
            0 => self.change_space(space).await,
            1..=3 => {
                let number = self.dice.random_range(0..PEOPLE);
                self.change_person(space, number).await;
            }
            4 => {
                let number = self.dice.random_range(0..PEOPLE);
                self.tell(Entity::AdvocateRemoved(person(space, number))).await;
            }
            5 => {
                let number = self.dice.random_range(0..THINGS);
                self.tell(Entity::ContentRemoved(thing(space, number))).await;
            }
            _ => {
                let number = self.dice.random_range(0..THINGS);
                self.change_content(space, number).await;
            }
        }
    }

    /// One thing happens.
    pub(super) async fn happen(&mut self) {
        match self.dice.random_range(0..14) {
            0..=4 => self.click().await,
            5 | 6 => self.share().await,
            7 => self.move_share().await,
            8 => self.send_again().await,
            9 => self.reclassify().await,
            10 => self.remove_clicks().await,
            _ => self.change_fact().await,
        }
    }

    /// A number below `below`, from the world's dice.
    pub(super) fn pick(&mut self, below: u64) -> u64 {
        self.dice.random_range(0..below)
    }

    /// One pass over everything.
    pub(super) async fn pass(&self) -> Pass {
        self.rollups.pass(&Scope::default()).await.expect("a pass")
    }

    /// Passes until nothing is left.
    pub(super) async fn settle(&self) {
        for _ in 0..400 {
            if self.pass().await == Pass::default() {
                return;
            }
        }
        panic!("the roll-ups do not come to rest");
    }
}
