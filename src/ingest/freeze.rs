//! From records to frozen rows: decode, open the address, enrich, encode. Runs on its own thread.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::batch::{Batch, Buffers};
use super::config::Config;
use super::row;
use crate::enrich::{Enricher, local_day};
use crate::model::address::{Day, utc_day};
use crate::model::erased::ErasedNow;
use crate::model::{Click, DayKey, DayKeys, Erased};
use crate::spool::{Ledger, Range, ReadError, Reader, RecordId, Spool};
use crate::warehouse::click_row::partition_of;

/// Cuts batches from what waits in the spool and freezes their rows.
pub(super) struct Freezer {
    reader: Reader,
    ledger: Arc<Ledger>,
    enricher: Arc<Enricher>,
    keys: Arc<DayKeys>,
    erased: Arc<Erased>,
    config: Config,
    spare: Vec<Buffers>,
    /// Segments that could not be read, to say so once.
    unreadable: HashSet<(u128, u8, u64)>,
}

/// What one cut took from the spool.
pub(super) struct Cut {
    /// Contiguous records, newest segment first.
    pub(super) ranges: Vec<Range>,
    /// Rows of the ranges' readable records.
    pub(super) batch: Batch,
    /// Records that become no row, and why.
    pub(super) undecodable: Vec<(RecordId, String)>,
    /// More was waiting than went in: another cut should follow at once. Of a batch that is frozen again: a range
    /// could not be read.
    pub(super) more: bool,
}

impl Freezer {
    pub(super) fn new(
        spool: &Spool,
        enricher: Arc<Enricher>,
        keys: Arc<DayKeys>,
        erased: Arc<Erased>,
        config: Config,
    ) -> Self {
        let (reader, ledger) = (spool.reader(), spool.ledger().clone());
        Self { reader, ledger, enricher, keys, erased, config, spare: Vec::new(), unreadable: HashSet::new() }
    }

    /// Takes from every lane what waits, newest segment first, up to one batch of one month.
    /// `None` when nothing waits or nothing of it can be read.
    ///
    /// The newest waiting segment decides on the month. A range ends where another month begins, so
    /// its rest and the ranges of other months make up a later batch.
    pub(super) fn cut(&mut self, id: u128) -> Option<Cut> {
        let mut pending = self.reader.pending();
        // Whether these are stored already is being asked, see `reconcile`.
        pending.retain(|range| !self.ledger.is_doubtful(range));
        if pending.is_empty() {
            // The backlog is over: its buffers are given back.
            self.spare.clear();
            return None;
        }
        let buffers = self.spare.pop().unwrap_or_default();
        let mut filling = Filling::new(id, buffers, &self.enricher, &self.keys, self.erased.now(), &self.config);
        let (mut ranges, mut more) = (Vec::new(), false);
        for range in &pending {
            if filling.is_full() {
                more = true;
                break;
            }
            match filling.take(&self.reader, range) {
                Ok(taken) => {
                    more |= taken.to < range.to;
                    ranges.extend((taken.from < taken.to).then_some(taken));
                }
                Err(error) => warn_once(&mut self.unreadable, range, &error),
            }
        }
        let cut = filling.end(ranges, more);
        if cut.ranges.is_empty() {
            self.recycle(cut.batch);
            return None;
        }
        Some(cut)
    }

    /// Freezes the ranges of a batch that was opened before, but for the records that are in
    /// quarantine already. What cannot be read any more is left out.
    pub(super) fn refreeze(&mut self, id: u128, partition: u32, ranges: &[Range], refused: &BTreeSet<RecordId>) -> Cut {
        let unbounded = Config { batch_rows: u32::MAX, batch_bytes: u32::MAX, ..self.config.clone() };
        let buffers = self.spare.pop().unwrap_or_default();
        let mut filling = Filling::new(id, buffers, &self.enricher, &self.keys, self.erased.now(), &unbounded);
        filling.partition = Some(partition);
        filling.refused = Some(refused);
        let (mut taken, mut unreadable) = (Vec::new(), false);
        for range in ranges {
            match filling.take(&self.reader, range) {
                Ok(range) => taken.push(range),
                Err(error) => {
                    unreadable = true;
                    warn_once(&mut self.unreadable, range, &error);
                }
            }
        }
        filling.end(taken, unreadable)
    }

    /// When the oldest waiting record was answered, milliseconds since 1970.
    pub(super) fn oldest_pending_ms(&self) -> Option<i64> {
        let oldest = self.reader.pending().pop()?;
        let first = Range { to: oldest.from + 1, ..oldest };
        let mut clicked_at_ms = None;
        let mut look = |_, bytes: &[u8]| clicked_at_ms = Click::decode(bytes).ok().map(|click| click.clicked_at_ms);
        self.reader.read(&first, &mut look).ok()?;
        clicked_at_ms
    }

    /// Keeps a finished batch's allocations for the next one.
    pub(super) fn recycle(&mut self, batch: Batch) {
        if self.spare.len() < self.config.in_flight_batches {
            self.spare.push(Buffers::from_batch(batch));
        }
    }
}

