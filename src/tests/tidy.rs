//! The house's own rules, read from its source.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may know whom: a room on the left may name the rooms on the right and itself.
///
/// `failpoint` may be named by all; `app` by `main`, `cli` and tests only.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("priority", &[]),
    ("telemetry", &["model"]),
    ("texts", &["model"]),
    ("look", &["model"]),
    ("spool", &["telemetry"]),
    ("enrich", &["model"]),
    ("warehouse", &["model", "telemetry", "priority"]),
    ("store", &["model", "telemetry"]),
    ("net", &["telemetry"]),
    ("outbound", &["model", "telemetry", "net"]),
    ("intake", &["model"]),
    ("mail", &["model", "telemetry", "texts"]),
    ("redirect", &["model", "net", "telemetry", "priority", "spool", "texts", "look"]),
    ("ingest", &["model", "telemetry", "priority", "enrich", "warehouse", "spool"]),
    ("kpi", &["model", "warehouse", "store"]),
    ("programme", &["model", "store"]),
    ("auth", &["model", "store", "outbound"]),
    ("exchange", &["model", "telemetry", "store", "programme", "warehouse"]),
    ("keeping", &["model", "telemetry", "store", "programme", "mail", "enrich", "warehouse"]),
    ("api", &["programme", "kpi", "auth", "outbound", "net", "model", "telemetry"]),
    ("portal", &["programme", "kpi", "auth", "net", "model", "telemetry", "texts", "look"]),
    ("demo", &["model", "programme", "exchange", "kpi", "warehouse"]),
    ("cluster", &["model", "telemetry", "store", "outbound", "redirect"]),
    ("ops", &["telemetry"]),
    (
        "config",
        &[
            "redirect",
            "api",
            "auth",
            "mail",
            "ops",
            "store",
            "spool",
            "ingest",
            "warehouse",
            "enrich",
            "outbound",
            "keeping",
            "cluster",
        ],
    ),
    (
        "app",
        &[
            "model",
            "telemetry",
            "texts",
            "look",
            "spool",
            "enrich",
            "warehouse",
            "store",
            "net",
            "outbound",
            "intake",
            "mail",
            "redirect",
            "ingest",
            "kpi",
            "programme",
            "auth",
            "exchange",
            "keeping",
            "demo",
            "api",
            "portal",
            "cluster",
            "ops",
            "config",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "config",
            "model",
            "telemetry",
            "priority",
            "spool",
            "ingest",
            "warehouse",
            "programme",
            "auth",
            "portal",
            "store",
            "kpi",
            "exchange",
            "keeping",
        ],
    ),
];

/// Files longer than this want to become a folder.
const MOST_LINES: usize = 500;

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable source folder") {
        let path = entry.expect("a directory entry").path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    source_files(&source(), &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable source file");
            (path.strip_prefix(source()).expect("below src").to_owned(), text)
        })
        .collect()
}

fn room_of(path: &Path) -> Option<String> {
    let first = path.components().next()?.as_os_str().to_str()?;
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(room, "lib" | "main" | "tests" | "failpoint")).then(|| room.to_owned())
}

/// The rooms that a line of code names, as `crate::room` or `use crate::{room…}`.
fn rooms_named(line: &str) -> Vec<&str> {
    line.match_indices("crate::")
        .map(|(at, prefix)| {
            let rest = &line[at + prefix.len()..];
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
        })
        .filter(|room| !room.is_empty() && *room != "failpoint")
        .collect()
}

#[test]
fn no_room_knows_a_room_that_it_must_not_know() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_KNOW.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let Some(room) = room_of(&path) else { continue };
        let Some(may_know) = allowed.get(room.as_str()) else {
            wrong.push(format!("{}: the room {room} is not in the table of {}", path.display(), file!()));
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for named in rooms_named(line) {
                if named != room && !may_know.contains(&named) {
                    wrong.push(format!("{}:{} must not know {named}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_braces_hide_rooms_from_the_direction_test() {
    let hidden: Vec<String> = files()
        .iter()
        .filter(|(path, _)| room_of(path).is_some())
        .flat_map(|(path, text)| {
            text.lines()
                .filter(|line| line.trim_start().starts_with("use crate::{"))
                .map(move |line| format!("{}: {line}", path.display()))
        })
        .collect();
    assert!(hidden.is_empty(), "name one room a line:\n{}", hidden.join("\n"));
}

#[test]
fn no_file_outgrows_a_readers_patience() {
    let long: Vec<String> = files()
        .iter()
        .filter(|(_, text)| text.lines().count() > MOST_LINES)
        .map(|(path, text)| format!("{} has {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "more than {MOST_LINES} lines, make it a folder:\n{}", long.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimplemented", "!(")];
    let found: Vec<String> = files()
        .iter()
        .flat_map(|(path, text)| {
            text.lines()
                .enumerate()
                .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)))
                .map(move |(number, line)| format!("{}:{} {}", path.display(), number + 1, line.trim()))
        })
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Calls that add a line to the audit log, up to the action's name.
const NOTED: &str = r#"(?s)\b(?:note|append_audit)\([^;"]{0,160}"([a-z_]+\.[a-z_]+)""#;

#[test]
fn every_action_of_the_audit_log_has_words() {
    let noted = regex::Regex::new(NOTED).expect("a pattern");
    let messages = ["en", "fr"].map(|language| {
        let folder = source().join("portal/messages").join(language);
        let texts =
            fs::read_dir(&folder).expect("messages").map(|file| fs::read_to_string(file.expect("a file").path()));
        texts.collect::<Result<String, _>>().expect("readable messages")
    });
    let mut actions = 0;
    for (path, text) in
        files().into_iter().filter(|(path, _)| !path.components().any(|part| part.as_os_str() == "tests"))
    {
        for found in noted.captures_iter(&text) {
            let message = format!("\naudit-{} =", found[1].replace(['.', '_'], "-"));
            actions += 1;
            for texts in &messages {
                assert!(texts.contains(&message), "{}: {} has no words:{message}", path.display(), &found[1]);
            }
        }
    }
    assert!(actions >= 20, "only {actions} calls were found: has the log another name?");
}
