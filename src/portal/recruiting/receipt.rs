//! The receipt of an application: the chain click, application, stages, credit, and why.
//!
//! It says nothing of whoever clicked or applied, and reads the same on paper.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::{Path, State};
use serde_json::json;
use uuid::Uuid;

use super::super::PortalState;
use super::super::employee::channel_name;
use super::super::parts::{Failure, FormData, FormState, Outcome, Page, Person, show};
use super::board::next;
use super::{board, may_look, may_see_names, note_look, path_of, stage_choices, tells};
use crate::kpi::LogError;
use crate::model::{
    AdvocateId, Application, ApplicationId, Channel, ContentId, CreditClick, Evidence, ReferralFact, TokenId,
};
use crate::programme::referrals::{Reason, Receipt as Chain};
use crate::programme::{Error, times};

/// Clicks that are looked up for one receipt, at most.
const LOOKED_UP: usize = 5;

#[derive(Template)]
#[template(path = "recruiting/receipt.html")]
pub(super) struct Receipt {
    page: Page,
    path: String,
    external_id: String,
    job: String,
    stage: &'static str,
    /// Of this very state of the application: another fact gives another number.
    number: String,
    issued_ms: i64,
    verdict: Verdict,
    /// Why, in a sentence.
    why: String,
    window_days: u32,
    decided_for_ms: Option<i64>,
    steps: Vec<Step>,
    form: FormState,
    /// Stages to go on to, for those who tell.
    next: Vec<(String, String)>,
}

/// Who is credited.
enum Verdict {
    /// This person.
    To(String),
    /// Somebody, whose name the reader may not see.
    ToSomebody,
    /// It is not decided yet.
    Open,
    /// Nobody.
    ToNobody,
}

/// Something that happened.
struct Step {
    at_ms: i64,
    /// Colour of its mark.
    tone: &'static str,
    title: String,
    /// What else is known of it.
    details: Vec<String>,
}

pub(super) async fn one(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let id: ApplicationId = id.parse().map_err(|_| Failure::Missing)?;
    let now = times::local_minute(&person.space.time_zone, state.programme.now_ms()).unwrap_or_default();
    let form = FormState::new(FormData::default().with("occurred_at", now));
    show(&receipt(&state, &person, id, form).await?)
}

/// The page, with this form for the next stage.
pub(super) async fn receipt(
    state: &PortalState,
    person: &Person,
    id: ApplicationId,
    form: FormState,
) -> Result<Receipt, Failure> {
    let chain = state.programme.receipt(person.space_id(), id).await?;
    may_look(person)?;
    let named = may_see_names(person);
    if named {
        note_look(state, person, "referral.receipt_read", &id.to_string(), json!({})).await?;
    }
    let known = Known::read(state, person, &chain, named).await?;
    let page = super::page(person, board::PATH).below(board::PATH, person.texts.say("board-title"));
    let application = &chain.application;
    let reason: Option<Reason> = application.reason.parse().ok();
    let stages = next(application.stage, |stage| application.reached.contains_key(&stage));
    Ok(Receipt {
        path: path_of(id),
        external_id: application.external_id.clone(),
        job: known.title(application.content).unwrap_or_else(|| page.say("referral-unknown-job")),
        stage: application.stage.as_str(),
        number: format!("{id}-{}", chain.facts.len()),
        issued_ms: state.programme.now_ms(),
        verdict: match application.advocate.known() {
            Some(advocate) if named => Verdict::To(known.name(&page, advocate)),
            Some(_) => Verdict::ToSomebody,
            None if matches!(reason, Some(Reason::Pending | Reason::NotApplied)) => Verdict::Open,
            None => Verdict::ToNobody,
        },
        why: page.word_if_known("credit", &application.reason.replace('_', "-")).unwrap_or_default(),
        window_days: chain.window_days,
        decided_for_ms: chain.decided_for_ms,
        steps: known.steps(&page, &chain),
        form,
        next: if tells(person) { stage_choices(&page, stages.into_iter()) } else { Vec::new() },
        page,
    })
}

/// What the chain's ids mean.
struct Known {
    titles: HashMap<ContentId, String>,
    names: HashMap<AdvocateId, String>,
    tokens: HashMap<String, String>,
    /// Clicks that were named, as far as the log still has them; none where it cannot be asked.
    clicks: BTreeMap<Uuid, Option<CreditClick>>,
    named: bool,
}

