//! The rule of credit, version 1: the last click before `applied`, within the window.
//!
//! Pure: facts, clicks and an instant go in, the application comes out. The same facts in another order give the same
//! application.

use std::ops::RangeInclusive;

use super::{Answers, reached};
use crate::model::kind::words;
use crate::model::{
    AdvocateId, Answer, Application, ApplicationId, Class, ClickQuestion, ContentId, CreditClick, Evidence, LinkId,
    ReferralFact, Space, Stage,
};

/// How old a click may be at the moment of `applied`: the space's `attribution_window_days`, as it was when the credit was
/// decided first. Nobody loses a credit because the setting changed before the next stage was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    days: u32,
}

impl Window {
    pub(super) fn of(space: &Space, standing: Option<&Application>) -> Self {
        let decided = standing.and_then(|application| application.window_days);
        Self { days: decided.unwrap_or(space.attribution_window_days) }
    }

    /// Whatever the space says and whatever was decided.
    pub(super) fn of_days(days: u32) -> Self {
        Self { days }
    }

    pub(super) fn days(self) -> u32 {
        self.days
    }

    /// The first instant of the window that ends at `through_ms`.
    fn before(self, through_ms: i64) -> i64 {
        through_ms - i64::from(self.days) * DAY_MS
    }
}

/// How long after a message its click may still be on its way into the log; after that, what is not there is not
/// waited for. Milliseconds.
const CLICKS_ARRIVE_WITHIN_MS: i64 = 24 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

words! {
    /// Why an application is credited to this advocate, or to nobody.
    Reason {
        /// The last click that qualifies was on a link of this advocate.
        LastClick = "last_click" / 1,
        /// Nobody clicked; somebody said that this advocate referred.
        Declared = "declared" / 2,
        /// A bundle said so.
        Imported = "imported" / 3,
        /// The click log has not answered yet, or the click is not in it yet.
        Pending = "pending" / 4,
        /// The application is not handed in yet.
        NotApplied = "not_applied" / 5,
        /// Nothing that was heard names a click, a link or an advocate.
        NoEvidence = "no_evidence" / 6,
        /// There is no click of the id that was named.
        UnknownClick = "unknown_click" / 7,
        /// No person clicked on the named link within the window.
        NoClick = "no_click" / 8,
        /// The click was that of a robot, a preview, or the advocate.
        NotHuman = "not_human" / 9,
        /// The click was not sent on to the content.
        NotContent = "not_content" / 10,
        /// The click was on a link of something else than this job.
        OtherContent = "other_content" / 11,
        /// The click came after the application.
        AfterApplied = "after_applied" / 12,
        /// The click is older than the window.
        OutsideWindow = "outside_window" / 13,
        /// The link belongs to nobody any more.
        NoAdvocate = "no_advocate" / 14,
    }
}

impl Reason {
    /// The same in a sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::LastClick => {
                "The last click by a person within the attribution window before the application was on a \
                link of this advocate."
                    .to_owned()
            }
            Self::Declared => "No click qualifies; the referral was declared for this advocate.".to_owned(),
            Self::Imported => "It was imported with this advocate.".to_owned(),
            Self::Pending => "The clicks that decide it are not in the click log yet; it is decided as soon as they \
                are, at the latest a day after the last message and with the click log there."
                .to_owned(),
            Self::NotApplied => "The credit is decided when the application is handed in.".to_owned(),
            Self::NoEvidence => "No message named a click, a link or an advocate.".to_owned(),
            Self::UnknownClick => "There is no click with the id that was named.".to_owned(),
            Self::NoClick => {
                "No person clicked on the named link within the attribution window before the application.".to_owned()
            }
            Self::NotHuman => "The click was not made by a person.".to_owned(),
            Self::NotContent => "The click was not sent on to the content.".to_owned(),
            Self::OtherContent => "The click was on a link to another content.".to_owned(),
            Self::AfterApplied => "The click came after the application.".to_owned(),
            Self::OutsideWindow => "The click is older than the attribution window.".to_owned(),
            Self::NoAdvocate => "The link belongs to nobody any more.".to_owned(),
        }
    }
}

