//! Mails of what is new, for those who asked for one.
//!
//! A digest tells what came onto somebody's shelf since the last one ([`super::shelf`]), on working
//! days of the space at eight in the morning there. A mail with nothing to tell is not sent. Like
//! every queue it goes out at least once, whatever is killed when; its address for stopping works
//! without signing in, for as long as the person wants digests at all.

use std::sync::Arc;

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use super::shelf::{ShelfQuery, Shelved};
use super::{Error, Programme, Work, times};
use crate::model::digest::Frequency;
use crate::model::language::spoken;
use crate::model::programme::Language;
use crate::model::{AdvocateId, Space, SpaceId};
pub use crate::store::DigestRecord;

/// Contents that one mail names.
const MOST_NAMED: usize = 5;
/// When digests go out, in the space's time.
const HOUR: i8 = 8;
/// After the first failure the next attempt comes this much later, in milliseconds; each time twice as much.
const FIRST_PAUSE_MS: i64 = 60_000;
/// Attempts at one digest: what nobody takes for two hours is told with the next one.
const MAX_ATTEMPTS: u32 = 7;

/// A digest that is to be handed over now.
#[derive(Debug, Clone)]
pub struct Digest {
    /// Its place in the queue.
    pub record: DigestRecord,
    /// To whom.
    pub email: String,
    /// What the person is called, if anybody said so.
    pub name: Option<String>,
    /// What the person reads.
    pub language: Language,
    /// Of which programme.
    pub space: Space,
    /// What is new, the most fitting first.
    pub contents: Vec<Arc<Shelved>>,
    /// How many more there are.
    pub more: usize,
    /// When it was made: what was published until then is told.
    pub at_ms: i64,
}

impl Programme {
    /// How often somebody wants a digest; none: never.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn digest_frequency(&self, space: SpaceId, id: AdvocateId) -> Result<Option<Frequency>, Error> {
        Ok(self.store.read().await?.digest_of(space, id).await?.map(|digest| digest.frequency))
    }

    /// Digests that are due, the longest first.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn due_digests(&self, limit: u32) -> Result<Vec<DigestRecord>, Error> {
        Ok(self.store.read().await?.due_digests(self.now_ms(), limit).await?)
    }

    /// Makes a due digest, and puts it off: what a crash interrupts is sent again. None, and the next one is due in
    /// its time, when there is nothing new, the person has left or has no address, or nobody took it for too long.
    ///
    /// # Errors
    /// [`Error::Store`]; it stays due.
    pub async fn digest(&self, record: DigestRecord) -> Result<Option<Digest>, Error> {
        let mut work = self.work().await?;
        let now_ms = work.writing.at_ms();
        let pause_ms = FIRST_PAUSE_MS << record.attempts.min(MAX_ATTEMPTS);
        if !work.writing.postpone_digest(record.space, record.advocate, now_ms + pause_ms).await? {
            return Ok(None);
        }
        work.commit().await?;
        let (space, person) = self.presence(record.space, record.advocate).await?;
        let today = times::date_in(&space.time_zone, now_ms).unwrap_or_default();
        let is_here = !space.closed && person.advocate.left_on.as_deref().is_none_or(|left| today.as_str() <= left);
        let email = person.email.filter(|_| is_here && record.attempts < MAX_ATTEMPTS);
        let query = ShelfQuery { after_ms: Some(record.told_until_ms), limit: MOST_NAMED, ..ShelfQuery::default() };
        let shelf = self.shelf(&person.advocate, &query).await?;
        let Some(email) = email.filter(|_| !shelf.contents.is_empty()) else {
            self.digest_sent(&record, now_ms).await?;
            return Ok(None);
        };
        let language = person.advocate.language.as_deref().and_then(spoken).unwrap_or(space.language);
        let more = shelf.total - shelf.contents.len();
        Ok(Some(Digest {
            record,
            email,
            name: person.name,
            language,
            space,
            contents: shelf.contents,
            more,
            at_ms: now_ms,
        }))
    }

    /// A digest was handed over, or will never be: the next one is due in its time and tells what is published after
    /// `told_until_ms`.
    ///
    /// # Errors
    /// [`Error::Store`]; it is sent once more then.
    pub async fn digest_sent(&self, record: &DigestRecord, told_until_ms: i64) -> Result<(), Error> {
        let mut writing = self.store.write().await?;
        // Who changed its mind meanwhile keeps what it chose.
        let standing = writing.digest_of(record.space, record.advocate).await?;
        let space = writing.space(record.space).await?;
        let (Some(standing), Some(space)) = (standing, space) else { return Ok(()) };
        let due_at_ms = next_due(&space, standing.frequency, writing.at_ms());
        writing.put_digest(&DigestRecord { told_until_ms, attempts: 0, due_at_ms, ..standing }).await?;
        Ok(writing.commit().await?)
    }

    /// Whose digests an address of a mail stops: space and person.
    ///
    /// # Errors
    /// [`Error::NotFound`]: they are stopped, or it never was one.
    pub async fn digest_to_stop(&self, stop: &str) -> Result<(SpaceId, AdvocateId), Error> {
        let found = self.store.read().await?.digest_to_stop(stop).await?;
        let found = found.ok_or(Error::NotFound { what: "digest", field: None })?;
        Ok((found.space, found.advocate))
    }
}

