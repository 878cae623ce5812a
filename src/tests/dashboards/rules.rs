//! What every dashboard keeps to. Each rule comes with a breach that it must notice, so none can pass by looking away.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use super::model::{Dashboard, FOLDERS, Purpose, Source, dashboards, list};

/// Grafana's grid.
const COLUMNS: i64 = 24;

/// A rule: its words, what it finds wrong with a dashboard, and how to break it.
struct Rule {
    words: &'static str,
    wrong: fn(&Dashboard) -> Vec<String>,
    breach: fn(&mut Value),
}

const RULES: &[Rule] = &[
    Rule {
        words: "a uid that stays, no id, nothing asked at an import, schema version 42, not to be edited",
        wrong: identity,
        breach: |json| json["id"] = json!(7),
    },
    Rule {
        words: "a uid made of its file's name",
        wrong: identity,
        breach: |json| json["uid"] = json!("relais-other"),
    },
    Rule {
        words: "one data source variable, named datasource, used by everything",
        wrong: data_source,
        breach: |json| json["panels"][1]["targets"][0]["datasource"]["uid"] = json!("relais-clickhouse"),
    },
    Rule {
        words: "every panel has title, description with its unit, unit or mappings, and a question",
        wrong: panels,
        breach: |json| json["panels"][2]["description"] = json!("Clicks."),
    },
    Rule {
        words: "every panel asks something",
        wrong: panels,
        breach: |json| json["panels"][2]["targets"] = json!([]),
    },
    Rule {
        words: "tags, and links between dashboards that keep time and choices",
        wrong: links,
        breach: |json| json["links"][0]["keepTime"] = json!(false),
    },
    Rule {
        words: "links reach another dashboard",
        wrong: reach,
        breach: |json| json["links"][0]["tags"] = json!(["relais", "no other's"]),
    },
    Rule {
        words: "links reach dashboards that ask the same source, because its choice goes along",
        wrong: reach,
        breach: |json| json["links"][0]["tags"] = json!(["relais"]),
    },
    Rule {
        words: "ids are unique",
        wrong: grid,
        breach: |json| json["panels"][2]["id"] = json["panels"][1]["id"].clone(),
    },
    Rule {
        words: "nothing overlaps, nothing leaves the grid",
        wrong: grid,
        breach: |json| json["panels"][2]["gridPos"] = json["panels"][1]["gridPos"].clone(),
    },
    Rule {
        words: "an interval never takes its own column's name",
        wrong: own_name,
        breach: |json| replace_question(json, "SELECT $__timeInterval(time) AS time"),
    },
    Rule {
        words: "what is chosen or typed reaches SQL percent-encoded and quoted, and is decoded there",
        wrong: injection,
        breach: |json| replace_question(json, "SELECT 1 FROM kpi_spaces WHERE name = ${space:sqlstring}"),
    },
    Rule {
        words: "only views of KPIs are read",
        wrong: relations,
        breach: |json| replace_question(json, "SELECT 1 AS x FROM clicks LIMIT 1"),
    },
    Rule {
        words: "rows are bounded and ordered, points are ordered by time",
        wrong: bounds,
        breach: |json| replace_question(json, "SELECT name FROM kpi_spaces ORDER BY name"),
    },
    Rule {
        words: "a day is a local day, and a macro without brackets is followed by none",
        wrong: local_days,
        breach: |json| replace_question(json, "SELECT toDate($__fromTime) AS day LIMIT 1"),
    },
    Rule {
        words: "choices are made anew when they may have changed",
        wrong: variables,
        breach: |json| json["templating"]["list"][1]["refresh"] = json!(0),
    },
];

fn replace_question(json: &mut Value, sql: &str) {
    json["panels"][0]["targets"][0]["rawSql"] = json!(sql);
}

