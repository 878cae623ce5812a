//! Referrals: who gets the credit for an application.
//!
//! Facts come in, in any order and more than once, and are only ever added ([`fields`] reads them). What they add up
//! to, the application, is computed anew from all of them at each new one; whom it is credited to is decided by one
//! rule ([`rule`]). The rule needs clicks, and those are in ClickHouse, which this room does not know: [`Programme`]
//! says what has to be asked, the caller asks, and [`Work`] decides with the answers. What nobody could answer is
//! `pending`, and is asked again in the background until there is an answer: no fact waits for ClickHouse.
//!
//! A candidate is an opaque id here. Messages with anything that looks like a person are refused
//! ([`refuse_personal_data`]). Recruiters tell of applications by hand ([`HandFields`]) and by lists ([`list`]), and look
//! for them ([`board`]). Before the window is changed, the past is decided once more under another one ([`replay`]).
//!
//! Deliberately absent, for now: rules of a job's own, and rules of a bonus beside the credit.

pub mod board;
pub mod fields;
mod hand;
pub mod list;
mod personal;
pub mod replay;
mod rule;

pub use fields::{ApplicationFields, ConversionFields, Message, StageFields};
pub use hand::HandFields;
pub use personal::refuse_personal_data;
pub use rule::Reason;

use std::collections::BTreeMap;

use super::{Error, Page, Programme, Work, ids};
use crate::model::{
    AdvocateId, Application, ApplicationId, ClickQuestion, ContentId, CreditClick, Evidence, FactId, LinkId,
    ReferralFact, Space, SpaceId, Stage,
};
pub use crate::store::ApplicationFilter;
use crate::store::Reading;
use rule::{Case, Window};

/// What the click log said: each question that it answered, with the click, if there is one.
pub type Answers = [(ClickQuestion, Option<CreditClick>)];

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The application as it stands now.
    pub application: Application,
    /// False when the same message had been heard before.
    pub new_fact: bool,
}

/// An application with all that it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The application.
    pub application: Application,
    /// Its facts, by the instant that they tell of.
    pub facts: Vec<ReferralFact>,
    /// The window of the rule, in days: as it was when the credit was decided, or as it is where none is.
    pub window_days: u32,
    /// The instant before which a click has to be: that of `applied`, else of the first later stage.
    pub decided_for_ms: Option<i64>,
}

impl Programme {
    /// An application.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn application(&self, space: SpaceId, id: ApplicationId) -> Result<Application, Error> {
        self.store.read().await?.application(space, id).await?.ok_or(MISSING)
    }

    /// Applications in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no application of the space.
    pub async fn applications(
        &self,
        space: SpaceId,
        filter: &ApplicationFilter,
        page: Page<ApplicationId>,
    ) -> Result<Vec<Application>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            let missing = Error::NotFound { what: "application", field: Some("after") };
            reading.application(space, after).await?.ok_or(missing)?;
        }
        Ok(reading.list_applications(space, filter, page).await?)
    }

    /// The chain from click to credit.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn receipt(&self, space: SpaceId, id: ApplicationId) -> Result<Receipt, Error> {
        let mut reading = self.store.read().await?;
        let application = reading.application(space, id).await?.ok_or(MISSING)?;
        let facts = reading.facts_of(space, id).await?;
        let decided_for_ms = rule::decided_for(&facts);
        let window_days = window(&mut reading, space, Some(&application)).await?.days();
        Ok(Receipt { application, facts, window_days, decided_for_ms })
    }

    /// What the click log has to be asked before this message is recorded.
    ///
    /// # Errors
    /// As [`Work::record_referral`].
    pub async fn referral_questions(&self, space: SpaceId, message: &Message) -> Result<Vec<ClickQuestion>, Error> {
        let mut reading = self.store.read().await?;
        let (standing, facts, fact) = heard(&mut reading, space, message, None, 0).await?;
        let asks_nothing = asks_nothing(standing.as_ref(), &facts, &fact);
        if asks_nothing {
            return Ok(Vec::new());
        }
        let window = window(&mut reading, space, standing.as_ref()).await?;
        Ok(rule::questions(&with(facts, fact), window))
    }

    /// Applications of all spaces whose credit is pending, each with what the click log has to be asked; from the
    /// first after `after`, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn pending_referrals(
        &self,
        after: ApplicationId,
        limit: u32,
    ) -> Result<Vec<(Application, Vec<ClickQuestion>)>, Error> {
        let mut reading = self.store.read().await?;
        let mut pending = Vec::new();
        for application in reading.pending_applications(after, limit).await? {
            let facts = reading.facts_of(application.space, application.id).await?;
            let window = window(&mut reading, application.space, Some(&application)).await?;
            pending.push((application, rule::questions(&facts, window)));
        }
        Ok(pending)
    }
}

