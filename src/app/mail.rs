//! Carries mails from the store's queue to the mail server.
//!
//! A mail is made when it is due ([`Auth::letter`]), handed over, and only then taken out of the
//! queue. Whatever interrupts that, it is due again: a mail goes out at least once.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::auth::Auth;
use crate::auth::sign_in::{LIFE_MS, Letter};
use crate::mail::{Post, SignInMail};
use crate::portal;
use crate::store::{MailRecord, StoreError};
use crate::telemetry::Metrics;

/// How often the queue is looked at for mails of other nodes and for those that were put off.
const TICK: Duration = Duration::from_secs(2);
/// Mails of one look.
const AT_ONCE: u32 = 50;

/// Carries mails until `shutdown`.
pub(super) async fn carry(auth: Auth, post: Post, metrics: Arc<Metrics>, shutdown: CancellationToken) {
    loop {
        let queued = auth.mail_is_queued();
        if let Err(error) = carry_due(&auth, &post, &metrics).await {
            tracing::warn!(%error, "mails wait: the store cannot be asked");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = queued => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

async fn carry_due(auth: &Auth, post: &Post, metrics: &Metrics) -> Result<(), StoreError> {
    for mail in auth.due_mails(AT_ONCE).await? {
        carry_one(auth, post, metrics, &mail).await?;
    }
    Ok(())
}

async fn carry_one(auth: &Auth, post: &Post, metrics: &Metrics, mail: &MailRecord) -> Result<(), StoreError> {
    let Some(letter) = auth.letter(mail).await? else { return Ok(()) };
    let Letter { id, attempt, .. } = letter;
    let code = letter.code.shown();
    let address = auth.site().address(&portal::link_path(&letter.link));
    let message = SignInMail {
        to: &letter.email,
        language: letter.language,
        space: &letter.space.name,
        code: &code,
        address: &address,
        minutes: u32::try_from(LIFE_MS / 60_000).unwrap_or_default(),
    };
    let count = |result: &str| metrics.mails.with_label_values(&[result]).inc();
    match post.send(&message, letter.at_ms).await {
        Ok(()) => {
            count("sent");
            auth.sent(id).await
        }
        // No address in the log.
        Err(error) if error.is_for_now() => {
            count("put_off");
            tracing::warn!(mail = %id, attempt, %error, "a mail was not taken; it is tried again");
            Ok(())
        }
        Err(error) => {
            count("given_up");
            tracing::error!(mail = %id, attempt, %error, "a mail is given up");
            auth.sent(id).await
        }
    }
}
