//! `campaigns.csv`.

use std::collections::HashSet;
use std::path::Path;

use super::{Changes, Seen, Work, free_name};
use crate::exchange::Error;
use crate::exchange::bundle::CAMPAIGNS;
use crate::exchange::cells::Cells;
use crate::exchange::csv::Row;
use crate::exchange::directory::campaigns;
use crate::exchange::refusal::Refusals;
use crate::model::{Campaign, CampaignId};
use crate::programme::ids;

/// Longest slug that is made of a name, in characters.
const SLUG: usize = 60;

pub(super) async fn import(work: &mut Work<'_>, folder: &Path) -> Result<(), Error> {
    let space = work.space.id;
    let standing = campaigns(&mut work.writing, space).await?;
    let mut slugs: HashSet<String> = standing.values().map(|campaign| campaign.slug.clone()).collect();
    let mut seen = Seen::default();
    let mut changes = Changes::default();
    let mut other: Vec<Campaign> = Vec::new();
    let read = |refusals: &mut Refusals, row: Row| {
        let mut cells = Cells::of(CAMPAIGNS.name, &row, refusals);
        let [external_id, name, starts_on, ends_on] = row.cells();
        let key = cells.required("external_id", external_id);
        let name = cells.required("name", name);
        let starts_on = cells.date("starts_on", starts_on);
        let ends_on = cells.date("ends_on", ends_on);
        if let Some(first) = seen.before(key, row.line) {
            cells.refuse("external_id", format!("this campaign stands on line {first} already"));
        }
        if !cells.are_good() {
            return;
        }
        let before = standing.find(key).map(|(_, campaign)| campaign);
        let campaign = match before {
            Some(before) => Campaign { name: name.to_owned(), starts_on, ends_on, ..before.clone() },
            None => {
                let slug = free_name(&slug(name), &slugs);
                slugs.insert(slug.clone());
                Campaign {
                    id: CampaignId::from_bits(ids::random_bits()),
                    space,
                    external_id: Some(key.to_owned()),
                    name: name.to_owned(),
                    slug,
                    starts_on,
                    ends_on,
                    objective: None,
                    paused: false,
                }
            }
        };
        match before {
            Some(before) if *before == campaign => changes.left += 1,
            Some(_) => {
                changes.changed += 1;
                other.push(campaign);
            }
            None => {
                changes.added += 1;
                other.push(campaign);
            }
        }
    };
    if !work.rows(folder, &CAMPAIGNS, read)? {
        return Ok(());
    }
    for campaign in &other {
        work.writing.put_campaign(campaign).await?;
    }
    work.note(&CAMPAIGNS, changes);
    Ok(())
}

/// `a-z0-9` and hyphens of a name, for `utm_campaign`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if slug.len() >= SLUG {
            break;
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "campaign".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_what_a_name_has_in_ascii() {
        assert_eq!(slug("Printemps, « vert »"), "printemps-vert");
        assert_eq!(slug("=HYPERLINK(\"x\")"), "hyperlink-x");
        assert_eq!(slug("🎄"), "campaign");
        let taken = ["a".to_owned(), "a-2".to_owned()].into();
        assert_eq!(free_name("a", &taken), "a-3");
    }
}