impl Work {
    /// Records a message and decides the credit anew with what the click log said; a question without an answer
    /// leaves it pending.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an application, link, content or advocate that the message names.
    pub async fn record_referral(
        &mut self,
        space: SpaceId,
        message: &Message,
        answers: &Answers,
    ) -> Result<Recorded, Error> {
        let settings = self.open_space(space).await?;
        let now_ms = self.writing.at_ms();
        let (standing, facts, fact) = heard(&mut self.writing, space, message, Some(&self.actor), now_ms).await?;
        let window = Window::of(&settings, standing.as_ref());
        let repeated = facts.iter().any(|known| same(known, &fact));
        let asks_nothing = asks_nothing(standing.as_ref(), &facts, &fact);
        let facts = if repeated { facts } else { with(facts, fact.clone()) };
        let case = Case { window, facts: &facts, standing: standing.as_ref(), answers, now_ms, stands: asks_nothing };
        let mut application = case.decide(fact.application);
        self.credit_only_who_is_there(space, &mut application).await?;
        if standing.as_ref() != Some(&application) {
            self.writing.put_application(&application).await?;
        }
        if !repeated {
            self.writing.insert_fact(&fact).await?;
        }
        Ok(Recorded { application, new_fact: !repeated })
    }

    /// Decides a pending credit with what the click log said meanwhile.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn settle_referral(
        &mut self,
        space: SpaceId,
        id: ApplicationId,
        answers: &Answers,
    ) -> Result<Application, Error> {
        let standing = self.writing.application(space, id).await?.ok_or(MISSING)?;
        let facts = in_order(self.writing.facts_of(space, id).await?);
        let now_ms = self.writing.at_ms();
        let window = window(&mut self.writing, space, Some(&standing)).await?;
        let case = Case { window, facts: &facts, standing: Some(&standing), answers, now_ms, stands: false };
        let mut application = case.decide(id);
        self.credit_only_who_is_there(space, &mut application).await?;
        if application != standing {
            self.writing.put_application(&application).await?;
        }
        Ok(application)
    }

    /// A click may be older than its advocate's erasure.
    async fn credit_only_who_is_there(&mut self, space: SpaceId, application: &mut Application) -> Result<(), Error> {
        if let Some(advocate) = application.advocate.known()
            && self.writing.advocate(space, advocate).await?.is_none()
        {
            credit_nobody(application);
        }
        Ok(())
    }
}

const MISSING: Error = Error::NotFound { what: "application", field: None };

async fn window(reading: &mut Reading, space: SpaceId, standing: Option<&Application>) -> Result<Window, Error> {
    let missing = Error::NotFound { what: "space", field: None };
    Ok(Window::of(&reading.space(space).await?.ok_or(missing)?, standing))
}

