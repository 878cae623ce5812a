//! `shares.csv`: one row one share, also of people whom the space does not have, and without a link.

use std::collections::HashMap;
use std::path::Path;

use super::advocates::instant_cell;
use super::{Changes, Seen, Work};
use crate::exchange::Error;
use crate::exchange::bundle::SHARES;
use crate::exchange::cells::Cells;
use crate::exchange::directory::{Three, links};
use crate::exchange::refusal::shown;
use crate::exchange::written::{Cell, remember};
use crate::model::{AdvocateId, Channel, ContentId, LinkId, Share, ShareId, ShareSource};
use crate::programme::ids;
use crate::store::exchange::BundledShare;

/// Rows that are compared and written at once.
const CHUNK: usize = 500;

struct Wanted {
    key: String,
    content: ContentId,
    advocate: AdvocateId,
    advocate_key: Option<String>,
    channel: Channel,
    shared_at_ms: i64,
    shared_at: String,
}

pub(super) async fn import(work: &mut Work<'_>, folder: &Path) -> Result<(), Error> {
    let Some(mut reader) = work.open(folder, &SHARES)? else { return Ok(()) };
    let failed = |source| Error::File { path: folder.join(SHARES.name), source };
    let mut seen = Seen::default();
    let mut changes = Changes::default();
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let row = reader.next_row(&mut work.refusals).map_err(failed)?;
        let is_last = row.is_none();
        if let Some(row) = row {
            let mut cells = Cells::of(SHARES.name, &row, &mut work.refusals);
            let [external_id, advocate_cell, content, channel, shared_at] = row.cells();
            let key = cells.required("external_id", external_id);
            cells.text("advocate", advocate_cell);
            let channel = cells.required_word::<Channel>("channel", channel);
            let content = match work.names.contents.find(content) {
                Some((id, _)) => Some(id),
                None => {
                    cells.refuse("content", format!("there is no content {}", shown(content)));
                    None
                }
            };
            let instant = cells.required_instant("shared_at", shared_at);
            if let Some(first) = seen.before(key, row.line) {
                cells.refuse("external_id", format!("this share stands on line {first} already"));
            }
            if let (Some(channel), Some(content), Some(instant), true) = (channel, content, instant, cells.are_good()) {
                let advocate = work.names.advocates.find(advocate_cell).map(|(id, _)| id);
                let unknown = if advocate.is_none() { work.names.unknown(advocate_cell) } else { "" };
                chunk.push(Wanted {
                    key: key.to_owned(),
                    content,
                    advocate: advocate.unwrap_or(AdvocateId::NONE),
                    advocate_key: (!unknown.is_empty()).then(|| unknown.to_owned()),
                    channel,
                    shared_at_ms: instant.ms,
                    shared_at: shared_at.to_owned(),
                });
            }
        }
        if chunk.len() == CHUNK || is_last {
            take_in(work, std::mem::take(&mut chunk), &mut changes).await?;
        }
        if is_last {
            work.note(&SHARES, changes);
            return Ok(());
        }
    }
}

async fn take_in(work: &mut Work<'_>, chunk: Vec<Wanted>, changes: &mut Changes) -> Result<(), Error> {
    let space = work.space.id;
    let keys: Vec<String> = chunk.iter().map(|one| one.key.clone()).collect();
    let written_ids: Vec<ShareId> = keys.iter().filter_map(|key| key.parse().ok()).collect();
    let standing = work.writing.shares_of(space, &keys, &written_ids).await?;
    let mut by_key = HashMap::new();
    for share in &standing {
        by_key.insert(share.share.id.to_string(), share);
        if let Some(key) = &share.share.external_id {
            by_key.insert(key.clone(), share);
        }
    }
    let threes: Vec<Three> = chunk
        .iter()
        .map(|one| (one.content, one.advocate, one.channel.clone()))
        .filter(|one| !one.1.is_none())
        .collect();
    let links = links(&mut work.writing, space, &threes).await?;
    let ids = ids::neighbours(chunk.len());
    let mut other = Vec::new();
    let mut cells = Vec::with_capacity(chunk.len());
    for (one, fresh) in chunk.into_iter().zip(ids) {
        let Wanted { key, content, advocate, advocate_key, channel, shared_at_ms, shared_at } = one;
        let before = by_key.get(&key).copied();
        let three = (content, advocate, channel);
        let is_same = |share: &Share| (share.content, share.advocate, &share.channel) == (three.0, three.1, &three.2);
        let link = match before {
            // A link that was issued since does not make it another share.
            Some(before) if is_same(&before.share) => before.share.link,
            _ => links.get(&three).map_or(LinkId::NONE, |(id, _)| *id),
        };
        let (content, advocate, channel) = three;
        let (id, external_id, source) = match before {
            Some(BundledShare { share, .. }) => (share.id, share.external_id.clone(), share.source),
            None => (ShareId::from_bits(fresh), Some(key), ShareSource::Import),
        };
        let share = Share { id, space, external_id, content, advocate, channel, link, source, shared_at_ms };
        let wanted = BundledShare { share, advocate_key };
        let (kept, usual) = instant_cell(Some(shared_at_ms), &work.zone);
        cells.push(Cell { entity: id.bits(), field: "shares.shared_at", kept, usual, written: shared_at });
        match before {
            Some(before) if *before == wanted => changes.left += 1,
            Some(_) => {
                changes.changed += 1;
                other.push(wanted);
            }
            None => {
                changes.added += 1;
                other.push(wanted);
            }
        }
    }
    work.writing.put_bundled_shares(space, &other).await?;
    Ok(remember(&mut work.writing, space, &cells).await?)
}
