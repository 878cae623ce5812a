//! What a person is proposed to share, the newest and most fitting first.
//!
//! A content lies on somebody's shelf when it is published, not over, in no paused campaign, and each
//! list of its audience that is not empty names the person: its team or one above it, its place, its
//! language, its kind, one of its skills. Whatever names the person puts a content ahead of those
//! that are for everybody, as if it were [`AHEAD_MS`] newer for each list.
//!
//! Everybody's shelf is read from the same contents, so those of a space are kept in memory, and are
//! read again once the change feed has told of a content, a campaign or a team.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::contents::{Audience, Caption};
use super::{Error, Programme};
use crate::model::{Advocate, AdvocateId, Channel, Content, ContentId, ContentKind, SpaceId, Team, TeamId};
use crate::store::Reading;

/// How much newer a content counts for each list of its audience that names somebody, in milliseconds.
pub const AHEAD_MS: i64 = 2 * 86_400_000;
/// A team is looked for in so many teams above a person's own.
const MAX_DEPTH: usize = 8;

/// What somebody looks for on its shelf.
#[derive(Debug, Clone, Default)]
pub struct ShelfQuery {
    /// Words that the title or the summary holds, every one; empty: all.
    pub search: String,
    /// Of this kind.
    pub kind: Option<ContentKind>,
    /// Published after this instant.
    pub after_ms: Option<i64>,
    /// Contents to leave out at the beginning.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

/// A part of somebody's shelf.
#[derive(Debug, Clone)]
pub struct ShelfPage {
    /// In order.
    pub contents: Vec<Arc<Shelved>>,
    /// How many there are of what was looked for.
    pub total: usize,
    /// The kinds of everything on the shelf, looked for or not.
    pub kinds: Vec<ContentKind>,
}

/// A content on the shelf.
#[derive(Debug)]
pub struct Shelved {
    /// The content.
    pub content: Content,
    /// Its suggested texts.
    pub captions: Vec<Caption>,
    audience: Audience,
    /// Title and summary as they are searched.
    words: String,
}

/// The contents of one space, as of a number of the change feed.
#[derive(Debug)]
struct Shelf {
    seq: AtomicU64,
    contents: Vec<Arc<Shelved>>,
    teams: HashMap<TeamId, Team>,
}

/// The shelves of an installation.
#[derive(Debug, Default)]
pub(super) struct Shelves(Mutex<HashMap<SpaceId, Arc<Shelf>>>);

impl Programme {
    /// What lies on somebody's shelf.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn shelf(&self, person: &Advocate, query: &ShelfQuery) -> Result<ShelfPage, Error> {
        let shelf = self.shelf_of(person.space).await?;
        let reader = Reader::new(person, &shelf.teams);
        let (now_ms, search) = (self.now_ms(), folded(&query.search));
        let search: Vec<_> = search.split_whitespace().collect();
        let (mut kinds, mut found) = (Vec::new(), Vec::new());
        for shelved in &shelf.contents {
            let Some(published_ms) = shelved.content.published_at_ms.filter(|at| *at <= now_ms) else { continue };
            let Some(fit) = reader.fit(&shelved.audience).filter(|_| !shelved.content.is_over(now_ms)) else {
                continue;
            };
            if !kinds.contains(&shelved.content.kind) {
                kinds.push(shelved.content.kind);
            }
            let is_wanted = query.kind.is_none_or(|kind| kind == shelved.content.kind)
                && query.after_ms.is_none_or(|after| published_ms > after)
                && search.iter().all(|word| shelved.words.contains(word));
            if is_wanted {
                found.push((published_ms + i64::from(fit) * AHEAD_MS, shelved));
            }
        }
        kinds.sort_unstable();
        // Stable: what is equally fitting stays in the order of its publication.
        found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        let page = found.iter().skip(query.skip).take(query.limit).map(|(_, shelved)| Arc::clone(shelved));
        Ok(ShelfPage { contents: page.collect(), total: found.len(), kinds })
    }

