//! The mails of the queue, each made when it is due.

use tokio::sync::futures::Notified;

use super::code::{Code, digest_of};
use super::{LIFE_MS, Newcomer, WAIT_MS};
use crate::auth::{Auth, Secret};
use crate::model::language::spoken;
use crate::model::programme::Language;
use crate::model::{MailId, Space};
use crate::store::{MailRecord, StoreError};

/// After the first failure the next attempt comes this much later; each time twice as much.
const FIRST_PAUSE_MS: i64 = 5_000;
/// At most so much later.
const LONGEST_PAUSE_MS: i64 = 120_000;

/// A mail that is to be handed over now. It is due again later until [`Auth::sent`] is told: what a
/// crash interrupts is sent again, with a new code.
#[derive(Debug)]
pub struct Letter {
    /// Its place in the queue.
    pub id: MailId,
    /// To whom.
    pub email: String,
    /// What that person reads.
    pub language: Language,
    /// Whose programme it is about.
    pub space: Space,
    /// The code to type.
    pub code: Code,
    /// The link's secret.
    pub link: Secret,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When it was made.
    pub at_ms: i64,
}

impl Auth {
    /// Waits until this process queues a mail.
    pub fn mail_is_queued(&self) -> Notified<'_> {
        self.wake.notified()
    }

    /// Mails that are due, the longest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn due_mails(&self, limit: u32) -> Result<Vec<MailRecord>, StoreError> {
        self.store.read().await?.due_mails(self.store.clock().now_ms(), limit).await
    }

    /// Makes a due mail: finds out who asked, and draws a code and a link that replace those of an
    /// earlier attempt. None, and the mail is gone, when nobody may sign in with that address or
    /// the asking is over.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; the mail stays due.
    pub async fn letter(&self, mail: &MailRecord) -> Result<Option<Letter>, StoreError> {
        let (code, link) = (Code::draw(), Secret::draw());
        let asked = self.store.read().await?.challenge(mail.space, mail.challenge).await?;
        let Some(browser) = asked.and_then(|challenge| challenge.browser) else { return self.forget(mail).await };
        let digest = digest_of(Some(code), browser).await;

        let mut writing = self.store.write().await?;
        let now_ms = writing.at_ms();
        // Two nodes may have seen it as due; the second finds it postponed and leaves it alone.
        let pause_ms = (FIRST_PAUSE_MS << mail.attempts.min(10)).min(LONGEST_PAUSE_MS);
        let is_due = writing.postpone_mail(mail.id, now_ms + pause_ms).await?;
        let challenge = writing.challenge(mail.space, mail.challenge).await?;
        let space = writing.space(mail.space).await?;
        let (Some(challenge), Some(space), true) = (challenge, space, is_due) else { return Ok(None) };
        let email = challenge.email.filter(|_| challenge.created_at_ms + WAIT_MS > now_ms);
        let newcomer = match &email {
            Some(email) => Newcomer::of_email(&mut writing, &space, email, now_ms).await?,
            None => None,
        };
        let (Some(email), Some(newcomer)) = (email, newcomer) else {
            drop(writing);
            return self.forget(mail).await;
        };
        let ends_at_ms = now_ms + LIFE_MS;
        writing.set_challenge_secrets(challenge.space, challenge.id, &digest, &link.hash(), ends_at_ms).await?;
        writing.commit().await?;
        let own = newcomer.record().advocate.language.as_deref().and_then(spoken);
        let language = own.unwrap_or(mail.language);
        Ok(Some(Letter { id: mail.id, email, language, space, code, link, attempt: mail.attempts + 1, at_ms: now_ms }))
    }

    /// A mail was handed over.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; it is sent once more then.
    pub async fn sent(&self, id: MailId) -> Result<(), StoreError> {
        let mut writing = self.store.write().await?;
        writing.delete_mail(id).await?;
        writing.commit().await
    }

    async fn forget(&self, mail: &MailRecord) -> Result<Option<Letter>, StoreError> {
        self.sent(mail.id).await?;
        Ok(None)
    }
}
