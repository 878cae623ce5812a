//! The demo of an installation: whether it may be filled, whether it is, and what there is to see.
//!
//! What is told stands in the room [`crate::demo`]; this file knows the installation around it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::folder::Folder;
use super::programme::Opened;
use crate::demo::Filled;
use crate::exchange::Place;
use crate::model::{ContentKind, Role, SpaceId};
use crate::portal;
use crate::programme::{AdvocateFilter, ContentFilter, LinkFilter, Page, Programme};

pub use crate::demo::{Story, stories};
pub use crate::exchange::Progress;

/// How long a printed sign-in address opens, in milliseconds: a demo is looked at for a day.
const ADDRESS_MS: i64 = 86_400_000;
/// Contents among which one is looked for that can be shown.
const LOOKED_AT: u32 = 200;

/// What is kept of a demo beside what it holds: the same half year is drawn when a filling goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mark {
    /// The last instant of the story, milliseconds since 1970.
    until_ms: i64,
    /// Makes this installation's codes unlike those of other demos.
    codes: u64,
    /// The part of the people and contents that is wanted.
    scale: f64,
    /// Nothing is missing.
    pub filled: bool,
}

/// A link to show, and whose it is.
pub struct Shown {
    /// Its code.
    pub code: String,
    /// Who shared it.
    pub advocate: String,
    /// What it leads to.
    pub title: String,
}

/// An address that signs somebody in, once.
pub struct SignIn {
    /// What that person is.
    pub role: Role,
    /// Its name.
    pub name: String,
    /// The name of its space.
    pub space: String,
    /// The address.
    pub address: String,
}

/// What the demo holds.
pub struct Demo {
    /// The space that is shown first.
    pub space: SpaceId,
    /// Each brand, with its slug.
    pub brands: Vec<(String, String)>,
    /// The first and the last of thirty days with figures.
    pub month: [String; 2],
    /// A link to try first.
    pub shown: Shown,
    /// An employee's, marketing's, a recruiter's and an administrator's way in, and marketing's of the other spaces.
    pub sign_ins: Vec<SignIn>,
}

