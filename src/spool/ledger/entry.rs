//! What one entry of the ledger says, and its bytes.

use std::sync::Arc;

use super::codec::{Decoder, Encoder};
use super::intervals::Intervals;
use super::manifest::Manifest;
use super::state::{Closed, Past, Segment};
use crate::spool::identity::{Key, Range, RecordId};

/// Something that happened, or (the last four) a compacted sum of what had happened.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::spool) enum Entry {
    /// The first entry: whose ledger this is, and the highest segment number that was ever given.
    Identity { spool_id: u128, highest: u64 },
    /// A segment is about to be allocated: its number is used, whatever comes of it.
    Begun { key: Key, bytes: u64, created_ms: u64 },
    /// A segment takes no more records.
    Closed { key: Key, answered: u32, gaps: Intervals, at_ms: u64 },
    /// Records that were found to be unreadable.
    Missing { key: Key, records: Intervals },
    /// A batch is about to be sent.
    Opened(Manifest),
    /// A batch is about to be sent again under another token.
    Generation { batch: u128, generation: u32 },
    /// A batch was verified.
    Stored { batch: u128 },
    /// Records of an open batch that ClickHouse will not take.
    Quarantined { batch: u128, records: Vec<(RecordId, Arc<str>)> },
    /// A batch that is known not to be stored: its records are pending again.
    Released { batch: u128 },
    /// Stored or quarantined records that are to be shipped again.
    Requeued { ranges: Vec<Range> },
    /// What of a doubtful segment turned out to be stored; the rest is not.
    Proven { key: Key, stored: Intervals },
    /// Records of a segment may be stored although nothing here says so.
    Doubted { key: Key },
    /// A segment's file is removed.
    Forgotten { key: Key },
    /// A segment whose file is there.
    Segment(Key, Box<Segment>),
    /// A segment whose file is gone.
    Past(Past),
    /// A compacted ledger holds everything up to here: it was in place before the next entry was written.
    Complete,
}

impl Entry {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::default();
        match self {
            Self::Identity { spool_id, highest } => {
                out.u8(1).u128(*spool_id).u64(*highest);
            }
            Self::Begun { key, bytes, created_ms } => {
                put_key(out.u8(2), *key);
                out.u64(*bytes).u64(*created_ms);
            }
            Self::Closed { key, answered, gaps, at_ms } => {
                put_key(out.u8(3), *key);
                out.u32(*answered).u64(*at_ms);
                put_intervals(&mut out, gaps);
            }
            Self::Missing { key, records } => {
                put_key(out.u8(4), *key);
                put_intervals(&mut out, records);
            }
            Self::Opened(manifest) => put_manifest(out.u8(5), manifest),
            Self::Generation { batch, generation } => {
                out.u8(6).u128(*batch).u32(*generation);
            }
            Self::Stored { batch } => {
                out.u8(7).u128(*batch);
            }
            Self::Quarantined { batch, records } => {
                out.u8(8).u128(*batch);
                out.list(records.iter(), |out, (id, reason)| {
                    put_key(out, id.key());
                    out.u32(id.record).text(reason);
                });
            }
            Self::Released { batch } => {
                out.u8(9).u128(*batch);
            }
            Self::Requeued { ranges } => out.u8(10).list(ranges.iter(), put_range),
            Self::Proven { key, stored } => {
                put_key(out.u8(11), *key);
                put_intervals(&mut out, stored);
            }
            Self::Forgotten { key } => put_key(out.u8(12), *key),
            Self::Doubted { key } => put_key(out.u8(15), *key),
            Self::Complete => {
                out.u8(16);
            }
            Self::Segment(key, segment) => {
                put_key(out.u8(13), *key);
                put_segment(&mut out, segment);
            }
            Self::Past(past) => {
                put_key(out.u8(14), past.key);
                out.u32(past.answered).u32(past.stored).u32(past.quarantined);
                put_intervals(&mut out, &past.gaps);
            }
        }
        out.0
    }

    /// `None`: of no kind that this program knows, or not the bytes of one.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut from = Decoder(bytes);
        let entry = match from.u8()? {
            1 => Self::Identity { spool_id: from.u128()?, highest: from.u64()? },
            2 => Self::Begun { key: key(&mut from)?, bytes: from.u64()?, created_ms: from.u64()? },
            3 => {
                let (key, answered, at_ms) = (key(&mut from)?, from.u32()?, from.u64()?);
                Self::Closed { key, answered, at_ms, gaps: intervals(&mut from)? }
            }
            4 => Self::Missing { key: key(&mut from)?, records: intervals(&mut from)? },
            5 => Self::Opened(manifest(&mut from)?),
            6 => Self::Generation { batch: from.u128()?, generation: from.u32()? },
            7 => Self::Stored { batch: from.u128()? },
            8 => Self::Quarantined {
                batch: from.u128()?,
                records: from.list(|from| {
                    let (key, record) = (key(from)?, from.u32()?);
                    Some((key.range(0, 0).id(record), from.text()?.into()))
                })?,
            },
            9 => Self::Released { batch: from.u128()? },
            10 => Self::Requeued { ranges: from.list(range)? },
            11 => Self::Proven { key: key(&mut from)?, stored: intervals(&mut from)? },
            12 => Self::Forgotten { key: key(&mut from)? },
            13 => Self::Segment(key(&mut from)?, Box::new(segment(&mut from)?)),
            14 => Self::Past(Past {
                key: key(&mut from)?,
                answered: from.u32()?,
                stored: from.u32()?,
                quarantined: from.u32()?,
                gaps: intervals(&mut from)?,
            }),
            15 => Self::Doubted { key: key(&mut from)? },
            16 => Self::Complete,
            _ => return None,
        };
        from.0.is_empty().then_some(entry)
    }
}

