//! The dashboards' files, and the questions in them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A dashboard.
#[derive(Clone)]
pub struct Dashboard {
    /// Its place below `dashboards/`, without the ending: `marketing/programme`.
    pub name: String,
    /// What Grafana reads.
    pub json: Value,
}

/// Whom a dashboard asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `grafana-clickhouse-datasource`.
    ClickHouse,
    /// `prometheus`.
    Prometheus,
}

/// What a question is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Points over time.
    Series,
    /// Rows.
    Table,
    /// The choices of a variable.
    Variable,
    /// Marks over time.
    Annotation,
}

/// A question to ClickHouse.
#[derive(Debug, Clone)]
pub struct Question {
    /// Dashboard and panel, variable or annotation: `marketing/programme: Clicks per share`.
    pub place: String,
    /// What for.
    pub purpose: Purpose,
    /// The query as it stands in the file.
    pub sql: String,
}

/// The folder of the dashboards.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards")
}

/// The folders of it that hold dashboards.
pub const FOLDERS: [&str; 3] = ["marketing", "recruiting", "operations"];

/// All dashboards, in order of their names.
pub fn dashboards() -> Vec<Dashboard> {
    let mut found = Vec::new();
    for under in FOLDERS {
        for entry in fs::read_dir(folder().join(under)).expect("a folder of dashboards") {
            let path = entry.expect("a directory entry").path();
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let json = serde_json::from_slice(&fs::read(&path).expect("a readable dashboard")).expect("JSON");
            found.push(Dashboard { name: format!("{under}/{stem}"), json });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

impl Dashboard {
    /// Its panels without the headings of rows.
    pub fn panels(&self) -> impl Iterator<Item = &Value> {
        list(&self.json["panels"]).iter().filter(|panel| panel["type"] != "row")
    }

    /// Its variables.
    pub fn variables(&self) -> &[Value] {
        list(&self.json["templating"]["list"])
    }

    /// Its annotations.
    pub fn annotations(&self) -> &[Value] {
        list(&self.json["annotations"]["list"])
    }

    /// Whom its one data source variable chooses among.
    pub fn source(&self) -> Option<Source> {
        let mut sources = self.variables().iter().filter(|variable| variable["type"] == "datasource");
        match (sources.next()?["query"].as_str()?, sources.next()) {
            ("grafana-clickhouse-datasource", None) => Some(Source::ClickHouse),
            ("prometheus", None) => Some(Source::Prometheus),
            _ => None,
        }
    }

    /// Everything that it asks ClickHouse.
    pub fn questions(&self) -> Vec<Question> {
        if self.source() != Some(Source::ClickHouse) {
            return Vec::new();
        }
        let place = |title: &Value| format!("{}: {}", self.name, title.as_str().unwrap_or_default());
        let text = |sql: &Value| sql.as_str().unwrap_or_default().to_owned();
        let mut found = Vec::new();
        for panel in self.panels() {
            for target in list(&panel["targets"]) {
                let purpose = if target["format"] == 0 { Purpose::Series } else { Purpose::Table };
                found.push(Question { place: place(&panel["title"]), purpose, sql: text(&target["rawSql"]) });
            }
        }
        for variable in self.variables().iter().filter(|variable| variable["type"] == "query") {
            let sql = text(&variable["query"]);
            found.push(Question { place: place(&variable["name"]), purpose: Purpose::Variable, sql });
        }
        for annotation in self.annotations() {
            let sql = text(&annotation["target"]["rawSql"]);
            found.push(Question { place: place(&annotation["name"]), purpose: Purpose::Annotation, sql });
        }
        found
    }

    /// Every PromQL expression, with the title of its panel.
    pub fn expressions(&self) -> Vec<(String, String)> {
        let of = |panel: &Value| {
            let title = panel["title"].as_str().unwrap_or_default().to_owned();
            let targets = list(&panel["targets"]).to_vec();
            targets.into_iter().filter_map(move |target| Some((title.clone(), target["expr"].as_str()?.to_owned())))
        };
        self.panels().flat_map(of).collect()
    }
}

/// The members of a list; none when it is not there.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
