//! The arithmetic: what the journal promises against what is stored.

use serde::Serialize;

use crate::journal::{Fate, Recorded};

/// How many of each kind are named.
const EXAMPLES: usize = 20;

/// Rows seen of each request of a run, and rows of no request.
#[derive(Debug)]
pub(super) struct Stored {
    /// Rows by request, at most 255.
    times: Vec<u8>,
    rows: u64,
    strangers: Vec<String>,
    stranger_rows: u64,
}

/// A number of requests or rows, the first of them by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Named {
    pub(super) count: u64,
    pub(super) examples: Vec<String>,
}

/// What the comparison found. These always hold:
/// `scheduled = sent + not_sent`, `sent = answered + unknown`, `answered = promised + refused` and
/// `stored = (promised - lost) + unknown_stored + refused_stored + surplus + invented`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    /// Requests in the run.
    pub(super) scheduled: u64,
    /// Requests that left, or may have.
    pub(super) sent: u64,
    /// Requests that did not.
    pub(super) not_sent: u64,
    /// Requests with an answer.
    pub(super) answered: u64,
    /// Answers that promise a stored click: 2xx, 3xx and 410.
    pub(super) promised: u64,
    /// Other answers: whoever was turned away was not clicking.
    pub(super) refused: u64,
    /// Requests without an answer.
    pub(super) unknown: u64,
    /// Rows in ClickHouse with a nonce of the run.
    pub(super) stored: u64,
    /// Requests of unknown fate that are stored; any number is right.
    pub(super) unknown_stored: u64,
    /// Refused requests that are stored; nothing promises that they are not.
    pub(super) refused_stored: u64,
    /// Rows beyond the first of each doubled request.
    pub(super) surplus: u64,
    /// Promised requests that are not stored.
    pub(super) lost: Named,
    /// Sent requests that are stored more than once.
    pub(super) doubled: Named,
    /// Rows whose request was never sent.
    pub(super) invented: Named,
}

impl Stored {
    /// Nothing yet, of a run of `requests`.
    pub(super) fn new(requests: usize) -> Self {
        Self { times: vec![0; requests], rows: 0, strangers: Vec::new(), stranger_rows: 0 }
    }

    /// A row with a nonce of the run; `request` is the number in it, if it has one.
    pub(super) fn add(&mut self, nonce: &str, request: Option<u64>) {
        self.rows += 1;
        let place = request.and_then(|request| self.times.get_mut(usize::try_from(request).ok()?));
        if let Some(times) = place {
            *times = times.saturating_add(1);
        } else {
            self.stranger_rows += 1;
            if self.strangers.len() < EXAMPLES {
                self.strangers.push(nonce.to_owned());
            }
        }
    }
}

impl Verdict {
    /// No click lost, none doubled, none invented.
    pub(super) fn exact(&self) -> bool {
        self.lost.count == 0 && self.doubled.count == 0 && self.invented.count == 0
    }
}

/// Whether an answer of this status promises that the click is stored: the redirect and the card,
/// to whatever method, and the page of a link that is gone. Misses, limits and errors promise nothing.
fn promises(status: u16) -> bool {
    (200..400).contains(&status) || status == 410
}

/// Compares what was sent with what is stored.
pub(super) fn compare(journal: &Recorded, stored: &Stored, nonce: impl Fn(u64) -> String) -> Verdict {
    let mut verdict = Verdict { scheduled: journal.fates.len() as u64, stored: stored.rows, ..Verdict::default() };
    for (request, (fate, times)) in (0..).zip(journal.fates.iter().zip(&stored.times)) {
        let times = u64::from(*times);
        let sent = match fate {
            Fate::NeverReached | Fate::NotSent => {
                verdict.not_sent += 1;
                verdict.invented.add(times, || nonce(request));
                continue;
            }
            Fate::Sent => {
                verdict.unknown += 1;
                &mut verdict.unknown_stored
            }
            Fate::Answered(status) if promises(*status) => {
                verdict.promised += 1;
                if times == 0 {
                    verdict.lost.add(1, || nonce(request));
                }
                &mut 0
            }
            Fate::Answered(_) => {
                verdict.refused += 1;
                &mut verdict.refused_stored
            }
        };
        *sent += times.min(1);
        if times > 1 {
            verdict.surplus += times - 1;
            verdict.doubled.add(1, || nonce(request));
        }
    }
    verdict.answered = verdict.promised + verdict.refused;
    verdict.sent = verdict.answered + verdict.unknown;
    verdict.invented.count += stored.stranger_rows;
    verdict.invented.examples.extend(stored.strangers.iter().cloned());
    verdict.invented.examples.truncate(EXAMPLES);
    verdict
}