impl Work {
    /// How often somebody wants a digest from now on; none: never again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Closed`].
    pub async fn set_digest(
        &mut self,
        space: SpaceId,
        id: AdvocateId,
        frequency: Option<Frequency>,
        stop: String,
    ) -> Result<(), Error> {
        let space = self.open_space(space).await?;
        self.advocate(space.id, id).await?;
        let standing = self.writing.digest_of(space.id, id).await?;
        let Some(frequency) = frequency else {
            if self.writing.delete_digest(space.id, id).await? {
                self.note(space.id, "digest.stopped", &id.to_string(), json!({})).await?;
            }
            return Ok(());
        };
        if standing.as_ref().is_some_and(|standing| standing.frequency == frequency) {
            return Ok(());
        }
        let now_ms = self.writing.at_ms();
        let due_at_ms = next_due(&space, frequency, now_ms);
        let record = match standing {
            Some(standing) => DigestRecord { frequency, due_at_ms, attempts: 0, ..standing },
            None => DigestRecord {
                space: space.id,
                advocate: id,
                frequency,
                stop,
                // What is there already was seen on the page where this was asked for.
                told_until_ms: now_ms,
                attempts: 0,
                due_at_ms,
            },
        };
        Ok(self.writing.put_digest(&record).await?)
    }
}

/// The next instant at which such a digest goes out.
fn next_due(space: &Space, frequency: Frequency, now_ms: i64) -> i64 {
    const A_DAY_MS: i64 = 86_400_000;
    let zone = TimeZone::get(&space.time_zone).unwrap_or(TimeZone::UTC);
    let Ok(now) = Timestamp::from_millisecond(now_ms) else { return now_ms + A_DAY_MS };
    let works = |date: &Date| {
        let weekday = date.weekday().to_monday_one_offset().unsigned_abs();
        space.working_week.contains(&weekday) && !space.holidays.contains(&date.to_string())
    };
    let week = |date: Date| (date.iso_week_date().year(), date.iso_week_date().week());
    let today = now.to_zoned(zone.clone()).date();
    let at = |date: Date| date.to_datetime(time(HOUR, 0, 0, 0)).to_zoned(zone.clone()).map(|at| at.timestamp());
    // A year without a working day has none for a digest either.
    for date in today.series(1.day()).take(366) {
        let Ok(due) = at(date) else { continue };
        let begins_week = || {
            let before = date.series((-1).day()).skip(1).take_while(|earlier| week(*earlier) == week(date));
            !before.into_iter().any(|earlier| works(&earlier))
        };
        let fits = works(&date) && (frequency == Frequency::Daily || begins_week());
        if fits && due > now {
            return due.as_millisecond();
        }
    }
    now_ms + 366 * A_DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::times::{format_instant, instant_ms};

    #[test]
    fn digests_go_out_in_the_morning_of_working_days_where_the_space_is() {
        let mut space = crate::programme::spaces::blank("acme".to_owned());
        space.time_zone = "Europe/Paris".to_owned();
        space.working_week = vec![1, 2, 3, 4, 5];
        space.holidays = vec!["2026-04-06".to_owned()];
        let next =
            |frequency, now: &str| format_instant(next_due(&space, frequency, instant_ms(now).expect("an instant")));
        assert_eq!(next(Frequency::Daily, "2026-03-02T06:59:59Z"), "2026-03-02T07:00:00Z");
        assert_eq!(next(Frequency::Daily, "2026-03-02T07:00:00Z"), "2026-03-03T07:00:00Z");
        assert_eq!(next(Frequency::Daily, "2026-03-06T12:00:00Z"), "2026-03-09T07:00:00Z", "over the week-end");
        assert_eq!(next(Frequency::Daily, "2026-03-27T12:00:00Z"), "2026-03-30T06:00:00Z", "summer time began");
        assert_eq!(next(Frequency::Weekly, "2026-03-03T12:00:00Z"), "2026-03-09T07:00:00Z");
        assert_eq!(next(Frequency::Weekly, "2026-03-31T12:00:00Z"), "2026-04-07T06:00:00Z", "Monday is a holiday");
        space.working_week = Vec::new();
        assert_eq!(next_due(&space, Frequency::Daily, 0), 366 * 86_400_000);
    }
}