fn warn_once(known: &mut HashSet<(u128, u8, u64)>, range: &Range, error: &ReadError) {
    if known.insert((range.spool_id, range.lane, range.segment)) {
        let spool = format!("{:032x}", range.spool_id);
        tracing::warn!(%spool, lane = range.lane, segment = range.segment, %error,
            "a segment cannot be read: its waiting clicks stay unshipped; `relais audit` counts them");
    }
}

/// A batch while it is being filled.
struct Filling<'f> {
    id: u128,
    buffers: Buffers,
    enricher: &'f Enricher,
    keys: &'f DayKeys,
    erased: ErasedNow,
    config: &'f Config,
    partition: Option<u32>,
    /// Set when the ranges are given: nothing but these records is left out, so another month ends no range.
    refused: Option<&'f BTreeSet<RecordId>>,
    undecodable: Vec<(RecordId, String)>,
    oldest_ms: i64,
    today: Option<Today>,
}

/// What all records of one UTC day share.
struct Today {
    day: Day,
    partition: u32,
    /// Of the day before, this day and the day after: the local day of a space is one of them.
    keys: [Option<DayKey>; 3],
}

impl Today {
    fn new(day: Day, at_ms: i64, keys: &DayKeys) -> Self {
        let near = [day.saturating_sub(1), day, day.saturating_add(1)];
        Self { day, partition: partition_of(at_ms), keys: near.map(|day| keys.get(day)) }
    }

    /// None, too, for a local day that no offset of this world leads to.
    fn key(&self, day: Day) -> Option<&DayKey> {
        let index = usize::try_from(i64::from(day) - i64::from(self.day) + 1).ok()?;
        self.keys.get(index)?.as_ref()
    }
}

impl<'f> Filling<'f> {
    fn new(
        id: u128,
        buffers: Buffers,
        enricher: &'f Enricher,
        keys: &'f DayKeys,
        erased: ErasedNow,
        config: &'f Config,
    ) -> Self {
        Self {
            id,
            buffers,
            enricher,
            keys,
            erased,
            config,
            partition: None,
            refused: None,
            undecodable: Vec::new(),
            oldest_ms: i64::MAX,
            today: None,
        }
    }

    fn records(&self) -> u32 {
        self.buffers.rows() + self.undecodable.len() as u32 // both together at most `batch_rows`
    }

    fn is_full(&self) -> bool {
        self.records() >= self.config.batch_rows || self.buffers.bytes.len() >= self.config.batch_bytes as usize
    }

    /// Takes the start of `range` and says how far it came. After an error nothing of it is taken.
    fn take(&mut self, reader: &Reader, range: &Range) -> Result<Range, ReadError> {
        let before = (self.buffers.rows(), self.undecodable.len());
        let room = self.config.batch_rows.saturating_sub(self.records());
        let mut taken = Range { to: range.to.min(range.from.saturating_add(room)), ..*range };
        let mut end = None;
        // The reader visits on after the end, for nothing; a segment is small.
        let result = reader.read(&taken, &mut |id, bytes| {
            if end.is_none() && !self.record(id, bytes) {
                end = Some(id.record);
            }
        });
        if let Err(error) = result {
            self.buffers.truncate(before.0);
            self.undecodable.truncate(before.1);
            return Err(error);
        }
        taken.to = end.unwrap_or(taken.to);
        Ok(taken)
    }

    /// Takes one record; false when it belongs into another batch.
    fn record(&mut self, id: RecordId, bytes: &[u8]) -> bool {
        if self.is_full() {
            return false;
        }
        if self.refused.is_some_and(|refused| refused.contains(&id)) {
            return true;
        }
        let click = match Click::decode(bytes) {
            Ok(click) => self.erased.forget(click),
            Err(error) => {
                self.undecodable.push((id, error.to_string()));
                return true;
            }
        };
        let day = utc_day(click.clicked_at_ms);
        if self.today.as_ref().is_none_or(|today| today.day != day) {
            self.today = Some(Today::new(day, click.clicked_at_ms, self.keys));
        }
        let today = self.today.as_ref().expect("set above");
        if *self.partition.get_or_insert(today.partition) != today.partition {
            if self.refused.is_none() {
                return false;
            }
            // Cannot happen while decoding stays what it was when the batch was opened.
            self.undecodable.push((id, "the record's month is not its batch's".to_owned()));
            return true;
        }
        let sealed = click.address.zip(today.key(day));
        let address = sealed.map(|(address, key)| key.open(address, id.lane, id.segment, id.record));
        let facts = self.enricher.facts(&click, address, today.key(local_day(&click)));
        row::encode(&id, &click, &facts, self.id, &mut self.buffers.bytes);
        self.buffers.push(id, facts.class);
        self.oldest_ms = self.oldest_ms.min(click.clicked_at_ms);
        true
    }

    fn end(self, ranges: Vec<Range>, more: bool) -> Cut {
        // Without a row there is no month; nothing will be sent.
        let batch = self.buffers.freeze(self.id, self.partition.unwrap_or_default(), self.oldest_ms);
        Cut { ranges, batch, undecodable: self.undecodable, more }
    }
}
