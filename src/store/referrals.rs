//! Applications and their facts.

use super::error::StoreError;
use super::records::Page;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{AdvocateId, Application, ApplicationId, ContentId, Entity, ReferralFact, SpaceId, Stage};

/// Which applications a list shows; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct ApplicationFilter {
    /// Credited to this person.
    pub advocate: Option<AdvocateId>,
    /// To this job.
    pub content: Option<ContentId>,
    /// Whose last stage is this one.
    pub stage: Option<Stage>,
    /// This key of the applicant system.
    pub external_id: Option<String>,
}

impl Reading {
    /// An application.
    pub async fn application(&mut self, space: SpaceId, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        on_engine!(self.transaction, application(space, id))
    }

    /// The application with this key of the applicant system.
    pub async fn application_of_external_id(
        &mut self,
        space: SpaceId,
        external_id: &str,
    ) -> Result<Option<Application>, StoreError> {
        on_engine!(self.transaction, application_of_external_id(space, external_id))
    }

    /// Applications in the order of their creation.
    pub async fn list_applications(
        &mut self,
        space: SpaceId,
        filter: &ApplicationFilter,
        page: Page<ApplicationId>,
    ) -> Result<Vec<Application>, StoreError> {
        on_engine!(self.transaction, list_applications(space, filter, page))
    }

    /// Applications of all spaces in the order of their ids, from the first after `after`.
    pub async fn scan_applications(
        &mut self,
        after: ApplicationId,
        limit: u32,
    ) -> Result<Vec<Application>, StoreError> {
        on_engine!(self.transaction, scan_applications(after, limit))
    }

    /// Applications of all spaces whose reason is `pending`, in the order of their ids, from the first after `after`.
    pub async fn pending_applications(
        &mut self,
        after: ApplicationId,
        limit: u32,
    ) -> Result<Vec<Application>, StoreError> {
        on_engine!(self.transaction, pending_applications(after, limit))
    }

    /// The facts of an application, by the instant that they tell of, then as they came in.
    pub async fn facts_of(
        &mut self,
        space: SpaceId,
        application: ApplicationId,
    ) -> Result<Vec<ReferralFact>, StoreError> {
        on_engine!(self.transaction, facts_of(space, application))
    }
}

impl Writing {
    /// Inserts or replaces an application.
    pub async fn put_application(&mut self, application: &Application) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, put_application(application, at_ms))?;
        self.tell(application.space, &[(application.id.bits(), Entity::Application(application.clone()))]).await
    }

    /// Adds a fact to an application that is there.
    pub async fn insert_fact(&mut self, fact: &ReferralFact) -> Result<(), StoreError> {
        on_engine!(self.transaction, insert_fact(fact))
    }
}
