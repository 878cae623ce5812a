//! A ClickHouse in memory that fails as the real one was seen to fail.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::time::SimulatedClock;
use crate::ingest::Clock;
use crate::model::click_id::identity_hash;
use crate::spool::RecordId;
use crate::warehouse::click_row::partition_of;
use crate::warehouse::{BoxFuture, CallError, ClickSink, Frozen, Part, SegmentCount, Stored, UnreadablePart};

/// What happens to one insert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The connection breaks before anything is executed.
    NotExecuted,
    /// Killed between the deduplication log and the part: the token is remembered, the rows are not.
    TokenPoisoned,
    /// Two partitions' worth of trouble: half of the rows, and a success.
    Torn,
    /// Success, and nothing stored.
    Swallowed,
    /// Committed, then an answer that is no answer.
    ErrorAfterCommit,
    /// Committed, the answer is lost.
    AnswerLost,
    /// No answer in time; runs on and commits this many milliseconds later.
    CommitsLater(i64),
    /// No answer in time; runs on and comes to nothing.
    FailsLater(i64),
    /// Committed; the same request arrives again this many milliseconds later, the token forgotten.
    LateDuplicate(i64),
    /// The body is cut: it reads as bad data.
    BodyCut,
    /// A code of ClickHouse, nothing stored.
    Code(u32),
    /// Nothing answers for this many milliseconds.
    Down(i64),
    /// A column or table is missing for this many milliseconds.
    Broken(u32, i64),
    /// Duplicates are merged away.
    Merge,
    /// Committed; then rows of another batch with the same identities replace these in a merge.
    Replaced,
}

/// A row as far as the tests look: the sorting key with its partition, and the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredRow {
    pub(super) batch: u128,
    pub(super) id: RecordId,
    /// Everything that `FINAL` compares.
    pub(super) key: Vec<u8>,
    partition: u32,
    /// The part that holds it: one a committed insert, all in one after a merge.
    part: String,
}

#[derive(Clone)]
pub(super) struct SimulatedSink(Arc<Shared>);

struct Shared {
    clock: SimulatedClock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rows: Vec<StoredRow>,
    tokens: HashSet<String>,
    /// Batches whose rows are known to wait for a roll-up.
    marked: BTreeSet<RecordId>,
    faults: std::collections::VecDeque<Fault>,
    /// Rows that ClickHouse will not take, and the code it says so with.
    poison: HashMap<RecordId, u32>,
    /// Contents by token, to catch a token that stands for two contents.
    contents: HashMap<String, bytes::Bytes>,
    down_until_ms: i64,
    broken: Option<(u32, i64)>,
    /// Inserts that commit (or not) when their time comes.
    later: Vec<Later>,
    most_rows: Option<u64>,
    inserts: Vec<u64>,
    overlaps: usize,
    batches: BTreeSet<u128>,
    unreadable: BTreeSet<String>,
}

struct Later {
    at_ms: i64,
    running: Option<(u128, u32)>,
    rows: Vec<StoredRow>,
}

impl SimulatedSink {
    pub(super) fn new(clock: SimulatedClock, faults: Vec<Fault>) -> Self {
        let state = State { faults: faults.into(), ..State::default() };
        Self(Arc::new(Shared { clock, state: Mutex::new(state) }))
    }

    pub(super) fn poison(&self, id: RecordId, code: u32) {
        self.0.state.lock().poison.insert(id, code);
    }

    pub(super) fn heal_poison(&self) {
        self.0.state.lock().poison.clear();
    }

    pub(super) fn limit_rows(&self, most: u64) {
        self.0.state.lock().most_rows = Some(most);
    }

    /// A full disk has left the parts that hold these records without their marks.
    pub(super) fn damage(&self, ids: &[RecordId]) {
        let mut state = self.0.state.lock();
        let parts: BTreeSet<_> =
            state.rows.iter().filter(|row| ids.contains(&row.id)).map(|row| row.part.clone()).collect();
        state.unreadable.extend(parts);
    }

    /// Rows vanish, as if by hand.
    pub(super) fn remove(&self, ids: &[RecordId]) {
        self.0.state.lock().rows.retain(|row| !ids.contains(&row.id));
    }

    /// A row appears that is like that of `like`, but for its record number.
    pub(super) fn invent(&self, like: RecordId, record: u32) {
        let id = RecordId { record, ..like };
        let row = StoredRow { batch: 1, id, key: vec![record as u8], partition: 202_611, part: "by hand".to_owned() };
        self.0.state.lock().rows.push(row);
    }

