//! `advocates.csv`, and the teams that it names.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{Changes, Work, preview};
use crate::exchange::Error;
use crate::exchange::bundle::ADVOCATES;
use crate::exchange::cells::Cells;
use crate::exchange::csv::Row;
use crate::exchange::directory::{Directory, all_advocates};
use crate::exchange::erased::Erased;
use crate::exchange::refusal::Refusals;
use crate::exchange::times::{self, Zone};
use crate::exchange::written::{Cell, remember};
use crate::model::{AdvocateId, AdvocateKind, SpaceId, Team, TeamId};
use crate::programme::{AdvocateRecord, advocates, ids};

/// A row's person as it shall stand.
struct Wanted {
    line: u64,
    record: AdvocateRecord,
    cells: Vec<Cell>,
}

/// One row, each field as it was given; `None` for a column that the file does not have.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::exchange) struct Person<'a> {
    pub(in crate::exchange) external_id: Option<&'a str>,
    pub(in crate::exchange) email: Option<&'a str>,
    pub(in crate::exchange) name: Option<&'a str>,
    pub(in crate::exchange) kind: Option<&'a str>,
    pub(in crate::exchange) team: Option<&'a str>,
    pub(in crate::exchange) location: Option<&'a str>,
    pub(in crate::exchange) language: Option<&'a str>,
    pub(in crate::exchange) cohort: Option<&'a str>,
    pub(in crate::exchange) invited_on: Option<&'a str>,
    pub(in crate::exchange) registered_at: Option<&'a str>,
    pub(in crate::exchange) left_on: Option<&'a str>,
}

pub(super) async fn import(work: &mut Work<'_>, folder: &Path) -> Result<(), Error> {
    let mut people = People::read(work).await?;
    let zone = work.zone.clone();
    let read = |refusals: &mut Refusals, row: Row| {
        let [external_id, email, name, kind, team, location, language, cohort, invited_on, registered_at, left_on] =
            row.cells().map(Some);
        let person = Person {
            external_id,
            email,
            name,
            kind,
            team,
            location,
            language,
            cohort,
            invited_on,
            registered_at,
            left_on,
        };
        people.take(Cells::of(ADVOCATES.name, &row, refusals), row.line, &person, &zone);
    };
    if !work.rows(folder, &ADVOCATES, read)? {
        return Ok(());
    }
    let changes = people.store(work, ADVOCATES.name).await?;
    work.note(&ADVOCATES, changes);
    Ok(())
}

/// The people of a space and what a file wants of them.
pub(in crate::exchange) struct People {
    space: SpaceId,
    standing: Directory<AdvocateId, AdvocateRecord>,
    by_email: HashMap<String, AdvocateId>,
    erased: Erased,
    /// Rows of people who were erased.
    left_out: u64,
    teams: HashMap<String, TeamId>,
    new_teams: Vec<Team>,
    seen: HashMap<AdvocateId, u64>,
    new_keys: HashMap<String, AdvocateId>,
    wanted: Vec<Wanted>,
}

impl People {
    pub(in crate::exchange) async fn read(work: &mut Work<'_>) -> Result<Self, Error> {
        let space = work.space.id;
        let mut standing = Directory::new();
        let mut by_email = HashMap::new();
        for record in all_advocates(&mut work.writing, space).await? {
            if let Some(email) = &record.email {
                by_email.insert(email.clone(), record.advocate.id);
            }
            standing.insert(record.advocate.id, record.advocate.external_id.clone().as_deref(), record);
        }
        let erased = Erased::read(&mut work.writing, space).await?;
        let teams = work.writing.teams_of_space(space).await?;
        let teams = teams.into_iter().map(|team| (team.name, team.id)).collect();
        Ok(Self {
            space,
            standing,
            by_email,
            erased,
            left_out: 0,
            teams,
            new_teams: Vec::new(),
            seen: HashMap::new(),
            new_keys: HashMap::new(),
            wanted: Vec::new(),
        })
    }