/// The instant for which the credit is decided: that of `applied`, or, when nobody told of that, of the first stage
/// that follows it.
pub(super) fn decided_for(facts: &[ReferralFact]) -> Option<i64> {
    let reached = reached(facts);
    let applied = reached.get(&Stage::Applied).copied();
    applied.or_else(|| reached.iter().filter(|(stage, _)| **stage != Stage::Started).map(|(_, at)| *at).min())
}

/// What the click log has to be asked, each once, in a fixed order.
pub(super) fn questions(facts: &[ReferralFact], window: Window) -> Vec<ClickQuestion> {
    let Some(through_ms) = decided_for(facts) else { return Vec::new() };
    let mut questions: Vec<_> = facts.iter().filter_map(|fact| question(fact, through_ms, window)).collect();
    questions.sort_unstable();
    questions.dedup();
    questions
}

fn question(fact: &ReferralFact, through_ms: i64, window: Window) -> Option<ClickQuestion> {
    match fact.evidence {
        Evidence::Click => fact.click.map(ClickQuestion::Click),
        Evidence::Link => Some(ClickQuestion::LastOf {
            link: fact.link,
            content: fact.content,
            from_ms: window.before(through_ms),
            through_ms,
        }),
        Evidence::Declared | Evidence::Import | Evidence::None => None,
    }
}

/// All that a decision rests on.
pub(super) struct Case<'c> {
    /// The space's.
    pub(super) window: Window,
    /// In their order: [`super::in_order`].
    pub(super) facts: &'c [ReferralFact],
    /// The application before.
    pub(super) standing: Option<&'c Application>,
    /// What the click log said.
    pub(super) answers: &'c Answers,
    /// Now.
    pub(super) now_ms: i64,
    /// What was decided before stays so; only the stages are new.
    pub(super) stands: bool,
}

/// Whom to credit, with what.
#[derive(Default)]
struct Credit {
    advocate: AdvocateId,
    channel: Option<crate::model::Channel>,
    link: LinkId,
    click: Option<CreditClick>,
}

