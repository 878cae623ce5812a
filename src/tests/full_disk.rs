//! The disk under the data directory is full, of bytes or of files, while clicks arrive.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::harness::process::one_line_of_failure;
use crate::harness::{Installation, Load, eventually};

/// A small file system in memory, unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None`, with the reason printed, where mounting is not allowed.
    fn mount(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "relais-test"]).arg(folder.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(folder)),
            Ok(output) => {
                println!("not tested, no mount: {}", String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) => {
                println!("not tested, no mount: {error}");
                None
            }
        }
    }

    fn data_dir(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn ballast(&self) -> PathBuf {
        self.0.path().join("ballast")
    }

    /// Takes every byte that is left.
    fn fill(&self) {
        let mut file = fs::File::create(self.ballast()).unwrap();
        let mut piece = vec![1; 1 << 20];
        while !piece.is_empty() {
            if file.write_all(&piece).is_err() {
                piece.truncate(piece.len() / 2);
            }
        }
    }

    /// Takes every inode that is left.
    fn fill_inodes(&self) {
        fs::create_dir(self.ballast()).unwrap();
        for number in 0.. {
            if fs::File::create(self.ballast().join(number.to_string())).is_err() {
                return;
            }
        }
    }

    fn free(&self) {
        let ballast = self.ballast();
        if ballast.is_dir() { fs::remove_dir_all(ballast).unwrap() } else { fs::remove_file(ballast).unwrap() }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: an engine that is just ending may still hold a file.
        let _unmounted = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

const UNRECORDED: &str = "relais_clicks_unrecorded_total{reason=\"full\"}";

fn start(disk: &SmallDisk, when_full: &str) -> Installation {
    let settings = [
        ("RELAIS_SPOOL__SEGMENT_BYTES", "65536"),
        ("RELAIS_SPOOL__MAX_BYTES", "16777216"),
        ("RELAIS_SPOOL__WHEN_FULL", when_full),
    ];
    let installation = Installation::start_in(&disk.data_dir(), &settings);
    eventually("the engine", || installation.sql("SELECT count() FROM clicks").is_ok());
    installation
}

/// Fills the disk under load, frees it, and counts: answered = stored + unrecorded.
fn redirects_go_on(options: &str, fill: impl Fn(&SmallDisk)) {
    let Some(disk) = SmallDisk::mount(options) else { return };
    let mut installation = start(&disk, "redirect");
    let links = installation.links(5, 4);
    let load = Load::start(&installation, &links.codes, 1_000, 100);
    installation.wait_for_clicks(500);
    fill(&disk);
    eventually("unrecorded clicks", || installation.metric(UNRECORDED).is_some_and(|count| count >= 200.0));
    let stored = installation.clicks();
    disk.free();
    // It goes on by itself: more than the segments at hand could hold.
    installation.wait_for_clicks(stored + 1_500);
    let sent = load.stop();
    assert_eq!(sent.number("/unknown"), 0.0, "a request went unanswered: {}", sent.report);
    // The workers add to the shared figure once a second; the spool's own is exact at once.
    let mut unrecorded = 0.0;
    eventually("the metric to be that of the books", || {
        unrecorded = unrecorded_in_the_books(&installation);
        installation.metric(UNRECORDED) == Some(unrecorded)
    });
    let said = installation.stop();
    assert!(said.contains("every answered click is stored"), "{said}");

    assert_eq!(unrecorded_in_the_books(&installation), unrecorded, "a restart changed the figure");
    installation.resume();
    let verdict = sent.compare_in(&installation.data_dir, "0s");
    let count = |name: &str| verdict.pointer(name).unwrap().as_f64().unwrap();
    assert_eq!(count("/lost/count"), unrecorded, "{verdict}");
    assert_eq!((count("/doubled/count"), count("/invented/count")), (0.0, 0.0), "{verdict}");
}

/// What an audit names as unrecorded; it ends with exit 0 when nothing else is missing.
fn unrecorded_in_the_books(installation: &Installation) -> f64 {
    let audit: Value = serde_json::from_str(&installation.run_ok(&["audit", "--format", "json"])).unwrap();
    audit["unrecorded"]["full"].as_f64().unwrap()
}

/// As there, but what cannot be recorded is refused.
fn clicks_are_refused(options: &str, fill: impl Fn(&SmallDisk)) {
    let Some(disk) = SmallDisk::mount(options) else { return };
    let mut installation = start(&disk, "refuse");
    let links = installation.links(5, 4);
    let load = Load::start(&installation, &links.codes, 1_000, 100);
    installation.wait_for_clicks(500);
    fill(&disk);
    let path = format!("/{}", links.codes[0]);
    let mut refused = None;
    eventually("a refusal", || {
        refused = Some(installation.get(&path, &[])).filter(|answer| answer.status() == 503);
        refused.is_some()
    });
    let retry_after = refused.unwrap().headers()["retry-after"].to_str().unwrap().parse::<u32>();
    assert!(retry_after.is_ok(), "{retry_after:?}");
    disk.free();
    eventually("an answer", || installation.get(&path, &[]).status() == 302);
    let sent = load.stop();
    assert!(sent.number("/by_status/503") > 0.0, "{}", sent.report);
    sent.assert_exact(&installation);
    assert!(installation.metric(UNRECORDED).is_none_or(|count| count == 0.0));
    installation.stop();
    installation.run_ok(&["audit"]);
}

#[test]
fn on_a_full_disk_redirects_go_on_and_each_unrecorded_click_is_counted() {
    redirects_go_on("size=96m", SmallDisk::fill);
}

#[test]
fn on_a_full_disk_clicks_are_refused_where_that_is_the_policy() {
    clicks_are_refused("size=96m", SmallDisk::fill);
}

#[test]
fn without_inodes_redirects_go_on_and_each_unrecorded_click_is_counted() {
    redirects_go_on("size=96m,nr_inodes=4000", SmallDisk::fill_inodes);
}

#[test]
fn without_inodes_clicks_are_refused_where_that_is_the_policy() {
    clicks_are_refused("size=96m,nr_inodes=4000", SmallDisk::fill_inodes);
}

#[test]
fn a_start_after_a_kill_on_a_full_disk_answers_and_recovers() {
    let Some(disk) = SmallDisk::mount("size=96m") else { return };
    let mut installation = start(&disk, "redirect");
    let links = installation.links(2, 2);
    let path = format!("/{}", links.codes[0]);
    assert_eq!(installation.get(&path, &[]).status(), 302);
    installation.kill();
    disk.fill();
    installation.resume();
    assert_eq!(installation.get(&path, &[]).status(), 302);
    disk.free();
    eventually("a click that is stored", || {
        assert_eq!(installation.get(&path, &[]).status(), 302);
        installation.clicks() > 1
    });
    installation.stop();
    installation.run_ok(&["audit"]);
}

#[test]
fn a_start_after_a_stop_on_a_full_disk_is_refused_in_one_line_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount("size=96m") else { return };
    let mut installation = start(&disk, "redirect");
    let links = installation.links(2, 2);
    let path = format!("/{}", links.codes[0]);
    assert_eq!(installation.get(&path, &[]).status(), 302);
    installation.stop();
    disk.fill();
    // SQLite cannot make the file that its processes share.
    let line = one_line_of_failure(installation.command(&["serve"]), 1);
    assert!(line.contains("free space"), "{line}");
    disk.free();
    installation.resume();
    assert_eq!(installation.get(&path, &[]).status(), 302);
    installation.stop();
    assert!(installation.run_ok(&["audit"]).contains("answered 2, stored 2"));
}
