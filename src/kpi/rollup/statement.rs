//! What the statements of a space have in common.

use std::time::Duration;

use crate::warehouse::Select;

/// How long ClickHouse may take for one statement of a chunk.
const WITHIN: Duration = Duration::from_secs(300);

/// A space and how its days are cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The space's id.
    pub space: &'a str,
    /// The IANA name of its time zone.
    pub zone: &'a str,
}

/// The people of a space as they are today. Who was erased is not among them.
pub(super) const PEOPLE: &str = "SELECT advocate_id AS person, toLowCardinality(team_id) AS team, location, language, cohort, \
    kind AS advocate_kind, true AS known FROM advocates FINAL WHERE space_id = {space:String} AND NOT removed";

/// The contents of a space as they are today.
pub(super) const THINGS: &str = "SELECT content_id AS thing, kind AS content_kind, toLowCardinality(campaign_id) AS campaign, \
    published_at FROM contents FINAL WHERE space_id = {space:String} AND NOT removed";

/// The link of a click or share: content, channel and advocate. An erased person's links are told apart by their ids;
/// what belongs to nobody known and has no id is one link.
pub(super) const LINK: &str = "cityHash64(content_id, channel, if(known, advocate_id, link_id))";

/// A statement about a place.
pub(super) fn statement(sql: &str, place: &Place<'_>) -> Select {
    let mut statement = Select::new(sql, WITHIN);
    // Only what the text names: ClickHouse ignores the rest.
    statement.bind("space", place.space.to_owned()).bind("zone", place.zone.to_owned());
    statement
}

/// A statement about some of its days; `from` and `to` are the first and the last.
pub(super) fn days(sql: &str, place: &Place<'_>, dates: &[String]) -> Select {
    let mut statement = statement(sql, place);
    let first = dates.iter().min().cloned().unwrap_or_default();
    let last = dates.iter().max().cloned().unwrap_or_default();
    statement.bind("from", first).bind("to", last).bind("days", dates.to_vec());
    statement
}
