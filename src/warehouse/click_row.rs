//! One row of `clicks`, and its bytes.
//!
//! Encoded by hand into ClickHouse's `RowBinary` (numbers little endian, a text as its length in
//! LEB128 and its bytes): a redirect node ships 150,000 rows a second beside everything else, and a
//! row's bytes are kept until they are verified, so nothing may differ between two tries. The column
//! list stands in the INSERT statement; a column that is added later does not disturb bytes that
//! were frozen before.

use super::error::CallError;
use crate::model::click_id::storable_ms;
use crate::model::{AdvocateId, Answer, CampaignId, Class, ContentId, ContentKind, LinkId, SpaceId, TeamId};

/// The migration that last changed the columns written here. A manifest keeps it, so that bytes or
/// ranges frozen by one version are never sent as if another had made them.
pub const SCHEMA: u16 = 1;

/// The INSERT statement for rows of [`SCHEMA`]; the columns in the order of [`ClickRow::encode`].
const INSERT: &str = "INSERT INTO clicks (batch, spool_id, lane, segment, record, clicked_at, \
    space_id, link_id, content_id, campaign_id, advocate_id, team_id, content_kind, code, cohort, channel, \
    class, class_reason, classifier_version, status, answer, network, country, region, city, device, os, browser, \
    language, visitor, utm_source, utm_medium, utm_campaign, utm_term, utm_content, evidence, evidence_flags) \
    FORMAT RowBinary";

/// The migration that brought the columns of [`Imported`].
pub const IMPORTED_SCHEMA: u16 = 2;

/// The INSERT statement for rows of [`IMPORTED_SCHEMA`]: those of [`SCHEMA`] with two columns behind them.
const INSERT_IMPORTED: &str = "INSERT INTO clicks (batch, spool_id, lane, segment, record, clicked_at, \
    space_id, link_id, content_id, campaign_id, advocate_id, team_id, content_kind, code, cohort, channel, \
    class, class_reason, classifier_version, status, answer, network, country, region, city, device, os, browser, \
    language, visitor, utm_source, utm_medium, utm_campaign, utm_term, utm_content, evidence, evidence_flags, \
    advocate_key, clicked_at_form) FORMAT RowBinary";

/// What a click that came with a bundle has beyond a [`ClickRow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported<'a> {
    /// What the bundle called an advocate whom the space does not have, or empty.
    pub advocate_key: &'a str,
    /// How it wrote the time, or empty.
    pub clicked_at_form: &'a str,
}

impl Imported<'_> {
    /// Appends the columns that follow a row's.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        text(out, self.advocate_key);
        text(out, self.clicked_at_form);
    }
}

/// The INSERT statement for bytes that were frozen with this schema.
///
/// # Errors
/// For a schema that this program does not know: the batch was frozen by a newer one.
pub(super) fn insert_statement(schema: u16) -> Result<&'static str, CallError> {
    match schema {
        SCHEMA => Ok(INSERT),
        IMPORTED_SCHEMA => Ok(INSERT_IMPORTED),
        other => Err(CallError::Schema(other)),
    }
}

