//! Who may come in.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{Refused, SignedIn, random_bits};
use crate::auth::{Auth, Secret};
use crate::model::{AdvocateId, Space};
use crate::store::{AdvocateFilter, AdvocateRecord, ChallengeRecord, Page, Reading, StoreError, Writing};

/// Whom an address belongs to.
#[derive(Debug)]
pub(in crate::auth) enum Newcomer {
    /// Somebody whom the space knows.
    Known(Box<AdvocateRecord>),
    /// Somebody of one of the space's domains, who joins by signing in.
    New(Box<AdvocateRecord>),
}

impl Newcomer {
    /// Who an address is in this space; nobody when it may not come in.
    pub(in crate::auth) async fn of_email(
        reading: &mut Reading,
        space: &Space,
        email: &str,
        now_ms: i64,
    ) -> Result<Option<Self>, StoreError> {
        let filter = AdvocateFilter { email: Some(email.to_owned()), ..AdvocateFilter::default() };
        let found = reading.list_advocates(space.id, &filter, Page { after: None, limit: 1 }).await?;
        Ok(match found.into_iter().next() {
            Some(record) => Self::unless_gone(reading, space, record, now_ms).await?,
            None if is_of(email, &space.email_domains) => {
                let blank = AdvocateRecord::blank(AdvocateId::from_bits(random_bits()), space.id);
                Some(Self::New(Box::new(AdvocateRecord { email: Some(email.to_owned()), ..blank })))
            }
            None => None,
        })
    }

    /// The person of this id; nobody when it has left for good.
    pub(in crate::auth) async fn of_id(
        reading: &mut Reading,
        space: &Space,
        id: AdvocateId,
        now_ms: i64,
    ) -> Result<Option<Self>, StoreError> {
        match reading.advocate(space.id, id).await? {
            Some(record) => Self::unless_gone(reading, space, record, now_ms).await,
            None => Ok(None),
        }
    }

    /// Who left of its own will may come back; whose membership somebody else ended may not.
    async fn unless_gone(
        reading: &mut Reading,
        space: &Space,
        record: AdvocateRecord,
        now_ms: i64,
    ) -> Result<Option<Self>, StoreError> {
        let is_gone = has_left(record.advocate.left_on.as_deref(), &space.time_zone, now_ms);
        let stays_out =
            is_gone && reading.left_by_itself(space.id, record.advocate.id).await? != record.advocate.left_on;
        Ok((!stays_out).then(|| Self::Known(Box::new(record))))
    }

    /// The person.
    pub(in crate::auth) fn record(&self) -> &AdvocateRecord {
        match self {
            Self::Known(record) | Self::New(record) => record,
        }
    }
}

impl Auth {
    /// Takes a challenge, so that it opens nothing a second time, and signs its person in.
    pub(super) async fn admit_challenge(
        &self,
        mut writing: Writing,
        challenge: &ChallengeRecord,
        former: Option<&Secret>,
    ) -> Result<SignedIn, Refused> {
        if !writing.take_challenge(challenge.space, challenge.id).await? {
            return Err(Refused::Invalid);
        }
        let space = writing.space(challenge.space).await?.ok_or(Refused::Invalid)?;
        let now_ms = writing.at_ms();
        let newcomer = match (challenge.advocate, &challenge.email) {
            (Some(advocate), _) => Newcomer::of_id(&mut writing, &space, advocate, now_ms).await?,
            (None, Some(email)) => Newcomer::of_email(&mut writing, &space, email, now_ms).await?,
            (None, None) => None,
        };
        let newcomer = newcomer.ok_or(Refused::Invalid)?;
        Ok(self.admit(writing, newcomer, &challenge.next, former).await?)
    }

    /// Signs a person in: joins it on its first time, notes it, begins a session, commits.
    pub(in crate::auth) async fn admit(
        &self,
        mut writing: Writing,
        newcomer: Newcomer,
        next: &str,
        former: Option<&Secret>,
    ) -> Result<SignedIn, StoreError> {
        let (mut record, is_new) = match newcomer {
            Newcomer::Known(record) => (record, false),
            Newcomer::New(record) => (record, true),
        };
        let (space, advocate) = (record.advocate.space, record.advocate.id);
        if record.advocate.registered_at_ms.is_none() {
            record.advocate.registered_at_ms = Some(writing.at_ms());
            writing.put_advocate(&record).await?;
            let id = advocate.to_string();
            writing.append_audit(space, &id, "advocate.registered", &id, json!({"invited": !is_new})).await?;
        }
        if let Some(left_on) = writing.left_by_itself(space, advocate).await? {
            writing.put_leaver(space, advocate, None).await?;
            if record.advocate.left_on.as_ref() == Some(&left_on) {
                record.advocate.left_on = None;
                writing.put_advocate(&record).await?;
                let id = advocate.to_string();
                writing.append_audit(space, &id, "advocate.came_back", &id, json!({})).await?;
            }
        }
        writing.note_sign_in(space, advocate).await?;
        let session = self.begin_session(&mut writing, space, advocate, former).await?;
        writing.commit().await?;
        Ok(SignedIn { space, advocate, session, next: next.to_owned() })
    }
}

/// Whether somebody's last day of membership is over, in its space's zone.
pub fn has_left(left_on: Option<&str>, time_zone: &str, now_ms: i64) -> bool {
    let Some(left_on) = left_on else { return false };
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let Ok(now) = Timestamp::from_millisecond(now_ms) else { return true };
    // Both are YYYY-MM-DD.
    left_on < now.to_zoned(zone).date().to_string().as_str()
}

/// Whether an address is of exactly one of these domains.
pub(in crate::auth) fn is_of(email: &str, domains: &[String]) -> bool {
    email.rsplit_once('@').is_some_and(|(_, domain)| domains.iter().any(|listed| listed == domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_membership_is_a_whole_day_of_the_space() {
        // 2026-03-02T23:30:00+01:00
        let late = 1_772_490_600_000;
        assert!(!has_left(None, "Europe/Paris", late));
        assert!(!has_left(Some("2026-03-02"), "Europe/Paris", late));
        assert!(has_left(Some("2026-03-02"), "Europe/Paris", late + 1_800_000));
        assert!(has_left(Some("2026-03-01"), "Europe/Paris", late));
    }

    #[test]
    fn security_15_a_domain_is_meant_exactly() {
        let domains = ["acme.test".to_owned()];
        assert!(is_of("ada@acme.test", &domains));
        for other in
            ["ada@evil-acme.test", "ada@sub.acme.test", "ada@acme.test.evil", "acme.test", "ada@", "a@b@acme.tes"]
        {
            assert!(!is_of(other, &domains), "{other}");
        }
        assert!(!is_of("ada@acme.test", &[]));
    }
}
