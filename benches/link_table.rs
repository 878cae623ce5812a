//! Finding a link among many, and the snapshot of all.
//!
//! `LINKS=10000000 cargo bench --bench link_table` for another number than a million.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use relais::redirect::LinkTable;

mod programme;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many links to measure with.
fn links() -> u64 {
    std::env::var("LINKS").map_or(1_000_000, |text| text.parse().expect("a number of links"))
}

fn lookups(c: &mut Criterion) {
    let links = links();
    let table = programme::table(links);
    let mut reader = table.reader();
    let codes: Vec<String> = (0..4096).map(|index| programme::code(index * (links / 4096))).collect();
    let mut next = 0;
    c.bench_function("a known code", |b| {
        b.iter(|| {
            next = (next + 1) % codes.len();
            black_box(reader.resolve(b"localhost:8080", codes[next].as_bytes(), 0).is_some())
        });
    });
    c.bench_function("an unknown code", |b| {
        b.iter(|| black_box(reader.resolve(b"localhost:8080", black_box(b"ZZZZZZZZZ"), 0).is_some()));
    });
    // What the table promises, at any number of links worth measuring.
    assert!(table.memory_bytes() <= 64 * table.len(), "{} bytes for {} links", table.memory_bytes(), table.len());
}

fn snapshots(c: &mut Criterion) {
    let table = programme::table(links());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("links.snapshot");
    let mut group = c.benchmark_group("snapshot");
    // Loading ten million links takes a second or two: no more of it than must be.
    group.sample_size(10).warm_up_time(Duration::from_secs(1));
    group.bench_function("saved", |b| b.iter(|| table.save(&path).expect("saved")));
    group.bench_function("loaded", |b| {
        b.iter_batched(|| (), |()| LinkTable::load(&path).expect("loaded"), BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(benches, lookups, snapshots);
criterion_main!(benches);
