//! What links share, ready to be answered and recorded with.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::HeaderValue;
use jiff::tz::TimeZone;

use crate::model::address::Day;
use crate::model::{self, AdvocateId, Campaign, Content, Space, TeamId, destination};

/// A space as a redirect needs it.
#[derive(Debug)]
pub struct SpaceFacts {
    /// As the programme says it.
    pub entity: Space,
    /// Its local time; UTC when the name is unknown to this machine.
    pub time_zone: TimeZone,
    /// Index of the time zone's name, for caches of the offset.
    pub zone: u32,
    /// Ready for `Location`.
    pub fallback: Option<HeaderValue>,
}

/// A content as a redirect needs it.
#[derive(Debug)]
pub struct ContentFacts {
    /// As the programme says it, without captions and audience.
    pub entity: Content,
    /// Index of its space.
    pub(super) space: u32,
    /// Index of its campaign.
    pub(super) campaign: Option<u32>,
    /// Indices of the jobs to send people to once it is over, newest first.
    pub(super) similar: Box<[u32]>,
    /// Ready for `Location`.
    pub fallback: Option<HeaderValue>,
}

/// A campaign as a redirect needs it.
#[derive(Debug)]
pub struct CampaignFacts {
    /// As the programme says it.
    pub entity: Campaign,
}

/// An advocate as a click needs it.
#[derive(Debug, Clone)]
pub struct AdvocateFacts {
    /// The random key; none once the person is erased.
    pub id: AdvocateId,
    /// Its team, or none.
    pub team: TeamId,
    /// The wave it was invited in.
    pub cohort: Option<Arc<str>>,
    /// Last local day of membership.
    pub last_day: Day,
}

/// Content × channel.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Index of the content.
    pub(super) content: u32,
    pub(super) channel: Arc<str>,
    /// None while the content is not known, or when its address is none that may be served.
    pub(super) location: Option<HeaderValue>,
}

impl AdvocateFacts {
    /// Nobody: a link without a person, or a person that was erased.
    pub const NOBODY: Self = Self { id: AdvocateId::NONE, team: TeamId::NONE, cohort: None, last_day: Day::MAX };

    /// An advocate of whom nothing but the key is known yet.
    pub(super) fn unknown(id: AdvocateId) -> Self {
        Self { id, ..Self::NOBODY }
    }

    pub(super) fn new(advocate: &model::Advocate) -> Self {
        Self {
            id: advocate.id,
            team: advocate.team,
            cohort: advocate.cohort.as_deref().filter(|cohort| !cohort.is_empty()).map(Arc::from),
            last_day: advocate.left_on.as_deref().and_then(day_of).unwrap_or(Day::MAX),
        }
    }

    /// The advocate on a local day: a leaver's links go on without the person.
    pub fn on(&self, local_day: Day) -> &Self {
        if local_day <= self.last_day { self } else { &Self::NOBODY }
    }
}

impl SpaceFacts {
    pub(super) fn new(space: &Space, zone: u32) -> Self {
        let time_zone = TimeZone::get(&space.time_zone).unwrap_or_else(|error| {
            tracing::warn!(space = %space.id, time_zone = %space.time_zone, %error, "unknown time zone, using UTC");
            TimeZone::UTC
        });
        Self {
            time_zone,
            zone,
            fallback: space.fallback_url.as_deref().and_then(plain_location),
            entity: space.clone(),
        }
    }
}

impl ContentFacts {
    pub(super) fn new(content: &Content, space: u32, campaign: Option<u32>, similar: Box<[u32]>) -> Self {
        // Captions and audiences can be long, and no redirect asks for them.
        let entity =
            Content { audience: serde_json::Value::Null, captions: serde_json::Value::Null, ..content.clone() };
        Self { fallback: content.fallback_url.as_deref().and_then(plain_location), entity, space, campaign, similar }
    }

    /// True from the instant on at which the content is over.
    pub fn is_over(&self, now_ms: i64) -> bool {
        self.entity.is_over(now_ms)
    }

    /// True when it is published and not over.
    pub fn is_open(&self, now_ms: i64) -> bool {
        self.entity.published_at_ms.is_some_and(|at| at <= now_ms) && !self.is_over(now_ms)
    }

    pub(super) fn location(
        &self,
        template: &BTreeMap<String, String>,
        channel: &str,
        campaign: &str,
    ) -> Option<HeaderValue> {
        let id = self.entity.id.to_string();
        let slug = self.entity.external_id.as_deref().unwrap_or(&id);
        location(destination(&self.entity.url, template, channel, campaign, slug))
    }
}

/// An address of ours to send people to, with nothing added.
fn plain_location(url: &str) -> Option<HeaderValue> {
    location(destination(url, &BTreeMap::new(), "", "", ""))
}

/// Addresses are checked before they are stored; whatever slipped in is not served.
fn location(url: String) -> Option<HeaderValue> {
    let web = ["http://", "https://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    web.then(|| HeaderValue::from_maybe_shared(bytes::Bytes::from(url)).ok()).flatten()
}

/// The number of a local date `YYYY-MM-DD`.
fn day_of(date: &str) -> Option<Day> {
    let date: jiff::civil::Date = date.parse().ok()?;
    let epoch = jiff::civil::Date::constant(1970, 1, 1);
    Some(epoch.until(date).ok()?.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_of("1970-01-02"), Some(1));
        assert_eq!(day_of("1969-12-31"), Some(-1));
        assert_eq!(day_of("2026-03-04"), Some(20_516));
        assert_eq!(day_of("soon"), None);
    }

    #[test]
    fn a_leaver_is_nobody_from_the_day_after_the_last() {
        let leaver = AdvocateFacts { last_day: 10, ..AdvocateFacts::unknown(AdvocateId::from_bits(7)) };
        assert_eq!(leaver.on(10).id, AdvocateId::from_bits(7));
        assert_eq!(leaver.on(11).id, AdvocateId::NONE);
    }

    #[test]
    fn only_web_addresses_without_controls_become_a_location() {
        for refused in ["javascript:alert(1)", "data:text/html,x", "//example.com", "/path", "https://", ""] {
            assert_eq!(plain_location(refused), None, "{refused}");
        }
        let location = plain_location("https://example.com/\r\nSet-Cookie: a=b\0é").expect("encoded");
        assert_eq!(location, "https://example.com/%0D%0ASet-Cookie:%20a=b%00%C3%A9");
    }
}
