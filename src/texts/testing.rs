//! What every room's messages are held to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Argument, Catalogue};
use crate::model::programme::Language;

/// Both languages say the same messages, about the same things, and leave nothing open.
pub(crate) fn languages_agree(catalogue: &'static Catalogue) {
    for source in catalogue.sources() {
        assert_eq!(shapes(source.english), shapes(source.french));
        for language in Language::ALL {
            let texts = catalogue.of(*language);
            for (name, arguments) in shapes(source.english) {
                for number in [0, 1, 7] {
                    let given: Vec<_> = arguments
                        .iter()
                        .map(|name| {
                            let name: &'static str = Box::leak(name.clone().into_boxed_str());
                            let is_count = source.english.contains(&format!("${name} ->"));
                            (name, if is_count { Argument::Number(number) } else { Argument::Text("Acme") })
                        })
                        .collect();
                    let text = texts.say_with(&name, &given);
                    assert!(!text.is_empty() && !text.contains(['{', '}']), "{language} {name}: {text}");
                }
            }
        }
    }
}

/// Every message that templates and code below `folder` say stands in the files, and each that stands there is said.
pub(crate) fn said_and_written_agree(catalogue: &'static Catalogue, folder: &str) {
    let said = said(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let written: BTreeSet<_> =
        catalogue.sources().iter().flat_map(|source| shapes(source.english)).map(|(name, _)| name).collect();
    let group_of = |name: &str| said.iter().any(|one| one.ends_with('-') && name.starts_with(one.as_str()));
    for name in &said {
        let known = written.contains(name) || written.iter().any(|one| name.ends_with('-') && one.starts_with(name));
        assert!(known, "{name} is said and not written");
    }
    let unsaid: Vec<_> = written.iter().filter(|name| !said.contains(*name) && !group_of(name)).collect();
    assert!(unsaid.is_empty(), "written and not said: {unsaid:?}");
}

/// Names of messages with the arguments that they take.
fn shapes(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let name = regex::Regex::new("^([a-z][a-z0-9_-]*) =").expect("a pattern");
    let argument = regex::Regex::new(r"\$([a-z_]+)").expect("a pattern");
    let mut shapes: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some(found) = name.captures(line) {
            shapes.push((found[1].to_owned(), BTreeSet::new()));
        }
        if let Some((_, arguments)) = shapes.last_mut() {
            arguments.extend(argument.captures_iter(line).map(|found| found[1].to_owned()));
        }
    }
    shapes
}

/// Every text in quotes that looks like a message's name behind one of the words that say messages; what `word` says
/// ends with a hyphen.
fn said(folder: &Path) -> BTreeSet<String> {
    let mut files = Vec::new();
    gather(folder, &mut files);
    let direct =
        regex::Regex::new(r#"(?:say|say_of|say_with|find|msg)!?\(\s*"([a-z][a-z0-9_-]*)""#).expect("a pattern");
    let group = regex::Regex::new(r#"(?:word|word_if_known)\(\s*"([a-z][a-z0-9_-]*)""#).expect("a pattern");
    let mut said = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file");
        said.extend(direct.captures_iter(&text).map(|found| found[1].to_owned()));
        said.extend(group.captures_iter(&text).map(|found| format!("{}-", &found[1])));
    }
    said
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "html") {
            files.push(path);
        }
    }
}
