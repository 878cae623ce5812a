//! Sets of record numbers of one segment, as ranges.

use crate::spool::Range;
use crate::warehouse::SegmentCount;

/// Whether the stored records of a segment are exactly the answered ones: as many, and none beyond the last.
pub(super) fn is_whole(count: &SegmentCount, answered: u32) -> bool {
    count.records == u64::from(answered) && count.last_record < answered
}

/// Ascending records of the segment of `of` as contiguous ranges.
pub(super) fn ranges_of(of: &Range, records: impl IntoIterator<Item = u32>) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    for record in records {
        let to = record.saturating_add(1);
        match ranges.last_mut() {
            Some(last) if last.to == record => last.to = to,
            _ => ranges.push(Range { from: record, to, ..*of }),
        }
    }
    ranges
}

/// What of `ranges` is not among the ascending `records`.
pub(super) fn subtract(ranges: &[Range], records: &[u32]) -> Vec<Range> {
    let left = |range: &Range| {
        let absent = (range.from..range.to).filter(|record| records.binary_search(record).is_err());
        ranges_of(range, absent)
    };
    ranges.iter().flat_map(left).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_found_at_both_ends_and_between() {
        let range = |from, to| Range { spool_id: 1, lane: 2, segment: 3, from, to };
        let left = subtract(&[range(0, 4), range(6, 9)], &[0, 2, 5, 8, 11]);
        assert_eq!(left, [range(1, 2), range(3, 4), range(6, 8)]);
        assert_eq!(subtract(&[range(0, 2)], &[0, 1]), []);
        assert_eq!(ranges_of(&range(0, 0), [4, 5, 7]), [range(4, 6), range(7, 8)]);
    }
}