impl Known {
    async fn read(state: &PortalState, person: &Person, chain: &Chain, named: bool) -> Result<Self, Failure> {
        let space = person.space_id();
        let clicks = clicks(state, person, chain).await;
        let Chain { application, facts, .. } = chain;
        let mut jobs: Vec<_> = facts.iter().map(|fact| fact.content).chain([application.content]).collect();
        jobs.extend(clicks.values().flatten().map(|click| click.content));
        jobs.sort_unstable();
        jobs.dedup();
        let tellers = || facts.iter().filter_map(|fact| fact.told_by.as_deref());
        let mut people: Vec<AdvocateId> = tellers().filter_map(|who| who.parse().ok()).collect();
        people.extend(facts.iter().map(|fact| fact.advocate).chain([application.advocate]));
        people.retain(|id| named && !id.is_none());
        people.sort_unstable();
        people.dedup();
        let mut tokens = HashMap::new();
        for (text, id) in tellers().filter_map(|who| Some((who, who.parse::<TokenId>().ok()?))) {
            match state.programme.token(space, id).await {
                Ok(token) => _ = tokens.insert(text.to_owned(), token.name),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let titles = state.programme.titles_of(space, &jobs).await?;
        Ok(Self { titles, names: state.programme.names_of(space, &people).await?, tokens, clicks, named })
    }

    fn title(&self, job: ContentId) -> Option<String> {
        self.titles.get(&job).cloned()
    }

    fn name(&self, page: &Page, id: AdvocateId) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| page.say("receipt-somebody"))
    }

    /// Clicks and stages, in the order of time.
    fn steps(&self, page: &Page, chain: &Chain) -> Vec<Step> {
        let Chain { application, facts, .. } = chain;
        let mut steps = Vec::new();
        if let Some(at_ms) = application.clicked_at_ms {
            steps.push(self.credited_click(page, application, at_ms));
        }
        let others = self.clicks.iter().filter(|(id, _)| application.click != Some(**id));
        steps.extend(others.filter_map(|(_, click)| Some(self.other_click(page, click.as_ref()?))));
        steps.extend(facts.iter().map(|fact| self.stage(page, fact)));
        steps.sort_by_key(|step| step.at_ms);
        steps
    }

    fn credited_click(&self, page: &Page, application: &Application, at_ms: i64) -> Step {
        let mut details = self.place(page, application.channel.as_ref(), application.content);
        details.push(page.say("receipt-class-human"));
        Step { at_ms, tone: "is-good", title: page.say("receipt-click"), details }
    }

    /// A click that was named and does not count.
    fn other_click(&self, page: &Page, click: &CreditClick) -> Step {
        let mut details = self.place(page, click.channel.as_ref(), click.content);
        details.extend(page.word_if_known("receipt-class", click.class.as_str()));
        details.extend(page.word_if_known("receipt-answer", click.answer.as_str()));
        Step { at_ms: click.clicked_at_ms, tone: "is-warn", title: page.say("receipt-click-other"), details }
    }

    fn place(&self, page: &Page, channel: Option<&Channel>, content: ContentId) -> Vec<String> {
        let channel =
            channel.map(|channel| page.say_of("receipt-where", "where", channel_name(page, channel.as_str()).as_str()));
        let content = self.title(content).map(|title| page.say_of("receipt-to", "what", title.as_str()));
        channel.into_iter().chain(content).collect()
    }

    fn stage(&self, page: &Page, fact: &ReferralFact) -> Step {
        let told = page.word("receipt-told", fact.source.as_str());
        let by = fact.told_by.as_deref().and_then(|who| self.teller(page, who));
        let heard = page.say_of("receipt-heard", "when", page.time(&fact.received_at_ms).as_str());
        let mut details = vec![match by {
            Some(by) => format!("{told} ({by}), {heard}"),
            None => format!("{told}, {heard}"),
        }];
        if fact.evidence != Evidence::None {
            details.push(page.word("receipt-evidence", fact.evidence.as_str()));
        }
        if self.named && fact.evidence == Evidence::Declared && !fact.advocate.is_none() {
            details.push(page.say_of("receipt-declared", "who", self.name(page, fact.advocate).as_str()));
        }
        Step { at_ms: fact.occurred_at_ms, tone: "", title: page.word("stage", fact.stage.as_str()), details }
    }

    /// What to call who told; names are withheld as everywhere.
    fn teller(&self, page: &Page, who: &str) -> Option<String> {
        if let Ok(id) = who.parse::<AdvocateId>() {
            return self.named.then(|| self.name(page, id));
        }
        if who == "operator" {
            return Some(page.say("audit-operator"));
        }
        self.tokens.get(who).cloned()
    }
}

/// The clicks that messages named, as the log has them; nothing where there is no log, or it does not answer.
async fn clicks(state: &PortalState, person: &Person, chain: &Chain) -> BTreeMap<Uuid, Option<CreditClick>> {
    let mut found = BTreeMap::new();
    let Some(log) = &state.clicks else { return found };
    for click in chain.facts.iter().filter_map(|fact| fact.click).take(LOOKED_UP) {
        match log.find(person.space_id(), click).await {
            Ok(known) => _ = found.insert(click, known),
            // A receipt without the clicks that did not count beats none.
            Err(LogError::Away | LogError::TooLong) => break,
            Err(LogError::Failed(error)) => {
                tracing::error!(%error, "the clicks of a receipt could not be looked up");
                break;
            }
        }
    }
    found
}
