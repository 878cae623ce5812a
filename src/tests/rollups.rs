//! Roll-ups follow what is stored, beside a running server; `relais rollup` makes them anew.

use crate::harness::Installation;
use crate::harness::process::{eventually, one_line_of_failure};

/// Clicks of the large split, from what the KPI views read.
const ROLLED: &str = "SELECT sum(arraySum(clicks)) FROM rollup_clicks FINAL WHERE by = 'all' AND grain = 'day'";
const MONTHS: &str = "SELECT sum(arraySum(clicks)) FROM rollup_clicks FINAL WHERE by = 'all' AND grain = 'month'";
const BROWSER: (&str, &str) = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

#[test]
fn a_click_is_in_the_roll_ups_within_seconds_and_they_can_be_made_anew_with_and_without_a_server() {
    let mut installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let path = format!("/{}", links.codes[0]);
    installation.get(&path, &[BROWSER]);
    installation.wait_for_sql(ROLLED, "1");
    installation.get(&path, &[BROWSER]);
    installation.wait_for_sql(ROLLED, "2");
    installation.wait_for_sql(MONTHS, "2");
    eventually("the metrics", || installation.metric("relais_rollup_days_total").is_some_and(|days| days >= 2.0));

    installation.sql("TRUNCATE TABLE rollup_clicks").unwrap();
    let said = installation.run_ok(&["rollup", "--space", "default"]);
    assert!(said.ends_with("days and months were computed"), "{said}");
    installation.wait_for_sql(ROLLED, "2");
    installation.sql("TRUNCATE TABLE rollup_clicks").unwrap();
    installation.stop();
    let said = installation.run_ok(&["rollup"]);
    assert!(said.ends_with("2 days and months were computed"), "{said}");
    let said = installation.run_ok(&["rollup", "--to", "2020-01-01"]);
    assert!(said.ends_with("0 days and months were computed"), "{said}");
    installation.resume();
    installation.wait_for_sql(ROLLED, "2");
    installation.wait_for_sql(MONTHS, "2");
}

#[test]
fn a_wrong_space_or_period_is_one_line_that_says_what_to_do() {
    let data_dir = tempfile::tempdir().unwrap();
    let installation = Installation::prepared(data_dir.path(), &[]);
    let error = one_line_of_failure(installation.command(&["rollup", "--space", "nowhere"]), 1);
    assert!(error.contains("relais space create nowhere"), "{error}");
    let turned = ["rollup", "--from", "2026-03-02", "--to", "2026-03-01"];
    let error = one_line_of_failure(installation.command(&turned), 2);
    assert!(error.contains("lies before"), "{error}");
    one_line_of_failure(installation.command(&["rollup", "--from", "2026-13-01"]), 2);
}
