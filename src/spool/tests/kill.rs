//! A real process, killed while it appends: everything that it reported is there.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::*;

/// Set for the child: the directory that it appends to.
const CHILD: &str = "RELAIS_SPOOL_TEST_CHILD";

fn payload(id: RecordId) -> Vec<u8> {
    (0..100 + id.record % 200).map(|byte| (byte + id.record) as u8 ^ id.segment as u8).collect()
}

fn config() -> Config {
    Config { segment_bytes: 64 << 10, ..Config::default() }
}

/// The child's part: appends for ever, and reports each record once its append has returned.
fn append_for_ever(directory: &str) {
    let spool = on_disk(Path::new(directory), config());
    let mut writer = spool.writer(0).expect("the lane");
    let mut out = std::io::stdout().lock();
    loop {
        let mut given = None;
        let appended = writer.append(300, |id, room| {
            given = Some(id);
            let payload = payload(id);
            room[..payload.len()].copy_from_slice(&payload);
            payload.len()
        });
        if let (Ok(_), Some(id)) = (appended, given) {
            writeln!(out, "record {:032x} {} {}", id.spool_id, id.segment, id.record).expect("the parent reads");
        }
    }
}

#[test]
fn a_kill_while_appending_loses_nothing_that_was_reported() {
    if let Ok(directory) = std::env::var(CHILD) {
        return append_for_ever(&directory);
    }
    let directory = tempfile::tempdir().expect("a directory");
    let mut reported = Vec::new();
    for run in 0..4 {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "spool::tests::kill::a_kill_while_appending_loses_nothing_that_was_reported"])
            .arg("--nocapture")
            .env(CHILD, directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let parse = |line: &str| {
            let mut words = line.strip_prefix("record ")?.split(' ');
            let spool_id = u128::from_str_radix(words.next()?, 16).ok()?;
            let (segment, record) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            Some(RecordId { spool_id, lane: 0, segment, record })
        };
        // Killed at another place in each run, over several segments; what was reported meanwhile counts as well.
        let mut seen = 0;
        while seen < 500 + 313 * run {
            let line = lines.next().expect("it appends").expect("readable");
            if let Some(id) = parse(&line) {
                reported.push(id);
                seen += 1;
            }
        }
        child.kill().expect("it runs");
        child.wait().expect("it ended");
        // The last line may be cut off, as a number that is too short: that record was not reported.
        let rest: Vec<String> = lines.map_while(Result::ok).collect();
        reported.extend(rest.iter().take(rest.len().saturating_sub(1)).filter_map(|line| parse(line)));
    }
    let spool = on_disk(directory.path(), config());
    let found: std::collections::BTreeMap<_, _> = pending(&spool).into_iter().collect();
    assert!(found.iter().all(|(id, bytes)| *bytes == payload(*id)), "nothing is invented");
    let lost: Vec<_> = reported.iter().filter(|id| !found.contains_key(id)).collect();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), reported.len());
    assert!(spool.ledger().segments().iter().all(|one| one.missing == 0));
    let mut distinct = reported.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), reported.len(), "no identity is given twice");
}
