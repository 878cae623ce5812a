//! Signing in by mail.
//!
//! [`Auth::ask`] notes that somebody asked, whoever it is and whether or not anybody knows the
//! address: the same row, the same queued mail, the same time. Only when the mail is made
//! ([`Auth::letter`]), away from the request, is it looked up who that is; then the code and the
//! link are drawn, so that they stand nowhere but in the mail. [`Auth::sign_in_by_code`] and
//! [`Auth::sign_in_by_link`] take them back, from the browser that asked and once.
//!
//! An address of a domain that the space lists signs up. Listing a domain in the space's
//! `email_domains` takes an admin, and is the admin's confirmation that everybody of that domain may
//! join.

mod admit;
mod code;
mod letter;
mod pace;

pub use admit::has_left;
pub(in crate::auth) use admit::{Newcomer, is_of};
pub use code::Code;
pub use letter::Letter;
pub(in crate::auth) use pace::Pace;

use std::net::IpAddr;

use rand::Rng as _;
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::site::next_path;
use super::{Auth, OPERATOR, Secret};
use crate::model::programme::Language;
use crate::model::{AdvocateId, ChallengeId, MailId, SpaceId};
use crate::store::{ChallengeRecord, MailRecord, StoreError};

/// How long a code and a link open something, from the making of their mail on.
pub const LIFE_MS: i64 = 10 * 60_000;
/// How long a mail may wait for a mail server that is away.
pub const WAIT_MS: i64 = 60 * 60_000;
/// Wrong codes that one asking bears.
pub const ATTEMPTS: u32 = 5;
/// Askings for one address in [`LIFE_MS`] that are answered by a mail, wherever they come from. One
/// network is slowed to 15 of them, so it takes seven to use up what is an address's.
pub const MAILS_PER_ADDRESS: u64 = 100;
/// Askings of one browser that are open at a time; the newest count.
const OPEN_PER_BROWSER: u32 = 5;

/// Somebody asks for a mail to sign in with.
#[derive(Debug)]
pub struct Ask<'a> {
    /// Where.
    pub space: SpaceId,
    /// A checked address in lower case.
    pub email: &'a str,
    /// The browser's own secret.
    pub browser: &'a Secret,
    /// Where to go afterwards; what is no path of this site becomes `/`.
    pub next: &'a str,
    /// What the browser speaks.
    pub language: Language,
    /// Where the request comes from.
    pub client: IpAddr,
}

/// Somebody has signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Where.
    pub space: SpaceId,
    /// Who.
    pub advocate: AdvocateId,
    /// The session's secret, for the cookie.
    pub session: Secret,
    /// A path of this site to go to.
    pub next: String,
}