#[test]
fn every_dashboard_keeps_to_every_rule() {
    let all = dashboards();
    assert_eq!(all.len(), 7);
    let uids: BTreeSet<&str> = all.iter().filter_map(|one| one.json["uid"].as_str()).collect();
    assert_eq!(uids.len(), all.len(), "uids are unique");
    let mut wrong = Vec::new();
    for dashboard in &all {
        for rule in RULES {
            wrong.extend((rule.wrong)(dashboard).into_iter().map(|what| format!("{}: {what}", dashboard.name)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_notices_its_breach() {
    let all = dashboards();
    let programme = all.iter().find(|one| one.name == "marketing/programme").expect("it is there");
    for rule in RULES {
        let mut broken = programme.clone();
        (rule.breach)(&mut broken.json);
        assert!(broken.json != programme.json, "no breach: {}", rule.words);
        assert!(!(rule.wrong)(&broken).is_empty(), "not noticed: {}", rule.words);
    }
}

#[test]
fn the_files_are_what_their_source_says() {
    let made = std::process::Command::new("node").args(["dashboards/source/build.mjs", "--check"]).output();
    let made = made.expect("node runs, which npm came with");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn identity(dashboard: &Dashboard) -> Vec<String> {
    let json = &dashboard.json;
    let stem = dashboard.name.rsplit('/').next().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut check = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    check(json["uid"] == format!("relais-{stem}"), "its uid is not made of its name");
    check(json.get("id").is_some_and(Value::is_null), "it has an id, which each Grafana gives itself");
    check(json.get("__inputs").is_none() && json.get("__requires").is_none(), "it asks something when it is imported");
    check(json["schemaVersion"] == 42, "its schema version is not 42");
    check(json["editable"] == false, "it can be edited, and the next start of Grafana would undo that");
    check(
        json["description"].as_str().is_some_and(|text| text.len() > 20),
        "it does not say which question it answers",
    );
    wrong
}

fn data_source(dashboard: &Dashboard) -> Vec<String> {
    let Some(source) = dashboard.source() else { return vec!["it has not exactly one data source variable".into()] };
    let mut wrong = Vec::new();
    let first = &dashboard.variables()[0];
    if first["name"] != "datasource" {
        wrong.push("its data source variable is not called datasource".to_owned());
    }
    let kind = if source == Source::ClickHouse { "grafana-clickhouse-datasource" } else { "prometheus" };
    let expected = json!({"type": kind, "uid": "${datasource}"});
    let mut used = Vec::new();
    for panel in dashboard.panels() {
        used.push((&panel["title"], &panel["datasource"]));
        used.extend(list(&panel["targets"]).iter().map(|target| (&panel["title"], &target["datasource"])));
    }
    let queries = dashboard.variables().iter().filter(|variable| variable["type"] == "query");
    used.extend(queries.map(|variable| (&variable["name"], &variable["datasource"])));
    for annotation in dashboard.annotations() {
        used.extend(
            [&annotation["datasource"], &annotation["target"]["datasource"]].map(|one| (&annotation["name"], one)),
        );
    }
    wrong.extend(
        used.iter().filter(|(_, one)| **one != expected).map(|(name, _)| format!("{name} asks another source")),
    );
    wrong
}

fn panels(dashboard: &Dashboard) -> Vec<String> {
    let mut wrong = Vec::new();
    for panel in dashboard.panels() {
        let title = panel["title"].as_str().unwrap_or_default();
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{title:?} {what}"));
            }
        };
        let description = panel["description"].as_str().unwrap_or_default();
        let defaults = &panel["fieldConfig"]["defaults"];
        check(!title.is_empty(), "has no title");
        check(
            description.len() > 30 && description.contains("Unit: "),
            "does not say what it shows, and in which unit",
        );
        check(defaults["unit"].is_string() || !list(&defaults["mappings"]).is_empty(), "has no unit");
        let asked = list(&panel["targets"]).iter().filter(|target| {
            let texts = [&target["rawSql"], &target["expr"]];
            texts.iter().any(|text| text.as_str().is_some_and(|text| !text.is_empty()))
        });
        check(asked.count() == list(&panel["targets"]).len() && !list(&panel["targets"]).is_empty(), "asks nothing");
    }
    wrong
}

fn links(dashboard: &Dashboard) -> Vec<String> {
    let folder = dashboard.name.split('/').next().unwrap_or_default();
    let tags = list(&dashboard.json["tags"]);
    let mut wrong = Vec::new();
    if !FOLDERS.contains(&folder) || ["relais", folder].iter().any(|tag| !tags.contains(&json!(tag))) {
        wrong.push("it is not tagged with relais and its folder".to_owned());
    }
    let fine = |link: &Value| {
        link["type"] == "dashboards"
            && link["keepTime"] == true
            && link["includeVars"] == true
            && !list(&link["tags"]).is_empty()
            && list(&link["tags"]).iter().all(|tag| tags.contains(tag))
    };
    if !list(&dashboard.json["links"]).iter().any(fine) {
        wrong.push("it leads to no other dashboard, or loses period and choices on the way".to_owned());
    }
    wrong
}

fn reach(dashboard: &Dashboard) -> Vec<String> {
    let others: Vec<Dashboard> = dashboards().into_iter().filter(|other| other.name != dashboard.name).collect();
    let mut wrong = Vec::new();
    for link in list(&dashboard.json["links"]) {
        let has = |other: &&Dashboard| list(&link["tags"]).iter().all(|tag| list(&other.json["tags"]).contains(tag));
        let reached: Vec<&Dashboard> = others.iter().filter(has).collect();
        if reached.is_empty() {
            wrong.push(format!("no other dashboard has the tags {}", link["tags"]));
        }
        let strange = reached.iter().filter(|other| other.source() != dashboard.source());
        wrong.extend(strange.map(|other| format!("a link reaches {}, which asks another source", other.name)));
    }
    wrong
}

fn grid(dashboard: &Dashboard) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut ids, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for panel in list(&dashboard.json["panels"]) {
        let title = &panel["title"];
        if !panel["id"].as_i64().is_some_and(|id| id > 0 && ids.insert(id)) {
            wrong.push(format!("{title} has an id that another has, or none"));
        }
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_i64().unwrap_or(-1));
        if x < 0 || y < 0 || w < 1 || h < 1 || x + w > COLUMNS {
            wrong.push(format!("{title} is not on the grid"));
        }
        for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
            if !taken.insert(cell) {
                wrong.push(format!("{title} overlaps another at {cell:?}"));
                break;
            }
        }
    }
    wrong
}

fn own_name(dashboard: &Dashboard) -> Vec<String> {
    static PATTERN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\$__timeInterval(?:_ms)?\((\w+)\)\s+(?i:as)\s+(\w+)").expect("a pattern"));
    let named = |sql: &str| PATTERN.captures_iter(sql).any(|found| found[1] == found[2]);
    let questions = dashboard.questions().into_iter().filter(|question| named(&question.sql));
    questions.map(|question| format!("{} gives an interval its column's name", question.place)).collect()
}

fn injection(dashboard: &Dashboard) -> Vec<String> {
    static SAFE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"decodeURLComponent\('\$\{\w+:percentencode\}'\)|splitByChar\('&', '\$\{\w+:queryparam\}'\)|, \$\w+\)|\$__\w+",
        )
        .expect("a pattern")
    });
    static BARE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r", \$(\w+)\)").expect("a pattern"));
    let names: Vec<&str> = dashboard.variables().iter().filter_map(|variable| variable["name"].as_str()).collect();
    let mut wrong = Vec::new();
    for question in dashboard.questions() {
        let rest = SAFE.replace_all(&question.sql, "");
        let used = rest.match_indices('$').any(|(at, _)| {
            let name = rest[at + 1..].trim_start_matches('{');
            names.iter().any(|variable| name.starts_with(variable))
        });
        if used || rest.contains("[[") {
            wrong.push(format!("{} lets a choice into SQL as it was typed", question.place));
        }
        // A bare name is fine as the last argument of $__conditionalAll alone, which only looks at it.
        if BARE.find_iter(&question.sql).count() != question.sql.matches("$__conditionalAll(").count() {
            wrong.push(format!("{} names a variable outside $__conditionalAll", question.place));
        }
    }
    wrong
}

