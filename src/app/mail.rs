//! Carries mails from the store's queues to the mail server.
//!
//! A mail is made when it is due ([`Auth::letter`], [`Programme::invitation`], [`Programme::digest`]), handed over, and only then taken out of
//! its queue. Whatever interrupts that, it is due again: a mail goes out at least once.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::auth::Auth;
use crate::auth::sign_in::{LIFE_MS, Letter};
use crate::mail::{DigestContent, DigestMail, InvitationMail, Post, SignInMail, Undelivered};
use crate::portal;
use crate::programme::{Error, Programme};
use crate::store::{MailRecord, StoreError};
use crate::telemetry::Metrics;

/// How often the queue is looked at for mails of other nodes and for those that were put off.
const TICK: Duration = Duration::from_secs(2);
/// Mails of one look.
const AT_ONCE: u32 = 50;

/// Carries mails until `shutdown`.
pub(super) async fn carry(
    auth: Auth,
    programme: Programme,
    post: Post,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
) {
    loop {
        let queued = auth.mail_is_queued();
        if let Err(error) = carry_due(&auth, &post, &metrics).await {
            tracing::warn!(%error, "mails wait: the store cannot be asked");
        }
        // After those that somebody waits for.
        if let Err(error) = invite_due(&auth, &programme, &post, &metrics).await {
            tracing::warn!(%error, "invitations wait: the store cannot be asked");
        }
        if let Err(error) = tell_due(&auth, &programme, &post, &metrics).await {
            tracing::warn!(%error, "digests wait: the store cannot be asked");
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
    let sent = post.send(&message, letter.at_ms).await;
    if is_over(sent, metrics, &id, attempt) { auth.sent(id).await } else { Ok(()) }
}

async fn invite_due(auth: &Auth, programme: &Programme, post: &Post, metrics: &Metrics) -> Result<(), Error> {
    for record in programme.due_invitations(AT_ONCE).await? {
        let Some(invitation) = programme.invitation(record).await? else { continue };
        let address = auth.site().address(&portal::sign_in_path(&invitation.space.slug));
        let message = InvitationMail {
            to: &invitation.email,
            name: invitation.name.as_deref(),
            language: invitation.language,
            space: &invitation.space.name,
            address: &address,
        };
        let sent = post.send(&message, invitation.at_ms).await;
        if is_over(sent, metrics, &record.advocate, record.attempts + 1) {
            programme.invitation_sent(record).await?;
        }
    }
    Ok(())
}

async fn tell_due(auth: &Auth, programme: &Programme, post: &Post, metrics: &Metrics) -> Result<(), Error> {
    for record in programme.due_digests(AT_ONCE).await? {
        let attempt = record.attempts + 1;
        let Some(digest) = programme.digest(record).await? else { continue };
        let site = auth.site();
        let contents = digest.contents.iter().map(|shelved| DigestContent {
            title: &shelved.content.title,
            summary: shelved.content.summary.as_deref(),
            address: site.address(&portal::content_path(shelved.content.id)),
        });
        let message = DigestMail {
            to: &digest.email,
            name: digest.name.as_deref(),
            language: digest.language,
            space: &digest.space.name,
            contents: contents.collect(),
            more: digest.more,
            address: &site.address("/"),
            stop: &site.address(&portal::stop_path(&digest.record.stop)),
        };
        let sent = post.send(&message, digest.at_ms).await;
        if is_over(sent, metrics, &digest.record.advocate, attempt) {
            programme.digest_sent(&digest.record, digest.at_ms).await?;
        }
    }
    Ok(())
}

/// Whether a mail was sent or will never be; counts it, and logs it under `id`, never under its address.
fn is_over(sent: Result<(), Undelivered>, metrics: &Metrics, id: &dyn fmt::Display, attempt: u32) -> bool {
    let count = |result: &str| metrics.mails.with_label_values(&[result]).inc();
    match sent {
        Ok(()) => {
            count("sent");
            true
        }
        Err(error) if error.is_for_now() => {
            count("put_off");
            tracing::warn!(mail = %id, attempt, %error, "a mail was not taken; it is tried again");
            false
        }
        Err(error) => {
            count("given_up");
            tracing::error!(mail = %id, attempt, %error, "a mail is given up");
            true
        }
    }
}
