//! Lists of stages, as an applicant system exports them: read, looked at, and then taken in.
//!
//! A list has one line a stage and four columns that mean something, of which `trace` may be missing. A column that is
//! none of them is refused, whatever it holds: what describes a candidate is not even read. Nothing of a list is kept.

use std::collections::BTreeMap;

use super::fields::Named;
use super::personal::{names_a_person, without_accent};
use super::{Application, Error, HandFields, Message, Programme, SpaceId, Stage};
use crate::model::{FactSource, ReferralFact};
use crate::programme::fields::Field;
use crate::programme::{FieldProblem, LinkFilter, Page, spreadsheet, times};

/// Largest list, in bytes.
pub const MAX_LIST_BYTES: usize = 1 << 20;
/// Lines of a list, at most.
pub const MAX_LINES: usize = 2_000;

/// Our columns.
pub const COLUMNS: [&str; 4] = ["external_id", "stage", "occurred_at", "trace"];

/// A list that could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageList {
    /// Lines without fault.
    pub lines: Vec<ListLine>,
    /// What is wrong with the others, in their order.
    pub faults: Vec<ListFault>,
}

/// A line without fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLine {
    /// Its number as an editor counts, the header being 1.
    pub number: u64,
    /// The applicant system's id.
    pub external_id: String,
    /// The stage.
    pub stage: Stage,
    /// When it was reached.
    pub occurred_at_ms: i64,
    /// The link or the click that it names; empty when it names none.
    pub trace: String,
    /// The same as a message.
    pub message: Message,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFault {
    /// The line.
    pub number: u64,
    /// Our column, and why it cannot be taken.
    pub problem: FieldProblem,
}

/// What a line would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// There is no such application yet, and its link is named.
    Added,
    /// The application reaches a stage that it had not reached, or earlier than was known; or is told its link.
    Moved,
    /// Nothing: this was known.
    Known,
    /// Nothing: there is no such application, and no link is named, so it is nobody's referral.
    Foreign,
}

/// A line, the application as it stands, and what would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChange {
    /// The line.
    pub line: ListLine,
    /// The stage at which the application stands; none when there is no such application.
    pub before: Option<Stage>,
    /// What the line would do.
    pub effect: Effect,
}

/// Reads a list. Times are those of a zone; `stage_named` knows a stage by what pages call it.
///
/// # Errors
/// [`Error::Invalid`] with the field `file` when the whole cannot be read: `too_large`, `required` (it is empty),
/// `no_column`, `unknown_column`, `personal_data`.
pub fn read(
    list: &[u8],
    zone: &str,
    now_ms: i64,
    stage_named: impl Fn(&str) -> Option<Stage>,
) -> Result<StageList, Error> {
    if list.len() > MAX_LIST_BYTES {
        return Err(refused(
            "too_large",
            format!("a list has at most {} KiB: send it in parts", MAX_LIST_BYTES / 1024),
        ));
    }
    let Some(text) = spreadsheet::text_of(list) else {
        return Err(refused("invalid", "this is no CSV file: save the sheet as CSV, and send that".to_owned()));
    };
    if text.lines().next().unwrap_or_default().trim().is_empty() {
        return Err(refused("required", "choose a file that is not empty".to_owned()));
    }
    let delimiter = spreadsheet::delimiter_of(&text);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter as u8).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| refused("invalid", error.to_string()))?.clone();
    let places = places(&headers)?;
    let mut lines = LineNumbers { text: &text, at: 0, line: 1 };
    let mut read = StageList::default();
    for (index, record) in reader.records().enumerate() {
        if index >= MAX_LINES {
            return Err(refused("too_large", format!("a list has at most {MAX_LINES} lines: send it in parts")));
        }
        let record = record.map_err(|error| refused("invalid", error.to_string()))?;
        let number = lines.of(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > headers.len() {
            let message = format!("the line has {} cells and the header {}", record.len(), headers.len());
            read.fault(number, "external_id", "cells", message);
            continue;
        }
        let cell = |name: &str| places.get(name).and_then(|place| record.get(*place)).unwrap_or_default().trim();
        read.line(number, cell, zone, now_ms, &stage_named);
    }
    Ok(read)
}

/// Lines as an editor counts them. The reader's own count stops before the end of the line before, and before empty ones.
struct LineNumbers<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl LineNumbers<'_> {
    /// The line of the record at this byte or after the ends of lines that stand there; bytes only grow.
    fn of(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let mut end = usize::try_from(byte).unwrap_or(bytes.len()).min(bytes.len());
        while bytes.get(end).is_some_and(|sign| [b'\r', b'\n'].contains(sign)) {
            end += 1;
        }
        let passed = bytes.get(self.at..end).unwrap_or_default();
        self.line += passed.iter().filter(|sign| **sign == b'\n').count() as u64;
        self.at = end;
        self.line
    }
}

impl StageList {
    fn fault(&mut self, number: u64, field: &str, code: &'static str, message: String) {
        self.faults.push(ListFault { number, problem: FieldProblem { field: field.to_owned(), code, message } });
    }

