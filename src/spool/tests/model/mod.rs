//! Random lives of a spool on the simulated disk, beside a model that says what must be true.
//!
//! What was synced is never lost, what a kill leaves is everything, what is read was appended, byte for byte and
//! once, every record ends in one outcome, and no identity is given twice. `RELAIS_MODEL_CASES` sets the number of
//! lives (default 2,000, over two tests).

mod step;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use self::step::{Step, cases, step};
use super::*;

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_spool_that_answers_from_the_kernel_keeps_its_promises(steps in prop::collection::vec(step(), 1..80)) {
        live(Acknowledge::Os, steps);
    }

    #[test]
    fn a_spool_that_answers_from_the_disk_keeps_its_promises(steps in prop::collection::vec(step(), 1..80)) {
        live(Acknowledge::Disk, steps);
    }
}

const DISK: u64 = 400 << 10;

struct Life {
    config: Config,
    disk: Simulated,
    spool: Option<Spool>,
    writers: Vec<Writer>,
    /// Every record whose append returned, in any life of the process.
    appended: BTreeMap<RecordId, Vec<u8>>,
    /// Tickets of this run that are not known to be on the disk.
    waiting: Vec<(RecordId, Ticket)>,
    /// Records that must survive a power cut.
    durable: BTreeSet<RecordId>,
    /// Records that a power cut has taken.
    lost: BTreeSet<RecordId>,
    /// What ClickHouse holds.
    warehouse: BTreeSet<RecordId>,
    /// What ClickHouse refused.
    refused: BTreeSet<RecordId>,
    /// What the spool was asked to ship again.
    requeued: BTreeSet<RecordId>,
    /// Segments whose files had been removed when a ledger was lost.
    gone: BTreeSet<(u128, u8, u64)>,
    /// Every manifest that was ever written down, or perhaps was.
    manifests: BTreeMap<u128, Manifest>,
}

fn live(acknowledge: Acknowledge, steps: Vec<Step>) {
    let mut life = Life {
        config: Config { acknowledge, ..small() },
        disk: Simulated::new(DISK, 512, 7),
        spool: None,
        writers: Vec::new(),
        appended: BTreeMap::new(),
        waiting: Vec::new(),
        durable: BTreeSet::new(),
        lost: BTreeSet::new(),
        warehouse: BTreeSet::new(),
        refused: BTreeSet::new(),
        requeued: BTreeSet::new(),
        gone: BTreeSet::new(),
        manifests: BTreeMap::new(),
    };
    life.start();
    for step in steps {
        life.take(step);
    }
    life.drain();
}

