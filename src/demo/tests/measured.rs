//! The stories as everybody reads them: through the KPIs.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use tokio::sync::watch;

use super::filling::Room;
use super::*;
use crate::kpi::rollup::{Rollups, Scope};
use crate::kpi::{Audience, Dimension, Kpis, Period, Question};
use crate::model::Change;

/// Enough people that ratios are those of the whole.
const SCALE: f64 = 0.35;

/// A space of the demo, and the KPIs over it.
struct Measured {
    kpis: Kpis,
    filled: Filled,
    /// Keeps the stores.
    _room: Arc<Room>,
}

impl Measured {
    async fn new(room: &Arc<Room>, slug: &str) -> Self {
        let story = stories().into_iter().find(|story| story.slug == slug).expect("a story");
        let plan = Plan::draw(&story, &common(), until_ms(), SCALE);
        let filled = room.fill(&story, &plan).await;
        let kpis = Kpis::new(watch::channel(Some(room.place.warehouse.clone())).1, room.fixture.store.clone());
        Self { kpis, filled, _room: Arc::clone(room) }
    }

    /// Every KPI of a period, by name; those that are split by themselves are left out.
    async fn figures(&self, from: &str, to: &str) -> BTreeMap<String, f64> {
        let question = Question::every(Period::parse(from, to).expect("a period"), None);
        let answer = self.kpis.answer(&self.filled.space, &question, Audience::Operator).await.expect("figures");
        let whole = answer.figures.into_iter().filter(|figure| figure.detail.is_none());
        whole.filter_map(|figure| Some((figure.kpi.id(), figure.value?))).collect()
    }

    /// One KPI by one dimension, by key.
    async fn split(&self, kpi: &str, by: Dimension, from: &str, to: &str) -> BTreeMap<String, f64> {
        let kpi = crate::kpi::Kpi::find(kpi).expect("a KPI");
        let period = Period::parse(from, to).expect("a period");
        let question = Question::one(kpi, period, Some(by)).expect("a question");
        let answer = self.kpis.answer(&self.filled.space, &question, Audience::Operator).await.expect("figures");
        answer.figures.iter().filter_map(|figure| Some((figure.key()?.to_owned(), figure.value?))).collect()
    }
}

/// What a server does beside: the facts to ClickHouse, then the roll-ups from each space's day on.
async fn catch_up(room: &Room, spaces: [(&Measured, &str); 3]) {
    let mut snapshot = room.fixture.store.snapshot().await.expect("a snapshot");
    let seq = snapshot.seq();
    loop {
        let page = snapshot.next_page().await.expect("a page");
        if page.is_empty() {
            break;
        }
        let changes: Vec<Change> = page.into_iter().map(|entity| Change { seq, at_ms: 0, entity }).collect();
        room.place.warehouse.store_facts(&changes).await.expect("stored");
    }
    let rollups = Rollups::new(room.place.warehouse.clone());
    for (measured, from) in spaces {
        let scope = Scope { space: Some(measured.filled.space), from: from.to_owned(), to: String::new() };
        loop {
            let pass = rollups.pass(&scope).await.expect("rolled up");
            if pass.computed == 0 && pass.left == 0 {
                break;
            }
        }
    }
}

#[track_caller]
fn lies(figures: &BTreeMap<String, f64>, kpi: &str, range: RangeInclusive<f64>) {
    let value = figures.get(kpi).copied().unwrap_or(f64::NAN);
    assert!(range.contains(&value), "{kpi} is {value}, meant to lie in {range:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_space_lies_in_its_own_corner_of_the_study() {
    let room = Arc::new(Room::new().await);
    let bank = Measured::new(&room, "orme").await;
    let software = Measured::new(&room, "marelle").await;
    let retailer = Measured::new(&room, "sauge").await;
    // The two that are not asked about their beginnings are rolled up from September on, which is quicker.
    catch_up(&room, [(&bank, ""), (&software, "2026-09-01"), (&retailer, "2026-09-01")]).await;
    // Months and quarters without the day on which the story ends.
    let (quarter, month) = (("2026-09-01", "2026-11-21"), ("2026-10-23", "2026-11-21"));

    let now = bank.figures(month.0, month.1).await;
    let then = bank.figures("2026-06-10", "2026-07-09").await;
    lies(&now, "contents_per_weekday", 2.2 * SCALE..=3.8 * SCALE);
    lies(&now, "adoption_rate", 0.35..=0.5);
    lies(&then, "active_sharer_ratio", 0.0..=0.17);
    lies(&now, "active_sharer_ratio", 0.14..=0.3);
    lies(&now, "clicks_per_share", 3.7..=7.0);
    lies(&now, "clicks_per_content", 12.0..=45.0);
    lies(&now, "content_usage_rate", 0.55..=0.95);
    assert!(then["adoption_rate"] < 0.6 * now["adoption_rate"]);

    let (last, now) = (software.figures(quarter.0, quarter.1).await, software.figures(month.0, month.1).await);
    lies(&last, "contents_per_weekday", 3.0 * SCALE..=4.4 * SCALE);
    lies(&last, "content_usage_rate", 0.75..=0.98);
    lies(&now, "active_sharer_ratio", 0.42..=0.68);
    lies(&last, "clicks_per_share", 6.5..=13.0);
    lies(&last, "clicks_per_content", 40.0..=100.0);
    lies(&last, "applications", 4.0..=60.0);
    lies(&last, "earned_media_value", 1_000.0..=200_000.0);
    let cohorts = software.split("active_sharer_ratio", Dimension::Cohort, month.0, month.1).await;
    assert!(cohorts["Wave 2026-10"] > cohorts["Wave 2026-06"], "{cohorts:?}");

    let (last, now) = (retailer.figures(quarter.0, quarter.1).await, retailer.figures(month.0, month.1).await);
    lies(&last, "content_usage_rate", 0.7..=0.95);
    lies(&now, "active_sharer_ratio", 0.28..=0.55);
    lies(&last, "clicks_per_share", 5.5..=9.5);
    lies(&last, "clicks_per_content", 30.0..=70.0);
    let shares = retailer.split("shares", Dimension::Channel, quarter.0, quarter.1).await;
    assert!(shares["facebook"] > shares["whatsapp"] && shares["whatsapp"] > shares["linkedin"], "{shares:?}");
}
