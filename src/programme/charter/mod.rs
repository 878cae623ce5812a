//! The charter: what somebody agrees to before its first link, once per version.
//!
//! A space without a charter asks for nothing. Once it has published one, a new link of somebody who
//! has not accepted the newest version is refused ([`Work::heeding_charter`]): to the person itself,
//! and to whoever asks on its behalf, but for an administrator, who may print links before a person
//! ever came. Links that there are stay theirs.

use std::collections::BTreeMap;

use serde_json::json;

use super::fields::{Check, LONG_TEXT};
use super::{AdvocateRecord, Error, Programme, Work};
use crate::model::programme::Language;
use crate::model::{AdvocateId, SpaceId};
pub use crate::store::CharterRecord;

/// Longest text of a charter, in characters.
pub const MAX_TEXT: usize = 4 * LONG_TEXT;

impl CharterRecord {
    /// Its text in a language of ours, else in any.
    pub fn text(&self, language: Language) -> &str {
        let own = self.texts.get(language.as_str());
        own.or_else(|| self.texts.values().next()).map_or("", String::as_str)
    }

    /// Whether somebody still has to accept it.
    pub fn awaits(&self, person: &AdvocateRecord) -> bool {
        person.charter_accepted.is_none_or(|accepted| accepted < self.version)
    }
}

/// What a space may begin with.
pub fn suggested(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("en.txt"),
        Language::French => include_str!("fr.txt"),
    }
}

impl Programme {
    /// The charter to accept; none when the space has none.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn charter(&self, space: SpaceId) -> Result<Option<CharterRecord>, Error> {
        Ok(self.store.read().await?.charter(space, None).await?)
    }

    /// All versions, newest first.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn charters(&self, space: SpaceId) -> Result<Vec<CharterRecord>, Error> {
        Ok(self.store.read().await?.list_charters(space).await?)
    }
}

impl Work {
    /// From now on new links wait for the charter's acceptance. Whoever imports, prints or sits at
    /// the command line does without.
    #[must_use]
    pub fn heeding_charter(mut self) -> Self {
        self.heeds_charter = true;
        self
    }

    /// Publishes the next version of a space's charter: texts by language. Everybody is asked again
    /// before the next new link.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a text; [`Error::Closed`].
    pub async fn publish_charter(
        &mut self,
        space: SpaceId,
        texts: &BTreeMap<Language, String>,
    ) -> Result<CharterRecord, Error> {
        self.open_space(space).await?;
        let mut check = Check::default();
        let mut kept = BTreeMap::new();
        for (language, text) in texts {
            // Forms end lines as HTTP does.
            let text = text.replace("\r\n", "\n");
            let text = check.text(&format!("text_{language}"), &text, MAX_TEXT, true);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                kept.insert(language.as_str().to_owned(), text);
            }
        }
        if kept.is_empty() {
            check.refuse("text", "required", "write the charter in one language at least");
        }
        check.finish()?;
        let version = self.writing.charter(space, None).await?.map_or(1, |former| former.version + 1);
        let charter = CharterRecord { space, version, texts: kept, published_at_ms: self.writing.at_ms() };
        self.writing.insert_charter(&charter).await?;
        self.note(space, "charter.published", &space.to_string(), json!({"version": version})).await?;
        Ok(charter)
    }

    /// Somebody accepts a version of the charter, the newest one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] `charter_changed` when a newer one was published
    /// since the person read it.
    pub async fn accept_charter(&mut self, space: SpaceId, id: AdvocateId, version: u32) -> Result<(), Error> {
        self.open_space(space).await?;
        let missing = Error::NotFound { what: "charter", field: None };
        let charter = self.writing.charter(space, None).await?.ok_or(missing)?;
        if charter.version != version {
            return Err(Error::Conflict {
                code: "charter_changed",
                field: None,
                message: format!("the charter is at version {} now: read that one", charter.version),
            });
        }
        let mut person = self.advocate(space, id).await?;
        if charter.awaits(&person) {
            person.charter_accepted = Some(version);
            person.charter_accepted_at_ms = Some(self.writing.at_ms());
            self.writing.put_advocate(&person).await?;
            self.note(space, "charter.accepted", &id.to_string(), json!({"version": version})).await?;
        }
        Ok(())
    }
}