impl Named {
    fn add(&mut self, count: u64, name: impl FnOnce() -> String) {
        if count > 0 && self.examples.len() < EXAMPLES {
            self.examples.push(name());
        }
        self.count += count;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn journal(fates: Vec<Fate>) -> Recorded {
        Recorded { run: 1, started_at_ms: 0, fates, cut: 0 }
    }

    fn verdict(fates: &[Fate], rows: &[u64]) -> Verdict {
        let mut stored = Stored::new(fates.len());
        for row in rows {
            stored.add(&format!("nonce {row}"), Some(*row));
        }
        compare(&journal(fates.to_vec()), &stored, |request| format!("nonce {request}"))
    }

    const REDIRECTED: Fate = Fate::Answered(302);

    #[test]
    fn what_was_answered_and_is_stored_once_is_exact() {
        let fates =
            [REDIRECTED, Fate::Answered(200), Fate::Answered(410), Fate::Answered(404), Fate::Sent, Fate::NotSent];
        let verdict = verdict(&fates, &[2, 0, 1]);
        assert!(verdict.exact(), "{verdict:?}");
        assert_eq!((verdict.sent, verdict.answered, verdict.promised, verdict.unknown), (5, 4, 3, 1));
    }

    #[test]
    fn each_kind_of_difference_is_found_and_named() {
        let fates = [REDIRECTED, REDIRECTED, Fate::NotSent, Fate::NeverReached];
        let verdict = verdict(&fates, &[1, 1, 1, 2, 3, 3, 9]);
        assert!(!verdict.exact());
        assert_eq!(verdict.lost, Named { count: 1, examples: vec!["nonce 0".into()] });
        assert_eq!(verdict.doubled, Named { count: 1, examples: vec!["nonce 1".into()] });
        assert_eq!(verdict.surplus, 2);
        assert_eq!(verdict.invented.count, 4);
        assert_eq!(verdict.invented.examples, ["nonce 2", "nonce 3", "nonce 9"]);
    }

    #[test]
    fn an_unknown_fate_may_be_stored_once_and_not_twice() {
        assert!(verdict(&[Fate::Sent], &[]).exact());
        assert!(verdict(&[Fate::Sent], &[0]).exact());
        assert_eq!(verdict(&[Fate::Sent], &[0, 0]).doubled.count, 1);
    }

    #[test]
    fn no_more_than_twenty_are_named() {
        let lost = verdict(&vec![REDIRECTED; 100], &[]).lost;
        assert_eq!((lost.count, lost.examples.len()), (100, 20));
        let invented = verdict(&[], &(0..100).collect::<Vec<_>>()).invented;
        assert_eq!((invented.count, invented.examples.len()), (100, 20));
    }

    fn fate() -> impl Strategy<Value = Fate> {
        let status = prop::sample::select(vec![200, 302, 404, 410, 429, 500, 503]);
        prop_oneof![Just(Fate::NeverReached), Just(Fate::NotSent), Just(Fate::Sent), status.prop_map(Fate::Answered),]
    }

    proptest! {
        #[test]
        fn every_row_and_every_request_is_accounted_for_once(
            fates in prop::collection::vec(fate(), 0..60),
            rows in prop::collection::vec(0u64..70, 0..120),
        ) {
            let verdict = verdict(&fates, &rows);
            prop_assert_eq!(verdict.scheduled, verdict.sent + verdict.not_sent);
            prop_assert_eq!(
                verdict.stored,
                verdict.promised - verdict.lost.count
                    + verdict.unknown_stored
                    + verdict.refused_stored
                    + verdict.surplus
                    + verdict.invented.count
            );
        }

        /// What a correct server does is never blamed, and one fault of any kind always is.
        #[test]
        fn a_sound_store_is_exact_until_one_row_is_dropped_doubled_or_made_up(
            fates in prop::collection::vec(fate(), 1..60),
            stored_anyway: u64,
            at: prop::sample::Index,
        ) {
            let rows: Vec<u64> = (0..)
                .zip(&fates)
                .filter(|(request, fate)| match fate {
                    Fate::Answered(status) if promises(*status) => true,
                    Fate::Sent => stored_anyway >> (request % 64) & 1 == 1,
                    _ => false,
                })
                .map(|(request, _)| request)
                .collect();
            prop_assert!(verdict(&fates, &rows).exact());

            let request = at.index(fates.len());
            let more: Vec<u64> = rows.iter().copied().chain([request as u64, request as u64]).collect();
            prop_assert!(!verdict(&fates, &more).exact());
            if matches!(fates[request], Fate::Answered(status) if promises(status)) {
                let fewer: Vec<u64> = rows.iter().copied().filter(|row| *row != request as u64).collect();
                prop_assert_eq!(verdict(&fates, &fewer).lost.count, 1);
            }
        }
    }
}
