//! What readers see of `clicks`, row by row.

use clickhouse::Row;
use serde::Deserialize;
use uuid::Uuid;

/// One click as the log shows it. Ids are the API's ids; an empty text is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct LoggedClick {
    /// The spool that it came from: identity, with the three that follow.
    pub spool_id: u128,
    /// Its lane.
    pub lane: u8,
    /// Its segment.
    pub segment: u64,
    /// Its record.
    pub record: u32,
    /// Its public id.
    #[serde(with = "clickhouse::serde::uuid")]
    pub click_id: Uuid,
    /// When it happened, milliseconds since 1970.
    pub clicked_at_ms: i64,
    /// Whose it is.
    pub space_id: String,
    /// What stood behind the slash; empty when names are withheld.
    pub code: String,
    /// The link; empty when names are withheld.
    pub link_id: String,
    /// The content.
    pub content_id: String,
    /// Its kind.
    pub content_kind: String,
    /// Its campaign.
    pub campaign_id: String,
    /// Whose link it was; empty when names are withheld.
    pub advocate_id: String,
    /// That person's team.
    pub team_id: String,
    /// That person's cohort.
    pub cohort: String,
    /// Where it was shared.
    pub channel: String,
    /// Who asked.
    pub class: String,
    /// Why that is believed.
    pub class_reason: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// What was answered.
    pub answer: String,
    /// From the referrer's host.
    pub network: String,
    /// ISO 3166-1, two letters.
    pub country: String,
    /// Of that country.
    pub region: String,
    /// Of that region.
    pub city: String,
    /// `desktop`, `mobile`, `tablet`, …
    pub device: String,
    /// Operating system.
    pub os: String,
    /// Browser.
    pub browser: String,
    /// First language that the browser asked for.
    pub language: String,
    /// The pseudonym of that day.
    pub visitor: String,
    /// Query parameters of the request.
    pub utm_source: String,
    /// See `utm_source`.
    pub utm_medium: String,
    /// See `utm_source`.
    pub utm_campaign: String,
    /// See `utm_source`.
    pub utm_term: String,
    /// See `utm_source`.
    pub utm_content: String,
}

/// What there is of one segment of a spool, as far as a question reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row, Deserialize)]
pub struct ClickPlace {
    /// The spool.
    pub spool_id: u128,
    /// The lane.
    pub lane: u8,
    /// The segment.
    pub segment: u64,
    /// The lowest record.
    pub first: u32,
    /// The highest record.
    pub last: u32,
    /// Distinct records.
    pub records: u64,
    /// The first click, milliseconds since 1970.
    pub from_ms: i64,
    /// The last click.
    pub through_ms: i64,
}

/// The number of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row, Deserialize)]
pub struct RecordNumber {
    /// Within its segment.
    pub record: u32,
}

/// Clicks of one class in one minute.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct MinuteRow {
    /// The minute, counted from 1970.
    pub minute: i64,
    /// Who asked.
    pub class: String,
    /// How many.
    pub clicks: u64,
}

/// Clicks of one class on one content, by one channel.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct FreshClicks {
    /// The content.
    pub content_id: String,
    /// Its title; empty when ClickHouse has not heard of it yet.
    pub title: String,
    /// Where the links were shared.
    pub channel: String,
    /// Who asked.
    pub class: String,
    /// How many.
    pub clicks: u64,
    /// The last one, milliseconds since 1970.
    pub last_ms: i64,
}
