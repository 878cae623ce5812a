//! The machine's clock is wrong by days, or decades.

use crate::harness::{Installation, eventually};

/// The library of Debian's package `faketime`, on whatever architecture.
fn library() -> Option<String> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    let mut files = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    files.find(|file| file.is_file()).map(|file| file.display().to_string())
}

#[test]
fn whatever_the_clock_says_identities_are_unique_and_every_click_is_stored() {
    let Some(library) = library() else {
        println!("not tested: install Debian's package faketime");
        return;
    };
    let mut installation = Installation::start(&[]);
    let links = installation.links(5, 4);
    let mut answered = 0;
    for (clock, partitions) in [("+0", 1), ("-1d", 2), ("+1d", 2), ("+6000d", 3), ("+0", 3)] {
        installation.kill();
        let fake = [("LD_PRELOAD", &*library), ("FAKETIME", clock), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
        installation.resume_with(if clock == "+0" { &[] } else { &fake });
        for code in &links.codes {
            assert_eq!(installation.get(&format!("/{code}"), &[]).status(), 302, "at {clock}");
            answered += 1;
        }
        let identities = "SELECT uniqExact(spool_id, lane, segment, record) FROM clicks FINAL";
        installation.wait_for_sql(identities, &answered.to_string());
        let months = "SELECT uniqExact(partition) FROM system.parts WHERE table = 'clicks' AND active";
        let months: u32 = installation.sql(months).unwrap().parse().unwrap();
        assert!(months <= partitions, "{months} partitions at {clock}");
    }
    eventually("the years to be told apart", || {
        installation.sql("SELECT max(toYear(clicked_at)) > 2038 FROM clicks").as_deref() == Ok("1")
    });
    installation.stop();
    let report = installation.run_ok(&["audit"]);
    assert!(report.contains(&format!("answered {answered}, stored {answered}")), "{report}");
}
