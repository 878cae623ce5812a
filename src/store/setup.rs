//! How far the set-up of a space is.

use super::error::StoreError;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::SpaceId;

/// What a space has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetupCounts {
    /// People, whether or not they left.
    pub people: u64,
    /// Contents with a date of publication.
    pub contents: u64,
}

/// What was found the last time that somebody asked whether a host points here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCheckRecord {
    /// A host of the space.
    pub host: String,
    /// The programme's word for it.
    pub outcome: String,
    /// When.
    pub checked_at_ms: i64,
}

impl Reading {
    /// What a space has already.
    pub async fn setup_counts(&mut self, space: SpaceId) -> Result<SetupCounts, StoreError> {
        on_engine!(self.transaction, setup_counts(space))
    }

    /// Steps that somebody looked at and left as they were.
    pub async fn settled_steps(&mut self, space: SpaceId) -> Result<Vec<String>, StoreError> {
        on_engine!(self.transaction, settled_steps(space))
    }

    /// The last checks of the hosts that the space has now, in their order.
    pub async fn host_checks(&mut self, space: SpaceId) -> Result<Vec<HostCheckRecord>, StoreError> {
        on_engine!(self.transaction, host_checks(space))
    }
}

impl Writing {
    /// Notes that somebody looked at a step and left it as it was.
    pub async fn settle_step(&mut self, space: SpaceId, step: &str) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, settle_step(space, step, at_ms))
    }

    /// Notes what a check of a host found.
    pub async fn put_host_check(&mut self, space: SpaceId, check: &HostCheckRecord) -> Result<(), StoreError> {
        on_engine!(self.transaction, put_host_check(space, check))
    }
}