impl Case<'_> {
    /// The application as it stands with these facts.
    pub(super) fn decide(&self, id: ApplicationId) -> Application {
        let reached = reached(self.facts);
        let first = self.facts.first().expect("an application has a fact");
        let last = reached.iter().max_by_key(|(stage, at)| (**at, **stage)).map(|(stage, _)| *stage);
        let mut application = Application {
            id,
            space: first.space,
            external_id: first.external_id.clone(),
            content: ContentId::NONE,
            advocate: AdvocateId::NONE,
            channel: None,
            link: LinkId::NONE,
            click: None,
            clicked_at_ms: None,
            reason: String::new(),
            window_days: None,
            stage: last.unwrap_or(first.stage),
            reached,
        };
        if let Some(standing) = self.standing.filter(|_| self.stands) {
            let Application { stage, reached, .. } = application;
            return Application { stage, reached, ..standing.clone() };
        }
        let decided_for_ms = decided_for(self.facts);
        let (content, reason, credit) = match decided_for_ms {
            None => (self.content(&[]), Reason::NotApplied, Credit::default()),
            Some(through_ms) => self.credit(through_ms),
        };
        application.content = content;
        application.reason = reason.as_str().to_owned();
        match (reason, self.standing) {
            // What was credited stays so until it is decided otherwise.
            (Reason::Pending, Some(standing)) => {
                application.advocate = standing.advocate;
                application.channel.clone_from(&standing.channel);
                application.link = standing.link;
                application.click = standing.click;
                application.clicked_at_ms = standing.clicked_at_ms;
                application.window_days = standing.window_days;
                if application.content.is_none() {
                    application.content = standing.content;
                }
            }
            _ => {
                application.advocate = credit.advocate;
                application.channel = credit.channel;
                application.link = credit.link;
                application.click = credit.click.as_ref().map(|click| click.click);
                application.clicked_at_ms = credit.click.as_ref().map(|click| click.clicked_at_ms);
                application.window_days = decided_for_ms.map(|_| self.window.days());
            }
        }
        application
    }

    fn credit(&self, through_ms: i64) -> (ContentId, Reason, Credit) {
        let mut clicks = Vec::new();
        let mut missing = None;
        let mut open = false;
        for fact in self.facts {
            let Some(question) = question(fact, through_ms, self.window) else { continue };
            match self.answer(&question) {
                Some(Some(click)) => clicks.push(click),
                Some(None) if self.now_ms - fact.received_at_ms < CLICKS_ARRIVE_WITHIN_MS => open = true,
                Some(None) => {
                    missing = Some(match question {
                        ClickQuestion::Click(_) => Reason::UnknownClick,
                        ClickQuestion::LastOf { .. } => Reason::NoClick,
                    });
                }
                None => open = true,
            }
        }
        let content = self.content(&clicks);
        if open {
            return (content, Reason::Pending, Credit::default());
        }
        clicks.sort_by_key(|click| (click.clicked_at_ms, click.click));
        let mut failed = None;
        for click in clicks.into_iter().rev() {
            match disqualified(&click, content, self.window.before(through_ms)..=through_ms) {
                None => {
                    let (advocate, channel, link) = (click.advocate, click.channel.clone(), click.link);
                    return (content, Reason::LastClick, Credit { advocate, channel, link, click: Some(click) });
                }
                Some(reason) => failed = failed.or(Some(reason)),
            }
        }
        for (evidence, reason) in [(Evidence::Declared, Reason::Declared), (Evidence::Import, Reason::Imported)] {
            let named = self.facts.iter().find(|fact| fact.evidence == evidence && !fact.advocate.is_none());
            if let Some(fact) = named {
                let (advocate, channel, link) = (fact.advocate, fact.channel.clone(), fact.link);
                // The job that it was said of, when messages name several.
                let content = fact.content.known().unwrap_or(content);
                return (content, reason, Credit { advocate, channel, link, click: None });
            }
        }
        (content, failed.or(missing).unwrap_or(Reason::NoEvidence), Credit::default())
    }

    /// What is known of a question: the log's answer; where it has none, the click that was credited before, because
    /// a credit outlives its click's row in the log; none when nobody was asked.
    fn answer(&self, question: &ClickQuestion) -> Option<Option<CreditClick>> {
        let told = self.answers.iter().find(|(asked, _)| asked == question).map(|(_, click)| click.clone());
        if let Some(Some(click)) = told {
            return Some(Some(click));
        }
        if let Some(standing) = self.standing_click().filter(|click| answers(question, click)) {
            return Some(Some(standing));
        }
        told
    }

    fn standing_click(&self) -> Option<CreditClick> {
        let standing = self.standing?;
        Some(CreditClick {
            click: standing.click?,
            clicked_at_ms: standing.clicked_at_ms?,
            link: standing.link,
            content: standing.content,
            advocate: standing.advocate,
            channel: standing.channel.clone(),
            class: Class::Human,
            answer: Answer::Content,
        })
    }

    /// The job: what the first fact that knows it says, its click included.
    fn content(&self, clicks: &[CreditClick]) -> ContentId {
        let of_fact = |fact: &ReferralFact| {
            fact.content.known().or_else(|| {
                let click = fact.click?;
                clicks.iter().find(|known| known.click == click)?.content.known()
            })
        };
        let standing = || self.standing.and_then(|standing| standing.content.known());
        self.facts.iter().find_map(of_fact).or_else(standing).unwrap_or(ContentId::NONE)
    }
}

fn answers(question: &ClickQuestion, click: &CreditClick) -> bool {
    match *question {
        ClickQuestion::Click(id) => click.click == id,
        ClickQuestion::LastOf { link, from_ms, through_ms, .. } => {
            click.link == link && (from_ms..=through_ms).contains(&click.clicked_at_ms)
        }
    }
}

fn disqualified(click: &CreditClick, content: ContentId, window: RangeInclusive<i64>) -> Option<Reason> {
    if click.class != Class::Human {
        Some(Reason::NotHuman)
    } else if click.answer != Answer::Content {
        Some(Reason::NotContent)
    } else if click.content != content {
        Some(Reason::OtherContent)
    } else if click.clicked_at_ms > *window.end() {
        Some(Reason::AfterApplied)
    } else if click.clicked_at_ms < *window.start() {
        Some(Reason::OutsideWindow)
    } else if click.advocate.is_none() {
        Some(Reason::NoAdvocate)
    } else {
        None
    }
}
