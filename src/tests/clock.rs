//! The machine's clock is wrong by days, or decades.

use crate::harness::{Installation, eventually};

/// Where Debian's package `faketime` puts it.
const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

#[test]
fn whatever_the_clock_says_identities_are_unique_and_every_click_is_stored() {
    if !std::path::Path::new(LIBRARY).exists() {
        println!("not tested: install Debian's package faketime for {LIBRARY}");
        return;
    }
    let mut installation = Installation::start(&[]);
    let links = installation.links(5, 4);
    let mut answered = 0;
    for (clock, partitions) in [("+0", 1), ("-1d", 2), ("+1d", 2), ("+6000d", 3), ("+0", 3)] {
        installation.kill();
        let fake = [("LD_PRELOAD", LIBRARY), ("FAKETIME", clock), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
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
