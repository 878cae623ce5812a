//! The programme over this installation's store, for the server and for commands beside it.

use anyhow::Context;

use super::folder::Folder;
use crate::auth::{Auth, Site};
use crate::config::Settings;
use crate::model::SpaceId;
use crate::programme::{Programme, SpaceFields};
use crate::store::{Clock, Store};

/// An open store and what stands on it.
pub struct Opened {
    /// The store itself, for its change feed.
    pub store: Store,
    /// Spaces, advocates, contents, links.
    pub programme: Programme,
    /// Tokens, sessions, signing in.
    pub auth: Auth,
}

/// Opens the store, migrated to this version.
///
/// # Errors
/// Says what to do when it cannot be opened or is of a newer version.
pub async fn open(settings: &Settings, folder: &Folder) -> anyhow::Result<Opened> {
    let store = Store::open(&settings.store, folder.path(), Clock::system()).await?;
    let programme = Programme::new(store.clone(), &settings.redirect.base_url)?;
    let site = Site::new(&settings.portal.base_url)?;
    let auth = Auth::configured(store.clone(), settings.sign_in.clone(), site);
    Ok(Opened { store, programme, auth })
}

/// Makes the space `default` in an installation that has none.
///
/// # Errors
/// When the store fails.
pub async fn ensure_a_space(programme: &Programme) -> anyhow::Result<()> {
    if programme.spaces(SpaceId::NONE, 1).await?.is_empty() {
        let made = programme.create_or_update_space("default", &SpaceFields::default()).await;
        made.context("making the space `default`")?;
    }
    Ok(())
}
