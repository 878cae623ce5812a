//! `applications.csv`: one row a stage. Rows are facts; what they add up to is the programme's rule.
//!
//! A fact has no key of its own, so the n-th of equal rows is recognised as the n-th.

use std::collections::HashMap;
use std::path::Path;

use super::advocates::instant_cell;
use super::{Changes, Work};
use crate::exchange::Error;
use crate::exchange::bundle::APPLICATIONS;
use crate::exchange::cells::Cells;
use crate::exchange::csv::Row;
use crate::exchange::directory::{Three, links};
use crate::exchange::refusal::{Refusals, shown};
use crate::exchange::written::{Cell, remember};
use crate::model::{
    AdvocateId, Application, ApplicationId, Channel, ContentId, Evidence, FactId, FactSource, LinkId, ReferralFact,
    Stage,
};
use crate::programme::ids;
use crate::programme::referrals::decide_imported;
use crate::store::exchange::BundledFact;

/// Applications that are compared and written at once.
const CHUNK: usize = 500;

/// What makes two facts of an application equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Said {
    stage: Stage,
    occurred_at_ms: i64,
    content: ContentId,
    advocate: AdvocateId,
    advocate_key: Option<String>,
    channel: Option<Channel>,
}

impl Said {
    fn of(BundledFact { fact, advocate_key }: &BundledFact) -> Self {
        Self {
            stage: fact.stage,
            occurred_at_ms: fact.occurred_at_ms,
            content: fact.content,
            advocate: fact.advocate,
            advocate_key: advocate_key.clone(),
            channel: fact.channel.clone(),
        }
    }
}

pub(super) async fn import(work: &mut Work<'_>, folder: &Path) -> Result<(), Error> {
    let names = work.names.clone();
    // Rows of one application need not stand together.
    let mut by_key: HashMap<String, Vec<(Said, String)>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    let read = |refusals: &mut Refusals, row: Row| {
        let mut cells = Cells::of(APPLICATIONS.name, &row, refusals);
        let [external_id, advocate_cell, content_cell, channel, stage, occurred_at] = row.cells();
        let key = cells.required("external_id", external_id);
        cells.text("advocate", advocate_cell);
        let content = names.contents.find(content_cell).map(|(id, _)| id);
        if content.is_none() && !content_cell.is_empty() {
            cells.refuse("content", format!("there is no content {}", shown(content_cell)));
        }
        let channel = cells.word::<Channel>("channel", channel);
        let stage = cells.required_word::<Stage>("stage", stage);
        let instant = cells.required_instant("occurred_at", occurred_at);
        if let (Some(stage), Some(instant), true) = (stage, instant, cells.are_good()) {
            // A fact keeps the random key of somebody who was erased since.
            let known = names.advocates.find(advocate_cell).map(|(id, _)| id);
            let advocate = known.or_else(|| names.erased.find(advocate_cell));
            let unknown = advocate.is_none() && !advocate_cell.is_empty();
            let said = Said {
                stage,
                occurred_at_ms: instant.ms,
                content: content.unwrap_or_default(),
                advocate: advocate.unwrap_or_default(),
                advocate_key: unknown.then(|| advocate_cell.to_owned()),
                channel,
            };
            let rows = by_key.entry(key.to_owned()).or_insert_with(|| {
                order.push(key.to_owned());
                Vec::new()
            });
            rows.push((said, occurred_at.to_owned()));
        }
    };
    if !work.rows(folder, &APPLICATIONS, read)? {
        return Ok(());
    }
    let mut changes = Changes::default();
    for keys in order.chunks(CHUNK) {
        let rows = keys.iter().map(|key| (key.as_str(), by_key.remove(key).unwrap_or_default())).collect();
        take_in(work, keys, rows, &mut changes).await?;
    }
    work.note(&APPLICATIONS, changes);
    Ok(())
}

async fn take_in(
    work: &mut Work<'_>,
    keys: &[String],
    rows: Vec<(&str, Vec<(Said, String)>)>,
    changes: &mut Changes,
) -> Result<(), Error> {
    let space = work.space.id;
    let received_at_ms = work.writing.at_ms();
    let standing = work.writing.applications_of_keys(space, keys).await?;
    let standing: HashMap<String, Application> =
        standing.into_iter().map(|one| (one.external_id.clone(), one)).collect();
    let known: Vec<ApplicationId> = standing.values().map(|one| one.id).collect();
    let mut facts: HashMap<ApplicationId, Vec<BundledFact>> = HashMap::new();
    for fact in work.writing.bundled_facts_of(space, &known).await? {
        facts.entry(fact.fact.application).or_default().push(fact);
    }
    let three = |said: &Said| Some((said.content, said.advocate, said.channel.clone()?));
    let threes: Vec<Three> = rows
        .iter()
        .flat_map(|(_, rows)| rows.iter().filter_map(|(said, _)| three(said)))
        .filter(|three| !three.0.is_none() && !three.1.is_none())
        .collect();
    let links = links(&mut work.writing, space, &threes).await?;

    let (mut new_facts, mut applications, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for (key, rows) in rows {
        let before = standing.get(key);
        let id = before.map_or_else(|| ApplicationId::from_bits(ids::random_bits()), |one| one.id);
        let mut all = facts.remove(&id).unwrap_or_default();
        let mut there: HashMap<Said, Vec<FactId>> = HashMap::new();
        // Popped from the end, so the n-th equal row meets the n-th fact.
        for fact in all.iter().rev() {
            there.entry(Said::of(fact)).or_default().push(fact.fact.id);
        }
        let new_before = new_facts.len();
        for (mut said, occurred_at) in rows {
            let (kept, usual) = instant_cell(Some(said.occurred_at_ms), &work.zone);
            let mut fact_of = |said: &Said| there.get_mut(said).and_then(Vec::pop);
            let mut known = fact_of(&said);
            if known.is_none() && work.names.erased.holds(said.advocate) {
                said.advocate = AdvocateId::NONE;
                known = fact_of(&said);
            }
            let fact_id = match known {
                Some(id) => {
                    changes.left += 1;
                    id
                }
                None => {
                    changes.added += 1;
                    let link = three(&said).and_then(|three| links.get(&three)).map_or(LinkId::NONE, |(id, _)| *id);
                    let fact = ReferralFact {
                        id: FactId::from_bits(ids::random_bits()),
                        space,
                        application: id,
                        external_id: key.to_owned(),
                        stage: said.stage,
                        occurred_at_ms: said.occurred_at_ms,
                        received_at_ms,
                        source: FactSource::Bundle,
                        told_by: None,
                        evidence: Evidence::Import,
                        click: None,
                        link,
                        content: said.content,
                        advocate: said.advocate,
                        channel: said.channel,
                    };
                    let fact_id = fact.id;
                    new_facts.push(BundledFact { fact, advocate_key: said.advocate_key });
                    fact_id
                }
            };
            let entity = fact_id.bits();
            cells.push(Cell { entity, field: "applications.occurred_at", kept, usual, written: occurred_at });
        }
        if new_facts.len() > new_before {
            all.extend_from_slice(&new_facts[new_before..]);
            let facts = all.into_iter().map(|one| one.fact).collect();
            let is_there = |advocate| work.names.advocates.key(advocate).is_some();
            let application = decide_imported(&work.space, id, facts, before, received_at_ms, is_there);
            if before != Some(&application) {
                applications.push(application);
            }
        }
    }
    work.writing.put_applications(space, &applications).await?;
    work.writing.insert_bundled_facts(&new_facts).await?;
    Ok(remember(&mut work.writing, space, &cells).await?)
}
