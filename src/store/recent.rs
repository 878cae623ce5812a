//! The newest changes of this process, as they were before they became text.
//!
//! Link table, webhooks and the outbox each read the same feed. Links and shares come by the hundred thousand at a
//! time, and to read and parse each of them three times is most of the work then. So the newest of them are kept here
//! as they were written, after their commit. Anything else, or a change of another process in between, ends the run;
//! who needs more asks the engine. So nothing here names a person, and nothing here is needed.

use std::collections::VecDeque;

use parking_lot::Mutex;

use crate::model::{Change, Entity};

/// Changes that are kept, at most: some 12 MB.
pub(super) const CAPACITY: usize = 1 << 16;

/// One run of changes, without gaps.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<VecDeque<Change>>);

impl Recent {
    /// Whether a change of this may be kept.
    pub(super) fn keeps(entity: &Entity) -> bool {
        matches!(entity, Entity::Link(_) | Entity::Share(_))
    }

    /// At most `limit` changes after `seq`; none unless the next one is here.
    pub(super) fn after(&self, seq: u64, limit: u32) -> Option<Vec<Change>> {
        let run = self.0.lock();
        let skipped = (seq + 1).checked_sub(run.front()?.seq)?;
        let skipped = usize::try_from(skipped).ok().filter(|skipped| *skipped < run.len() && limit > 0)?;
        Some(run.range(skipped..).take(limit as usize).cloned().collect())
    }

    /// Takes what a transaction committed, in its order; an empty list when it may not be kept.
    pub(super) fn committed(&self, changes: Vec<Change>) {
        let mut run = self.0.lock();
        let Some(first) = changes.first() else {
            run.clear();
            return;
        };
        match run.back() {
            Some(last) if last.seq + 1 == first.seq => {}
            // A later transaction was told of before this one.
            Some(last) if last.seq >= first.seq => return,
            _ => run.clear(),
        }
        run.extend(changes);
        let surplus = run.len().saturating_sub(CAPACITY);
        run.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LinkId;

    fn changes(numbers: std::ops::RangeInclusive<u64>) -> Vec<Change> {
        let entity = Entity::LinkRemoved(LinkId::from_bits(1));
        numbers.map(|seq| Change { seq, at_ms: 0, entity: entity.clone() }).collect()
    }

    fn after(recent: &Recent, seq: u64) -> Option<Vec<u64>> {
        recent.after(seq, 100).map(|changes| changes.iter().map(|change| change.seq).collect())
    }

    #[test]
    fn a_run_has_no_gap_and_says_nothing_about_what_it_does_not_hold() {
        let recent = Recent::default();
        assert_eq!(after(&recent, 0), None);
        recent.committed(changes(5..=7));
        recent.committed(changes(8..=8));
        assert_eq!(after(&recent, 3), None);
        assert_eq!(after(&recent, 4), Some(vec![5, 6, 7, 8]));
        assert_eq!(after(&recent, 7), Some(vec![8]));
        assert_eq!(after(&recent, 8), None, "there may be more that others wrote");
        assert_eq!(after(&recent, u64::MAX - 1), None);
        assert_eq!(recent.after(4, 2).map(|changes| changes.len()), Some(2));
        // Another process wrote 9.
        recent.committed(changes(10..=11));
        assert_eq!((after(&recent, 8), after(&recent, 9)), (None, Some(vec![10, 11])));
        // Told late.
        recent.committed(changes(9..=9));
        assert_eq!(after(&recent, 9), Some(vec![10, 11]));
        recent.committed(Vec::new());
        assert_eq!(after(&recent, 9), None);
    }

    #[test]
    fn the_oldest_go_first() {
        let recent = Recent::default();
        recent.committed(changes(1..=CAPACITY as u64));
        recent.committed(changes(CAPACITY as u64 + 1..=CAPACITY as u64 + 3));
        assert_eq!(recent.after(2, 1), None);
        assert_eq!(recent.after(3, 1).map(|changes| changes[0].seq), Some(4));
    }
}
