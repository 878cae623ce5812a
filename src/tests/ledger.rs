//! The ledger is lost or damaged: what is stored stays counted once, what waits is shipped.

use std::fs;
use std::path::Path;

use crate::harness::process::send;
use crate::harness::{Installation, Load};

/// With clicks stored and clicks waiting, everything is killed, `harm` meets the ledger, and a start follows.
fn survives(harm: impl Fn(&Path)) -> String {
    let mut installation = Installation::start(&[]);
    let links = installation.links(5, 4);
    let stored = Load::start(&installation, &links.codes, 1_000, 2).finish();
    stored.assert_exact(&installation);
    // The engine takes nothing any more: what comes now waits.
    send(installation.engine_pid(), libc::SIGSTOP);
    let waiting = Load::start(&installation, &links.codes, 1_000, 2).finish();
    assert_eq!(waiting.number("/unknown"), 0.0, "{}", waiting.report);
    installation.kill();
    let before = spool_id(&installation);
    harm(&installation.data_dir.join("spool/ledger.log"));
    installation.resume();
    let again = Load::start(&installation, &links.codes, 1_000, 1).finish();
    for sent in [stored, waiting, again] {
        sent.assert_exact(&installation);
    }
    assert_ne!(spool_id(&installation), before, "the spool kept its id");
    let said = installation.stop();
    // Exit 0: nothing lost, doubled or invented, whichever id it was given.
    let report = installation.run_ok(&["audit"]);
    assert!(report.contains(&before), "the audit does not name the former spool:\n{report}");
    said
}

fn spool_id(installation: &Installation) -> String {
    let said = String::from_utf8(installation.run(&["spool", "inspect"]).stdout).unwrap();
    let id = said.lines().find_map(|line| line.strip_prefix("spool ")).expect("a line with the id");
    id.trim().to_owned()
}

#[test]
fn a_deleted_ledger_is_rebuilt_and_nothing_is_lost_or_doubled() {
    let said = survives(|ledger| fs::remove_file(ledger).unwrap());
    assert!(said.contains("the ledger is gone and is rebuilt"), "{said}");
}

#[test]
fn a_ledger_damaged_in_its_middle_is_rebuilt_and_nothing_is_lost_or_doubled() {
    let said = survives(|ledger| {
        let mut bytes = fs::read(ledger).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
        for byte in &mut bytes[end / 2..end / 2 + 16] {
            *byte ^= 0x5a;
        }
        fs::write(ledger, bytes).unwrap();
    });
    assert!(said.contains("the ledger is damaged and is rebuilt"), "{said}");
}

#[test]
fn a_ledger_cut_in_its_header_is_rebuilt_and_nothing_is_lost_or_doubled() {
    let said = survives(|ledger| fs::File::options().write(true).open(ledger).unwrap().set_len(20).unwrap());
    assert!(said.contains("is rebuilt"), "{said}");
}
