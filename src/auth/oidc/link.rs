//! Who somebody of the provider is here.

use std::time::Duration;

use serde_json::json;

use super::{Config, OidcError};
use crate::auth::sign_in::{Newcomer, SignedIn, is_of};
use crate::auth::{Auth, Secret};
use crate::model::Space;
use crate::store::{Clock, IdentityRecord, OidcRequestRecord, StoreError, Writing};

/// What a checked token says.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) issuer: String,
    pub(super) subject: String,
    /// In lower case; only when the provider verified it.
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
}

/// The store's time, for a library that wants it from the system's epoch.
pub(super) fn since_1970(clock: &Clock) -> Duration {
    Duration::from_millis(u64::try_from(clock.now_ms()).unwrap_or_default())
}

/// Signs the subject's advocate in; finds out who that is when it comes for the first time.
pub(super) async fn sign_in(
    auth: &Auth,
    config: &Config,
    subject: &Subject,
    request: &OidcRequestRecord,
    former: Option<&Secret>,
) -> Result<SignedIn, OidcError> {
    let stranger = || OidcError::Stranger;
    let mut writing = auth.store.write().await?;
    let now_ms = writing.at_ms();
    let space = writing.space(request.space).await?.ok_or_else(stranger)?;
    let known = writing.identity_of(space.id, &subject.issuer, &subject.subject).await?;
    let newcomer = match known {
        Some(advocate) => Newcomer::of_id(&mut writing, &space, advocate, now_ms).await?.ok_or_else(stranger)?,
        None => first_time(&mut writing, config, subject, &space).await?.ok_or_else(stranger)?,
    };
    Ok(auth.admit(writing, newcomer, &request.next, former).await?)
}

/// The advocate that a verified address of the space's domains belongs to, from now on by its
/// subject. Nobody when the advocate is somebody of this provider already: a second account with
/// the same address does not take over the first one's place.
async fn first_time(
    writing: &mut Writing,
    config: &Config,
    subject: &Subject,
    space: &Space,
) -> Result<Option<Newcomer>, StoreError> {
    let now_ms = writing.at_ms();
    let listed = |email: &&String| {
        is_of(email, &space.email_domains) && (config.domains.is_empty() || is_of(email, &config.domains))
    };
    let Some(email) = subject.email.as_ref().filter(listed) else { return Ok(None) };
    let Some(newcomer) = Newcomer::of_email(writing, space, email, now_ms).await? else { return Ok(None) };
    let id = newcomer.record().advocate.id;
    if writing.has_identity(space.id, &subject.issuer, id).await? {
        return Ok(None);
    }
    let newcomer = match newcomer {
        Newcomer::New(mut record) => {
            record.name = subject.name.as_deref().and_then(name);
            record.advocate.registered_at_ms = Some(now_ms);
            // Before its identity, which refers to it.
            writing.put_advocate(&record).await?;
            let details = json!({"invited": false});
            writing.append_audit(space.id, &id.to_string(), "advocate.registered", &id.to_string(), details).await?;
            Newcomer::Known(record)
        }
        known @ Newcomer::Known(_) => known,
    };
    let (issuer, subject) = (subject.issuer.clone(), subject.subject.clone());
    let details = json!({"issuer": issuer});
    writing.insert_identity(&IdentityRecord { space: space.id, issuer, subject, advocate: id }).await?;
    writing.append_audit(space.id, &id.to_string(), "member.linked", &id.to_string(), details).await?;
    Ok(Some(newcomer))
}

/// A name as a field takes it: one line, not too long.
fn name(given: &str) -> Option<String> {
    const MAX_CHARACTERS: usize = 200;
    let clean: String = given.trim().chars().filter(|character| !character.is_control()).take(MAX_CHARACTERS).collect();
    (!clean.is_empty()).then_some(clean)
}
