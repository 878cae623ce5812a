//! A part of ClickHouse's table whose files are not what they should be.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Installation, Load};

/// Files of marks in the folder of `part`, wherever ClickHouse keeps it.
fn marks(folder: &Path, part: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        // Not through ClickHouse's symbolic links, or each file would be found twice.
        if entry.file_type().unwrap().is_dir() {
            marks(&path, part, found);
        } else if path.parent().is_some_and(|parent| parent.ends_with(part))
            && path.extension().is_some_and(|extension| extension.to_string_lossy().contains("mrk"))
        {
            found.push(path);
        }
    }
}

/// With `harm` done to the marks of the largest part while the engine was stopped, everything is there again.
fn comes_back(harm: impl Fn(&Path)) {
    let mut installation = Installation::start(&[]);
    let links = installation.links(5, 4);
    let sent = Load::start(&installation, &links.codes, 1_000, 2).finish();
    sent.assert_exact(&installation);
    let part = "SELECT name FROM system.parts WHERE table = 'clicks' AND active ORDER BY rows DESC LIMIT 1";
    // A merge may end between this question and the stop; the engine that starts again merges what is small anew.
    installation.sql("SYSTEM STOP MERGES clicks").unwrap();
    let part = installation.sql(part).unwrap();
    installation.stop();
    let mut found = Vec::new();
    marks(&installation.data_dir.join("clickhouse"), &part, &mut found);
    assert!(!found.is_empty(), "no marks of {part}");
    found.iter().for_each(|file| harm(file));

    installation.resume();
    let said = installation.process().wait_for("cannot be read: they are dropped");
    assert!(said.contains(&part), "{said}");
    sent.assert_exact(&installation);
    installation.stop();
    installation.run_ok(&["audit"]);
    installation.resume();
    installation.process().wait_for("clicks are shipped");
    assert!(!installation.stop().contains("cannot be read"), "the damage was found twice");
}

#[test]
fn a_part_whose_marks_are_empty_is_found_dropped_and_shipped_again() {
    comes_back(|file| fs::write(file, "").unwrap());
}

#[test]
fn a_part_whose_marks_are_gone_is_found_dropped_and_shipped_again() {
    comes_back(|file| fs::remove_file(file).unwrap());
}
