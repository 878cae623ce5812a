//! One node with its spool, its shipper and its ClickHouse, none of them real.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::sync::mpsc;

use super::sink::{Fault, SimulatedSink};
use super::time::{SimulatedClock, drive};
use crate::enrich::Enricher;
use crate::ingest::audit::{Books, Report, audit};
use crate::ingest::pipeline::{Command, Pipeline, Remaining};
use crate::ingest::shipper::works;
use crate::ingest::thread::Thread;
use crate::ingest::{Clock, Config, Parts};
use crate::model::{
    AdvocateId, Answer, CampaignId, Click, ContentId, ContentKind, DayKeys, LinkId, SpaceId, TeamId, Utm,
};
use crate::spool::filesystem::Simulated;
use crate::spool::{self, Ledger, RecordId, Spool, Writer};
use crate::telemetry::Metrics;

/// 2026-11-30T23:59:00Z: one minute before a month ends, so that batches meet two partitions.
pub(super) const START_MS: i64 = 1_796_083_140_000;

/// Small batches, so that few records make several.
pub(super) fn small() -> Config {
    Config { batch_rows: 5, ..Config::default() }
}

pub(super) struct Node {
    pub(super) clock: SimulatedClock,
    pub(super) sink: SimulatedSink,
    pub(super) metrics: Arc<Metrics>,
    pub(super) config: Config,
    disk: Simulated,
    spool: Spool,
    writers: BTreeMap<u8, Writer>,
    /// Every record that was answered.
    pub(super) answered: BTreeSet<RecordId>,
}

const DIRECTORY: &str = "/spool";

fn open(disk: &Simulated, metrics: &Arc<Metrics>) -> Spool {
    // Small segments: a few batches lie across several.
    let config = spool::Config { segment_bytes: 4096, ..spool::Config::default() };
    Spool::open_by_hand(Path::new(DIRECTORY), config, Arc::new(disk.clone()), metrics.clone()).expect("a spool")
}

impl Node {
    pub(super) fn new(config: Config, faults: Vec<Fault>) -> Self {
        let clock = SimulatedClock::new(START_MS, 1);
        let sink = SimulatedSink::new(clock.clone(), faults);
        let metrics = Arc::new(Metrics::new());
        let disk = Simulated::new(1 << 30, 4096, 7);
        let spool = open(&disk, &metrics);
        Self { clock, sink, metrics, config, disk, spool, writers: BTreeMap::new(), answered: BTreeSet::new() }
    }

    /// A redirect answers: its click is recorded now.
    pub(super) fn click(&mut self, lane: u8) -> RecordId {
        let mut bytes = vec![0; Click::MAX_ENCODED];
        let len = click(self.clock.now_ms()).encode(&mut bytes);
        self.append(lane, &bytes[..len])
    }

    pub(super) fn clicks(&mut self, lane: u8, count: usize) -> Vec<RecordId> {
        (0..count).map(|_| self.click(lane)).collect()
    }

    /// A record that is no click.
    pub(super) fn garbage(&mut self, lane: u8) -> RecordId {
        self.append(lane, b"\xffnot a click")
    }

    fn append(&mut self, lane: u8, bytes: &[u8]) -> RecordId {
        let writer = self.writers.entry(lane).or_insert_with(|| self.spool.writer(lane).expect("a free lane"));
        let mut recorded = None;
        let fill = |id, room: &mut [u8]| {
            recorded = Some(id);
            room[..bytes.len()].copy_from_slice(bytes);
            bytes.len()
        };
        writer.append(bytes.len(), fill).expect("room");
        self.spool.round();
        let id = recorded.expect("filled");
        self.answered.insert(id);
        id
    }

    /// The process is killed and started again.
    pub(super) fn kill(&mut self) {
        // A kill loses nothing that is in the page cache; this is for a power cut that may follow, which would take
        // the last sync interval of a process that is no more.
        self.spool.sync().expect("a sync");
        self.start_again(self.disk.after_kill());
    }

    /// The machine loses power and is started again; `kept` says of each unsynced page whether it had reached the disk.
    pub(super) fn cut_power(&mut self, kept: impl FnMut() -> bool) {
        // Answers that wait for the disk are only given after this.
        self.spool.sync().expect("a sync");
        self.start_again(self.disk.after_power_cut(kept));
    }

    /// The process is killed, and its ledger is damaged before the next start.
    pub(super) fn lose_ledger(&mut self) {
        self.spool.sync().expect("a sync");
        let disk = self.disk.after_kill();
        disk.overwrite(&Path::new(DIRECTORY).join("ledger.log"), b"no ledger");
        self.start_again(disk);
    }

