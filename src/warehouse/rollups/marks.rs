//! Adding to the marks.

use std::time::Duration;

use clickhouse::Row;
use serde::Deserialize;
use serde_json::json;

use crate::model::{Change, Entity};
use crate::warehouse::client::Warehouse;
use crate::warehouse::error::CallError;

/// How long the marks may take to leave.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// How long ClickHouse may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// A mark's unit of time: an hour's quarter lies in one local day of any time zone. Seconds.
const QUARTER: i64 = 900;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Clicks of a quarter of an hour.
    Click,
    /// Shares of a quarter of an hour.
    Share,
    /// Advocates of a space.
    Advocate,
    /// Contents of a space.
    Content,
}

impl Subject {
    /// As ClickHouse writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::Share => "share",
            Self::Advocate => "advocate",
            Self::Content => "content",
        }
    }
}

/// That something changed, and where.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark {
    space: String,
    subject: Subject,
    at: i64,
}

impl Mark {
    /// For something that happened at a time, milliseconds since 1970.
    pub fn at(space: &str, subject: Subject, ms: i64) -> Self {
        let at = ms.max(0) / 1000 / QUARTER * QUARTER;
        Self { space: space.to_owned(), subject, at }
    }

    /// For something without a time. An empty space stands for each: of what was removed nobody knows it any more.
    pub fn of(space: &str, subject: Subject) -> Self {
        Self { space: space.to_owned(), subject, at: 0 }
    }

    /// What a change of the programme touches, as far as roll-ups are made of it.
    pub(in crate::warehouse) fn of_change(change: &Change) -> Option<Self> {
        match &change.entity {
            Entity::Advocate(advocate) => Some(Self::of(&advocate.space.to_string(), Subject::Advocate)),
            Entity::AdvocateRemoved(_) => Some(Self::of("", Subject::Advocate)),
            Entity::Content(content) => Some(Self::of(&content.space.to_string(), Subject::Content)),
            Entity::ContentRemoved(_) => Some(Self::of("", Subject::Content)),
            Entity::Share(share) => Some(Self::at(&share.space.to_string(), Subject::Share, share.shared_at_ms)),
            // Time zones are read with every look; nothing else of these is rolled up.
            Entity::Space(_)
            | Entity::SpaceRemoved(_)
            | Entity::Team(_)
            | Entity::Campaign(_)
            | Entity::CampaignRemoved(_)
            | Entity::Link(_)
            | Entity::LinkRemoved(_)
            | Entity::SignIn(_)
            | Entity::Application(_) => None,
        }
    }
}

impl Warehouse {
    /// Adds marks. They stand when this returns.
    ///
    /// # Errors
    /// Some may stand then; the same call is made again.
    pub async fn mark(&self, marks: impl IntoIterator<Item = Mark>) -> Result<(), CallError> {
        let mut lines = Vec::new();
        for Mark { space, subject, at } in marks {
            let mark: u64 = rand::random();
            let row = json!({"space_id": space, "subject": subject.as_str(), "at": at, "mark": mark});
            serde_json::to_writer(&mut lines, &row).expect("a row has texts as keys");
            lines.push(b'\n');
        }
        if lines.is_empty() {
            return Ok(());
        }
        let mut insert = self
            .client
            .insert_formatted_with("INSERT INTO rollup_marks FORMAT JSONEachRow")
            .with_timeouts(Some(SEND_WITHIN), Some(ANSWER_WITHIN))
            .with_setting("async_insert", "0")
            .with_setting("wait_end_of_query", "1");
        insert.send(lines.into()).await?;
        Ok(insert.end().await?)
    }

    /// Marks every stored click of a spool, and says how many there are.
    ///
    /// # Errors
    /// As [`Self::mark_batch`].
    pub async fn mark_clicks_of_spool(&self, spool_id: u128) -> Result<u64, CallError> {
        self.mark_clicks(&format!("spool_id = toUInt128('{spool_id}')")).await
    }

    /// Marks the clicks that a batch brought, after they were seen to be there, and says how many there are.
    ///
    /// # Errors
    /// They may or may not be marked then; the same call is made again.
    pub async fn mark_batch(&self, batch: u128, partition: u32) -> Result<u64, CallError> {
        self.mark_clicks(&format!("_partition_id = '{partition}' AND batch = toUInt128('{batch}')")).await
    }

    async fn mark_clicks(&self, which: &str) -> Result<u64, CallError> {
        let quarters: Vec<Quarter> = self
            .rows(&format!(
                "SELECT space_id, toUnixTimestamp(toStartOfFifteenMinutes(clicked_at)) AS at, \
                 uniqExact(spool_id, lane, segment, record) AS clicks FROM clicks WHERE {which} GROUP BY space_id, at"
            ))
            .await?;
        let mark = |quarter: &Quarter| Mark::at(&quarter.space_id, Subject::Click, i64::from(quarter.at) * 1000);
        self.mark(quarters.iter().map(mark)).await?;
        Ok(quarters.iter().map(|quarter| quarter.clicks).sum())
    }
}

/// Stored clicks of a quarter of an hour, which begins `at` seconds since 1970.
#[derive(Row, Deserialize)]
struct Quarter {
    space_id: String,
    at: u32,
    clicks: u64,
}
