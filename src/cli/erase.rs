//! `relais erase`.

use std::process::ExitCode;

use anyhow::{Context, bail};

use super::place;
use super::progress::{Unit, shown};
use super::{output, runtime};
use crate::app::programme::{self, Opened};
use crate::config::Settings;
use crate::keeping::Keeper;
use crate::model::Progress;
use crate::model::{AdvocateId, SpaceId};
use crate::programme::{AdvocateFilter, Error, Page, Programme};

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Erase {
    /// Id of the person
    #[arg(long, value_name = "ID", required_unless_present = "email", conflicts_with = "email")]
    advocate: Option<AdvocateId>,
    /// The person's address, instead of the id
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Slug of the space; needed when several know the address
    #[arg(long)]
    space: Option<String>,
    /// What the request is called: a ticket, the date of a letter; stands on the receipt, so write no name
    #[arg(long, value_name = "TEXT", default_value = "")]
    request: String,
}

/// Spaces of one page.
const PAGE: u32 = 100;

impl Erase {
    /// Prints the receipt; for somebody who was erased before, the receipt of then.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        runtime::block_on(async {
            let folder = runtime::folder(&settings)?;
            let opened = programme::open(&settings, &folder).await?;
            let (space, advocate) = self.find(&opened).await?;
            let erased = self.erase_in_the_store(&opened.programme, space, advocate).await;
            opened.store.close().await;
            erased?;
            let remembered =
                "the store has forgotten the person, ClickHouse has not: `relais serve` or the same command goes on";
            let opened = place::open(&settings, space).await.context(remembered)?;
            let (store, warehouse) = (opened.place.store.clone(), opened.place.warehouse.clone());
            let keeper = Keeper::new(store, opened.programme.clone(), warehouse, folder.path());
            let progress = Progress::default();
            let receipt = shown("erase", Unit::Parts, &progress, keeper.complete(space, advocate, &progress)).await;
            opened.close().await;
            let receipt = receipt.context(remembered)?;
            output::line(receipt.to_string().trim_end());
            output::line(&format!(
                "this receipt is kept in {}",
                receipt.path(&folder.path().join("erasures")).display()
            ));
            Ok(ExitCode::SUCCESS)
        })
    }

    /// Who is meant, also when it was erased before.
    async fn find(&self, opened: &Opened) -> anyhow::Result<(SpaceId, AdvocateId)> {
        let mut found = Vec::new();
        let mut reading = opened.store.read().await?;
        for space in self.spaces(&opened.programme).await? {
            if let Some(id) = self.advocate {
                let known = reading.advocate(space, id).await?.is_some();
                if known || reading.erasure(space, id).await?.is_some() {
                    found.push((space, id));
                }
            }
            let Some(email) = &self.email else { continue };
            let filter = AdvocateFilter { email: Some(email.trim().to_lowercase()), ..AdvocateFilter::default() };
            let people = reading.list_advocates(space, &filter, Page { after: None, limit: 1 }).await?;
            let erased = reading.erasures_of_space(space).await?;
            match (people.first(), erased.iter().rev().find(|erasure| erasure.is_of(email.trim()))) {
                (Some(person), _) => found.push((space, person.advocate.id)),
                (None, Some(erasure)) => found.push((space, erasure.advocate)),
                (None, None) => {}
            }
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => bail!(
                "there is no such person: an id is asked for by `/api/v1/advocates`, an address is the one that signs in"
            ),
            several => {
                bail!("{} spaces know this address: choose one with --space, and do it once for each", several.len())
            }
        }
    }

    async fn spaces(&self, programme: &Programme) -> anyhow::Result<Vec<SpaceId>> {
        if let Some(slug) = &self.space {
            return match programme.space_of_slug(slug).await {
                Err(Error::NotFound { .. }) => bail!("there is no space {slug}"),
                found => Ok(vec![found?.id]),
            };
        }
        let mut spaces = Vec::new();
        loop {
            let page = programme.spaces(spaces.last().copied().unwrap_or(SpaceId::NONE), PAGE).await?;
            if page.is_empty() {
                return Ok(spaces);
            }
            spaces.extend(page.iter().map(|space| space.id));
        }
    }

    async fn erase_in_the_store(&self, programme: &Programme, space: SpaceId, id: AdvocateId) -> anyhow::Result<()> {
        let mut work = programme.work().await?;
        match work.erase_on_request(space, id, &self.request).await {
            Ok(_) => Ok(work.commit().await?),
            // It was before.
            Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
