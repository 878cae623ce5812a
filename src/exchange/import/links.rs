//! `links.csv`: codes that were printed or posted keep working in another installation.

use std::collections::HashMap;
use std::path::Path;

use super::{Changes, Seen, Work};
use crate::exchange::Error;
use crate::exchange::bundle::LINKS;
use crate::exchange::cells::Cells;
use crate::exchange::directory::Three;
use crate::exchange::refusal::shown;
use crate::exchange::written::{Cell, remember};
use crate::model::{AdvocateId, Channel, Code, Link, LinkId};
use crate::programme::ids;

/// Rows that are compared and written at once.
const CHUNK: usize = 500;

struct Wanted {
    line: u64,
    three: Three,
    code: Code,
    disabled: bool,
    vanity: String,
    disabled_cell: String,
}

pub(super) async fn import(work: &mut Work<'_>, folder: &Path) -> Result<(), Error> {
    let Some(mut reader) = work.open(folder, &LINKS)? else { return Ok(()) };
    let failed = |source| Error::File { path: folder.join(LINKS.name), source };
    let (mut codes, mut threes) = (Seen::default(), Seen::default());
    let mut changes = Changes::default();
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let row = reader.next_row(&mut work.refusals).map_err(failed)?;
        let is_last = row.is_none();
        if let Some(row) = row {
            let mut cells = Cells::of(LINKS.name, &row, &mut work.refusals);
            let [code_cell, advocate, content, channel, vanity, disabled] = row.cells();
            let code = cells.required_word::<Code>("code", code_cell);
            let channel = cells.required_word::<Channel>("channel", channel);
            let content = match work.names.contents.find(content) {
                Some((id, _)) => Some(id),
                None => {
                    cells.refuse("content", format!("there is no content {}", shown(content)));
                    None
                }
            };
            let advocate_id = match work.names.advocates.find(advocate) {
                _ if advocate.is_empty() => AdvocateId::NONE,
                Some((id, _)) => id,
                None if work.names.erased.find(advocate).is_some() => AdvocateId::NONE,
                None => {
                    cells.refuse("advocate", format!("there is no advocate {}", shown(advocate)));
                    AdvocateId::NONE
                }
            };
            if vanity != code_cell {
                let chosen = cells.flag("vanity", vanity);
                if chosen && code.is_some() && Code::vanity(code_cell).is_err() {
                    cells.refuse("vanity", "the code has the form of a drawn one, not of a chosen one");
                }
            }
            let is_disabled = cells.flag("disabled", disabled);
            if let Some(first) = codes.before(code_cell, row.line) {
                cells.refuse("code", format!("this code stands on line {first} already"));
            }
            if let (Some(code), Some(channel), Some(content), true) = (code, channel, content, cells.are_good()) {
                let three = format!("{content} {advocate_id} {channel}");
                match threes.before(&three, row.line).filter(|_| !advocate_id.is_none()) {
                    Some(first) => {
                        let reason = format!("advocate, content and channel have a link on line {first} already");
                        cells.refuse("code", reason);
                    }
                    None => chunk.push(Wanted {
                        line: row.line,
                        three: (content, advocate_id, channel),
                        code,
                        disabled: is_disabled,
                        vanity: vanity.to_owned(),
                        disabled_cell: disabled.to_owned(),
                    }),
                }
            }
        }
        if chunk.len() == CHUNK || is_last {
            take_in(work, std::mem::take(&mut chunk), &mut changes).await?;
        }
        if is_last {
            work.note(&LINKS, changes);
            return Ok(());
        }
    }
}

async fn take_in(work: &mut Work<'_>, chunk: Vec<Wanted>, changes: &mut Changes) -> Result<(), Error> {
    let space = work.space.id;
    let codes: Vec<String> = chunk.iter().map(|one| one.code.as_str().to_owned()).collect();
    let by_code = work.writing.links_of_codes(&codes).await?;
    let by_code: HashMap<Code, Link> = by_code.into_iter().map(|link| (link.code.clone(), link)).collect();
    let threes: Vec<Three> = chunk.iter().map(|one| one.three.clone()).collect();
    let by_three = work.writing.links_of_threes(space, &threes).await?;
    let by_three: HashMap<Three, Link> =
        by_three.into_iter().map(|link| ((link.content, link.advocate, link.channel.clone()), link)).collect();
    let at_ms = work.writing.at_ms();
    let ids = ids::neighbours(chunk.len());
    let mut new = Vec::new();
    let mut cells = Vec::new();
    for (Wanted { line, three, code, disabled, vanity, disabled_cell }, id) in chunk.into_iter().zip(ids) {
        let (content, advocate, channel) = three.clone();
        let link = match by_code.get(&code) {
            Some(link)
                if link.space == space
                    && (link.content, link.advocate, &link.channel) == (content, advocate, &channel) =>
            {
                if link.disabled == disabled {
                    changes.left += 1;
                } else {
                    changes.changed += 1;
                    work.writing.set_link_disabled(&Link { disabled, ..link.clone() }).await?;
                }
                link.clone()
            }
            Some(_) => {
                let reason = format!("the code {code} is taken by another link of this installation");
                work.refusals.add(LINKS.name, line, "code", reason);
                continue;
            }
            None => {
                if let Some(other) = by_three.get(&three) {
                    let reason =
                        format!("advocate, content and channel have a link already, with the code {}", other.code);
                    work.refusals.add(LINKS.name, line, "code", reason);
                    continue;
                }
                changes.added += 1;
                let id = LinkId::from_bits(id);
                let link = Link { id, space, content, advocate, channel, code, disabled, created_at_ms: at_ms };
                new.push(link.clone());
                link
            }
        };
        let entity = link.id.bits();
        let usual = usual_vanity(&link.code).to_owned();
        cells.push(Cell { entity, field: "links.vanity", kept: String::new(), usual, written: vanity });
        let usual = disabled.to_string();
        cells.push(Cell { entity, field: "links.disabled", kept: usual.clone(), usual, written: disabled_cell });
    }
    let inserted = work.writing.insert_links(space, &new).await?;
    debug_assert_eq!(inserted.len(), new.len(), "codes and threes were free in this transaction");
    Ok(remember(&mut work.writing, space, &cells).await?)
}

/// What an export says of a code: whether somebody chose it.
pub(in crate::exchange) fn usual_vanity(code: &Code) -> &'static str {
    if code.packed().is_some() { "false" } else { "true" }
}
