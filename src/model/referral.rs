//! What is known of a referral: facts as they came in, and the application that they add up to.
//!
//! A candidate is nobody here but an opaque id of the applicant system. Facts are only ever added,
//! so that other rules of attribution can be played over the past.
//!
//! Instants are milliseconds since 1970 (UTC).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::channel::Channel;
use super::id::{AdvocateId, ApplicationId, ContentId, FactId, LinkId, SpaceId};
use super::kind::words;
use super::outcome::{Answer, Class};

words! {
    /// A stage of an application. Their numbers follow the way to a hire; the last two end it.
    Stage {
        /// A form was opened.
        Started = "started" / 1,
        /// The application was handed in.
        Applied = "applied" / 2,
        /// Somebody looked at it and went on.
        Screened = "screened" / 3,
        /// Invited to talk.
        Interview = "interview" / 4,
        /// An offer was made.
        Offer = "offer" / 5,
        /// The contract is signed.
        Hired = "hired" / 6,
        /// The trial period is over.
        ProbationPassed = "probation_passed" / 7,
        /// The company said no.
        Rejected = "rejected" / 8,
        /// The candidate said no.
        Withdrawn = "withdrawn" / 9,
    }
}

words! {
    /// How a fact knows whose referral it is.
    Evidence {
        /// It named a click.
        Click = "click" / 1,
        /// It named a link's code, or the link.
        Link = "link" / 2,
        /// Somebody said so: an advocate and a content.
        Declared = "declared" / 3,
        /// It came with a bundle.
        Import = "import" / 4,
        /// It named nothing: an earlier fact of the application does.
        None = "none" / 5,
    }
}

words! {
    /// By which door a fact came in.
    FactSource {
        /// A program told it over the API: the applicant system, or a page that a link led to.
        Api = "api" / 1,
        /// A person told it on a page of the portal.
        Page = "page" / 2,
        /// It stood in a list that a person uploaded.
        List = "list" / 3,
        /// It came with a bundle.
        Bundle = "bundle" / 4,
    }
}

/// One stage of one application, as one message told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralFact {
    /// Its id.
    pub id: FactId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The application that its `external_id` names.
    pub application: ApplicationId,
    /// The applicant system's opaque id.
    pub external_id: String,
    /// The stage that was reached.
    pub stage: Stage,
    /// When it was reached, by the applicant system's clock.
    pub occurred_at_ms: i64,
    /// When Relais heard of it.
    pub received_at_ms: i64,
    /// By which door it came.
    pub source: FactSource,
    /// Who told it, as the audit log calls people and programs; none where that was not noted.
    pub told_by: Option<String>,
    /// How it knows the rest.
    pub evidence: Evidence,
    /// The click that it named.
    pub click: Option<Uuid>,
    /// The link that it named, or whose click it named.
    pub link: LinkId,
    /// The job.
    pub content: ContentId,
    /// Who referred.
    pub advocate: AdvocateId,
    /// Where.
    pub channel: Option<Channel>,
}

/// What the facts of one `external_id` add up to; latest version wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The applicant system's opaque id.
    pub external_id: String,
    /// The job, as far as known.
    pub content: ContentId,
    /// Whom it is credited to; none when nobody is.
    pub advocate: AdvocateId,
    /// The channel of the credited link.
    pub channel: Option<Channel>,
    /// The credited link.
    pub link: LinkId,
    /// The credited click.
    pub click: Option<Uuid>,
    /// When that click happened.
    pub clicked_at_ms: Option<i64>,
    /// Why this advocate, or why nobody, in one stable word.
    pub reason: String,
    /// How many days before `applied` a click could lie when this was decided; none where nothing is decided yet.
    #[serde(default)]
    pub window_days: Option<u32>,
    /// The stage reached last in time.
    pub stage: Stage,
    /// Each stage that was reached, at its earliest.
    pub reached: BTreeMap<Stage, i64>,
}

/// What the click log is asked when a credit is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClickQuestion {
    /// The click of this id, whatever it was.
    Click(Uuid),
    /// The last click on a link by a person who was sent on to the content.
    LastOf {
        /// The link.
        link: LinkId,
        /// Its content.
        content: ContentId,
        /// At this instant or later.
        from_ms: i64,
        /// At this instant or earlier.
        through_ms: i64,
    },
}

/// A click, as far as a credit depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditClick {
    /// Its id.
    pub click: Uuid,
    /// When it happened.
    pub clicked_at_ms: i64,
    /// On which link.
    pub link: LinkId,
    /// To which content.
    pub content: ContentId,
    /// Whose link it was at that moment.
    pub advocate: AdvocateId,
    /// Where it was shared.
    pub channel: Option<Channel>,
    /// Who clicked.
    pub class: Class,
    /// What was answered.
    pub answer: Answer,
}
