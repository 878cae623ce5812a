//! Rules, their unit tests and the dashboards' expressions, as promtool sees them; metrics that really exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use regex::Regex;
use relais::telemetry::Metrics;

use super::model::{dashboards, folder};
use crate::harness::say;

/// Runs promtool on the rules' folder. None, and said aloud, where there is none; in continuous integration there is.
fn promtool(arguments: &[&str]) -> Option<String> {
    match Command::new("promtool").args(arguments).current_dir(folder().join("prometheus")).output() {
        Ok(output) => {
            let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
            assert!(output.status.success(), "promtool {}:\n{said}", arguments.join(" "));
            Some(said)
        }
        Err(_) if std::env::var_os("CI").is_some() => panic!("promtool is missing: apt-get install prometheus"),
        Err(_) => {
            say("SKIPPED: what promtool checks (apt-get install prometheus)");
            None
        }
    }
}

#[test]
fn the_rules_pass_every_lint_and_their_unit_tests() {
    promtool(&["check", "rules", "--lint=all", "--lint-fatal", "relais.rules.yml"]);
    promtool(&["check", "config", "prometheus.yml"]);
    promtool(&["test", "rules", "relais.tests.yml"]);
}

#[test]
fn every_alert_is_tested_both_ways_and_names_a_runbook_that_is_there() {
    let rules = fs::read_to_string(folder().join("prometheus/relais.rules.yml")).expect("the rules");
    let tests = fs::read_to_string(folder().join("prometheus/relais.tests.yml")).expect("their tests");
    let alerts: Vec<&str> = rules.split("- alert: ").skip(1).collect();
    assert!(alerts.len() >= 10, "{}", alerts.len());
    for alert in alerts {
        let name = alert.lines().next().unwrap_or_default().trim();
        let field = |name: &str| {
            let line = alert.lines().find_map(|line| line.trim().strip_prefix(name));
            line.unwrap_or_else(|| panic!("{alert} has no {name}")).trim().to_owned()
        };
        let runbook = field("runbook_url:");
        let file = runbook.strip_prefix("dashboards/").expect("a path of the repository");
        let text = fs::read_to_string(folder().join(file)).unwrap_or_else(|_| panic!("{name}: no {runbook}"));
        assert!(
            ["## Look", "## Do"].iter().all(|part| text.contains(part)),
            "{runbook} says what to look at and to do"
        );
        assert!(alert.contains("severity: page") || alert.contains("severity: ticket"), "{name} is for nobody");
        // In the block form the expectation is the next line, in the short form it is on the same.
        let of = |line: &str| {
            line.trim().strip_prefix("alertname: ") == Some(name) || line.contains(&format!("alertname: {name},"))
        };
        let mut lines = tests.lines().peekable();
        let (mut fires, mut quiet) = (false, false);
        while let Some(line) = lines.next() {
            if of(line) {
                let expected = if line.contains("exp_alerts") { Some(line) } else { lines.peek().copied() };
                let none = expected.is_some_and(|line| line.contains("exp_alerts: []"));
                (fires, quiet) = (fires || !none, quiet || none);
            }
        }
        assert!(fires && quiet, "{name} fires in a test: {fires}; stays quiet in one: {quiet}");
    }
}

/// Every metric by name, with its labels, as `/metrics` tells them.
fn catalogue() -> BTreeMap<String, BTreeSet<String>> {
    let metrics = Metrics::new();
    metrics.connections.with_label_values(&["redirect"]);
    metrics.outbound_fetches.with_label_values(&["found"]);
    metrics.api_requests.with_label_values(&["/links", "200"]);
    metrics.api_duration.with_label_values(&["/links"]);
    let sample = Regex::new(r"^(relais_\w+)(?:\{(.*)\})? ").expect("a pattern");
    let label = Regex::new(r#"(\w+)=""#).expect("a pattern");
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in metrics.render().lines().filter(|line| !line.starts_with('#')) {
        let parts = sample.captures(line).unwrap_or_else(|| panic!("{line}"));
        let labels = parts.get(2).map_or("", |labels| labels.as_str());
        let labels = label.captures_iter(labels).map(|one| one[1].to_owned());
        found.entry(parts[1].to_owned()).or_default().extend(labels);
    }
    found
}

/// Metrics and labels of an expression that do not exist.
fn unknown(expression: &str, catalogue: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let name = Regex::new(r"\b(relais_[a-z_]+)(?:\{([^}]*)\})?").expect("a pattern");
    let label = Regex::new(r"(\w+)\s*(?:=~|!~|!=|=)").expect("a pattern");
    let mut wrong = Vec::new();
    for used in name.captures_iter(expression) {
        let Some(labels) = catalogue.get(&used[1]) else {
            wrong.push(format!("there is no {}", &used[1]));
            continue;
        };
        let matched = used.get(2).map_or("", |matchers| matchers.as_str());
        for one in label.captures_iter(matched).map(|one| one[1].to_owned()) {
            if !labels.contains(&one) && !["instance", "job"].contains(&&*one) {
                wrong.push(format!("{} has no label {one}", &used[1]));
            }
        }
    }
    wrong
}

#[test]
fn every_metric_that_is_asked_for_exists() {
    let catalogue = catalogue();
    let rules = fs::read_to_string(folder().join("prometheus/relais.rules.yml")).expect("the rules");
    let mut asked: Vec<(String, String)> = vec![("relais.rules.yml".into(), rules)];
    for dashboard in dashboards() {
        asked.extend(dashboard.expressions());
    }
    assert!(asked.len() > 40, "{}", asked.len());
    let wrong: Vec<String> = asked
        .iter()
        .flat_map(|(place, text)| unknown(text, &catalogue).into_iter().map(move |what| format!("{place}: {what}")))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(!unknown("rate(relais_clicks_total[5m])", &catalogue).is_empty());
    assert!(!unknown("relais_links{outcome=\"content\"}", &catalogue).is_empty());
}

#[test]
fn every_expression_of_a_panel_is_promql() {
    let mut rules = String::from("groups:\n  - name: panels\n    rules:\n");
    let mut number = 0;
    for dashboard in dashboards() {
        for (_, expression) in dashboard.expressions() {
            number += 1;
            let expression =
                expression.replace("$__rate_interval", "5m").replace("$__range", "6h").replace("$instance", ".+");
            rules.push_str(&format!(
                "      - record: panel:{number}\n        expr: {}\n",
                serde_json::json!(expression)
            ));
        }
    }
    assert!(number > 40, "{number}");
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("panels.yml");
    fs::write(&file, rules).expect("written");
    promtool(&["check", "rules", file.to_str().expect("a path")]);
}