/// Why somebody has not.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Mistyped, used, too old, or never given: nobody is told which.
    #[error("the code or the link is not valid (any more)")]
    Invalid,
    /// The link is good, in the browser that asked for it.
    #[error("the link opens only in the browser that asked for it")]
    OtherBrowser,
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Auth {
    /// Notes that somebody asks to sign in. Does the same for every address.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn ask(&self, ask: Ask<'_>) -> Result<(), StoreError> {
        let mut writing = self.store.write().await?;
        let now_ms = writing.at_ms();
        let delay_ms = self.pace.delay_ms(ask.client, ask.space, ask.email, now_ms);
        let asked = writing.count_challenges(ask.space, ask.email, now_ms - LIFE_MS).await?;
        let delay_ms = delay_ms.filter(|_| asked < MAILS_PER_ADDRESS);
        let challenge = ChallengeRecord {
            id: ChallengeId::from_bits(random_bits()),
            space: ask.space,
            // An asking without a mail is written all the same, but counts for nobody.
            email: delay_ms.map(|_| ask.email.to_owned()),
            advocate: None,
            browser: Some(ask.browser.hash()),
            code: None,
            link: None,
            next: next_path(ask.next),
            attempts: 0,
            created_at_ms: now_ms,
            ends_at_ms: now_ms + WAIT_MS,
        };
        writing.insert_challenge(&challenge).await?;
        if let Some(delay_ms) = delay_ms {
            let mail = MailRecord {
                id: MailId::from_bits(random_bits()),
                space: ask.space,
                challenge: challenge.id,
                language: ask.language,
                attempts: 0,
                due_at_ms: now_ms + delay_ms,
            };
            writing.insert_mail(&mail).await?;
        }
        writing.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Signs in with a code that was typed into the browser that asked for it. A wrong one counts
    /// against every open asking of that browser and of no other.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for whatever is wrong with it.
    pub async fn sign_in_by_code(
        &self,
        browser: &Secret,
        typed: &str,
        former: Option<&Secret>,
    ) -> Result<SignedIn, Refused> {
        let asker = browser.hash();
        // Also for a text that cannot be a code: how long it takes tells nothing.
        let digest = code::digest_of(Code::read(typed), asker).await;
        let mut writing = self.store.write().await?;
        let now_ms = writing.at_ms();
        let mut open = writing.challenges_of_browser(&asker, now_ms, OPEN_PER_BROWSER).await?;
        open.retain(|challenge| challenge.attempts < ATTEMPTS);
        let meant = open.iter().find(|challenge| challenge.code.is_some_and(|code| code.ct_eq(&digest).into()));
        let Some(meant) = meant else {
            for challenge in &open {
                writing.count_attempt(challenge.space, challenge.id).await?;
            }
            writing.commit().await?;
            return Err(Refused::Invalid);
        };
        self.admit_challenge(writing, meant, former).await
    }

    /// Whether a link would sign in here and now. Changes nothing: mail scanners follow links.
    ///
    /// # Errors
    /// Why it would not.
    pub async fn look_at_link(&self, link: &Secret, browser: Option<&Secret>) -> Result<SpaceId, Refused> {
        let mut reading = self.store.read().await?;
        let challenge = reading.challenge_of_link(&link.hash()).await?;
        Ok(usable(challenge, browser, self.store.clock().now_ms())?.space)
    }

    /// Signs in with a link, in the browser that asked for it or, with a printed one, in any.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn sign_in_by_link(
        &self,
        link: &Secret,
        browser: Option<&Secret>,
        former: Option<&Secret>,
    ) -> Result<SignedIn, Refused> {
        let mut writing = self.store.write().await?;
        let challenge = writing.challenge_of_link(&link.hash()).await?;
        let challenge = usable(challenge, browser, writing.at_ms())?;
        self.admit_challenge(writing, &challenge, former).await
    }

    /// A link that signs one person in, once, in whatever browser, within `life_ms`: for an operator
    /// who prints it. The address is `/sign-in/link/` and the secret.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails, or there is no such person.
    pub async fn printed_link(&self, space: SpaceId, advocate: AdvocateId, life_ms: i64) -> Result<Secret, StoreError> {
        let link = Secret::draw();
        let mut writing = self.store.write().await?;
        let challenge = ChallengeRecord {
            id: ChallengeId::from_bits(random_bits()),
            space,
            email: None,
            advocate: Some(advocate),
            browser: None,
            code: None,
            link: Some(link.hash()),
            next: "/".to_owned(),
            attempts: 0,
            created_at_ms: writing.at_ms(),
            ends_at_ms: writing.at_ms() + life_ms,
        };
        writing.insert_challenge(&challenge).await?;
        let target = advocate.to_string();
        writing.append_audit(space, OPERATOR, "member.link_printed", &target, json!({"life_ms": life_ms})).await?;
        writing.commit().await?;
        Ok(link)
    }
}

fn usable(
    challenge: Option<ChallengeRecord>,
    browser: Option<&Secret>,
    now_ms: i64,
) -> Result<ChallengeRecord, Refused> {
    let challenge = challenge.filter(|challenge| challenge.ends_at_ms > now_ms).ok_or(Refused::Invalid)?;
    let own = |asker: [u8; 32]| browser.is_some_and(|browser| browser.hash().ct_eq(&asker).into());
    if challenge.browser.is_none_or(own) { Ok(challenge) } else { Err(Refused::OtherBrowser) }
}

pub(in crate::auth) fn random_bits() -> u64 {
    rand::rng().random_range(1..=i64::MAX.cast_unsigned())
}
