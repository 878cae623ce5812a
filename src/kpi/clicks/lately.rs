//! The clicks of the last minutes, counted: of which class, on which content, by which channel. Never by whom, and never
//! on whose link: the queries read neither.

use std::time::Duration;

use super::filter::instant;
use super::{ClickLog, LogError};
use crate::model::SpaceId;
use crate::model::click_id::storable_ms;
use crate::warehouse::{FreshClicks, MinuteRow, Select};

/// How long one question may take: the page that asks comes again in a few seconds.
const WITHIN: Duration = Duration::from_secs(5);

/// What happened lately.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lately {
    /// By minute and class, in order; minutes without a click are missing.
    pub minutes: Vec<MinuteRow>,
    /// By content, channel and class; the one that was clicked last is first.
    pub fresh: Vec<FreshClicks>,
}

impl ClickLog {
    /// The clicks of a space from an instant on and before another, counted; at most `limit` rows by content.
    ///
    /// # Errors
    /// [`LogError`], within 7 s.
    pub async fn lately(&self, space: SpaceId, (from_ms, to_ms): (i64, i64), limit: u32) -> Result<Lately, LogError> {
        let within = format!(
            "c.space_id = {{space:String}} AND c.clicked_at >= {} AND c.clicked_at < {}",
            instant("from"),
            instant("to")
        );
        let mut minutes = Select::new(
            format!(
                "SELECT intDiv(toUnixTimestamp64Milli(c.clicked_at), 60000) AS minute, toString(c.class) AS class, \
                 count() AS clicks FROM clicks AS c FINAL WHERE {within} GROUP BY minute, class ORDER BY minute, class"
            ),
            WITHIN,
        );
        let mut fresh = Select::new(
            format!(
                "SELECT part.content_id AS content_id, known.title AS title, part.channel AS channel, \
                 part.class AS class, part.clicks AS clicks, part.last_ms AS last_ms FROM ( \
                 SELECT c.content_id AS content_id, toString(c.channel) AS channel, toString(c.class) AS class, \
                 count() AS clicks, max(toUnixTimestamp64Milli(c.clicked_at)) AS last_ms \
                 FROM clicks AS c FINAL WHERE {within} GROUP BY content_id, channel, class \
                 ORDER BY last_ms DESC, content_id, channel, class LIMIT {{limit:UInt32}}) AS part \
                 LEFT JOIN (SELECT content_id, title FROM contents FINAL \
                 WHERE space_id = {{space:String}} AND NOT removed) AS known ON known.content_id = part.content_id \
                 ORDER BY last_ms DESC, content_id, channel, class"
            ),
            WITHIN,
        );
        for select in [&mut minutes, &mut fresh] {
            select.bind("space", space.to_string()).bind("from", storable_ms(from_ms)).bind("to", storable_ms(to_ms));
        }
        fresh.bind("limit", i64::from(limit));
        let (minutes, fresh) = tokio::try_join!(self.ask(&minutes), self.ask(&fresh))?;
        Ok(Lately { minutes, fresh })
    }
}
