//! What Grafana reads at its start, seen as text: its own parser is not here.

use std::fs;
use std::path::Path;

use super::model::{FOLDERS, dashboards, folder};

fn read(path: &str) -> String {
    fs::read_to_string(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_data_sources_are_those_that_the_dashboards_begin_with() {
    let sources = read("provisioning/datasources/relais.yaml");
    for dashboard in dashboards() {
        let current = &dashboard.variables()[0]["current"];
        let kind = dashboard.variables()[0]["query"].as_str().expect("a type");
        let wanted = format!(
            "  - name: {}\n    uid: {}\n    type: {kind}\n",
            current["text"].as_str().expect("a name"),
            current["value"].as_str().expect("a uid")
        );
        assert!(sources.contains(&wanted), "{}: {wanted}", dashboard.name);
    }
    for line in
        ["username: relais_reader", "defaultDatabase: relais", "protocol: http\n", "port: 8123", "apiVersion: 1"]
    {
        assert!(sources.contains(line), "{line}");
    }
    assert!(sources.contains("password: $__file{"), "the password is read from a file");
}

#[test]
fn every_folder_of_dashboards_is_provided() {
    let providers = read("provisioning/dashboards/relais.yaml");
    for folder in FOLDERS {
        assert!(providers.contains(&format!("path: $RELAIS_DASHBOARDS/{folder}\n")), "{folder}");
    }
    assert!(!providers.contains("allowUiUpdates: true"), "an edit would be lost at the next start");
}

#[test]
fn grafana_s_own_rules_read_views_and_name_a_runbook_and_a_contact_point() {
    let rules = read("provisioning/alerting/rules.yaml");
    let runbook =
        rules.lines().find_map(|line| line.trim().strip_prefix("runbook_url: dashboards/")).expect("a runbook");
    assert!(Path::new(&folder().join(runbook)).exists(), "{runbook}");
    assert!(rules.contains("FROM kpi_") && rules.contains("datasourceUid: relais-clickhouse"));
    let receiver = rules.lines().find_map(|line| line.trim().strip_prefix("receiver: ")).expect("a receiver");
    assert!(read("provisioning/alerting/contact-points.yaml").contains(&format!("    name: {receiver}\n")));
}
