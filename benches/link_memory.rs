//! What ten million links take: in memory, by an allocator that counts and by what the process grows, and on the
//! disk, with the time to save and to load them.
//!
//! ```text
//! cargo bench --bench link_memory -- [--links 10000000] [--contents 40] [--json]
//! ```
//! Ten million links to 40 contents on five channels are those of 50,000 advocates. At most 64 bytes a link,
//! everything that the table keeps included, and a load within 3 s are what is asked for. The load is measured in a process of its own,
//! as a node does it when it starts.

use std::alloc::{GlobalAlloc, Layout};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mimalloc::MiMalloc;
use relais::redirect::LinkTable;
use serde_json::{Value, json};
use support::{Process, argument, flag, print};

#[allow(dead_code, reason = "each bench takes what it needs")]
mod programme;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The program's allocator, and how many bytes are asked of it at present.
struct Counting;

// SAFETY: every call is handed on as it came; counting touches no memory of the caller's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.fetch_add(size, Ordering::Relaxed);
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.realloc(pointer, layout, size) }
    }
}

/// Bytes before a table is made.
struct Before {
    live: usize,
    resident: u64,
}

impl Before {
    fn now() -> Self {
        Self { live: LIVE.load(Ordering::Relaxed), resident: Process::this().resident() }
    }

    /// Growth since then a link: what was asked of the allocator, and what the process holds.
    fn growth(&self, table: &LinkTable) -> (f64, f64) {
        let links = table.len() as f64;
        let live = LIVE.load(Ordering::Relaxed) - self.live;
        let resident = Process::this().resident().saturating_sub(self.resident);
        (live as f64 / links, resident as f64 / links)
    }
}

fn main() {
    let snapshot: String = argument("--load", String::new());
    if !snapshot.is_empty() {
        return load(Path::new(&snapshot));
    }
    if flag("--bench") {
        measure();
    }
}

fn measure() {
    let (links, contents) = (argument("--links", 10_000_000), argument("--contents", 40));
    let before = Before::now();
    let start = Instant::now();
    let table = programme::table_to(links, contents);
    let applied_s = start.elapsed().as_secs_f64();
    assert_eq!(table.len() as u64, links, "every code is another");
    let (live, resident) = before.growth(&table);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("links.snapshot");
    let start = Instant::now();
    table.save(&path).expect("saved");
    let save_s = start.elapsed().as_secs_f64();
    let bytes = path.metadata().expect("a file").len();
    let counted = table.memory_bytes() as f64 / links as f64;
    drop(table);
    let loaded = load_elsewhere(&path);
    print(
        "links in memory",
        &[
            ("links", json!(links)),
            ("allocated_bytes_per_link", json!(live)),
            ("resident_bytes_per_link", json!(resident)),
            ("own_estimate_bytes_per_link", json!(counted)),
            ("changes_applied_per_second", json!(links as f64 / applied_s)),
            ("snapshot_bytes", json!(bytes)),
            ("snapshot_save_seconds", json!(save_s)),
            ("snapshot_load_seconds", loaded["seconds"].clone()),
            ("loaded_allocated_bytes_per_link", loaded["allocated"].clone()),
            ("loaded_resident_bytes_per_link", loaded["resident"].clone()),
            ("loaded_peak_bytes", loaded["peak"].clone()),
        ],
    );
}

fn load_elsewhere(path: &PathBuf) -> Value {
    let program = std::env::current_exe().expect("a program has a path");
    let output = Command::new(program).arg("--load").arg(path).output().expect("started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("figures")
}

/// The other process: loads, asks for one link, and prints what it took.
#[allow(clippy::print_stdout, reason = "its parent reads it")]
fn load(path: &Path) {
    let before = Before::now();
    let start = Instant::now();
    let table = Arc::new(LinkTable::load(path).expect("loaded"));
    let seconds = start.elapsed().as_secs_f64();
    let first = programme::code(0);
    assert!(table.reader().resolve(b"localhost:8080", first.as_bytes(), 0).is_some(), "the first link is there");
    let (allocated, resident) = before.growth(&table);
    let peak = Process::this().peak();
    println!("{}", json!({ "seconds": seconds, "allocated": allocated, "resident": resident, "peak": peak }));
}
