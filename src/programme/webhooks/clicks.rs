//! `click.recorded`: clicks in batches, each click in one.
//!
//! Which records of a segment were told is kept as intervals, written in the transaction of the deliveries that tell
//! them. So a click that arrives late, or once more under another batch, is told once, and a process that is killed
//! in between has told all of a batch or nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::events::{Event, wants};
use super::{Programme, Work};
use crate::model::SpaceId;
use crate::programme::Error;
pub use crate::store::SegmentKey;

/// The event's name.
pub(super) const EVENT: &str = "click.recorded";
/// Clicks of one event, at most.
const CLICKS_AN_EVENT: usize = 500;

/// Records of a segment: `[first, end)` pairs in order, none touching the next.
pub type Records = Vec<(u32, u32)>;

/// A click to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct TellableClick {
    /// Whose it is.
    pub space: SpaceId,
    /// Its number in its segment.
    pub record: u32,
    /// When it happened.
    pub clicked_at_ms: i64,
    /// As the click log shows it.
    pub view: Value,
}

/// Who wants clicks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickAudience {
    /// The spaces that have a webhook for them.
    pub spaces: Vec<SpaceId>,
    /// When the first of these webhooks was made: nothing older is wanted.
    pub since_ms: i64,
}

impl Programme {
    /// Who wants clicks, over all spaces; none when nobody does.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn click_audience(&self) -> Result<Option<ClickAudience>, Error> {
        let on = self.store.read().await?.webhooks_on().await?;
        let wanting: Vec<_> = on.into_iter().filter(|webhook| wants(&webhook.events, EVENT)).collect();
        let Some(since_ms) = wanting.iter().map(|webhook| webhook.created_at_ms).min() else { return Ok(None) };
        let mut spaces: Vec<_> = wanting.into_iter().map(|webhook| webhook.space).collect();
        spaces.sort_unstable();
        spaces.dedup();
        Ok(Some(ClickAudience { spaces, since_ms }))
    }

    /// Those of `records` that were not told.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn untold(&self, place: SegmentKey, records: &[(u32, u32)]) -> Result<Records, Error> {
        Ok(without(records, &self.store.read().await?.told_clicks(place).await?))
    }
}

impl Work {
    /// Writes the deliveries of these clicks and notes `records`, among which they are, as told. Each webhook is told
    /// those of its space that happened since it was made.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn tell_clicks(
        &mut self,
        place: SegmentKey,
        records: &[(u32, u32)],
        clicks: Vec<TellableClick>,
    ) -> Result<(), Error> {
        let told = self.writing.told_clicks(place).await?;
        let new = without(records, &told);
        let mut by_space: BTreeMap<SpaceId, Vec<TellableClick>> = BTreeMap::new();
        for click in clicks {
            if new.iter().any(|(first, end)| (*first..*end).contains(&click.record)) {
                by_space.entry(click.space).or_default().push(click);
            }
        }
        let now_ms = self.writing.at_ms();
        for (space, clicks) in by_space {
            for webhook in self.click_webhooks(space).await? {
                let wanted: Vec<_> =
                    clicks.iter().filter(|click| click.clicked_at_ms >= webhook.created_at_ms).collect();
                for batch in wanted.chunks(CLICKS_AN_EVENT) {
                    let (first, last) = (batch[0].record, batch[batch.len() - 1].record);
                    let SegmentKey { spool_id, lane, segment } = place;
                    let key = format!("{space} {spool_id:x} {lane} {segment} {first} {last}");
                    let views: Vec<_> = batch.iter().map(|click| &click.view).collect();
                    let event = Event::new(EVENT, &key, space, now_ms, json!({ "clicks": views }));
                    self.deliver(&event, std::slice::from_ref(&webhook)).await?;
                }
            }
        }
        Ok(self.writing.set_told_clicks(place, &union(&told, &new)).await?)
    }
}

/// The intervals of sorted numbers.
pub fn intervals(records: &[u32]) -> Records {
    let mut intervals: Records = Vec::new();
    for record in records {
        match intervals.last_mut() {
            Some((_, end)) if *end == *record => *end += 1,
            _ => intervals.push((*record, record + 1)),
        }
    }
    intervals
}

/// What of `all` is not in `told`.
fn without(all: &[(u32, u32)], told: &[(u32, u32)]) -> Records {
    let mut left = Vec::new();
    for (first, end) in all {
        let mut at = *first;
        for (told_first, told_end) in told.iter().filter(|(a, b)| a < end && b > first) {
            if at < *told_first {
                left.push((at, *told_first));
            }
            at = at.max(*told_end);
        }
        if at < *end {
            left.push((at, *end));
        }
    }
    left
}

fn union(one: &[(u32, u32)], other: &[(u32, u32)]) -> Records {
    let mut all = [one, other].concat();
    all.sort_unstable();
    let mut joined: Records = Vec::with_capacity(all.len());
    for (first, end) in all {
        match joined.last_mut() {
            Some((_, last)) if *last >= first => *last = end.max(*last),
            _ => joined.push((first, end)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn numbers(records: &[(u32, u32)]) -> BTreeSet<u32> {
        records.iter().flat_map(|(first, end)| *first..*end).collect()
    }

    fn records() -> impl Strategy<Value = Records> {
        proptest::collection::btree_set(0..60u32, 0..40).prop_map(|set| intervals(&set.into_iter().collect::<Vec<_>>()))
    }

    proptest! {
        #[test]
        fn intervals_are_sets_of_numbers(one in records(), other in records()) {
            let (a, b) = (numbers(&one), numbers(&other));
            prop_assert_eq!(numbers(&without(&one, &other)), &a - &b);
            prop_assert_eq!(union(&one, &other), intervals(&(&a | &b).into_iter().collect::<Vec<_>>()));
        }
    }
}