impl Life {
    fn spool(&self) -> &Spool {
        self.spool.as_ref().expect("it runs between steps")
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Append { lane, length, times } => (0..times).for_each(|_| self.append(lane, length)),
            Step::Sync => self.sync(),
            Step::Keep => self.spool().inner.core.keep_once(),
            Step::WriteBack(seed) => self.disk.write_back(coin(seed)),
            Step::OpenBatch { pick, arrives } => self.open_batch(pick, arrives),
            Step::Settle { quarantine } => self.settle(quarantine),
            Step::Requeue => self.requeue(),
            Step::Read => self.check_accounts(),
            Step::Stop => {
                self.stop();
                self.start();
                self.check_files(false);
            }
            Step::Kill => {
                let after = self.disk.after_kill();
                self.crash(after);
                self.check_files(false);
            }
            Step::PowerCut(seed) => {
                let after = self.disk.after_power_cut(coin(seed));
                self.crash(after);
                self.check_files(true);
            }
            Step::LoseLedger { damage } => self.lose_ledger(damage),
            Step::FillDisk => self.disk.set_capacity(self.disk.used()),
            Step::EmptyDisk => self.disk.set_capacity(DISK),
            Step::FailSyncs(count) => self.disk.fail_syncs(count),
            Step::Clock(ms) => self.disk.shift_clock(ms),
        }
    }

    fn start(&mut self) {
        let spool = match try_by_hand(&self.disk, self.config.clone()) {
            Ok(spool) => spool,
            // A start may fail on a full or failing disk; it must then have done no harm.
            Err(OpenError::Io { .. }) => {
                self.mend();
                by_hand(&self.disk, self.config.clone())
            }
            Err(other) => panic!("{other}"),
        };
        self.writers = (0..2).map(|lane| spool.writer(lane).expect("free")).collect();
        self.spool = Some(spool);
        self.waiting.clear();
        self.reconcile();
    }

    fn mend(&self) {
        self.disk.set_capacity(DISK);
        self.disk.fail_syncs(0);
    }

    fn stop(&mut self) {
        self.writers.clear();
        self.spool = None;
        self.ask_waiting();
    }

    fn crash(&mut self, after: Simulated) {
        self.stop_on_old_disk();
        self.disk = after;
        self.start();
    }

    /// What the old process does after the crash happens on a disk that is no more.
    fn stop_on_old_disk(&mut self) {
        self.writers.clear();
        self.spool = None;
        self.waiting.clear();
    }

    fn append(&mut self, lane: u8, length: usize) {
        let payload: Vec<u8> = (0..length).map(|byte| (byte + self.appended.len()) as u8).collect();
        match append(&mut self.writers[lane as usize], &payload) {
            Ok((id, ticket)) => {
                assert_eq!(self.appended.insert(id, payload), None, "{id:?} was given twice");
                self.waiting.push((id, ticket));
            }
            Err(AppendError::Full | AppendError::Io) => {}
            Err(other) => panic!("{other}"),
        }
    }

    fn sync(&mut self) {
        let before: Vec<_> = self.waiting.clone();
        if self.spool().sync().is_ok() && self.spool().troubles().abandoned_segments == 0 {
            self.durable.extend(before.iter().map(|one| one.0));
        }
        self.ask_waiting();
    }

    /// What the writers' futures call durable is durable; what they call failed is not waited for.
    fn ask_waiting(&mut self) {
        if self.config.acknowledge == Acknowledge::Os || self.writers.is_empty() {
            return;
        }
        let (writers, durable) = (&self.writers, &mut self.durable);
        self.waiting.retain(|(id, ticket)| match ask(writers[id.lane as usize].durable(*ticket)) {
            Poll::Ready(Ok(())) => {
                durable.insert(*id);
                false
            }
            Poll::Ready(Err(_)) => false,
            Poll::Pending => true,
        });
    }

    /// Opens a batch over some of what is pending; `arrives`: ClickHouse stores it, though nobody knows yet.
    fn open_batch(&mut self, pick: u64, arrives: bool) {
        self.resolve_doubt();
        let mut coin = coin(pick);
        let mut ranges = Vec::new();
        for mut range in self.spool().reader().pending() {
            if coin() {
                range.to = range.from + (pick as u32 % range.len()) + 1;
            }
            if ranges.is_empty() || coin() {
                ranges.push(range);
            }
        }
        if let Some(batch) = self.note_batch(ranges)
            && arrives
        {
            self.insert(batch);
        }
    }

    fn note_batch(&mut self, ranges: Vec<Range>) -> Option<u128> {
        let rows: u64 = ranges.iter().map(|range| self.records(range).len() as u64).sum();
        if ranges.is_empty() {
            return None;
        }
        let batch = self.manifests.len() as u128;
        let manifest = Manifest { rows, ..manifest(batch, ranges) };
        self.manifests.insert(batch, manifest.clone());
        match self.spool().ledger().open_batch(manifest) {
            Ok(()) => Some(batch),
            Err(LedgerError::Io(_)) => None,
            Err(other) => panic!("{other}"),
        }
    }

    /// The records of a range as the spool reads them, each checked.
    fn records(&self, range: &Range) -> Vec<RecordId> {
        let mut found = Vec::new();
        let visited = self.spool().reader().read(range, &mut |id, payload| {
            assert_eq!(self.appended.get(&id).map(Vec::as_slice), Some(payload), "{id:?}");
            assert!(found.last().is_none_or(|last| *last < id), "once and in order");
            found.push(id);
        });
        match visited {
            Ok(()) => found,
            Err(ReadError::Ledger(LedgerError::Io(_))) => found,
            Err(other) => panic!("{other}"),
        }
    }

    /// The rows of a batch reach ClickHouse: those that it does not hold yet, unless they are shipped again on purpose.
    fn insert(&mut self, batch: u128) {
        for range in self.manifests[&batch].ranges.clone() {
            for id in self.records(&range) {
                assert!(!self.refused.contains(&id));
                let new = self.warehouse.insert(id);
                assert!(new || self.requeued.remove(&id), "{id:?} was shipped twice");
            }
        }
    }

    /// Verifies the oldest open batch and notes what became of it.
    fn settle(&mut self, quarantine: bool) {
        let Some(manifest) = self.spool().ledger().open_batches().into_iter().next() else { return };
        let batch = manifest.batch;
        let records: Vec<RecordId> = manifest.ranges.iter().flat_map(|range| self.records(range)).collect();
        let arrived = records.iter().filter(|id| self.warehouse.contains(id)).count();
        let ledger = self.spool().ledger().clone();
        if arrived == 0 && records.len() as u64 != manifest.rows {
            // The power cut took some of them: what is left is cut anew.
            let _noted_or_tried_again_later = ledger.released(batch);
            return;
        }
        if arrived == 0 && quarantine && !records.is_empty() {
            let bad = records[records.len() / 2];
            if ledger.quarantined(batch, &[(bad, "poison".into())]).is_err() {
                return;
            }
            self.refused.insert(bad);
            let rest = records.into_iter().filter(|id| !self.refused.contains(id));
            self.warehouse.extend(rest);
        } else {
            // Sent again as it stands: rows that were there are there once.
            let rest: Vec<_> = records.into_iter().filter(|id| !self.refused.contains(id)).collect();
            self.requeued.retain(|id| !rest.contains(id));
            self.warehouse.extend(rest);
        }
        let _noted_or_verified_again_later = ledger.stored(batch);
    }

    fn requeue(&mut self) {
        let ledger = self.spool().ledger().clone();
        let batches = ledger.open_batches();
        let busy: BTreeSet<_> = batches.iter().flat_map(|batch| &batch.ranges).map(Range::key).collect();
        let idle = |one: &SegmentSummary| {
            !busy.contains(&identity::Key { segment: one.segment, lane: one.lane, spool_id: one.spool_id })
        };
        let stored = ledger.segments().into_iter().find(|one| !one.forgotten && one.stored > 0 && idle(one));
        let Some(full) = stored else { return };
        self.mend();
        let (spool_id, lane, segment) = (full.spool_id, full.lane, full.segment);
        let range = Range { spool_id, lane, segment, from: 0, to: full.answered };
        // What a power cut took from the file after it was shipped cannot be shipped again.
        let readable = self.records(&range);
        ledger.requeued(&[range]).expect("the disk is mended");
        for id in readable {
            self.refused.remove(&id);
            if self.warehouse.contains(&id) {
                self.requeued.insert(id);
            }
        }
    }

    fn lose_ledger(&mut self, damage: Option<u16>) {
        self.mend();
        let segments = self.spool().ledger().segments();
        let gone = segments.into_iter().filter(|one| one.forgotten);
        self.gone.extend(gone.map(|one| (one.spool_id, one.lane, one.segment)));
        // A wish to ship again what is stored may be lost with it: doubt is resolved by what ClickHouse holds.
        self.requeued.clear();
        self.stop();
        let path = Path::new(HERE).join("ledger.log");
        let before = self.disk.read(&path).expect("a ledger");
        match damage {
            None => self.disk.remove(&path).expect("there"),
            Some(at) => {
                let mut bytes = before;
                let at = usize::from(at) % bytes.len();
                bytes[at] ^= 0x10;
                self.disk.overwrite(&path, &bytes);
            }
        }
        self.start();
        self.check_records(false);
    }

    /// After a start: what could not be known before it.
    fn reconcile(&mut self) {
        let ledger = self.spool().ledger().clone();
        for manifest in ledger.open_batches() {
            let known = &self.manifests[&manifest.batch];
            assert_eq!(manifest.ranges, known.ranges);
        }
        let quarantine: BTreeSet<_> = ledger.quarantine().into_iter().map(|one| one.0).collect();
        // A record in quarantine leaves it only with a lost ledger, or with its segment.
        let gone: Vec<_> = self.refused.difference(&quarantine).copied().collect();
        for id in gone {
            let doubtful = ledger.is_doubtful(&Range {
                spool_id: id.spool_id,
                lane: id.lane,
                segment: id.segment,
                from: id.record,
                to: id.record + 1,
            });
            let gone = self.gone.contains(&(id.spool_id, id.lane, id.segment));
            if (doubtful || ledger.was_rebuilt()) && !gone {
                self.refused.remove(&id);
            }
        }
        self.refused.extend(quarantine);
    }

    /// What the shipper does after a lost ledger: asks ClickHouse.
    fn resolve_doubt(&mut self) {
        let ledger = self.spool().ledger().clone();
        for range in self.spool().reader().pending() {
            if ledger.is_doubtful(&range) {
                let segment = (range.spool_id, range.lane, range.segment);
                let of_segment = self.warehouse.iter().filter(|id| (id.spool_id, id.lane, id.segment) == segment);
                let stored: Vec<_> =
                    of_segment.map(|id| Range { from: id.record, to: id.record + 1, ..range }).collect();
                self.mend();
                ledger.proven(&range, &stored).expect("the disk is mended");
                assert!(!ledger.is_doubtful(&range));
                // What was to be shipped again turned out to be there.
                self.requeued.retain(|id| (id.spool_id, id.lane, id.segment) != segment);
            }
        }
    }

    /// After a restart: every record is in its file, unless it is shipped and forgotten, or a power cut took it.
    fn check_files(&mut self, power_cut: bool) {
        assert!(!self.spool().ledger().was_rebuilt(), "no crash loses a ledger");
        self.check_records(power_cut);
    }

    fn check_records(&mut self, power_cut: bool) {
        let segments = self.spool().ledger().segments();
        let mut readable = BTreeSet::new();
        let mut forgotten = BTreeSet::new();
        for one in &segments {
            let (spool_id, lane, segment) = (one.spool_id, one.lane, one.segment);
            if one.forgotten {
                forgotten.insert((spool_id, lane, segment));
            } else {
                let range = Range { spool_id, lane, segment, from: 0, to: one.answered };
                readable.extend(self.records(&range));
            }
        }
        let absent: Vec<RecordId> = self.appended.keys().filter(|id| !readable.contains(id)).copied().collect();
        for id in absent {
            if power_cut && !self.durable.contains(&id) {
                self.requeued.remove(&id);
                self.lost.insert(id);
            }
            let shipped = self.warehouse.contains(&id) || self.refused.contains(&id);
            if shipped || self.lost.contains(&id) {
                continue;
            }
            assert!(power_cut, "{id:?} is lost without a power cut");
            panic!("{id:?} was on the disk and is lost");
        }
        self.check_accounts();
    }

    /// Every account adds up, and what is pending is exactly what has no outcome.
    fn check_accounts(&mut self) {
        let open: BTreeSet<RecordId> = {
            let batches = self.spool().ledger().open_batches();
            let ranges = batches.iter().flat_map(|manifest| manifest.ranges.iter());
            ranges.flat_map(|range| (range.from..range.to).map(|record| range.id(record))).collect()
        };
        for one in self.spool().ledger().segments() {
            let sum = one.missing + one.stored + one.quarantined + one.open + one.pending;
            assert_eq!(one.answered, sum, "{one:?}");
            assert_eq!(one.missing, one.gaps.iter().map(Range::len).sum::<u32>());
            for id in one.gaps.iter().flat_map(|gap| (gap.from..gap.to).map(|record| gap.id(record))) {
                // A damaged ledger may have forgotten the outcome of a record whose file is gone.
                let shipped = self.warehouse.contains(&id) || self.refused.contains(&id);
                assert!(!self.durable.contains(&id) || shipped, "{id:?} is called missing");
            }
        }
        for range in self.spool().reader().pending() {
            let doubtful = self.spool().ledger().is_doubtful(&range);
            for id in self.records(&range) {
                assert!(!open.contains(&id), "{id:?} is in a batch");
                assert!(!self.refused.contains(&id), "{id:?} is in quarantine");
                let stored = self.warehouse.contains(&id) && !self.requeued.contains(&id);
                assert!(doubtful || !stored, "{id:?} is stored and would be shipped again");
            }
        }
    }

    /// Ships everything: then each record that no power cut took is in ClickHouse or in quarantine.
    fn drain(&mut self) {
        self.mend();
        self.check_accounts();
        while !self.spool().ledger().open_batches().is_empty() {
            self.settle(false);
        }
        loop {
            self.resolve_doubt();
            let ranges = self.spool().reader().pending();
            if ranges.is_empty() {
                break;
            }
            match self.note_batch(ranges) {
                Some(batch) => {
                    self.insert(batch);
                    self.spool().ledger().stored(batch).expect("open");
                }
                None => panic!("the disk is mended"),
            }
        }
        self.check_accounts();
        for id in self.appended.keys() {
            let ended = self.warehouse.contains(id) || self.refused.contains(id) || self.lost.contains(id);
            assert!(ended, "{id:?} has no outcome");
        }
        assert_eq!(self.requeued.first(), None, "it was to be shipped again");
    }
}

/// Coins from a seed.
fn coin(seed: u64) -> impl FnMut() -> bool {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 63 == 1
    }
}