fn put_key(out: &mut Encoder, key: Key) {
    out.u128(key.spool_id).u8(key.lane).u64(key.segment);
}

fn key(from: &mut Decoder<'_>) -> Option<Key> {
    let (spool_id, lane, segment) = (from.u128()?, from.u8()?, from.u64()?);
    Some(Key { segment, lane, spool_id })
}

fn put_range(out: &mut Encoder, range: &Range) {
    put_key(out, range.key());
    out.u32(range.from).u32(range.to);
}

fn range(from: &mut Decoder<'_>) -> Option<Range> {
    Some(key(from)?.range(from.u32()?, from.u32()?))
}

fn put_intervals(out: &mut Encoder, intervals: &Intervals) {
    let stretches: Vec<_> = intervals.iter().collect();
    out.list(stretches.iter(), |out, (from, to)| {
        out.u32(*from).u32(*to);
    });
}

fn intervals(from: &mut Decoder<'_>) -> Option<Intervals> {
    Some(from.list(|from| Some((from.u32()?, from.u32()?)))?.into_iter().collect())
}

fn put_manifest(out: &mut Encoder, manifest: &Manifest) {
    out.u128(manifest.batch).u32(manifest.generation).u32(manifest.partition).u16(manifest.schema);
    out.u64(manifest.rows).u64(manifest.fingerprint).text(&manifest.token).text(&manifest.target);
    out.list(manifest.ranges.iter(), put_range);
}

fn manifest(from: &mut Decoder<'_>) -> Option<Manifest> {
    Some(Manifest {
        batch: from.u128()?,
        generation: from.u32()?,
        partition: from.u32()?,
        schema: from.u16()?,
        rows: from.u64()?,
        fingerprint: from.u64()?,
        token: from.text()?,
        target: from.text()?,
        ranges: from.list(range)?,
    })
}

fn put_segment(out: &mut Encoder, segment: &Segment) {
    out.u64(segment.bytes).u64(segment.created_ms).u8(segment.doubtful.into()).u8(segment.closed.is_some().into());
    if let Some(closed) = segment.closed {
        out.u32(closed.answered).u64(closed.at_ms);
    }
    put_intervals(out, &segment.gaps);
    put_intervals(out, &segment.stored);
    // Neighbours usually share their reason, which is the long part.
    let mut runs: Vec<(u32, u32, &str)> = Vec::new();
    for (record, reason) in &segment.quarantined {
        match runs.last_mut() {
            Some(run) if run.1 == *record && run.2 == &**reason => run.1 += 1,
            _ => runs.push((*record, record + 1, reason)),
        }
    }
    out.list(runs.iter(), |out, (from, to, reason)| {
        out.u32(*from).u32(*to).text(reason);
    });
}

fn segment(from: &mut Decoder<'_>) -> Option<Segment> {
    let (bytes, created_ms, doubtful) = (from.u64()?, from.u64()?, from.u8()? != 0);
    let closed = match from.u8()? {
        0 => None,
        _ => Some(Closed { answered: from.u32()?, at_ms: from.u64()? }),
    };
    let (gaps, stored) = (intervals(from)?, intervals(from)?);
    let runs = from.list(|from| Some((from.u32()?, from.u32()?, Arc::<str>::from(from.text()?))))?;
    let quarantined = runs.into_iter().flat_map(|(a, b, reason)| (a..b).map(move |record| (record, reason.clone())));
    let quarantined = quarantined.collect();
    Some(Segment { bytes, created_ms, closed, gaps, stored, quarantined, open: Intervals::default(), doubtful })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_its_bytes_and_no_shorter_ones_are_taken() {
        let key = Key { segment: 7, lane: 3, spool_id: 9 };
        let some: Intervals = [(1, 4), (8, 9)].into_iter().collect();
        let manifest = Manifest {
            batch: 5,
            generation: 2,
            ranges: vec![key.range(0, 4), key.range(6, 9)],
            partition: 202_611,
            schema: 1,
            rows: 7,
            fingerprint: 42,
            token: "5:2".into(),
            target: "shard-1".into(),
        };
        let segment = Segment {
            bytes: 4096,
            created_ms: 1,
            closed: Some(Closed { answered: 12, at_ms: 2 }),
            gaps: some.clone(),
            stored: some.clone(),
            quarantined: [(4, "a".into()), (5, "a".into()), (6, "b".into()), (9, "b".into())].into(),
            open: Intervals::default(),
            doubtful: true,
        };
        let entries = [
            Entry::Identity { spool_id: 1, highest: 2 },
            Entry::Begun { key, bytes: 3, created_ms: 4 },
            Entry::Closed { key, answered: 9, gaps: some.clone(), at_ms: 8 },
            Entry::Missing { key, records: some.clone() },
            Entry::Opened(manifest),
            Entry::Generation { batch: 5, generation: 3 },
            Entry::Stored { batch: 5 },
            Entry::Quarantined { batch: 5, records: vec![(key.range(0, 1).id(0), "bad date".into())] },
            Entry::Released { batch: 5 },
            Entry::Requeued { ranges: vec![key.range(1, 2)] },
            Entry::Proven { key, stored: some.clone() },
            Entry::Forgotten { key },
            Entry::Doubted { key },
            Entry::Complete,
            Entry::Segment(key, Box::new(segment)),
            Entry::Past(Past { key, answered: 1, stored: 2, quarantined: 3, gaps: some }),
        ];
        for entry in entries {
            let bytes = entry.encode();
            assert_eq!(Entry::decode(&bytes), Some(entry.clone()));
            for length in 0..bytes.len() {
                assert_eq!(Entry::decode(&bytes[..length]), None, "{length} bytes of {entry:?}");
            }
        }
    }
}
