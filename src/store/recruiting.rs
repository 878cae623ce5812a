//! Jobs and applications as recruiters look for them.

use super::Reading;
use super::error::StoreError;
use super::transaction::on_engine;
use crate::model::{Application, Content, ContentId, SpaceId, Stage};

/// Where a job stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Published, and not over.
    Open,
    /// It will be published, or is a draft.
    Coming,
    /// Closed, or expired.
    Over,
}

/// Which jobs are looked for; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Part of the title or of the company's key, as people search names: letters are the same small, capital and without accent.
    pub text: Option<String>,
    /// Where they stand.
    pub state: Option<JobState>,
}

/// Which applications are looked for; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct BoardFilter {
    /// To this job.
    pub job: Option<ContentId>,
    /// Of which something was told that happened at this instant or later.
    pub from_ms: Option<i64>,
    /// Part of the applicant system's id.
    pub text: Option<String>,
}

impl Reading {
    /// Jobs, the latest published first and drafts before them, `limit` after the first `offset`, and how many fit.
    pub async fn search_jobs(
        &mut self,
        space: SpaceId,
        filter: &JobFilter,
        now_ms: i64,
        (offset, limit): (u32, u32),
    ) -> Result<(Vec<Content>, u64), StoreError> {
        on_engine!(self.transaction, search_jobs(space, filter, now_ms, (offset, limit)))
    }

    /// How many applications of each of these jobs stand at each stage.
    pub async fn stages_of_jobs(
        &mut self,
        space: SpaceId,
        jobs: &[ContentId],
    ) -> Result<Vec<(ContentId, Stage, u64)>, StoreError> {
        on_engine!(self.transaction, stages_of_jobs(space, jobs))
    }

    /// How many applications stand at each stage; stages without any are not named.
    pub async fn count_stages(
        &mut self,
        space: SpaceId,
        filter: &BoardFilter,
    ) -> Result<Vec<(Stage, u64)>, StoreError> {
        on_engine!(self.transaction, count_stages(space, filter))
    }

    /// Applications that stand at a stage, `limit` after the first `offset`; what happened last comes first.
    pub async fn applications_at(
        &mut self,
        space: SpaceId,
        filter: &BoardFilter,
        stage: Stage,
        (offset, limit): (u32, u32),
    ) -> Result<Vec<Application>, StoreError> {
        on_engine!(self.transaction, applications_at(space, filter, stage, (offset, limit)))
    }
}
