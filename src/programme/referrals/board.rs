//! Jobs and applications as recruiters look for them.

use std::collections::{BTreeMap, HashMap};

use super::{ApplicationId, ContentId, SpaceId, Stage};
use crate::model::{Application, Content, ContentKind};
use crate::programme::{Error, Programme};
pub use crate::store::{BoardFilter, JobFilter, JobState};

/// Jobs of a page.
pub const JOBS_PER_PAGE: u32 = 25;
/// Jobs to choose from, at most.
const CHOICES: u32 = 200;

/// A job, and how many applications to it stand at each stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The job.
    pub content: Content,
    /// Stages that any application stands at.
    pub stages: BTreeMap<Stage, u64>,
}

/// One page of the jobs that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobsPage {
    /// The latest first.
    pub jobs: Vec<Job>,
    /// How many fit in all.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are, at least 1.
    pub pages: u32,
}

/// What stands at one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The stage.
    pub stage: Stage,
    /// Applications of which something happened last, as many as were asked for.
    pub applications: Vec<Application>,
    /// How many there are in all.
    pub total: u64,
}

impl Programme {
    /// A page of the jobs that fit; past the last page comes the last.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn search_jobs(&self, space: SpaceId, filter: &JobFilter, page: u32) -> Result<JobsPage, Error> {
        let now_ms = self.now_ms();
        let mut reading = self.store.read().await?;
        let mut page = page.max(1);
        loop {
            let place = ((page - 1).saturating_mul(JOBS_PER_PAGE), JOBS_PER_PAGE);
            let (contents, total) = reading.search_jobs(space, filter, now_ms, place).await?;
            let pages = u32::try_from(total.div_ceil(u64::from(JOBS_PER_PAGE))).unwrap_or(u32::MAX).max(1);
            if page > pages {
                page = pages;
                continue;
            }
            let ids: Vec<ContentId> = contents.iter().map(|content| content.id).collect();
            let mut stages: BTreeMap<ContentId, BTreeMap<Stage, u64>> = BTreeMap::new();
            for (job, stage, count) in reading.stages_of_jobs(space, &ids).await? {
                stages.entry(job).or_default().insert(stage, count);
            }
            let job = |content: Content| Job { stages: stages.remove(&content.id).unwrap_or_default(), content };
            return Ok(JobsPage { jobs: contents.into_iter().map(job).collect(), total, page, pages });
        }
    }

    /// Jobs to choose from: the latest that are or will be published.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn job_choices(&self, space: SpaceId) -> Result<Vec<Content>, Error> {
        Ok(self.store.read().await?.newest_contents(space, ContentKind::Job, CHOICES).await?)
    }

    /// Applications by stage, at most `limit` of each, in the order of the way to a hire.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn board(&self, space: SpaceId, filter: &BoardFilter, limit: u32) -> Result<Vec<Lane>, Error> {
        let mut reading = self.store.read().await?;
        let counts: BTreeMap<Stage, u64> = reading.count_stages(space, filter).await?.into_iter().collect();
        let mut lanes = Vec::with_capacity(Stage::ALL.len());
        for stage in Stage::ALL {
            let total = counts.get(stage).copied().unwrap_or(0);
            let applications = match total {
                0 => Vec::new(),
                _ => reading.applications_at(space, filter, *stage, (0, limit)).await?,
            };
            lanes.push(Lane { stage: *stage, applications, total });
        }
        Ok(lanes)
    }

    /// A page of the applications at one stage: `limit` of them after the first `offset`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn lane(
        &self,
        space: SpaceId,
        filter: &BoardFilter,
        stage: Stage,
        (offset, limit): (u32, u32),
    ) -> Result<Lane, Error> {
        let mut reading = self.store.read().await?;
        let counts = reading.count_stages(space, filter).await?;
        let total = counts.iter().find(|(at, _)| *at == stage).map_or(0, |(_, count)| *count);
        let applications = reading.applications_at(space, filter, stage, (offset, limit)).await?;
        Ok(Lane { stage, applications, total })
    }

    /// Titles of contents; those of other spaces have none.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn titles_of(&self, space: SpaceId, ids: &[ContentId]) -> Result<HashMap<ContentId, String>, Error> {
        let found = self.store.read().await?.contents_of(space, ids).await?;
        Ok(found.into_iter().map(|(content, _)| (content.id, content.title)).collect())
    }

    /// The application with this key of the applicant system.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn application_named(&self, space: SpaceId, external_id: &str) -> Result<Option<ApplicationId>, Error> {
        let found = self.store.read().await?.application_of_external_id(space, external_id).await?;
        Ok(found.map(|application| application.id))
    }
}