    /// A second row of a record with another sorting key: `FINAL` shows both.
    pub(super) fn double_visibly(&self, id: RecordId) {
        self.invent(id, id.record);
    }

    pub(super) fn stop_answering_for(&self, time: Duration) {
        self.0.state.lock().down_until_ms = self.0.clock.now_ms() + time.as_millis() as i64;
    }

    pub(super) fn has_unreadable_parts(&self) -> bool {
        !self.0.state.lock().unreadable.is_empty()
    }

    pub(super) fn merge(&self) {
        self.0.state.lock().merge();
    }

    /// From now on nothing goes wrong; what was delayed arrives.
    pub(super) fn calm(&self) {
        let mut state = self.0.state.lock();
        state.faults.clear();
        state.down_until_ms = 0;
        state.broken = None;
        state.arrive(i64::MAX);
    }

    /// The sizes of the inserts that were asked for, rows.
    pub(super) fn inserts(&self) -> Vec<u64> {
        self.0.state.lock().inserts.clone()
    }

    /// Inserts of a batch that were asked for while another one of it was running.
    pub(super) fn overlaps(&self) -> usize {
        self.0.state.lock().overlaps
    }

    pub(super) fn batches(&self) -> BTreeSet<u128> {
        self.0.state.lock().batches.clone()
    }

    /// What a reader sees with `FINAL`: how often each identity.
    pub(super) fn seen(&self) -> BTreeMap<RecordId, usize> {
        let state = self.0.state.lock();
        let keys: BTreeSet<_> = state.rows.iter().map(|row| (row.partition, &row.key, row.id)).collect();
        let mut seen = BTreeMap::new();
        keys.iter().for_each(|(_, _, id)| *seen.entry(*id).or_default() += 1);
        seen
    }

    /// Records in the table that no roll-up will hear of.
    pub(super) fn unmarked(&self) -> BTreeSet<RecordId> {
        let state = self.0.state.lock();
        state.rows.iter().map(|row| row.id).filter(|id| !state.marked.contains(id)).collect()
    }

    fn answer<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut State, i64) -> Result<T, CallError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, CallError>> {
        let shared = self.0.clone();
        Box::pin(async move {
            // Two moments at which the asking process may be killed: before and after ClickHouse has worked.
            tokio::task::yield_now().await;
            let now_ms = shared.clock.now_ms();
            let answer = {
                let mut state = shared.state.lock();
                state.arrive(now_ms);
                if now_ms < state.down_until_ms { Err(network()) } else { question(&mut state, now_ms) }
            };
            tokio::task::yield_now().await;
            answer
        })
    }
}

fn network() -> CallError {
    CallError::Network("simulated".to_owned())
}

fn refused(code: u32) -> CallError {
    CallError::Refused { code, message: "simulated".to_owned() }
}

impl State {
    fn arrive(&mut self, now_ms: i64) {
        for later in self.later.extract_if(.., |later| later.at_ms <= now_ms) {
            self.rows.extend(later.rows);
        }
    }

