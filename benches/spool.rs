//! What recording a click costs the redirect, and what reading it back costs the shipper.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use relais::spool::filesystem::Disk;
use relais::spool::{AppendError, Config, Spool, Writer};

/// A click of middling length.
const PAYLOAD: [u8; 250] = [b'c'; 250];

fn open(directory: &tempfile::TempDir, max_bytes: u64) -> Spool {
    let config = Config { segment_bytes: 64 << 20, max_bytes, ..Config::default() };
    Spool::open(directory.path(), config, Arc::new(Disk), Arc::default()).expect("a spool")
}

fn append(writer: &mut Writer) -> Result<(), AppendError> {
    let ticket = writer.append(300, |_, room| {
        room[..PAYLOAD.len()].copy_from_slice(black_box(&PAYLOAD));
        PAYLOAD.len()
    })?;
    black_box(ticket);
    Ok(())
}

fn spool(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spool");
    group.throughput(Throughput::Elements(10_000));

    // Nothing is shipped here, so the directory would fill up: each batch of appends has a spool of its own, in which
    // they fit the first segment. The figure is the hot path with its page faults, without allocations.
    group.bench_function("append 10,000 records of 250 bytes", |bencher| {
        bencher.iter_batched_ref(
            || {
                let directory = tempfile::tempdir().expect("a directory");
                let spool = open(&directory, 1 << 30);
                (spool.writer(0).expect("the lane"), directory)
            },
            |(writer, _)| (0..10_000).for_each(|_| append(writer).expect("it fits")),
            BatchSize::PerIteration,
        );
    });

    let directory = tempfile::tempdir().expect("a directory");
    let spool = open(&directory, 1 << 30);
    let mut writer = spool.writer(0).expect("the lane");
    (0..100_000).for_each(|_| append(&mut writer).expect("it fits"));
    let reader = spool.reader();
    let range = reader.pending()[0];
    group.throughput(Throughput::Elements(100_000));
    group.bench_function("read back 100,000 records", |bencher| {
        bencher.iter(|| {
            let mut bytes = 0;
            reader.read(&range, &mut |_, payload| bytes += payload.len()).expect("readable");
            assert_eq!(bytes, 100_000 * PAYLOAD.len());
        });
    });
    group.finish();
}

criterion_group!(benches, spool);
criterion_main!(benches);
