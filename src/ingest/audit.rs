//! What was answered against what is stored: by spool, lane and segment, any day.
//!
//! Every record that was answered ends stored once, in quarantine, or (until then) waiting. The audit
//! compares the ledger's books with the identities in ClickHouse, not counts with counts: a lost click
//! and an invented one do not cancel each other out.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::Serialize;

use super::records::{is_whole, ranges_of, subtract};
use crate::spool::{Ledger, Range, SegmentSummary};
use crate::warehouse::{CallError, ClickSink, SegmentCount};

/// The result of an audit; serialises to JSON and prints as a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One for each spool id that the ledger knows: more than one after a ledger was lost.
    pub nodes: Vec<NodeReport>,
    /// Clicks that were answered while the spool could not take them, by reason; in no figure below.
    pub unrecorded: BTreeMap<&'static str, u64>,
}

/// The figures of one spool id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeReport {
    /// 32 hexadecimal digits.
    pub spool_id: String,
    /// Sums over its segments.
    pub total: Figures,
    /// Segments of which a record was answered or is stored, by lane and segment.
    pub segments: Vec<SegmentReport>,
    /// Stored rows of segments that the ledger has no account of, because an earlier ledger was lost. They cannot
    /// be checked.
    pub unaccounted: u64,
}

/// What became of the records of one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentReport {
    /// The redirect worker.
    pub lane: u8,
    /// Number of the segment.
    pub segment: u64,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Records that were answered and are nowhere, as `from` to `to` (exclusive). Empty for a segment that the spool
    /// has removed: then only their number is known.
    pub lost_records: Vec<(u32, u32)>,
    /// Records that a reader sees more than once, as `from` to `to` (exclusive).
    pub doubled_records: Vec<(u32, u32)>,
    /// Stored records that were never answered, as `from` to `to` (exclusive).
    pub invented_records: Vec<(u32, u32)>,
}

/// Counts of records, but for `rows`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// Given to an answer.
    pub answered: u64,
    /// Distinct records in ClickHouse that were answered, or were there until retention removed them.
    pub stored: u64,
    /// Those of them that retention removed.
    pub expired: u64,
    /// Rows as they lie; more than `stored` where a retry's duplicates are not merged yet, which no reader sees.
    pub rows: u64,
    /// In quarantine.
    pub quarantined: u64,
    /// Not shipped or not verified yet.
    pub waiting: u64,
    /// Answered, and neither stored nor in quarantine nor waiting.
    pub lost: u64,
    /// Rows that a reader sees beyond one a record.
    pub doubled: u64,
    /// Stored and never answered.
    pub invented: u64,
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.answered += other.answered;
        self.stored += other.stored;
        self.expired += other.expired;
        self.rows += other.rows;
        self.quarantined += other.quarantined;
        self.waiting += other.waiting;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.invented += other.invented;
    }

    fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.invented == 0
    }
}

impl Report {
    /// Nothing lost, nothing doubled, nothing invented.
    pub fn is_clean(&self) -> bool {
        self.nodes.iter().all(|node| node.total.is_clean())
    }
}

/// What a ledger says about every segment that it knows, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    /// The id under which new records are given out.
    pub spool_id: u128,
    /// Each segment's account, and which of its records are verified to be stored.
    pub segments: Vec<(SegmentSummary, Vec<Range>)>,
    /// Clicks that were answered while the spool could not take them, by reason.
    pub unrecorded: Vec<(&'static str, u64)>,
}

impl Books {
    /// Reads them.
    pub fn of(ledger: &Ledger) -> Self {
        let with_stored = |segment: SegmentSummary| {
            let SegmentSummary { spool_id, lane, segment: number, answered, .. } = segment;
            let stored = ledger.stored_ranges(&Range { spool_id, lane, segment: number, from: 0, to: answered });
            (segment, stored)
        };
        Self {
            spool_id: ledger.spool_id(),
            segments: ledger.segments().into_iter().map(with_stored).collect(),
            unrecorded: ledger.unrecorded().into_iter().map(|(reason, count)| (reason.as_str(), count)).collect(),
        }
    }

