//! Applications as the API shows them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::describe;
use crate::model::{AdvocateId, Application, ReferralFact};
use crate::programme::referrals::{ApplicationFields, Reason, Receipt};
use crate::programme::times::format_instant;

/// Whose names a caller is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Seen {
    /// Everybody's, and the applicant system's ids.
    All,
    /// Nobody's.
    Nobody,
    /// One's own, and no applicant system's ids: those lead to candidates.
    Own(AdvocateId),
}

impl Seen {
    fn shows(self, advocate: AdvocateId) -> bool {
        match self {
            Self::All => true,
            Self::Nobody => false,
            Self::Own(own) => own == advocate,
        }
    }
}

/// An application and its credit.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct ApplicationView {
    id: String,
    /// The applicant system's opaque id; null for advocates.
    external_id: Option<String>,
    /// The job.
    content_id: Option<String>,
    /// Whom it is credited to; null when nobody is, or names are withheld.
    advocate_id: Option<String>,
    /// Where the credited link was shared.
    channel: Option<String>,
    /// The credited link.
    link_id: Option<String>,
    /// The credited click.
    click_id: Option<String>,
    /// When that click happened.
    #[schema(format = DateTime)]
    clicked_at: Option<String>,
    /// Why, in a stable word: `last_click`, `declared`, `pending`, `no_click`, …
    reason: String,
    /// The same in a sentence.
    why: String,
    /// The stage reached last in time.
    stage: String,
    /// When each stage was reached.
    reached: BTreeMap<String, String>,
}

impl ApplicationView {
    pub(in crate::api) fn new(application: Application, seen: Seen) -> Self {
        let named = seen.shows(application.advocate);
        let text = |id: String| Some(id).filter(|id| named && !id.is_empty());
        let why = application.reason.parse::<Reason>().map(Reason::sentence).unwrap_or_default();
        Self {
            id: application.id.to_string(),
            external_id: Some(application.external_id).filter(|_| !matches!(seen, Seen::Own(_))),
            content_id: application.content.known().map(|id| id.to_string()),
            advocate_id: text(application.advocate.to_string()),
            channel: application.channel.map(|channel| channel.as_str().to_owned()),
            link_id: text(application.link.to_string()),
            click_id: application.click.and_then(|click| text(click.to_string())),
            clicked_at: application.clicked_at_ms.filter(|_| named).map(format_instant),
            reason: application.reason,
            why,
            stage: application.stage.to_string(),
            reached: application.reached.iter().map(|(stage, at)| (stage.to_string(), format_instant(*at))).collect(),
        }
    }
}

/// The chain click → application → stages → credit.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct ReceiptView {
    application: ApplicationView,
    rule: RuleView,
    /// Every message that was heard, by the instant that it tells of.
    facts: Vec<FactView>,
}

/// The rule that decided.
#[derive(Debug, Serialize, ToSchema)]
struct RuleView {
    /// Its name and version.
    name: &'static str,
    /// What it says.
    says: String,
    /// How old a click may be, in days.
    window_days: u32,
    /// The instant before which a click has to be; null while the application is not handed in.
    #[schema(format = DateTime)]
    decided_for: Option<String>,
}

/// One message.
#[derive(Debug, Serialize, ToSchema)]
struct FactView {
    stage: String,
    #[schema(format = DateTime)]
    occurred_at: String,
    #[schema(format = DateTime)]
    received_at: String,
    /// How it knew whose referral it is: `click`, `link`, `declared`, `import`, `none`.
    evidence: String,
    click_id: Option<String>,
    link_id: Option<String>,
    content_id: Option<String>,
    advocate_id: Option<String>,
}

impl ReceiptView {
    pub(in crate::api) fn new(receipt: Receipt, seen: Seen) -> Self {
        let Receipt { application, facts, window_days, decided_for_ms } = receipt;
        let credited = application.click;
        let named_click = |fact: &ReferralFact| match seen {
            Seen::All => true,
            Seen::Nobody => false,
            Seen::Own(own) => fact.click == credited && application.advocate == own,
        };
        let facts = facts
            .iter()
            .map(|fact| {
                let text = |id: String| Some(id).filter(|id| !id.is_empty() && seen.shows(fact.advocate));
                FactView {
                    stage: fact.stage.to_string(),
                    occurred_at: format_instant(fact.occurred_at_ms),
                    received_at: format_instant(fact.received_at_ms),
                    evidence: fact.evidence.to_string(),
                    click_id: fact.click.filter(|_| named_click(fact)).map(|click| click.to_string()),
                    link_id: text(fact.link.to_string()),
                    content_id: fact.content.known().map(|id| id.to_string()),
                    advocate_id: text(fact.advocate.to_string()),
                }
            })
            .collect();
        let rule = RuleView {
            name: "last_click@1",
            says: format!(
                "The last click by a person, sent on to this content, before the application was handed in and at \
                 most {window_days} days before, credits the advocate whose link it was on; without one, a declared \
                 referral credits its advocate."
            ),
            window_days,
            decided_for: decided_for_ms.map(format_instant),
        };
        Self { application: ApplicationView::new(application, seen), rule, facts }
    }
}

describe::new_body! {
    /// [`ApplicationFields`] of a message: the link that it came by, or the job and who referred.
    NewApplication: ApplicationFields, &[&["link_id"], &["content_id", "advocate_id"]]
}