/// Says whether the demo is here, wholly or in part, and begins it, with this part of the people and contents, where
/// there is nothing yet.
///
/// # Errors
/// When the data directory holds somebody's programme: a demo is not mixed with it.
pub async fn begin(folder: &Folder, opened: &Opened, scale: f64) -> anyhow::Result<Mark> {
    let path = mark_path(folder);
    match fs::read(&path) {
        Ok(bytes) => {
            let again = || format!("{} is damaged: start with an empty data_dir", path.display());
            return serde_json::from_slice(&bytes).with_context(again);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    }
    if let Some(space) = opened.programme.spaces(SpaceId::NONE, 1).await?.first() {
        bail!(
            "there is a programme here already (space {}), and the demo is not mixed with it: name an empty folder, as in \
             RELAIS_DATA_DIR=/tmp/demo relais demo",
            space.slug
        );
    }
    let mark = Mark { until_ms: opened.programme.now_ms(), codes: rand::random(), scale, filled: false };
    keep(folder, &mark)?;
    Ok(mark)
}

/// Brings one story in; what is there of it already stays as it is.
///
/// # Errors
/// As [`crate::demo::fill`]; says what to do.
pub async fn fill(
    place: &Place,
    programme: &Programme,
    mark: &Mark,
    story: &Story,
    scratch: &Path,
    progress: &Progress,
) -> anyhow::Result<Filled> {
    let common = crate::demo::common();
    let (drawn, until_ms, scale) = (story.clone(), mark.until_ms, mark.scale);
    let drawing = tokio::task::spawn_blocking({
        let common = common.clone();
        move || crate::demo::Plan::draw(&drawn, &common, until_ms, scale)
    });
    let plan = drawing.await.context("drawing the demo")?;
    let into = crate::demo::Installation { place, programme, scratch, codes: mark.codes };
    let filled = crate::demo::fill(&into, story, &common, &plan, progress).await;
    filled.context("the demo is not whole; `relais demo` again goes on where it stopped")
}

/// Where bundles lie on their way into the stores.
pub fn scratch(folder: &Folder) -> PathBuf {
    folder.path().join("demo-bundle")
}

/// Remembers that nothing is missing, and removes what was on its way.
///
/// # Errors
/// When the folder cannot be written.
pub fn finish(folder: &Folder, mark: &Mark) -> anyhow::Result<()> {
    let scratch = scratch(folder);
    fs::remove_dir_all(&scratch).with_context(|| format!("removing {}", scratch.display()))?;
    keep(folder, &Mark { filled: true, ..mark.clone() })
}

fn mark_path(folder: &Folder) -> PathBuf {
    folder.path().join("demo.json")
}

/// The mark is there as a whole or not at all.
fn keep(folder: &Folder, mark: &Mark) -> anyhow::Result<()> {
    let path = mark_path(folder);
    let draft = path.with_extension("draft");
    let write = |path: &Path| {
        fs::write(&draft, serde_json::to_vec(mark)?)?;
        fs::File::open(&draft)?.sync_all()?;
        fs::rename(&draft, path)
    };
    write(&path).with_context(|| format!("writing {}", path.display()))
}

/// What there is to see, with new sign-in addresses at each start.
///
/// # Errors
/// When the store fails, or what was filled in is gone.
pub async fn show(opened: &Opened, mark: &Mark) -> anyhow::Result<Demo> {
    let mut brands = Vec::new();
    let mut sign_ins = Vec::new();
    let mut first = None;
    for story in stories() {
        let space = opened.programme.space_of_slug(&story.slug).await.context(GONE)?;
        let is_first = first.is_none();
        first = first.or(Some(space.id));
        for player in story.players.iter().filter(|player| is_first || player.role == Role::Marketing) {
            if let Some(address) = sign_in(opened, space.id, story.address(&player.name)).await? {
                let (role, name, space) = (player.role, player.name.clone(), space.name.clone());
                sign_ins.push(SignIn { role, name, space, address });
            }
        }
        brands.push((space.name, space.slug));
    }
    let space = first.context(GONE)?;
    let month = crate::demo::last_thirty_days(mark.until_ms).map(|date| date.to_string());
    Ok(Demo { space, brands, month, shown: shown(opened, space).await?, sign_ins })
}

const GONE: &str = "the demo is not what it was any more; start with an empty data_dir";

/// The newest article or video that somebody shared on LinkedIn.
async fn shown(opened: &Opened, space: SpaceId) -> anyhow::Result<Shown> {
    let mut contents = Vec::new();
    let mut after = None;
    loop {
        let page = Page { after, limit: LOOKED_AT };
        let found = opened.programme.contents(space, &ContentFilter::default(), page).await?;
        let Some(last) = found.last() else { break };
        after = Some(last.id);
        contents.extend(found);
    }
    contents.retain(|content| matches!(content.kind, ContentKind::Article | ContentKind::Video));
    contents.sort_by_key(|content| std::cmp::Reverse(content.published_at_ms));
    for content in contents {
        let channel = Some("linkedin".parse()?);
        let filter = LinkFilter { content: Some(content.id), channel, ..LinkFilter::default() };
        let links = opened.programme.links(space, &filter, Page { after: None, limit: 1 }).await?;
        if let Some(link) = links.first() {
            let advocate = opened.programme.advocate(space, link.link.advocate).await?;
            return Ok(Shown {
                code: link.link.code.as_str().to_owned(),
                advocate: advocate.name.unwrap_or_default(),
                title: content.title,
            });
        }
    }
    bail!(GONE)
}

/// A new sign-in address; none for somebody who was removed from the demo.
async fn sign_in(opened: &Opened, space: SpaceId, email: String) -> anyhow::Result<Option<String>> {
    let filter = AdvocateFilter { email: Some(email), ..AdvocateFilter::default() };
    let found = opened.programme.advocates(space, &filter, Page { after: None, limit: 1 }).await?;
    let Some(person) = found.first() else { return Ok(None) };
    let link = opened.auth.printed_link(space, person.advocate.id, ADDRESS_MS).await?;
    Ok(Some(opened.auth.site().address(&portal::link_path(&link))))
}
