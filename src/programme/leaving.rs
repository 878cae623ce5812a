//! Leaving of one's own will. Coming back is signing in again (`auth`), for as long as nobody else
//! has set an end to the membership.

use serde_json::json;

use super::{Error, Work, times};
use crate::model::{AdvocateId, SpaceId};

impl Work {
    /// Somebody leaves, today: no new links, no mails. What it shared stays and goes on redirecting.
    /// Whoever calls ends its sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Closed`].
    pub async fn leave(&mut self, space: SpaceId, id: AdvocateId) -> Result<(), Error> {
        let space = self.open_space(space).await?;
        let mut person = self.advocate(space.id, id).await?;
        let today = times::date_in(&space.time_zone, self.writing.at_ms()).unwrap_or_default();
        // An earlier end stands: that somebody may not come back is not the person's to change.
        if person.advocate.left_on.as_ref().is_none_or(|left| *left > today) {
            person.advocate.left_on = Some(today.clone());
            self.writing.put_advocate(&person).await?;
            self.writing.put_leaver(space.id, id, Some(&today)).await?;
        }
        self.writing.delete_digest(space.id, id).await?;
        self.note(space.id, "advocate.left", &id.to_string(), json!({})).await
    }
}
