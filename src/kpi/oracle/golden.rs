//! The golden bundles, which every part of the house agrees on: rows, and what each KPI must be. They stand beside the
//! repository; a clone without them leaves their tests out, and says so.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::bundle::{Application, Bundle, Click, Content, Key, Person, Share};
use super::{Figures, Numbers};
use crate::kpi::dimension::Dimension;
use crate::kpi::period::{Calendar, Period};

/// The folder of each bundle.
pub(crate) const BUNDLES: [&str; 3] = ["worked-example", "edges", "edges/second-space"];

/// A bundle and its cases.
pub(crate) struct Golden {
    pub(crate) bundle: Bundle,
    pub(crate) cases: Vec<(Period, Option<Dimension>, Figures)>,
}

/// Where the bundles stand, if they do.
pub(crate) fn folder() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let found = above.map(|folder| folder.join("shared/golden")).find(|folder| folder.is_dir());
    if found.is_none() {
        eprintln!("left out: there is no shared/golden beside the repository");
    }
    found
}

impl Golden {
    pub(crate) fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("expected.json")).expect("expected.json");
        let expected: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let space = &expected["space"];
        let week: Vec<u8> = serde_json::from_value(space["working_week"].clone()).expect("a week");
        let holidays: Vec<String> = serde_json::from_value(space["holidays"].clone()).expect("holidays");
        let time_zone = space["time_zone"].as_str().expect("a zone");
        let calendar = Calendar::new(time_zone, &week, &holidays).expect("a calendar");
        let cases = expected["cases"].as_array().expect("cases").iter().map(case).collect();
        Self { bundle: bundle(folder, calendar), cases }
    }
}

fn case(case: &serde_json::Value) -> (Period, Option<Dimension>, Figures) {
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let day = |name: &str| case[name].as_str().expect("a day");
    let period = Period::parse(day("from"), day("to")).expect("a period");
    let by: Option<Dimension> = case["by"].as_str().map(|by| by.parse().expect("a dimension"));
    let figures = case["kpis"].as_array().expect("figures").iter().map(|figure| {
        let key = by.map(|by| text(&figure["by"][by.as_str()]));
        let name = figure["name"].as_str().expect("a name");
        let detail = match name {
            "clicks_by_class" => text(&figure["by"]["class"]),
            "channel_mix" => text(&figure["by"]["channel"]),
            _ => None,
        };
        let numbers = Numbers {
            numerator: figure["numerator"].as_f64(),
            denominator: figure["denominator"].as_f64(),
            value: figure["value"].as_f64(),
        };
        ((name.to_owned(), key, detail), numbers)
    });
    (period, by, figures.collect())
}

type Row = HashMap<String, String>;

fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(file)).expect("a file");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn some(row: &Row, column: &str) -> Key {
    row.get(column).filter(|cell| !cell.is_empty()).cloned()
}

fn at_ms(row: &Row, column: &str) -> Option<i64> {
    some(row, column).map(|cell| cell.parse::<jiff::Timestamp>().expect("an instant").as_millisecond())
}

fn bundle(folder: &Path, calendar: Calendar) -> Bundle {
    let date = |row: &Row, column: &str| some(row, column).map(|cell| cell.parse().expect("a date"));
    let people: Vec<Person> = rows(folder, "advocates.csv")
        .iter()
        .map(|row| Person {
            key: row["external_id"].clone(),
            kind: row["kind"].clone(),
            team: some(row, "team"),
            location: some(row, "location"),
            language: some(row, "language"),
            cohort: some(row, "cohort"),
            invited_on: date(row, "invited_on"),
            registered_ms: at_ms(row, "registered_at"),
            left_on: date(row, "left_on"),
        })
        .collect();
    let contents: Vec<Content> = rows(folder, "contents.csv")
        .iter()
        .map(|row| Content {
            key: row["external_id"].clone(),
            kind: row["kind"].clone(),
            campaign: some(row, "campaign"),
            published_ms: at_ms(row, "published_at"),
        })
        .collect();
    let person = |row: &Row| people.iter().position(|person| person.key == row["advocate"]);
    let content = |row: &Row| contents.iter().position(|content| content.key == row["content"]);
    let shares = rows(folder, "shares.csv")
        .iter()
        .map(|row| Share {
            person: person(row),
            content: content(row).expect("a known content"),
            channel: row["channel"].clone(),
            at_ms: at_ms(row, "shared_at").expect("an instant"),
        })
        .collect();
    let clicks = rows(folder, "clicks.csv")
        .iter()
        .map(|row| Click {
            person: person(row),
            content: content(row).expect("a known content"),
            channel: row["channel"].clone(),
            at_ms: at_ms(row, "clicked_at").expect("an instant"),
            class: row["class"].clone(),
            answered: some(row, "answer").is_none_or(|answer| answer == "content"),
            country: some(row, "country"),
            visitor: some(row, "visitor"),
        })
        .collect();
    let mut stages = rows(folder, "applications.csv");
    stages.sort_by_key(|row| at_ms(row, "occurred_at"));
    let mut applications: BTreeMap<String, Application> = BTreeMap::new();
    for row in &stages {
        let application = applications.entry(row["external_id"].clone()).or_default();
        if application.person.is_none() {
            application.person = person(row);
            application.content = content(row);
            application.channel = some(row, "channel");
        }
        let at = at_ms(row, "occurred_at").expect("an instant");
        application.reached.entry(row["stage"].clone()).or_insert(at);
    }
    let applications = applications.into_values().collect();
    Bundle { calendar, people, contents, shares, clicks, applications, sign_ins: Vec::new(), rates: Vec::new() }
}