    fn insert(&mut self, frozen: &Frozen, now_ms: i64) -> Result<(), CallError> {
        let token = frozen.token();
        let known = self.contents.entry(token.clone()).or_insert_with(|| frozen.bytes.clone());
        assert_eq!(known, &frozen.bytes, "a token must not stand for two contents");
        self.inserts.push(frozen.rows);
        let still_runs = |later: &Later| later.running.is_some_and(|(batch, _)| batch == frozen.batch);
        self.overlaps += usize::from(self.later.iter().any(still_runs));
        self.batches.insert(frozen.batch);
        if let Some((code, until_ms)) = self.broken
            && now_ms < until_ms
        {
            return Err(refused(code));
        }
        let rows = parse(&frozen.bytes, &token);
        assert_eq!(rows.len() as u64, frozen.rows);
        assert!(rows.iter().all(|row| row.batch == frozen.batch && row.partition == frozen.partition));
        if self.most_rows.is_some_and(|most| frozen.rows > most) {
            return Err(refused(241));
        }
        if let Some(code) = rows.iter().find_map(|row| self.poison.get(&row.id)) {
            return Err(refused(*code));
        }
        let running = Some((frozen.batch, frozen.generation));
        match self.faults.pop_front().unwrap_or(Fault::None) {
            Fault::NotExecuted => Err(network()),
            Fault::BodyCut => Err(refused(33)),
            Fault::Code(code) => Err(refused(code)),
            Fault::Swallowed => Ok(()),
            Fault::TokenPoisoned => {
                self.tokens.insert(token);
                Err(network())
            }
            Fault::Torn => {
                let half = rows.len() / 2;
                self.rows.extend(rows.into_iter().take(half));
                self.tokens.insert(token);
                Ok(())
            }
            Fault::Down(time_ms) => {
                self.down_until_ms = now_ms + time_ms;
                Err(network())
            }
            Fault::Broken(code, time_ms) => {
                self.broken = Some((code, now_ms + time_ms));
                Err(refused(code))
            }
            Fault::CommitsLater(delay_ms) => {
                self.later.push(Later { at_ms: now_ms + delay_ms, running, rows });
                Err(CallError::TimedOut)
            }
            Fault::FailsLater(delay_ms) => {
                self.later.push(Later { at_ms: now_ms + delay_ms, running, rows: Vec::new() });
                Err(CallError::TimedOut)
            }
            fault => {
                if self.tokens.insert(token) {
                    self.rows.extend(rows.iter().cloned());
                }
                match fault {
                    Fault::ErrorAfterCommit => Err(CallError::Answer("500".to_owned())),
                    Fault::AnswerLost => Err(network()),
                    Fault::LateDuplicate(delay_ms) => {
                        self.later.push(Later { at_ms: now_ms + delay_ms, running: None, rows });
                        Ok(())
                    }
                    Fault::Merge => {
                        self.merge();
                        Ok(())
                    }
                    Fault::Replaced => {
                        self.rows.iter_mut().for_each(|row| row.batch = 1);
                        Ok(())
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    /// Of rows with the same key the last one stays.
    fn merge(&mut self) {
        let mut seen = HashSet::new();
        let rows = std::mem::take(&mut self.rows);
        self.rows = rows.into_iter().rev().filter(|row| seen.insert(row.key.clone())).collect();
        self.rows.reverse();
        self.rows.iter_mut().for_each(|row| row.part = "merged".to_owned());
    }

    /// Rows of the parts that a question touches; fails as a question that touches an unreadable part does.
    fn readable<'s>(&'s self, without: &'s [Part]) -> Result<impl Iterator<Item = &'s StoredRow> + Clone, CallError> {
        let excluded = |name: &String| without.iter().any(|part| part.name == *name);
        if self.unreadable.iter().any(|part| !excluded(part)) {
            return Err(refused(246));
        }
        Ok(self.rows.iter().filter(move |row| !excluded(&row.part)))
    }
}

impl ClickSink for SimulatedSink {
    fn insert(&self, batch: &Frozen) -> BoxFuture<'_, Result<(), CallError>> {
        let frozen = batch.clone();
        self.answer(move |state, now_ms| state.insert(&frozen, now_ms))
    }

    fn in_flight(&self, batch: u128, generation: u32) -> BoxFuture<'_, Result<bool, CallError>> {
        self.answer(move |state, _| Ok(state.later.iter().any(|later| later.running == Some((batch, generation)))))
    }

    fn stored(&self, batch: u128, partition: u32) -> BoxFuture<'_, Result<Stored, CallError>> {
        self.answer(move |state, _| {
            let rows = state.readable(&[])?.filter(|row| row.batch == batch && row.partition == partition);
            let ids: BTreeSet<_> = rows.clone().map(|row| row.id).collect();
            let hash = |id: &RecordId| identity_hash(id.spool_id, id.lane, id.segment, id.record);
            Ok(Stored {
                rows: rows.count() as u64,
                distinct: ids.len() as u64,
                hash: ids.iter().map(hash).fold(0, u64::wrapping_add),
            })
        })
    }

    fn mark_spool(&self, spool_id: u128) -> BoxFuture<'_, Result<(), CallError>> {
        self.answer(move |state, _| {
            state.marked.extend(state.rows.iter().map(|row| row.id).filter(|id| id.spool_id == spool_id));
            Ok(())
        })
    }

    fn mark(&self, batch: u128, partition: u32) -> BoxFuture<'_, Result<u64, CallError>> {
        self.answer(move |state, _| {
            let of = state.rows.iter().filter(|row| row.batch == batch && row.partition == partition);
            let ids: BTreeSet<_> = of.map(|row| row.id).collect();
            state.marked.extend(&ids);
            Ok(ids.len() as u64)
        })
    }