    /// Where somebody has shared each of these contents.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn shared_channels(
        &self,
        space: SpaceId,
        id: AdvocateId,
        contents: &[ContentId],
    ) -> Result<HashMap<ContentId, Vec<Channel>>, Error> {
        let mut channels: HashMap<ContentId, Vec<Channel>> = HashMap::new();
        for (content, channel) in self.store.read().await?.shared_channels(space, id, contents).await? {
            channels.entry(content).or_default().push(channel);
        }
        Ok(channels)
    }

    async fn shelf_of(&self, space: SpaceId) -> Result<Arc<Shelf>, Error> {
        let known = *self.store.latest().borrow();
        let kept = self.shelves.0.lock().get(&space).cloned();
        if let Some(shelf) = &kept
            && shelf.seq.load(Ordering::Relaxed) >= known
        {
            return Ok(Arc::clone(shelf));
        }
        let mut reading = self.store.read().await?;
        let seq = reading.latest_seq().await?;
        if let Some(shelf) = kept
            && !reading.proposals_changed(space, shelf.seq.load(Ordering::Relaxed)).await?
        {
            shelf.seq.fetch_max(seq, Ordering::Relaxed);
            return Ok(shelf);
        }
        let shelf = Arc::new(Shelf::read(&mut reading, space, seq).await?);
        self.shelves.0.lock().insert(space, Arc::clone(&shelf));
        Ok(shelf)
    }
}

impl Shelf {
    async fn read(reading: &mut Reading, space: SpaceId, seq: u64) -> Result<Self, Error> {
        let teams = reading.all_teams(space).await?.into_iter().map(|team| (team.id, team)).collect();
        let contents = reading.proposable_contents(space).await?.into_iter().map(|content| {
            Arc::new(Shelved {
                // What the programme has written reads back.
                captions: serde_json::from_value(content.captions.clone()).unwrap_or_default(),
                audience: serde_json::from_value(content.audience.clone()).unwrap_or_default(),
                words: folded(&format!("{} {}", content.title, content.summary.as_deref().unwrap_or_default())),
                content,
            })
        });
        Ok(Self { seq: AtomicU64::new(seq), contents: contents.collect(), teams })
    }
}

/// A person as audiences name it.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// Names and ids of its team and of those above it.
    teams: Vec<String>,
    location: Option<String>,
    language: Option<String>,
    kind: &'static str,
    skills: Vec<String>,
}

impl Reader {
    pub(super) fn new(person: &Advocate, known: &HashMap<TeamId, Team>) -> Self {
        let mut teams = Vec::new();
        let mut next = known.get(&person.team);
        while let Some(team) = next.filter(|_| teams.len() < 2 * MAX_DEPTH) {
            teams.push(folded(&team.name));
            teams.push(team.id.to_string());
            next = known.get(&team.parent);
        }
        Self {
            teams,
            location: person.location.as_deref().map(folded),
            language: person.language.as_deref().map(primary),
            kind: person.kind.as_str(),
            skills: person.skills.iter().map(|skill| folded(skill)).collect(),
        }
    }

    /// How many lists name the person; none when one does not.
    pub(super) fn fit(&self, audience: &Audience) -> Option<u8> {
        let mut fit = 0;
        let mut among = |list: &[String], is_named: &dyn Fn(&str) -> bool| {
            let named = list.iter().any(|entry| is_named(entry));
            fit += u8::from(named);
            named || list.is_empty()
        };
        let all = among(&audience.teams, &|team| self.teams.contains(&folded(team)))
            && among(&audience.locations, &|place| self.location.as_deref() == Some(&folded(place)))
            && among(&audience.languages, &|tag| self.language.as_deref().is_none_or(|own| own == primary(tag)))
            && among(&audience.kinds, &|kind| kind == self.kind)
            && among(&audience.skills, &|skill| self.skills.contains(&folded(skill)));
        all.then_some(fit)
    }
}

/// `fr` of `fr-CA`.
fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// A text as it is compared: lower case, without the accents of French and its neighbours.
pub(super) fn folded(text: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ÿ' => 'y',
        '’' => '\'',
        other => other,
    };
    text.trim().to_lowercase().chars().map(plain).collect::<String>().replace('œ', "oe").replace('æ', "ae")
}
