//! The clicks that are missing, on their way into ClickHouse.
//!
//! One thread reads the file, this task makes batches of one month each, and one insert is under way: so
//! both cores work, and what is held is bounded.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::check::{ADVOCATE, CHANNEL, CLICKED_AT, CONTENT, COUNTRY, Click, DEVICE, Next, VISITOR, click, each_row};
use super::identity::{self, Spot};
use super::tally::Tally;
use crate::exchange::directory::{self, Names, Three};
use crate::exchange::import::Import;
use crate::exchange::refusal::Refusals;
use crate::exchange::times::{self, Zone};
use crate::exchange::{Error, Place, Progress};
use crate::model::{AdvocateId, CampaignId, Channel, LinkId, SpaceId, TeamId};
use crate::warehouse::click_row::{Imported, partition_of};
use crate::warehouse::history::spool_of;
use crate::warehouse::{Batch, CallError, ClickRow, Warehouse};

/// Rows that are handed over at once.
const HANDED_OVER: usize = 5_000;
/// Bytes of encoded rows that wait for their batch, over all months: the largest month is sent then.
const MOST_WAITING_BYTES: usize = 48 << 20;
/// Rows of a batch, at most.
const MOST_ROWS: u64 = 250_000;
/// Links that are remembered; more are asked for again.
const MOST_LINKS: usize = 100_000;

/// A row that is to be stored, and where.
struct Missing {
    click: Click,
    spot: Spot,
    form: String,
}

pub(super) async fn load(
    place: &Place,
    import: &Import,
    names: Arc<Names>,
    zone: Zone,
    mut tally: Tally,
    progress: &Progress,
) -> Result<(), Error> {
    let (sender, mut receiver) = mpsc::channel::<Vec<Missing>>(4);
    let space = place.space;
    let known = Arc::clone(&names);
    let work = move |next: Next<'_>, refusals: &mut Refusals| {
        let is_content = |cell: &str| known.contents.find(cell).is_some();
        let mut rows = Vec::with_capacity(HANDED_OVER);
        while let Some(row) = next(refusals)? {
            let Some(click) = click(row, is_content, refusals) else { continue };
            let said = identity::of_row(&click, &known, space);
            let Some(nth) = tally.missing(said) else { continue };
            let form = times::read(click.row.cell(CLICKED_AT)).map(|instant| instant.form(&zone)).unwrap_or_default();
            rows.push(Missing { click, spot: identity::spot(said, nth), form });
            if rows.len() == HANDED_OVER && sender.blocking_send(std::mem::take(&mut rows)).is_err() {
                return Ok(());
            }
        }
        // Nobody listens when storing failed, which is said there.
        let _stopped = sender.blocking_send(rows);
        Ok(())
    };
    let reading = each_row(import, progress, work);
    // Drops the receiver when it fails, which lets the reader end.
    let storing = async move {
        let mut loader = Loader::new(place, &names);
        while let Some(rows) = receiver.recv().await {
            loader.take(rows).await?;
        }
        loader.end().await
    };
    let (read, stored) = tokio::join!(reading, storing);
    stored?;
    read.map(drop)
}

struct Loader<'a> {
    place: &'a Place,
    names: &'a Names,
    months: BTreeMap<u32, Batch>,
    links: HashMap<Three, Option<(LinkId, Box<str>)>>,
    sending: Option<JoinHandle<Result<(), CallError>>>,
}

impl<'a> Loader<'a> {
    fn new(place: &'a Place, names: &'a Names) -> Self {
        Self { place, names, months: BTreeMap::new(), links: HashMap::new(), sending: None }
    }

    async fn take(&mut self, rows: Vec<Missing>) -> Result<(), Error> {
        self.find_links(&rows).await?;
        for missing in &rows {
            self.push(missing);
        }
        while let Some(month) = self.full() {
            self.send(month).await?;
        }
        Ok(())
    }

    async fn end(mut self) -> Result<(), Error> {
        while let Some(month) = self.months.keys().next().copied() {
            self.send(month).await?;
        }
        self.sent().await
    }