    fn answered(&self, spool_id: u128) -> HashMap<(u8, u64), u32> {
        let of_spool = self.segments.iter().map(|(segment, _)| segment).filter(|one| one.spool_id == spool_id);
        of_spool.map(|segment| ((segment.lane, segment.segment), segment.answered)).collect()
    }
}

/// Compares the books of a ledger with ClickHouse. Reads the identities of the whole table once for each spool id,
/// and the records of those segments whose counts leave a question.
///
/// Redirects and shipping may go on meanwhile. `read` is asked before ClickHouse, so that what is verified in between
/// is no loss, and once more afterwards, so that what is answered in between is no invention.
///
/// # Errors
/// The first question that ClickHouse did not answer; nothing is tried again.
pub async fn audit(read: impl Fn() -> Books, sink: &dyn ClickSink) -> Result<Report, CallError> {
    let before = read();
    let mut spools: BTreeMap<u128, Vec<_>> = BTreeMap::from([(before.spool_id, Vec::new())]);
    for (segment, stored) in before.segments {
        spools.entry(segment.spool_id).or_default().push((segment, stored));
    }
    let mut nodes = Vec::new();
    for (spool_id, segments) in spools {
        let counts = sink.segment_counts(spool_id, &[]).await?;
        let mut counts: HashMap<_, _> = counts.into_iter().map(|count| ((count.lane, count.segment), count)).collect();
        let mut reports = Vec::new();
        for (segment, stored) in segments {
            let count = counts.remove(&(segment.lane, segment.segment));
            reports.push(audit_segment(sink, &segment, &stored, count).await?);
        }
        let after = read().answered(spool_id);
        reports.iter_mut().for_each(|report| report.acquit(&after));
        counts.retain(|place, _| !after.contains_key(place));
        let mut unaccounted = 0;
        for count in counts.into_values() {
            if spool_id == before.spool_id {
                reports.push(invented_segment(sink, spool_id, &count).await?);
            } else {
                unaccounted += count.rows;
            }
        }
        reports.sort_by_key(|report| (report.lane, report.segment));
        let mut total = Figures::default();
        reports.iter().for_each(|report| total.add(&report.figures));
        nodes.push(NodeReport { spool_id: format!("{spool_id:032x}"), total, segments: reports, unaccounted });
    }
    Ok(Report { nodes, unrecorded: before.unrecorded.into_iter().collect() })
}

impl SegmentReport {
    fn new(lane: u8, segment: u64) -> Self {
        let none = Vec::new;
        let figures = Figures::default();
        Self { lane, segment, figures, lost_records: none(), doubled_records: none(), invented_records: none() }
    }

    /// What was answered after the books were read first is not invented.
    fn acquit(&mut self, answered: &HashMap<(u8, u64), u32>) {
        let answered = answered.get(&(self.lane, self.segment)).copied().unwrap_or_default();
        self.invented_records.iter_mut().for_each(|(from, _)| *from = answered.max(*from));
        self.invented_records.retain(|(from, to)| from < to);
        self.figures.invented = self.invented_records.iter().map(|(from, to)| u64::from(to - from)).sum();
    }
}