fn relations(dashboard: &Dashboard) -> Vec<String> {
    static PATTERN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\b(?:from|join)\s+([a-z_][\w.]*)").expect("a pattern"));
    let mut wrong = Vec::new();
    for question in dashboard.questions() {
        for found in PATTERN.captures_iter(&question.sql) {
            if !found[1].starts_with("kpi_") && &found[1] != "numbers" {
                wrong.push(format!("{} reads {}", question.place, &found[1]));
            }
        }
    }
    wrong
}

fn bounds(dashboard: &Dashboard) -> Vec<String> {
    static END: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"LIMIT \d+$").expect("a pattern"));
    static BY_TIME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"ORDER BY time(, \w+)?$").expect("a pattern"));
    let mut wrong = Vec::new();
    for question in dashboard.questions() {
        let fine = match question.purpose {
            Purpose::Series => BY_TIME.is_match(&question.sql),
            Purpose::Table | Purpose::Variable | Purpose::Annotation => END.is_match(&question.sql),
        };
        if !fine {
            wrong.push(format!("{} is not ordered by time, or not bounded", question.place));
        }
        if question.sql.contains("--") || question.sql.contains("/*") {
            wrong.push(format!("{} holds a comment, which plugins treat differently", question.place));
        }
    }
    wrong
}

fn local_days(dashboard: &Dashboard) -> Vec<String> {
    static ALONE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"to(?:Date|StartOf\w+)\(\$__(?:from|to)Time\)|\$__(?:fromTime|toTime|interval_s)\s*\(")
            .expect("a pattern")
    });
    let questions = dashboard.questions().into_iter().filter(|question| ALONE.is_match(&question.sql));
    questions.map(|question| format!("{} takes days as they are elsewhere", question.place)).collect()
}

fn variables(dashboard: &Dashboard) -> Vec<String> {
    let queries = dashboard.variables().iter().filter(|variable| variable["type"] == "query");
    let stale = queries.filter(|variable| !matches!(variable["refresh"].as_i64(), Some(1 | 2)));
    stale.map(|variable| format!("the choices of {} are never made anew", variable["name"])).collect()
}