/// The application as it stands, its facts, and the one that the message would add.
async fn heard(
    reading: &mut Reading,
    space: SpaceId,
    message: &Message,
    told_by: Option<&str>,
    now_ms: i64,
) -> Result<(Option<Application>, Vec<ReferralFact>, ReferralFact), Error> {
    let standing = match &message.of {
        fields::Of::Application(id) => Some(reading.application(space, *id).await?.ok_or(MISSING)?),
        fields::Of::ExternalId(external_id) => reading.application_of_external_id(space, external_id).await?,
    };
    let application =
        standing.as_ref().map_or_else(|| ApplicationId::from_bits(ids::random_bits()), |standing| standing.id);
    let facts = match &standing {
        Some(standing) => reading.facts_of(space, standing.id).await?,
        None => Vec::new(),
    };
    let external_id = match (&message.of, &standing) {
        (fields::Of::ExternalId(external_id), _) => external_id.clone(),
        (fields::Of::Application(_), standing) => {
            standing.as_ref().map(|standing| standing.external_id.clone()).unwrap_or_default()
        }
    };
    let mut fact = ReferralFact {
        id: FactId::from_bits(ids::random_bits()),
        space,
        application,
        external_id,
        stage: message.stage,
        occurred_at_ms: message.occurred_at_ms,
        received_at_ms: now_ms,
        source: message.source,
        told_by: told_by.map(str::to_owned),
        evidence: Evidence::None,
        click: None,
        link: LinkId::NONE,
        content: ContentId::NONE,
        advocate: AdvocateId::NONE,
        channel: None,
    };
    fields::resolve(reading, message, &mut fact).await?;
    Ok((standing, facts, fact))
}

/// Whether two facts say the same. A message that is sent again is the first one once more.
fn same(known: &ReferralFact, heard: &ReferralFact) -> bool {
    let said = |fact: &ReferralFact| {
        (fact.stage, fact.occurred_at_ms, fact.evidence, fact.click, fact.link, fact.content, fact.advocate)
    };
    said(known) == said(heard)
}

/// Whether a decision that was made stands whatever the fact says: it brings no evidence, and the instant for which the
/// credit was decided stays. The click log need not be asked then, which may have forgotten the click by now.
fn asks_nothing(standing: Option<&Application>, facts: &[ReferralFact], fact: &ReferralFact) -> bool {
    let decided = standing.is_some_and(|standing| standing.reason != Reason::Pending.as_str());
    let repeated = facts.iter().any(|known| same(known, fact));
    let new_instant = || rule::decided_for(facts) != rule::decided_for(&with(facts.to_vec(), fact.clone()));
    decided && (repeated || (fact.evidence == Evidence::None && !new_instant()))
}

fn with(mut facts: Vec<ReferralFact>, fact: ReferralFact) -> Vec<ReferralFact> {
    facts.push(fact);
    in_order(facts)
}

/// Facts in the order of time; of one instant, earlier stages first.
fn in_order(mut facts: Vec<ReferralFact>) -> Vec<ReferralFact> {
    facts.sort_by_key(|fact| (fact.occurred_at_ms, fact.stage, fact.received_at_ms, fact.id));
    facts
}

/// The application that a bundle's facts make, with those that were known: decided as any other, but without asking
/// the click log, so that what clicks have to decide is pending afterwards.
///
/// `facts` is not empty; `is_there` says whether somebody is an advocate of the space.
pub fn decide_imported(
    space: &Space,
    id: ApplicationId,
    facts: Vec<ReferralFact>,
    standing: Option<&Application>,
    now_ms: i64,
    is_there: impl FnOnce(AdvocateId) -> bool,
) -> Application {
    let facts = in_order(facts);
    let window = Window::of(space, standing);
    let case = Case { window, facts: &facts, standing, answers: &[], now_ms, stands: false };
    let mut application = case.decide(id);
    if application.advocate.known().is_some_and(|advocate| !is_there(advocate)) {
        credit_nobody(&mut application);
    }
    application
}

fn credit_nobody(application: &mut Application) {
    application.advocate = AdvocateId::NONE;
    application.reason = Reason::NoAdvocate.as_str().to_owned();
}

/// Each stage at its earliest.
fn reached(facts: &[ReferralFact]) -> BTreeMap<Stage, i64> {
    let mut reached = BTreeMap::new();
    for fact in facts {
        let at = reached.entry(fact.stage).or_insert(fact.occurred_at_ms);
        *at = fact.occurred_at_ms.min(*at);
    }
    reached
}