    /// Checks a row and keeps what it wants.
    pub(in crate::exchange) fn take(&mut self, mut cells: Cells<'_>, line: u64, given: &Person<'_>, zone: &Zone) {
        let key = given.external_id.map(|cell| cells.required("external_id", cell));
        let email = given.email.and_then(|cell| {
            let text = cells.text("email", cell)?;
            advocates::email(text).map_err(|error| cells.refuse("email", error.to_string())).ok()
        });
        if key.is_none() && given.email.is_none_or(str::is_empty) {
            cells.refuse("email", "the cell is empty: without an external_id it must be given");
        }
        // Somebody who signed up by mail before the list came has an address and no key yet.
        let of_email = email.as_ref().and_then(|email| self.by_email.get(email));
        let of_email = of_email.and_then(|id| self.standing.find(&id.to_string()));
        let found = match key {
            Some(key) => {
                self.standing.find(key).or(of_email.filter(|(_, record)| record.advocate.external_id.is_none()))
            }
            None => of_email,
        };
        let is_erased = |name: Option<&str>| name.is_some_and(|name| self.erased.find(name).is_some());
        if found.is_none() && (is_erased(key) || is_erased(email.as_deref())) {
            self.left_out += u64::from(cells.are_good());
            return;
        }
        let mut record = found.map_or_else(
            || AdvocateRecord::blank(AdvocateId::from_bits(ids::random_bits()), self.space),
            |(_, record)| record.clone(),
        );
        let advocate = &mut record.advocate;
        if let Some(key) = key
            && advocate.external_id.is_none()
            && key != advocate.id.to_string()
        {
            advocate.external_id = Some(key.to_owned());
        }
        if let Some(cell) = given.kind {
            advocate.kind = cells.word("kind", cell).unwrap_or(AdvocateKind::Employee);
        }
        let mut lay = |column: &'static str, given: Option<&str>, slot: &mut Option<String>| {
            if let Some(cell) = given {
                *slot = cells.text(column, cell).map(str::to_owned);
            }
        };
        lay("name", given.name, &mut record.name);
        lay("location", given.location, &mut advocate.location);
        lay("cohort", given.cohort, &mut advocate.cohort);
        lay("team", given.team, &mut record.team_name);
        lay("language", given.language, &mut advocate.language);
        if let Some(language) = given.language.filter(|cell| !cell.is_empty() && !advocates::is_language(cell)) {
            let shown = crate::exchange::refusal::shown(language);
            cells.refuse("language", format!("{shown} is no language: expected a tag such as fr or pt-BR"));
        }
        if let Some(cell) = given.invited_on {
            advocate.invited_on = cells.date("invited_on", cell);
        }
        if let Some(cell) = given.registered_at {
            advocate.registered_at_ms = cells.instant("registered_at", cell).map(|instant| instant.ms);
        }
        if let Some(cell) = given.left_on {
            advocate.left_on = cells.date("left_on", cell);
        }
        if given.email.is_some() {
            record.email = email;
        }
        let id = record.advocate.id;
        if cells.are_good() {
            let again = key.and_then(|key| self.new_keys.get(key)).and_then(|id| self.seen.get(id));
            if let Some(first) = again.or_else(|| self.seen.get(&id)) {
                let first = *first;
                cells.refuse("external_id", format!("this advocate stands on line {first} already"));
            }
        }
        if !cells.are_good() {
            return;
        }
        if let Some(key) = key {
            self.new_keys.insert(key.to_owned(), id);
        }
        self.seen.insert(id, line);
        if given.team.is_some() {
            record.advocate.team = record.team_name.as_ref().map_or(TeamId::NONE, |name| self.team(name));
        }
        let cells = written(given, &record, zone);
        self.wanted.push(Wanted { line, record, cells });
    }

    fn team(&mut self, name: &str) -> TeamId {
        if let Some(id) = self.teams.get(name) {
            return *id;
        }
        let id = TeamId::from_bits(ids::random_bits());
        self.teams.insert(name.to_owned(), id);
        self.new_teams.push(Team { id, space: self.space, parent: TeamId::NONE, name: name.to_owned() });
        id
    }

    /// Writes what is new or other than it stands.
    pub(in crate::exchange) async fn store(self, work: &mut Work<'_>, file: &str) -> Result<Changes, Error> {
        let Self { space, standing, new_teams, seen, wanted, left_out, .. } = self;
        // Whose address is whose once all rows are in: two people may have exchanged theirs.
        let kept = standing.values().filter(|record| !seen.contains_key(&record.advocate.id));
        let mut owners: HashSet<String> = kept.filter_map(|record| record.email.clone()).collect();
        let mut changes = Changes { left: left_out, ..Changes::default() };
        let mut other = Vec::new();
        let mut freed = Vec::new();
        let mut cells = Vec::new();
        let mut teams = HashSet::new();
        for Wanted { line, record, cells: of_row } in wanted {
            if let Some(email) = &record.email
                && !owners.insert(email.clone())
            {
                work.refusals.add(file, line, "email", format!("the address {email} is another advocate's"));
                continue;
            }
            cells.extend(of_row);
            teams.insert(record.advocate.team);
            match standing.find(&record.advocate.id.to_string()) {
                Some((_, before)) if *before == record => changes.left += 1,
                Some((_, before)) => {
                    changes.changed += 1;
                    work.show(|zone| preview::of(line, Some(before), &record, zone));
                    if before.email.is_some() && before.email != record.email {
                        freed.push(record.advocate.id);
                    }
                    other.push(record);
                }
                None => {
                    changes.added += 1;
                    work.show(|zone| preview::of(line, None, &record, zone));
                    other.push(record);
                }
            }
        }
        let new_teams: Vec<_> = new_teams.into_iter().filter(|team| teams.contains(&team.id)).collect();
        work.writing.insert_teams(space, &new_teams).await?;
        work.writing.clear_emails(space, &freed).await?;
        for record in &other {
            work.writing.put_advocate(record).await?;
        }
        remember(&mut work.writing, space, &cells).await?;
        Ok(changes)
    }
}

/// Those cells of which Relais keeps another form.
fn written(given: &Person<'_>, record: &AdvocateRecord, zone: &Zone) -> Vec<Cell> {
    let entity = record.advocate.id.bits();
    let cell = |field, kept: String, usual: String, written: &str| Cell {
        entity,
        field,
        kept,
        usual,
        written: written.to_owned(),
    };
    let mut cells = Vec::new();
    if let Some(written) = given.email {
        let email = record.email.clone().unwrap_or_default();
        cells.push(cell("advocates.email", email.clone(), email, written));
    }
    if let Some(written) = given.kind {
        let kind = record.advocate.kind.as_str().to_owned();
        cells.push(cell("advocates.kind", kind.clone(), kind, written));
    }
    if let Some(written) = given.registered_at {
        let (kept, usual) = instant_cell(record.advocate.registered_at_ms, zone);
        cells.push(cell("advocates.registered_at", kept, usual, written));
    }
    cells
}

/// What is kept of an instant, and how an export writes it by itself.
pub(super) fn instant_cell(at_ms: Option<i64>, zone: &Zone) -> (String, String) {
    match at_ms {
        Some(ms) => (ms.to_string(), times::write(ms, "", zone)),
        None => (String::new(), String::new()),
    }
}
