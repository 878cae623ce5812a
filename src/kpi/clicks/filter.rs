//! Which clicks, in which order, and how much of them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::model::{AdvocateId, CampaignId, Channel, Class, ContentId, LinkId, SpaceId};
use crate::warehouse::{LoggedClick, Select};

/// Which clicks the log shows; every filter that is set must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClickFilter {
    /// At this instant or later, milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Before this instant.
    pub to_ms: Option<i64>,
    /// Of this content.
    pub content: Option<ContentId>,
    /// Of this person's links.
    pub advocate: Option<AdvocateId>,
    /// Shared here.
    pub channel: Option<Channel>,
    /// Of this class.
    pub class: Option<Class>,
    /// On this link.
    pub link: Option<LinkId>,
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
}

/// Whether the log says whose links were clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Advocate with team and cohort, link and code are shown.
    Shown,
    /// They are empty: the query itself does not read them. A team or a cohort may be one person.
    Withheld,
}

/// A click's place in the order, which nothing moves: `<milliseconds>.<spool>.<lane>.<segment>.<record>`, the last
/// four in hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    clicked_at_ms: i64,
    spool_id: u128,
    lane: u8,
    segment: u64,
    record: u32,
}

/// The text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected the `next` of an earlier page")]
pub struct InvalidCursor;

impl Cursor {
    /// Where this click stands.
    pub fn of(click: &LoggedClick) -> Self {
        let LoggedClick { clicked_at_ms, spool_id, lane, segment, record, .. } = *click;
        Self { clicked_at_ms, spool_id, lane, segment, record }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clicked_at_ms, spool_id, lane, segment, record } = self;
        write!(f, "{clicked_at_ms}.{spool_id:x}.{lane:x}.{segment:x}.{record:x}")
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let parts: Vec<_> = text.split('.').collect();
        let [at, spool, lane, segment, record] = parts.as_slice() else { return Err(InvalidCursor) };
        let read = || {
            Some(Self {
                clicked_at_ms: at.parse().ok()?,
                spool_id: u128::from_str_radix(spool, 16).ok()?,
                lane: u8::from_str_radix(lane, 16).ok()?,
                segment: u64::from_str_radix(segment, 16).ok()?,
                record: u32::from_str_radix(record, 16).ok()?,
            })
        };
        read().ok_or(InvalidCursor)
    }
}

/// The columns of [`LoggedClick`].
pub(super) fn columns(names: Names) -> String {
    let [code, link, advocate, team, cohort] =
        ["code", "link_id", "advocate_id", "team_id", "cohort"].map(|column| match names {
            Names::Shown => column.to_owned(),
            Names::Withheld => format!("'' AS {column}"),
        });
    format!(
        "spool_id, lane, segment, record, click_id, toUnixTimestamp64Milli(clicked_at) AS clicked_at_ms, space_id, \
         {code}, {link}, content_id, content_kind, campaign_id, {advocate}, {team}, {cohort}, channel, class, \
         class_reason, status, answer, network, country, region, city, device, os, browser, language, visitor, \
         utm_source, utm_medium, utm_campaign, utm_term, utm_content"
    )
}

/// `clicked_at` as a constant that partitions are pruned by; `name` is a parameter of ours.
pub(super) fn instant(name: &str) -> String {
    format!("fromUnixTimestamp64Milli({{{name}:Int64}}, 'UTC')")
}

/// Everything but the limit.
pub(super) fn select(
    space: SpaceId,
    filter: &ClickFilter,
    names: Names,
    after: Option<Cursor>,
    within: Duration,
) -> Select {
    let mut select = Select::new(
        // The table's own columns in the conditions: a withheld one is an empty text in the answer only.
        format!("SELECT {} FROM clicks AS c FINAL WHERE c.space_id = {{space:String}}", columns(names)),
        within,
    );
    select.bind("space", space.to_string());
    if let Some(from_ms) = filter.from_ms {
        select.push(&format!(" AND c.clicked_at >= {}", instant("from"))).bind("from", storable(from_ms));
    }
    if let Some(to_ms) = filter.to_ms {
        select.push(&format!(" AND c.clicked_at < {}", instant("to"))).bind("to", storable(to_ms));
    }
    let texts: [(&'static str, &str, Option<String>); 6] = [
        ("content", " AND c.content_id = {content:String}", filter.content.map(|id| id.to_string())),
        ("advocate", " AND c.advocate_id = {advocate:String}", filter.advocate.map(|id| id.to_string())),
        ("channel", " AND c.channel = {channel:String}", filter.channel.as_ref().map(|one| one.as_str().to_owned())),
        ("class", " AND c.class = {class:String}", filter.class.map(|class| class.as_str().to_owned())),
        ("link", " AND c.link_id = {link:String}", filter.link.map(|id| id.to_string())),
        ("campaign", " AND c.campaign_id = {campaign:String}", filter.campaign.map(|id| id.to_string())),
    ];
    for (name, condition, value) in texts {
        if let Some(value) = value {
            select.push(condition).bind(name, value);
        }
    }
    if let Some(after) = after {
        select
            .push(&format!(
                " AND c.clicked_at <= {at} AND (c.clicked_at, c.spool_id, c.lane, c.segment, c.record) < \
                 ({at}, {{spool:UInt128}}, {{lane:UInt8}}, {{segment:UInt64}}, {{record:UInt32}})",
                at = instant("after")
            ))
            .bind("after", storable(after.clicked_at_ms))
            .bind("spool", after.spool_id.to_string())
            .bind("lane", i64::from(after.lane))
            .bind("segment", after.segment.to_string())
            .bind("record", i64::from(after.record));
    }
    select.push(" ORDER BY c.clicked_at DESC, c.spool_id DESC, c.lane DESC, c.segment DESC, c.record DESC");
    select
}

/// An instant that ClickHouse's `DateTime64(3)` holds.
fn storable(at_ms: i64) -> i64 {
    crate::model::click_id::storable_ms(at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_from_its_text() {
        let cursor = Cursor { clicked_at_ms: 5, spool_id: u128::MAX, lane: 255, segment: u64::MAX, record: 7 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "1.2.3.4", "1.2.3.4.5.6", "x.2.3.4.5", "1.2.100.4.5", "lnk_0000000000001"] {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text}");
        }
    }
}