/// Everything that ClickHouse keeps of a click. No address, no full user agent, no full referrer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClickRow<'a> {
    /// 128 random bits of the spool that recorded it.
    pub spool_id: u128,
    /// Lane of the spool.
    pub lane: u8,
    /// Segment of the lane.
    pub segment: u64,
    /// Record of the segment.
    pub record: u32,
    /// When it was answered, milliseconds since 1970; stored clamped to 1970 to 2299.
    pub clicked_at_ms: i64,
    /// The programme.
    pub space_id: SpaceId,
    /// The link.
    pub link_id: LinkId,
    /// The content behind the link.
    pub content_id: ContentId,
    /// Its campaign, or none.
    pub campaign_id: CampaignId,
    /// Whose link it is, or nobody.
    pub advocate_id: AdvocateId,
    /// The advocate's team at that time, or none.
    pub team_id: TeamId,
    /// The content's kind.
    pub content_kind: ContentKind,
    /// The code as it was asked for.
    pub code: &'a str,
    /// The advocate's cohort at that time, or empty.
    pub cohort: &'a str,
    /// Where it was shared.
    pub channel: &'a str,
    /// Who asked.
    pub class: Class,
    /// Which rule said so.
    pub class_reason: &'a str,
    /// The version of the rules.
    pub classifier_version: u16,
    /// The HTTP status of the answer.
    pub status: u16,
    /// What was answered.
    pub answer: Answer,
    /// Where the request came from, by the referrer's host, or empty.
    pub network: &'a str,
    /// ISO 3166-1 alpha-2 in capitals, or empty.
    pub country: &'a str,
    /// Region, or empty.
    pub region: &'a str,
    /// City, or empty.
    pub city: &'a str,
    /// Kind of device, or empty.
    pub device: &'a str,
    /// Operating system, or empty.
    pub os: &'a str,
    /// Browser, or empty.
    pub browser: &'a str,
    /// Preferred language, or empty.
    pub language: &'a str,
    /// The day's pseudonym, or empty.
    pub visitor: &'a str,
    /// `utm_source` of the request.
    pub utm_source: &'a str,
    /// `utm_medium` of the request.
    pub utm_medium: &'a str,
    /// `utm_campaign` of the request.
    pub utm_campaign: &'a str,
    /// `utm_term` of the request.
    pub utm_term: &'a str,
    /// `utm_content` of the request.
    pub utm_content: &'a str,
    /// What the classifier saw, in a form that allows it to be run again.
    pub evidence: &'a str,
    /// The same for yes-or-no facts, one bit each.
    pub evidence_flags: u8,
}

impl ClickRow<'_> {
    /// Bytes to reserve a row; a longer one only costs a reallocation.
    pub const TYPICAL_ENCODED: usize = 384;

    /// The month in UTC that the row is stored under, `yyyymm`, as ClickHouse's `toYYYYMM(clicked_at)`.
    pub fn partition(&self) -> u32 {
        partition_of(self.clicked_at_ms)
    }

    /// Appends the row in the order of the INSERT statement's columns.
    pub fn encode(&self, batch: u128, out: &mut Vec<u8>) {
        out.extend_from_slice(&batch.to_le_bytes());
        out.extend_from_slice(&self.spool_id.to_le_bytes());
        out.push(self.lane);
        out.extend_from_slice(&self.segment.to_le_bytes());
        out.extend_from_slice(&self.record.to_le_bytes());
        out.extend_from_slice(&storable_ms(self.clicked_at_ms).to_le_bytes());
        id(out, |out| self.space_id.write_to(out));
        id(out, |out| self.link_id.write_to(out));
        id(out, |out| self.content_id.write_to(out));
        id(out, |out| self.campaign_id.write_to(out));
        id(out, |out| self.advocate_id.write_to(out));
        id(out, |out| self.team_id.write_to(out));
        for value in [self.content_kind.as_str(), self.code, self.cohort, self.channel] {
            text(out, value);
        }
        text(out, self.class.as_str());
        text(out, self.class_reason);
        out.extend_from_slice(&self.classifier_version.to_le_bytes());
        out.extend_from_slice(&self.status.to_le_bytes());
        for value in [
            self.answer.as_str(),
            self.network,
            self.country,
            self.region,
            self.city,
            self.device,
            self.os,
            self.browser,
            self.language,
            self.visitor,
            self.utm_source,
            self.utm_medium,
            self.utm_campaign,
            self.utm_term,
            self.utm_content,
            self.evidence,
        ] {
            text(out, value);
        }
        out.push(self.evidence_flags);
    }
}

/// The month in UTC of an instant in milliseconds since 1970, `yyyymm`, after [`storable_ms`].
pub fn partition_of(at_ms: i64) -> u32 {
    let instant = jiff::Timestamp::from_millisecond(storable_ms(at_ms)).expect("the years 1970 to 2299");
    let date = jiff::tz::Offset::UTC.to_datetime(instant).date();
    u32::from(date.year().unsigned_abs()) * 100 + u32::from(date.month().unsigned_abs())
}

fn text(out: &mut Vec<u8>, value: &str) {
    let mut rest = value.len();
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
    out.extend_from_slice(value.as_bytes());
}

/// Writes an id with its length in front; every written id is shorter than 128 bytes.
fn id(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.push(0);
    write(out);
    out[at] = (out.len() - at - 1) as u8;
}