    /// The month that is to be sent now.
    fn full(&self) -> Option<u32> {
        let waiting: usize = self.months.values().map(Batch::bytes).sum();
        let (month, largest) = self.months.iter().max_by_key(|(_, batch)| batch.bytes())?;
        (waiting > MOST_WAITING_BYTES || largest.rows() >= MOST_ROWS).then_some(*month)
    }

    async fn send(&mut self, month: u32) -> Result<(), Error> {
        self.sent().await?;
        if let Some(batch) = self.months.remove(&month) {
            let warehouse: Warehouse = self.place.warehouse.clone();
            self.sending = Some(tokio::spawn(async move {
                let frozen = batch.freeze(0, month);
                warehouse.store(frozen).await
            }));
        }
        Ok(())
    }

    async fn sent(&mut self) -> Result<(), Error> {
        match self.sending.take() {
            Some(sending) => sending.await.map_err(|_| Error::Stopped)?.map_err(Error::Clicks),
            None => Ok(()),
        }
    }

    fn three(&self, click: &Click) -> Option<Three> {
        let (advocate, _) = self.names.advocates.find(click.row.cell(ADVOCATE))?;
        let (content, _) = self.names.contents.find(click.row.cell(CONTENT))?;
        Some((content, advocate, click.row.cell(CHANNEL).parse::<Channel>().ok()?))
    }

    /// Asks the store for the links of these rows that are not known yet.
    async fn find_links(&mut self, rows: &[Missing]) -> Result<(), Error> {
        if self.links.len() > MOST_LINKS {
            self.links.clear();
        }
        let mut threes: Vec<Three> = rows.iter().filter_map(|missing| self.three(&missing.click)).collect();
        threes.retain(|three| !self.links.contains_key(three));
        threes.sort_unstable();
        threes.dedup();
        if threes.is_empty() {
            return Ok(());
        }
        let mut found = directory::links(&mut self.place.store.read().await?, self.place.space, &threes).await?;
        self.links.extend(threes.into_iter().map(|three| {
            let link = found.remove(&three);
            (three, link)
        }));
        Ok(())
    }

    fn push(&mut self, Missing { click, spot, form }: &Missing) {
        let cell = |index| click.row.cell(index);
        let space_id: SpaceId = self.place.space;
        let Some((content_id, proposal)) = self.names.contents.find(cell(CONTENT)) else { return };
        let advocate = self.names.advocates.find(cell(ADVOCATE));
        let link = self.three(click).and_then(|three| self.links.get(&three)).and_then(Option::as_ref);
        let (lane, segment, record) = *spot;
        let row = ClickRow {
            spool_id: spool_of(space_id),
            lane,
            segment,
            record,
            clicked_at_ms: click.at_ms,
            space_id,
            link_id: link.map_or(LinkId::NONE, |(id, _)| *id),
            content_id,
            campaign_id: proposal.campaign.known().unwrap_or(CampaignId::NONE),
            advocate_id: advocate.map_or(AdvocateId::NONE, |(id, _)| id),
            team_id: advocate.map_or(TeamId::NONE, |(_, person)| person.team),
            content_kind: proposal.kind,
            code: link.map_or("", |(_, code)| code),
            cohort: advocate.map_or("", |(_, person)| &person.cohort),
            channel: cell(CHANNEL),
            class: click.class,
            class_reason: "imported",
            // No rules of ours said so, and the HTTP status is not told.
            classifier_version: 0,
            status: 0,
            answer: click.answer,
            network: "",
            country: cell(COUNTRY),
            region: "",
            city: "",
            device: cell(DEVICE),
            os: "",
            browser: "",
            language: "",
            visitor: cell(VISITOR),
            utm_source: "",
            utm_medium: "",
            utm_campaign: "",
            utm_term: "",
            utm_content: "",
            evidence: "",
            evidence_flags: 0,
        };
        let more = Imported {
            advocate_key: if advocate.is_none() { self.names.unknown(cell(ADVOCATE)) } else { "" },
            clicked_at_form: form,
        };
        let month = partition_of(click.at_ms);
        let batch = self.months.entry(month).or_insert_with(|| Batch::imported(Uuid::now_v7().as_u128(), 0));
        batch.push_imported(&row, &more);
    }
}