    fn start_again(&mut self, disk: Simulated) {
        self.writers.clear();
        self.spool = open(&disk, &self.metrics);
        self.disk = disk;
    }

    pub(super) fn ledger(&self) -> &Ledger {
        self.spool.ledger()
    }

    /// What an audit finds.
    pub(super) fn audit(&self) -> Report {
        let report = audit(|| Books::of(self.ledger()), &self.sink);
        drive(&self.clock, report, None).expect("it ends").expect("ClickHouse answers")
    }

    /// A pipeline that runs until it is told to end, and the means to tell it.
    pub(super) fn pipeline(&self) -> (impl Future<Output = Remaining> + use<>, mpsc::UnboundedSender<Command>) {
        let parts = Parts {
            spool: self.spool.clone(),
            enricher: enricher(),
            keys: Arc::new(DayKeys::default()),
            erased: Arc::default(),
            sink: Arc::new(self.sink.clone()),
            clock: Arc::new(self.clock.clone()),
            metrics: self.metrics.clone(),
            target: "one".to_owned(),
        };
        let (commands, told) = mpsc::unbounded_channel();
        let works = works(&self.config, parts, Thread::inline(), Thread::inline());
        (Pipeline::new(self.config.clone(), works).run(told), commands)
    }

    /// Ships until nothing is left, for at most a month.
    pub(super) fn drain(&self) -> Remaining {
        // A drain with nothing left to ship does not wait for the check of parts; the next start repeats it.
        while self.sink.has_unreadable_parts() {
            self.run_and_kill(1_000);
        }
        let (pipeline, commands) = self.pipeline();
        commands.send(Command::Drain(Duration::from_secs(30 * 86_400))).expect("the pipeline has not begun");
        drive(&self.clock, pipeline, None).expect("it ends")
    }

    /// Ships for so many steps, then is killed.
    pub(super) fn run_and_kill(&self, steps: usize) {
        let (pipeline, _commands) = self.pipeline();
        drive(&self.clock, pipeline, Some(steps));
    }

    /// The records in quarantine.
    pub(super) fn quarantine(&self) -> BTreeSet<RecordId> {
        self.ledger().quarantine().into_iter().map(|(id, _)| id).collect()
    }

    /// Batches that are opened and not verified.
    pub(super) fn open_batches(&self) -> usize {
        self.ledger().open_batches().len()
    }

    /// Lost 0, doubled 0, invented 0: each answered record is seen once or in quarantine, and no other is seen; what
    /// is seen will be rolled up.
    pub(super) fn assert_exact(&self) {
        let seen = self.sink.seen();
        let quarantine = self.quarantine();
        let lost: Vec<_> =
            self.answered.iter().filter(|id| !seen.contains_key(id) && !quarantine.contains(id)).collect();
        let invented: Vec<_> = seen.keys().filter(|id| !self.answered.contains(id)).collect();
        let doubled: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
        assert!(
            lost.is_empty() && invented.is_empty() && doubled.is_empty(),
            "lost {lost:?}, invented {invented:?}, doubled {doubled:?}"
        );
        assert_eq!(self.sink.unmarked(), BTreeSet::new(), "stored, and in no roll-up");
    }
}

/// One for all tests: its tables take a while to build.
pub(super) fn enricher() -> Arc<Enricher> {
    static ENRICHER: LazyLock<Arc<Enricher>> = LazyLock::new(|| {
        Arc::new(Enricher::new(&crate::enrich::Config::default()).expect("no geo database is configured"))
    });
    ENRICHER.clone()
}

pub(super) fn click(clicked_at_ms: i64) -> Click<'static> {
    Click {
        clicked_at_ms,
        utc_offset_minutes: 60,
        space: SpaceId::from_bits(1),
        link: LinkId::from_bits(2),
        content: ContentId::from_bits(3),
        campaign: CampaignId::NONE,
        advocate: AdvocateId::from_bits(5),
        team: TeamId::NONE,
        kind: ContentKind::Article,
        answer: Answer::Content,
        status: 302,
        head: false,
        prefetch: false,
        own: false,
        strict_privacy: false,
        address: None,
        code: "aB3dE5gH7",
        channel: "linkedin",
        cohort: "",
        accept_language: b"fr",
        utm: Utm::default(),
        referrer_host: b"www.linkedin.com",
        user_agent: b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    }
}