async fn audit_segment(
    sink: &dyn ClickSink,
    segment: &SegmentSummary,
    verified: &[Range],
    count: Option<SegmentCount>,
) -> Result<SegmentReport, CallError> {
    let SegmentSummary { spool_id, lane, segment: number, answered, .. } = *segment;
    let whole = Range { spool_id, lane, segment: number, from: 0, to: answered };
    let mut figures = Figures {
        answered: answered.into(),
        quarantined: segment.quarantined.into(),
        waiting: u64::from(segment.open) + u64::from(segment.pending),
        ..Figures::default()
    };
    let mut report = SegmentReport::new(lane, number);
    let mut there = Vec::new();
    if let Some(count) = &count {
        figures.rows = count.rows;
        figures.expired = count.expired;
        figures.doubled = count.doubled();
        report.doubled_records = doubled(sink, spool_id, count).await?;
        there = if is_whole(count, answered) {
            (0..answered).collect()
        } else {
            sink.stored_records(spool_id, lane, number, &[]).await?
        };
    }
    let known = there.partition_point(|record| *record < answered);
    let (known, beyond) = there.split_at(known);
    figures.stored = known.len() as u64;
    figures.invented = beyond.len() as u64;
    report.invented_records = pairs(&ranges_of(&whole, beyond.iter().copied()));
    if segment.forgotten {
        let expected = u64::from(segment.stored) + u64::from(segment.missing);
        figures.lost = expected.saturating_sub(figures.stored);
    } else {
        // What the ledger knows to be verified must be there; what it knows to be missing may be there all the same.
        let lost = subtract(&[verified, &segment.gaps].concat(), known);
        let mut lost: Vec<_> = lost.iter().flat_map(|range| range.from..range.to).collect();
        lost.sort_unstable();
        lost.dedup();
        figures.lost = lost.len() as u64;
        report.lost_records = pairs(&ranges_of(&whole, lost));
    }
    report.figures = figures;
    Ok(report)
}

async fn invented_segment(
    sink: &dyn ClickSink,
    spool_id: u128,
    count: &SegmentCount,
) -> Result<SegmentReport, CallError> {
    let figures = Figures {
        rows: count.rows,
        expired: count.expired,
        doubled: count.doubled(),
        invented: count.records,
        ..Figures::default()
    };
    Ok(SegmentReport {
        figures,
        doubled_records: doubled(sink, spool_id, count).await?,
        // Which ones follows from the segment: all of them.
        invented_records: vec![(0, count.last_record.saturating_add(1))],
        ..SegmentReport::new(count.lane, count.segment)
    })
}

/// Which records are seen more than once; asked for only where the counts say that there are some.
async fn doubled(sink: &dyn ClickSink, spool_id: u128, count: &SegmentCount) -> Result<Vec<(u32, u32)>, CallError> {
    if count.doubled() == 0 {
        return Ok(Vec::new());
    }
    let (lane, segment) = (count.lane, count.segment);
    let records = sink.doubled_records(spool_id, lane, segment).await?;
    Ok(pairs(&ranges_of(&Range { spool_id, lane, segment, from: 0, to: u32::MAX }, records)))
}

fn pairs(ranges: &[Range]) -> Vec<(u32, u32)> {
    ranges.iter().map(|range| (range.from, range.to)).collect()
}

impl fmt::Display for Report {
    /// One line a node, and one for each segment with a difference.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for node in &self.nodes {
            writeln!(f, "spool {}: {}", node.spool_id, node.total)?;
            if node.unaccounted > 0 {
                writeln!(f, "  {} rows of segments older than the ledger cannot be checked", node.unaccounted)?;
            }
            for segment in node.segments.iter().filter(|segment| !segment.figures.is_clean()) {
                writeln!(f, "  lane {} segment {}: {}", segment.lane, segment.segment, segment.figures)?;
                name(f, "lost", &segment.lost_records)?;
                name(f, "doubled", &segment.doubled_records)?;
                name(f, "invented", &segment.invented_records)?;
            }
        }
        for (reason, count) in self.unrecorded.iter().filter(|(_, count)| **count > 0) {
            writeln!(f, "unrecorded ({reason}): {count}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answered, stored, expired, rows, quarantined, waiting, lost, doubled, invented } = self;
        write!(
            f,
            "answered {answered}, stored {stored} ({rows} rows, {expired} expired), quarantined {quarantined}, \
             waiting {waiting}, lost {lost}, doubled {doubled}, invented {invented}"
        )
    }
}

fn name(f: &mut fmt::Formatter<'_>, what: &str, records: &[(u32, u32)]) -> fmt::Result {
    if records.is_empty() {
        return Ok(());
    }
    write!(f, "    {what}:")?;
    for (from, to) in records {
        if to - from == 1 { write!(f, " {from}")? } else { write!(f, " {from}-{}", to - 1)? }
    }
    writeln!(f)
}
