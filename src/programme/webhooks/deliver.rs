//! Sending what waits: who is next, and what an attempt changes.
//!
//! A delivery that is claimed is due again after a lease, so that one whose sender was killed is sent again. Failed
//! ones come back with doubled waits, up to a number of attempts and an age. A webhook that does nothing but fail is
//! switched off, with a reason that people see; what waits for it stays until it is switched on or too old.

use rand::Rng as _;
use rand::seq::SliceRandom as _;

use super::{Delivery, Programme, Webhook};
use crate::model::WebhookId;
use crate::programme::Error;

/// How long a sender has before somebody else may send it, in milliseconds; longer than an attempt can take.
const LEASE_MS: i64 = 60_000;
/// The first wait after a failure, in milliseconds; doubled each time.
const FIRST_WAIT_MS: i64 = 10_000;
/// The longest wait, in milliseconds.
const LONGEST_WAIT_MS: i64 = 3_600_000;
/// Attempts of one delivery, at most.
const MAX_ATTEMPTS: i64 = 40;
/// Nothing is tried that is older, in milliseconds.
const MAX_AGE_MS: i64 = 72 * 3_600_000;
/// A webhook is switched off after so many failures in a row …
const OFF_AFTER_FAILURES: i64 = 10;
/// … over at least so long, in milliseconds: a receiver may restart, or be repaired overnight.
const OFF_AFTER_MS: i64 = 24 * 3_600_000;
/// Deliveries are kept for people to look at for so long, in milliseconds.
const KEEP_MS: i64 = 30 * 86_400_000;
/// Clicks that arrive later than this are not told; milliseconds.
pub const CLICKS_ARRIVE_WITHIN_MS: i64 = 32 * 86_400_000;
/// What was told is remembered for longer than clicks may be late, in milliseconds.
const KEEP_TOLD_MS: i64 = CLICKS_ARRIVE_WITHIN_MS + 8 * 86_400_000;
/// Deliveries to one webhook at the same time, at most.
const AT_ONCE: u32 = 4;
/// Longest text of an error that is kept, in bytes.
const MAX_ERROR: usize = 300;

/// A delivery that is to be sent now, and whereto.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// What.
    pub delivery: Delivery,
    /// To whom.
    pub webhook: Webhook,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
}

impl Attempt {
    /// Taken: any 2xx.
    fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Programme {
    /// At most `limit` due deliveries of all spaces, a few of each webhook, none of those in `busy`. They are due
    /// again after a minute, unless [`Self::note_attempt`] says how it went.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn claim_deliveries(&self, limit: u32, busy: &[WebhookId]) -> Result<Vec<Claimed>, Error> {
        let now_ms = self.now_ms();
        let mut due = self.store.read().await?.webhooks_due(now_ms).await?;
        due.retain(|(_, webhook)| !busy.contains(webhook));
        if due.is_empty() {
            return Ok(Vec::new());
        }
        // When there is not room for all, nobody is always the last.
        due.shuffle(&mut rand::rng());
        let mut work = self.work().await?;
        let mut claimed = Vec::new();
        for (space, id) in due {
            let Some(webhook) = work.writing.webhook(space, id).await? else { continue };
            let room = limit - claimed.len() as u32;
            for mut delivery in work.writing.due_deliveries(space, id, now_ms, room.min(AT_ONCE)).await? {
                delivery.due_at_ms = Some(now_ms + LEASE_MS);
                work.writing.update_delivery(&delivery).await?;
                claimed.push(Claimed { delivery, webhook: webhook.clone() });
            }
            if claimed.len() >= limit as usize {
                break;
            }
        }
        work.commit().await?;
        Ok(claimed)
    }

    /// Notes how a claimed delivery went, and when it is tried again. Switches its webhook off after repeated failure.
    ///
    /// # Errors
    /// [`Error::Store`]; it is sent again then.
    pub async fn note_attempt(&self, claimed: &Claimed, attempt: &Attempt) -> Result<(), Error> {
        let Claimed { delivery: Delivery { id, space, webhook, .. }, .. } = claimed;
        let mut work = self.work().await?;
        let now_ms = work.writing.at_ms();
        let (Some(mut delivery), Some(mut webhook)) =
            (work.writing.delivery(*space, *id).await?, work.writing.webhook(*space, *webhook).await?)
        else {
            return Ok(());
        };
        delivery.attempts += 1;
        delivery.status = attempt.status.map(i64::from);
        delivery.duration_ms = Some(attempt.duration_ms);
        delivery.error = attempt.error.clone().map(|mut text| {
            text.truncate(text.floor_char_boundary(MAX_ERROR));
            text
        });
        if attempt.succeeded() {
            delivery.state = "done".to_owned();
            (delivery.due_at_ms, delivery.finished_at_ms) = (None, Some(now_ms));
            if webhook.failures > 0 {
                (webhook.failures, webhook.failing_since_ms) = (0, None);
                work.writing.put_webhook(&webhook).await?;
            }
        } else {
            if delivery.attempts >= MAX_ATTEMPTS || delivery.created_at_ms < now_ms - MAX_AGE_MS {
                give_up(&mut delivery, now_ms);
            } else {
                delivery.due_at_ms = Some(now_ms + wait_ms(delivery.attempts));
            }
            note_failure(&mut webhook, now_ms);
            work.writing.put_webhook(&webhook).await?;
        }
        work.writing.update_delivery(&delivery).await?;
        work.commit().await
    }

    /// Gives up deliveries of all spaces that wait for three days, and removes those that are older than 30; answers
    /// how many were removed.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn prune_deliveries(&self) -> Result<u64, Error> {
        let mut work = self.work().await?;
        let now_ms = work.writing.at_ms();
        work.writing.give_up_deliveries(now_ms - MAX_AGE_MS).await?;
        let pruned = work.writing.prune_deliveries(now_ms - KEEP_MS, now_ms - KEEP_TOLD_MS).await?;
        work.commit().await?;
        Ok(pruned)
    }
}

fn give_up(delivery: &mut Delivery, now_ms: i64) {
    delivery.state = "failed".to_owned();
    (delivery.due_at_ms, delivery.finished_at_ms) = (None, Some(now_ms));
}

fn note_failure(webhook: &mut Webhook, now_ms: i64) {
    webhook.failures += 1;
    let since = *webhook.failing_since_ms.get_or_insert(now_ms);
    if webhook.on && webhook.failures >= OFF_AFTER_FAILURES && now_ms - since >= OFF_AFTER_MS {
        webhook.on = false;
        webhook.off_reason = Some("failing".to_owned());
        let (id, space, failures) = (webhook.id, webhook.space, webhook.failures);
        tracing::warn!(webhook = %id, %space, failures, "a webhook only fails and was switched off; what waits for \
            it is sent when somebody switches it on within three days");
    }
}

/// Doubled with each failed attempt, then cut to a random half to whole of itself.
fn wait_ms(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    let wait = (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS);
    rand::rng().random_range(wait / 2..=wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_are_never_short() {
        for (attempts, longest) in [(1, 10_000), (2, 20_000), (5, 160_000), (9, 2_560_000), (10, 3_600_000)] {
            let wait = wait_ms(attempts);
            assert!((longest / 2..=longest).contains(&wait), "{attempts}: {wait}");
        }
        assert!(wait_ms(MAX_ATTEMPTS) >= LONGEST_WAIT_MS / 2);
    }
}
