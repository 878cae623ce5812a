//! `contents.csv`.

use std::path::Path;

use super::advocates::instant_cell;
use super::{Changes, Seen, Work};
use crate::exchange::Error;
use crate::exchange::bundle::CONTENTS;
use crate::exchange::cells::Cells;
use crate::exchange::csv::Row;
use crate::exchange::directory::{Directory, all_contents, campaigns};
use crate::exchange::refusal::{Refusals, shown};
use crate::exchange::written::{Cell, remember};
use crate::model::{CampaignId, Content, ContentId, ContentKind};
use crate::programme::urls::{OwnHosts, destination_url};
use crate::programme::{base_url, ids};

pub(super) async fn import(work: &mut Work<'_>, folder: &Path, base: &str) -> Result<(), Error> {
    let space = work.space.id;
    let mut standing = Directory::new();
    for content in all_contents(&mut work.writing, space).await? {
        standing.insert(content.id, content.external_id.clone().as_deref(), content);
    }
    let campaigns = campaigns(&mut work.writing, space).await?;
    let hosts = work.writing.hosts().await?.into_iter().map(|(host, _)| host).collect();
    let own = OwnHosts { base: base_url(base)?, spaces: hosts };
    let domains = work.space.destination_domains.clone();
    let zone = work.zone.clone();
    let mut seen = Seen::default();
    let mut changes = Changes::default();
    let mut other: Vec<Content> = Vec::new();
    let mut written: Vec<Cell> = Vec::new();
    let read = |refusals: &mut Refusals, row: Row| {
        let mut cells = Cells::of(CONTENTS.name, &row, refusals);
        let [external_id, kind, title, url, campaign, published_at, expires_at] = row.cells();
        let key = cells.required("external_id", external_id);
        let kind = cells.required_word::<ContentKind>("kind", kind);
        let title = cells.required("title", title);
        let checked = destination_url(url, &own, &domains);
        let checked = checked.map_err(|error| cells.refuse("url", format!("{}: {error}", shown(url)))).ok();
        let campaign_id = match campaigns.find(campaign) {
            _ if campaign.is_empty() => CampaignId::NONE,
            Some((id, _)) => id,
            None => {
                cells.refuse(
                    "campaign",
                    format!("there is no campaign {}: campaigns.csv must name it", shown(campaign)),
                );
                CampaignId::NONE
            }
        };
        let published_at_ms = cells.instant("published_at", published_at).map(|instant| instant.ms);
        let expires_at_ms = cells.instant("expires_at", expires_at).map(|instant| instant.ms);
        if let (Some(published), Some(expires)) = (published_at_ms, expires_at_ms)
            && expires <= published
        {
            cells.refuse("expires_at", "it must be later than published_at");
        }
        if let Some(first) = seen.before(key, row.line) {
            cells.refuse("external_id", format!("this content stands on line {first} already"));
        }
        let (Some(kind), Some(checked), true) = (kind, checked, cells.are_good()) else { return };
        let before = standing.find(key).map(|(_, content)| content);
        let content = Content {
            kind,
            title: title.to_owned(),
            url: checked,
            campaign: campaign_id,
            published_at_ms,
            expires_at_ms,
            external_id: Some(key.to_owned()),
            ..before.cloned().unwrap_or_else(|| Content::blank(ContentId::from_bits(ids::random_bits()), space))
        };
        let entity = content.id.bits();
        let (published, usual_published) = instant_cell(published_at_ms, &zone);
        let (expires, usual_expires) = instant_cell(expires_at_ms, &zone);
        let cell = |field, kept: &str, usual: &str, written: &str| {
            let [kept, usual, written] = [kept, usual, written].map(str::to_owned);
            Cell { entity, field, kept, usual, written }
        };
        written.push(cell("contents.url", &content.url, &content.url, url));
        written.push(cell("contents.published_at", &published, &usual_published, published_at));
        written.push(cell("contents.expires_at", &expires, &usual_expires, expires_at));
        match before {
            Some(before) if *before == content => changes.left += 1,
            Some(_) => {
                changes.changed += 1;
                other.push(content);
            }
            None => {
                changes.added += 1;
                other.push(content);
            }
        }
    };
    if !work.rows(folder, &CONTENTS, read)? {
        return Ok(());
    }
    for content in &other {
        work.writing.put_content(content).await?;
    }
    remember(&mut work.writing, space, &written).await?;
    work.note(&CONTENTS, changes);
    Ok(())
}
