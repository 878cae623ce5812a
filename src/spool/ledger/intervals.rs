//! Sets of record numbers as sorted, disjoint, non-touching stretches.

/// A set of `u32`s. Stretches are `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::spool) struct Intervals(Vec<(u32, u32)>);

impl Intervals {
    pub(in crate::spool) fn insert(&mut self, from: u32, to: u32) {
        if from >= to {
            return;
        }
        // Everything that overlaps or touches is swallowed.
        let start = self.0.partition_point(|stretch| stretch.1 < from);
        let end = self.0.partition_point(|stretch| stretch.0 <= to);
        let merged = self.0[start..end].iter().fold((from, to), |all, one| (all.0.min(one.0), all.1.max(one.1)));
        self.0.splice(start..end, [merged]);
    }

    pub(in crate::spool) fn remove(&mut self, from: u32, to: u32) {
        if from >= to {
            return;
        }
        let start = self.0.partition_point(|stretch| stretch.1 <= from);
        let end = self.0.partition_point(|stretch| stretch.0 < to);
        let mut left = Vec::new();
        for &(a, b) in &self.0[start..end] {
            left.extend([(a, b.min(from)), (a.max(to), b)].into_iter().filter(|rest| rest.0 < rest.1));
        }
        self.0.splice(start..end, left);
    }

    pub(in crate::spool) fn insert_all(&mut self, other: &Self) {
        other.iter().for_each(|(from, to)| self.insert(from, to));
    }

    pub(in crate::spool) fn remove_all(&mut self, other: &Self) {
        other.iter().for_each(|(from, to)| self.remove(from, to));
    }

    pub(in crate::spool) fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, u32)> + '_ {
        self.0.iter().copied()
    }

    /// How many numbers it holds.
    pub(in crate::spool) fn count(&self) -> u32 {
        self.iter().map(|(from, to)| to - from).sum()
    }

    /// One past the highest number.
    pub(in crate::spool) fn end(&self) -> u32 {
        self.0.last().map_or(0, |last| last.1)
    }

    /// The part of it inside `from..to`.
    pub(in crate::spool) fn within(&self, from: u32, to: u32) -> Self {
        let cut = self.iter().map(|(a, b)| (a.max(from), b.min(to)));
        Self(cut.filter(|stretch| stretch.0 < stretch.1).collect())
    }

    /// What it lacks of `0..end`.
    pub(in crate::spool) fn holes(&self, end: u32) -> Self {
        let mut holes = Self::default();
        holes.insert(0, end);
        holes.remove_all(self);
        holes
    }

    pub(in crate::spool) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(u32, u32)> for Intervals {
    fn from_iter<I: IntoIterator<Item = (u32, u32)>>(stretches: I) -> Self {
        let mut all = Self::default();
        stretches.into_iter().for_each(|(from, to)| all.insert(from, to));
        all
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_set_that_it_claims_to_be(steps in prop::collection::vec((any::<bool>(), 0u32..40, 0u32..12), 0..60)) {
            let (mut intervals, mut set) = (Intervals::default(), BTreeSet::new());
            for (insert, from, length) in steps {
                if insert {
                    intervals.insert(from, from + length);
                    set.extend(from..from + length);
                } else {
                    intervals.remove(from, from + length);
                    set.retain(|number| !(from..from + length).contains(number));
                }
                let flat: Vec<u32> = intervals.iter().flat_map(|(a, b)| a..b).collect();
                prop_assert_eq!(&flat, &set.iter().copied().collect::<Vec<_>>());
                prop_assert!(intervals.0.windows(2).all(|pair| pair[0].1 < pair[1].0), "{:?}", intervals);
                prop_assert_eq!(intervals.count() as usize, set.len());
                let holes: Vec<u32> = intervals.holes(60).iter().flat_map(|(a, b)| a..b).collect();
                prop_assert_eq!(holes, (0..60).filter(|number| !set.contains(number)).collect::<Vec<_>>());
                prop_assert_eq!(intervals.within(5, 20).count() as usize, set.range(5..20).count());
            }
        }
    }
}
