//! Every question that the dashboards ask ClickHouse, as their reader asks it.

use std::path::Path;

use expand::{Choice, Choices, Range, expand};
use jiff::tz::TimeZone;
use model::{Dashboard, dashboards};
use relais::warehouse::Access;
use reqwest::Client;

use crate::year::Year;

#[allow(dead_code, unreachable_pub, reason = "tests take the rest, as `pub`")]
#[path = "../../src/tests/dashboards/expand.rs"]
mod expand;
#[allow(dead_code, unreachable_pub, reason = "tests take the rest, as `pub`")]
#[path = "../../src/tests/dashboards/model.rs"]
mod model;

/// Pixels that a panel is wide.
const WIDTH: i64 = 800;

/// Who asks.
pub(crate) struct Reader {
    client: Client,
    url: String,
    password: String,
}

impl Reader {
    /// The reader of the engine whose files are in `folder`.
    pub(crate) fn new(access: &Access, database: &str, folder: &Path) -> Self {
        let password = std::fs::read_to_string(folder.join("clickhouse/reader-password")).expect("its password");
        let url = format!("{}/?database={database}&default_format=JSONCompact", access.url);
        Self { client: Client::new(), url, password: password.trim().to_owned() }
    }

    /// Asks and takes the whole answer.
    pub(crate) async fn ask(&self, sql: &str) {
        let asked = self.client.post(&self.url).basic_auth("relais_reader", Some(&self.password)).body(sql.to_owned());
        let answer = asked.send().await.expect("an answer");
        let fine = answer.status().is_success();
        let text = answer.text().await.expect("a whole answer");
        assert!(fine, "{sql}: {text}");
    }
}

/// Where each question stands, and its SQL over the year of a space with nothing chosen.
pub(crate) fn questions(year: Year, space: &str) -> Vec<(String, String)> {
    let zone = TimeZone::get("Europe/Paris").expect("a zone");
    let second = |date: jiff::civil::Date| date.to_zoned(zone.clone()).expect("a day").timestamp().as_second();
    let (from, to) = (second(year.from), second(year.to) + 86_399);
    let range = Range { from, to, interval_ms: (to - from) * 1000 / WIDTH };
    let mut found = Vec::new();
    for dashboard in dashboards() {
        let choices = unchosen(&dashboard, space);
        for question in dashboard.questions() {
            let sql = expand(&question.sql, &range, &choices);
            let sql = sql.unwrap_or_else(|error| panic!("{}: {error}", question.place));
            if !found.iter().any(|(_, known)| *known == sql) {
                found.push((question.place, sql));
            }
        }
    }
    found
}

/// What a dashboard opens with: all of what can be chosen, what stands in its text boxes, and a space.
fn unchosen(dashboard: &Dashboard, space: &str) -> Choices {
    let choice = |variable: &serde_json::Value| {
        let name = variable["name"].as_str()?;
        let typed = || variable["query"].as_str().unwrap_or_default().to_owned();
        let choice = match (name, variable["type"].as_str()?) {
            ("space", _) => Choice::One(space.to_owned()),
            (_, "textbox") => Choice::One(typed()),
            _ => Choice::All,
        };
        Some((name.to_owned(), choice))
    };
    dashboard.variables().iter().filter_map(choice).collect()
}