    fn stored_records<'a>(
        &'a self,
        spool_id: u128,
        lane: u8,
        segment: u64,
        without: &'a [Part],
    ) -> BoxFuture<'a, Result<Vec<u32>, CallError>> {
        let without = without.to_vec();
        self.answer(move |state, _| {
            let of = |id: &RecordId| (id.spool_id, id.lane, id.segment) == (spool_id, lane, segment);
            let rows = state.readable(&without)?;
            let ids: BTreeSet<_> = rows.map(|row| row.id).filter(of).map(|id| id.record).collect();
            Ok(ids.into_iter().collect())
        })
    }

    fn doubled_records(&self, spool_id: u128, lane: u8, segment: u64) -> BoxFuture<'_, Result<Vec<u32>, CallError>> {
        self.answer(move |state, _| {
            let of = |id: &RecordId| (id.spool_id, id.lane, id.segment) == (spool_id, lane, segment);
            let mut seen: BTreeMap<u32, BTreeSet<_>> = BTreeMap::new();
            for row in state.readable(&[])?.filter(|row| of(&row.id)) {
                seen.entry(row.id.record).or_default().insert((row.partition, &row.key));
            }
            Ok(seen.into_iter().filter(|(_, keys)| keys.len() > 1).map(|(record, _)| record).collect())
        })
    }

    fn segment_counts<'a>(
        &'a self,
        spool_id: u128,
        without: &'a [Part],
    ) -> BoxFuture<'a, Result<Vec<SegmentCount>, CallError>> {
        let without = without.to_vec();
        self.answer(move |state, _| {
            let mut segments: BTreeMap<(u8, u64), Vec<&StoredRow>> = BTreeMap::new();
            for row in state.readable(&without)?.filter(|row| row.id.spool_id == spool_id) {
                segments.entry((row.id.lane, row.id.segment)).or_default().push(row);
            }
            let count = |((lane, segment), rows): ((u8, u64), Vec<&StoredRow>)| {
                let records: BTreeSet<_> = rows.iter().map(|row| row.id.record).collect();
                SegmentCount {
                    lane,
                    segment,
                    rows: rows.len() as u64,
                    visible: rows.iter().map(|row| (row.partition, &row.key)).collect::<BTreeSet<_>>().len() as u64,
                    records: records.len() as u64,
                    last_record: records.last().copied().unwrap_or_default(),
                    expired: 0,
                }
            };
            Ok(segments.into_iter().map(count).collect())
        })
    }

    fn unreadable_parts(&self) -> BoxFuture<'_, Result<Vec<UnreadablePart>, CallError>> {
        self.answer(|state, _| {
            let part = |name: &String| Part { name: name.clone(), partition: 0, rows: 0 };
            let found = |name| UnreadablePart { part: part(name), error: refused(246) };
            Ok(state.unreadable.iter().map(found).collect())
        })
    }

    fn drop_part<'a>(&'a self, part: &'a Part) -> BoxFuture<'a, Result<(), CallError>> {
        let name = part.name.clone();
        self.answer(move |state, _| {
            state.rows.retain(|row| row.part != name);
            state.unreadable.remove(&name);
            Ok(())
        })
    }
}

/// Reads the rows back, as far as [`StoredRow`] goes.
fn parse(mut bytes: &[u8], part: &str) -> Vec<StoredRow> {
    fn fixed<'a>(bytes: &mut &'a [u8], len: usize) -> &'a [u8] {
        let (head, rest) = bytes.split_at(len);
        *bytes = rest;
        head
    }
    fn text<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
        let (mut len, mut shift) = (0usize, 0);
        loop {
            let byte = fixed(bytes, 1)[0];
            len |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return fixed(bytes, len);
            }
        }
    }
    let u128_of = |bytes: &[u8]| u128::from_le_bytes(bytes.try_into().expect("16 bytes"));
    let u64_of = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let batch = u128_of(fixed(&mut bytes, 16));
        let identity = &bytes[..29];
        let id = RecordId {
            spool_id: u128_of(fixed(&mut bytes, 16)),
            lane: fixed(&mut bytes, 1)[0],
            segment: u64_of(fixed(&mut bytes, 8)),
            record: u32::from_le_bytes(fixed(&mut bytes, 4).try_into().expect("4 bytes")),
        };
        let clicked_at = fixed(&mut bytes, 8);
        let space = text(&mut bytes);
        let _link = text(&mut bytes);
        let content = text(&mut bytes);
        let key = [identity, clicked_at, space, content].concat();
        for _ in 0..9 {
            text(&mut bytes);
        }
        fixed(&mut bytes, 4);
        for _ in 0..16 {
            text(&mut bytes);
        }
        fixed(&mut bytes, 1);
        let partition = partition_of(u64_of(clicked_at) as i64);
        rows.push(StoredRow { batch, id, key, partition, part: part.to_owned() });
    }
    rows
}