    fn line<'c>(
        &mut self,
        number: u64,
        cell: impl Fn(&str) -> &'c str,
        zone: &str,
        now_ms: i64,
        stage_named: impl Fn(&str) -> Option<Stage>,
    ) {
        let given = |text: &str| if text.is_empty() { Field::Absent } else { Field::Value(text.to_owned()) };
        let stage = stage_named(cell("stage")).map_or_else(|| cell("stage").to_owned(), |stage| stage.to_string());
        let at = cell("occurred_at");
        let occurred_at = match times::instant_ms(at).or_else(|_| times::local_instant_ms(zone, at, now_ms)) {
            Ok(at_ms) => Field::Value(times::format_instant(at_ms)),
            Err(_) => given(at),
        };
        let fields = HandFields {
            external_id: given(cell("external_id")),
            content_id: Field::Absent,
            trace: given(cell("trace")),
            stage: given(&stage),
            occurred_at,
        };
        match fields.message(now_ms) {
            Ok(message) => self.lines.push(ListLine {
                number,
                external_id: cell("external_id").to_owned(),
                stage: message.stage,
                occurred_at_ms: message.occurred_at_ms,
                trace: cell("trace").to_owned(),
                message: message.through(FactSource::List),
            }),
            Err(Error::Invalid(problems)) => {
                self.faults.extend(problems.into_iter().map(|problem| ListFault { number, problem }));
            }
            Err(other) => self.fault(number, "external_id", "invalid", other.to_string()),
        }
    }
}

/// Where our columns stand.
fn places(headers: &csv::StringRecord) -> Result<BTreeMap<&'static str, usize>, Error> {
    let mut places = BTreeMap::new();
    for (place, header) in headers.iter().enumerate() {
        let Some(ours) = COLUMNS.into_iter().find(|ours| means(header, ours)) else {
            let shown: String = header.chars().take(40).collect();
            if names_a_person(header) {
                let message =
                    format!("the column {shown} describes candidates: leave it out, Relais takes no such thing");
                return Err(refused("personal_data", message));
            }
            return Err(refused("unknown_column", format!("the column {shown} means nothing here: leave it out")));
        };
        if places.insert(ours, place).is_some() {
            return Err(refused("unknown_column", format!("two columns mean {ours}: leave one out")));
        }
    }
    match COLUMNS.into_iter().take(3).find(|ours| !places.contains_key(ours)) {
        Some(missing) => Err(refused("no_column", format!("there is no column {missing}"))),
        None => Ok(places),
    }
}

/// Whether a column of theirs is usually this one of ours.
fn means(header: &str, ours: &str) -> bool {
    let plain: String = header
        .chars()
        .map(without_accent)
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let names: &[&str] = match ours {
        "external_id" => {
            &["externalid", "id", "application", "applicationid", "candidature", "idcandidature", "reference"]
        }
        "stage" => &["stage", "status", "etape", "statut"],
        "occurred_at" => &["occurredat", "date", "at", "datetime", "on", "le", "dateetape", "stagedate"],
        "trace" => &["trace", "code", "link", "lien", "clickid", "click", "clic", "rid"],
        _ => &[],
    };
    names.contains(&plain.as_str())
}

fn refused(code: &'static str, message: String) -> Error {
    Error::field("file", code, message)
}

impl Programme {
    /// What the lines of a list would change, earlier lines counting as done, and every fault of the list: lines that
    /// name a link which the space has not are one.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn look_at_list(
        &self,
        space: SpaceId,
        list: StageList,
    ) -> Result<(Vec<ListChange>, Vec<ListFault>), Error> {
        let StageList { lines, mut faults } = list;
        let mut reading = self.store.read().await?;
        let mut known: BTreeMap<String, Option<(Application, Vec<ReferralFact>)>> = BTreeMap::new();
        let mut added: BTreeMap<(String, Stage), i64> = BTreeMap::new();
        let mut changes = Vec::with_capacity(lines.len());
        for line in lines {
            let mut link = None;
            if let Named::Code(code) = &line.message.named {
                let filter = LinkFilter { code: Some(code.clone()), ..LinkFilter::default() };
                link = reading.list_links(space, &filter, Page { after: None, limit: 1 }).await?.into_iter().next();
                if link.is_none() {
                    let message = "the space has no such link: check the code".to_owned();
                    let problem = FieldProblem { field: "trace".to_owned(), code: "not_found", message };
                    faults.push(ListFault { number: line.number, problem });
                    continue;
                }
            }
            if !known.contains_key(&line.external_id) {
                let found = match reading.application_of_external_id(space, &line.external_id).await? {
                    Some(application) => {
                        let facts = reading.facts_of(space, application.id).await?;
                        Some((application, facts))
                    }
                    None => None,
                };
                known.insert(line.external_id.clone(), found);
            }
            let (standing, facts) = match known.get(&line.external_id).and_then(Option::as_ref) {
                Some((application, facts)) => (Some(application), facts.as_slice()),
                None => (None, [].as_slice()),
            };
            let names_same = |fact: &ReferralFact| match &line.message.named {
                Named::Click(click) => fact.click == Some(*click),
                _ => link.as_ref().is_some_and(|link| link.id == fact.link),
            };
            let key = (line.external_id.clone(), line.stage);
            let reached_at = [standing.and_then(|one| one.reached.get(&line.stage)), added.get(&key)];
            let was_told = reached_at.into_iter().flatten().any(|at_ms| *at_ms <= line.occurred_at_ms);
            let is_there = standing.is_some() || added.keys().any(|(id, _)| *id == line.external_id);
            let is_named = added.contains_key(&key) || facts.iter().any(names_same);
            let effect = match (is_there, line.trace.is_empty()) {
                (false, true) => Effect::Foreign,
                (false, false) => Effect::Added,
                (true, true) if was_told => Effect::Known,
                (true, false) if was_told && is_named => Effect::Known,
                (true, _) => Effect::Moved,
            };
            if matches!(effect, Effect::Added | Effect::Moved) {
                added.insert(key, line.occurred_at_ms);
            }
            changes.push(ListChange { before: standing.map(|one| one.stage), effect, line });
        }
        faults.sort_by_key(|fault| fault.number);
        Ok((changes, faults))
    }
}
