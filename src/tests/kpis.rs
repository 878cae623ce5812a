//! Golden bundles in at one end, `relais kpi` out at the other.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::Installation;
use crate::harness::process::one_line_of_failure;

fn golden() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let found = above.map(|folder| folder.join("shared/golden")).find(|folder| folder.is_dir());
    if found.is_none() {
        println!("left out: there is no shared/golden beside the repository");
    }
    found
}

/// The bundles, and the splits of their first period that are asked on the command line; every case of them is compared
/// in `kpi::oracle::views`.
const BUNDLES: [(&str, &str, &[&str]); 3] = [
    ("worked", "worked-example", &["", "day", "team", "advocate"]),
    ("edges", "edges", &["", "team", "advocate", "country"]),
    ("second", "edges/second-space", &["", "channel"]),
];

fn read(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap()
}

/// Figures by name and split, with value, numerator and denominator.
fn figures(kpis: &Value) -> BTreeMap<String, [Option<f64>; 3]> {
    let figures = kpis.as_array().unwrap().iter();
    let key = |figure: &Value| format!("{} {}", figure["name"], figure.get("by").unwrap_or(&Value::Null));
    let number = |figure: &Value, name: &str| figure[name].as_f64();
    figures
        .map(|figure| (key(figure), ["value", "numerator", "denominator"].map(|name| number(figure, name))))
        .collect()
}

/// Puts the bundle of a space in.
fn import(installation: &Installation, slug: &str, folder: &Path) {
    let zone = read(folder)["space"]["time_zone"].as_str().unwrap().to_owned();
    let mut command = vec!["space", "create", slug, "--time-zone", &zone];
    let holidays = folder.join("holidays.txt");
    if holidays.exists() {
        command.extend(["--holidays", holidays.to_str().unwrap()]);
    }
    installation.run_ok(&command);
    let said = installation.run_ok(&["import", folder.to_str().unwrap(), "--space", slug]);
    assert!(said.contains("clicks.csv"), "{said}");
}

/// Asks for every figure of the bundle's first period in this split; all of them are as expected.
fn compare(installation: &Installation, slug: &str, folder: &Path, by: &str) {
    let cases = read(folder)["cases"].as_array().unwrap().clone();
    let case = cases.iter().find(|case| case["by"].as_str().unwrap_or("") == by && case["from"] != "2026-03-16");
    let case = case.unwrap();
    let (from, to) = (case["from"].as_str().unwrap(), case["to"].as_str().unwrap());
    let mut command = vec!["kpi", "--space", slug, "--from", from, "--to", to, "--all-definitions", "--format", "json"];
    if !by.is_empty() {
        command.extend(["--by", by]);
    }
    let answer: Value = serde_json::from_str(&installation.run_ok(&command)).unwrap();
    let mut found = figures(&answer["kpis"]);
    // The bundles have no rates.
    found.retain(|key, _| !key.contains("earned_media_value"));
    let expected = figures(&case["kpis"]);
    for (key, numbers) in &expected {
        let same = found.get(key).is_some_and(|found| {
            found.iter().zip(numbers).all(|(found, number)| match (found, number) {
                (Some(found), Some(number)) => (found - number).abs() < 1e-9,
                (found, number) => found == number,
            })
        });
        assert!(same, "{slug} {from} {by}: {key}: expected {numbers:?}, found {:?}", found.get(key));
    }
    assert_eq!(found.len(), expected.len(), "{slug} {from} {by}: {found:?}");
}

#[test]
fn a_golden_bundle_that_was_imported_gives_its_kpis_on_the_command_line() {
    let Some(golden) = golden() else { return };
    let data = tempfile::tempdir().unwrap();
    let mut installation = Installation::prepared(data.path(), &[]);
    // Nothing runs yet: no server has brought facts to ClickHouse, or computed roll-ups.
    let (slug, folder, _) = BUNDLES[0];
    import(&installation, slug, &golden.join(folder));
    compare(&installation, slug, &golden.join(folder), "");
    installation.resume();
    for (slug, folder, splits) in BUNDLES {
        let folder = golden.join(folder);
        import(&installation, slug, &folder);
        for by in splits {
            compare(&installation, slug, &folder, by);
        }
    }
    let rolled = installation.run_ok(&["rollup"]);
    assert!(rolled.contains("days and months were computed"), "{rolled}");

    let table = installation.run_ok(&["kpi", "--space", "worked", "--from", "2026-03-02", "--to", "2026-03-08"]);
    assert!(table.lines().any(|line| line.starts_with("clicks_per_share") && line.ends_with("7 / 4")), "{table}");
    let asked = ["kpi", "--space", "worked", "--from", "2026-03-02", "--to", "2026-03-01"];
    assert!(one_line_of_failure(installation.command(&asked), 2).contains("the period ends before it begins"));
    let refused = [
        "kpi",
        "--space",
        "worked",
        "--from",
        "2026-03-02",
        "--to",
        "2026-03-08",
        "--by",
        "country",
        "--definition",
        "clicks_per_content@cohort",
    ];
    let error = one_line_of_failure(installation.command(&refused), 2);
    assert!(error.contains("cannot be split by country: it can be split by day, week"), "{error}");
}
