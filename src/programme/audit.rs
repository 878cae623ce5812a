//! The audit log: what admins changed, and who looked at named figures.

use serde_json::{Value, json};

use super::{Error, Page, Programme, Work};
use crate::model::{AuditId, SpaceId};
use crate::store::AuditEntry;

impl Programme {
    /// Lines of the audit log, newest first, from the one before `page.after`.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no line of the space.
    pub async fn audit(&self, space: SpaceId, page: Page<AuditId>) -> Result<Vec<AuditEntry>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            let missing = Error::NotFound { what: "audit entry", field: Some("after") };
            reading.audit_entry(space, after).await?.ok_or(missing)?;
        }
        Ok(reading.list_audit(space, page).await?)
    }
}

impl Work {
    /// Says who does this work; until then it is whoever sits at the command line.
    #[must_use]
    pub fn done_by(mut self, actor: String) -> Self {
        self.actor = actor;
        self
    }

    /// Adds a line to the audit log, kept or undone with everything else of this work.
    ///
    /// `action` is `noun.verb`, `target` an id; `details` an object that holds no secret, no name
    /// and no address.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn note(&mut self, space: SpaceId, action: &str, target: &str, details: Value) -> Result<(), Error> {
        Ok(self.writing.append_audit(space, &self.actor, action, target, details).await?)
    }

    /// Notes that figures of single people are about to be read: which KPIs, and from which day to which.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn note_named_figures(
        &mut self,
        space: SpaceId,
        kpis: &[String],
        (from, to): (&str, &str),
    ) -> Result<(), Error> {
        let details = json!({"kpis": kpis, "from": from, "to": to});
        self.note(space, "kpis.read_by_advocate", &space.to_string(), details).await
    }

    /// Notes that what single people did is about to be read, one by one: `clicks` or `shares`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn note_named_list(&mut self, space: SpaceId, list: &str) -> Result<(), Error> {
        self.note(space, &format!("{list}.read_by_advocate"), &space.to_string(), json!({})).await
    }
}
