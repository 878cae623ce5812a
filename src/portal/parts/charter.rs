//! The charter's versions, for those who run the programme.

use super::super::PortalState;
use super::{Failure, Page, Person};
use crate::programme::CharterRecord;

/// A version that was published; drawn by `templates/parts/charter_versions.html`.
pub(in crate::portal) struct CharterVersion {
    pub(in crate::portal) number: u32,
    pub(in crate::portal) published_at_ms: i64,
    /// Language and text.
    pub(in crate::portal) texts: Vec<(String, String)>,
}

impl CharterVersion {
    /// Those of the person's space, the newest first.
    pub(in crate::portal) async fn all(
        state: &PortalState,
        person: &Person,
        page: &Page,
    ) -> Result<Vec<Self>, Failure> {
        let version = |record: CharterRecord| Self {
            number: record.version,
            published_at_ms: record.published_at_ms,
            texts: record.texts.into_iter().map(|(word, text)| (page.word("admin-language", &word), text)).collect(),
        };
        Ok(state.programme.charters(person.space_id()).await?.into_iter().map(version).collect())
    }
}
