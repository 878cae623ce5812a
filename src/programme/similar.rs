//! Where people go when a job is over: to a similar one that is open.
//!
//! Two jobs of a space are similar when their audiences name a team in common (or neither names
//! any), and the same location and the same skill as far as both name some. Of the similar ones a
//! job with an end carries the three newest that are published and the two that will be published
//! next, newest first; a redirect takes the first that is open at its moment. So nobody searches
//! while somebody waits, and a job that is published or over by the clock alone needs no change.
//!
//! Computed once for each [`Work`], before it commits, for spaces with `similar_jobs`. Bounded to
//! the 500 newest jobs of a space and those that changed: an older one keeps what it has, and falls
//! back when none of that is open.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::contents::Audience;
use super::{Error, Work};
use crate::model::{Content, ContentId, ContentKind, SpaceId, TeamId};

/// Jobs of a space that are looked at, the newest ones.
const NEWEST: u32 = 500;
/// Published jobs that a job carries, at most.
const PUBLISHED: usize = 3;
/// Jobs to be published that a job carries, at most.
const PLANNED: usize = 2;

/// Whose similar jobs a transaction may have changed.
#[derive(Debug, Default)]
pub(super) struct Changed(BTreeMap<SpaceId, Touched>);

#[derive(Debug, Default)]
struct Touched {
    /// The space began or ceased to send people on.
    switched: bool,
    jobs: BTreeSet<ContentId>,
}

impl Changed {
    /// A content that is a job, or was one.
    pub(super) fn one(&mut self, space: SpaceId, job: ContentId) {
        self.0.entry(space).or_default().jobs.insert(job);
    }

    /// All jobs of a space.
    pub(super) fn all_of(&mut self, space: SpaceId) {
        self.0.entry(space).or_default().switched = true;
    }
}

impl Work {
    /// Brings up to date what jobs carry; [`Work::commit`] does it. For those who write jobs past
    /// [`Work::create_content`], such as an import: after [`Work::jobs_changed`].
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn refresh_similar_jobs(&mut self) -> Result<(), Error> {
        for (space, touched) in std::mem::take(&mut self.jobs).0 {
            self.refresh_jobs_of(space, touched).await?;
        }
        Ok(())
    }

    /// Says that jobs of a space were written by other means than this one's operations.
    pub fn jobs_changed(&mut self, space: SpaceId) {
        self.jobs.all_of(space);
    }

    async fn refresh_jobs_of(&mut self, id: SpaceId, touched: Touched) -> Result<(), Error> {
        let Some(space) = self.writing.space(id).await? else { return Ok(()) };
        if !space.similar_jobs {
            if touched.switched {
                for content in self.writing.contents_with_similar(id).await? {
                    self.writing.put_content(&Content { similar: Vec::new(), ..content }).await?;
                }
            }
            return Ok(());
        }
        let newest = self.writing.newest_contents(id, ContentKind::Job, NEWEST).await?;
        let older: Vec<_> =
            touched.jobs.into_iter().filter(|changed| newest.iter().all(|job| job.id != *changed)).collect();
        let older = self.writing.contents_of(id, &older).await?;
        let teams: HashMap<String, TeamId> =
            self.writing.all_teams(id).await?.into_iter().map(|team| (team.name, team.id)).collect();

        let now_ms = self.writing.at_ms();
        let open: Vec<_> =
            newest.iter().filter(|job| !job.is_over(now_ms)).map(|job| (job, Traits::of(job, &teams))).collect();
        for content in newest.iter().chain(older.iter().map(|(content, _)| content)) {
            let similar = match content.kind {
                ContentKind::Job if content.expires_at_ms.or(content.closed_at_ms).is_some() => {
                    similar_to(content, &Traits::of(content, &teams), &open, now_ms)
                }
                _ => Vec::new(),
            };
            if similar != content.similar {
                self.writing.put_content(&Content { similar, ..content.clone() }).await?;
            }
        }
        Ok(())
    }
}

/// The candidates of `content` among `open`, which are the newest first.
fn similar_to(content: &Content, own: &Traits, open: &[(&Content, Traits)], now_ms: i64) -> Vec<ContentId> {
    let mut fitting = open.iter().filter(|(job, traits)| job.id != content.id && own.fit(traits)).map(|(job, _)| *job);
    let mut planned = Vec::new();
    let mut published = Vec::new();
    // What is to be published stands before all that is.
    while let Some(job) = fitting.next().filter(|_| published.len() < PUBLISHED) {
        let later = job.published_at_ms.is_none_or(|at| at > now_ms);
        if later { &mut planned } else { &mut published }.push(job.id);
    }
    let mut similar = planned.split_off(planned.len().saturating_sub(PLANNED));
    similar.append(&mut published);
    similar
}

/// What makes jobs similar.
struct Traits {
    teams: BTreeSet<String>,
    locations: BTreeSet<String>,
    skills: BTreeSet<String>,
}

impl Traits {
    fn of(job: &Content, teams: &HashMap<String, TeamId>) -> Self {
        // What cannot be read names nothing.
        let audience: Audience = serde_json::from_value(job.audience.clone()).unwrap_or_default();
        let lower = |entries: Vec<String>| entries.into_iter().map(|entry| entry.to_lowercase()).collect();
        // A team stands there by its id or by its name.
        let team = |given: String| teams.get(&given).map_or(given, TeamId::to_string);
        Self {
            teams: audience.teams.into_iter().map(team).collect(),
            locations: lower(audience.locations),
            skills: lower(audience.skills),
        }
    }

    fn fit(&self, other: &Self) -> bool {
        let share = |own: &BTreeSet<String>, others: &BTreeSet<String>| !own.is_disjoint(others);
        let agree = |own: &BTreeSet<String>, others: &BTreeSet<String>| {
            own.is_empty() || others.is_empty() || share(own, others)
        };
        let same_team = (self.teams.is_empty() && other.teams.is_empty()) || share(&self.teams, &other.teams);
        same_team && agree(&self.locations, &other.locations) && agree(&self.skills, &other.skills)
    }
}
