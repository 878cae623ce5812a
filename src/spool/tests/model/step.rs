//! What can happen to a spool, and how often it does.

use proptest::prelude::*;

#[derive(Debug, Clone)]
pub(super) enum Step {
    Append { lane: u8, length: usize, times: u8 },
    Sync,
    Keep,
    WriteBack(u64),
    OpenBatch { pick: u64, arrives: bool },
    Settle { quarantine: bool },
    Requeue,
    Read,
    Stop,
    Kill,
    PowerCut(u64),
    LoseLedger { damage: Option<u16> },
    FillDisk,
    EmptyDisk,
    FailSyncs(u32),
    Clock(i64),
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..2u8, 0..400usize, 1..12u8).prop_map(|(lane, length, times)| Step::Append { lane, length, times }),
        4 => Just(Step::Sync),
        5 => Just(Step::Keep),
        2 => any::<u64>().prop_map(Step::WriteBack),
        6 => (any::<u64>(), any::<bool>()).prop_map(|(pick, arrives)| Step::OpenBatch { pick, arrives }),
        5 => prop::bool::weighted(0.2).prop_map(|quarantine| Step::Settle { quarantine }),
        1 => Just(Step::Requeue),
        2 => Just(Step::Read),
        1 => Just(Step::Stop),
        2 => Just(Step::Kill),
        2 => any::<u64>().prop_map(Step::PowerCut),
        1 => prop::option::of(any::<u16>()).prop_map(|damage| Step::LoseLedger { damage }),
        1 => Just(Step::FillDisk),
        2 => Just(Step::EmptyDisk),
        1 => (1..4u32).prop_map(Step::FailSyncs),
        1 => (-2..10i64).prop_map(|days| Step::Clock(days * 86_400_000)),
    ]
}

pub(super) fn cases() -> ProptestConfig {
    let total: u32 = std::env::var("RELAIS_MODEL_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2000);
    ProptestConfig { cases: total.div_ceil(2), failure_persistence: None, ..ProptestConfig::default() }
}
