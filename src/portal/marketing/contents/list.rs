//! The list of contents, with search and filters.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};

use super::super::super::PortalState;
use super::super::super::parts::aim::Cell;
use super::super::super::parts::{FormData, FormState, Outcome, Page, Pager, Person, Pictures, show};
use super::super::figures::{Came, OfContents, RECENT_DAYS, last_days};
use super::{PATH, path_of};
use crate::auth::Action;
use crate::model::{CampaignId, Content, ContentKind, ContentState};
use crate::programme::LibraryFilter;
use crate::programme::library::LibraryPage;

#[derive(Template)]
#[template(path = "marketing/contents.html")]
struct Contents {
    page: Page,
    form: FormState,
    rows: Vec<Row>,
    total: u64,
    /// Whether anything was asked for.
    is_filtered: bool,
    kinds: Vec<(String, String)>,
    states: Vec<(String, String)>,
    campaigns: Vec<(String, String)>,
    days: i32,
    pager: Pager,
    /// Where the same list is with figures; none once it has them.
    figures_at: Option<String>,
}

/// A content in a list; drawn by `templates/marketing/content_rows.html`.
pub(in crate::portal::marketing) struct Row {
    pub(in crate::portal::marketing) path: String,
    pub(in crate::portal::marketing) content: Content,
    pub(in crate::portal::marketing) picture: Option<String>,
    pub(in crate::portal::marketing) state: ContentState,
    pub(in crate::portal::marketing) campaign: Option<String>,
    pub(in crate::portal::marketing) came: Option<Came>,
}

impl Row {
    pub(in crate::portal::marketing) fn new(
        page: &Page,
        pictures: &Pictures,
        content: Content,
        now_ms: i64,
        campaign: Option<String>,
        came: Option<&OfContents>,
    ) -> Self {
        Self {
            path: path_of(content.id),
            picture: pictures.small(&content),
            state: content.state(now_ms),
            campaign,
            came: came.map(|came| came.of(page, &content)),
            content,
        }
    }
}

pub(super) async fn list(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    // Whoever publishes jobs alone has a list of those.
    person.needs(Action::WriteContents(ContentKind::Article))?;
    let space = person.space_id();
    let form = FormData::read(query.unwrap_or_default().as_bytes());
    let now_ms = state.programme.now_ms();
    let found =
        state.programme.search_contents(space, &filter(&form, now_ms), form.parsed("page").unwrap_or(1)).await?;
    let campaigns = state.programme.campaigns_with_contents(space).await?;
    let names: HashMap<CampaignId, String> =
        campaigns.iter().map(|(campaign, _)| (campaign.id, campaign.name.clone())).collect();
    let page = super::super::page(&person, PATH);
    // Those of every content are asked for at once, which takes longer than the rest of the page: whoever wants them
    // says so.
    let wants_figures = form.has("figures", "yes");
    let mut came = None;
    if wants_figures {
        let period = last_days(&state.programme.today(space).await?, RECENT_DAYS)?;
        came = OfContents::ask(&state, space, period).await?;
    }

    let LibraryPage { contents, total, page: number, pages } = found;
    let pictures = Pictures::of(&state, space, contents.iter()).await?;
    let row = |content: Content| {
        let campaign = names.get(&content.campaign).cloned();
        Row::new(&page, &pictures, content, now_ms, campaign, came.as_ref())
    };
    let any = || (String::new(), page.say("contents-any"));
    let kind = |kind: &ContentKind| (kind.as_str().to_owned(), page.word("kinds", kind.as_str()));
    let is = |state: &ContentState| (state.as_str().to_owned(), page.word("contents-state", state.as_str()));
    show(&Contents {
        rows: contents.into_iter().map(row).collect(),
        total,
        is_filtered: FILTERS.iter().any(|name| !form.text(name).is_empty()),
        kinds: std::iter::once(any()).chain(ContentKind::ALL.iter().map(kind)).collect(),
        states: std::iter::once(any()).chain(ContentState::ALL.iter().map(is)).collect(),
        campaigns: std::iter::once(any())
            .chain(campaigns.iter().map(|(campaign, _)| (campaign.id.to_string(), campaign.name.clone())))
            .collect(),
        days: RECENT_DAYS,
        figures_at: (!wants_figures).then(|| format!("{}&figures=yes", address(&form, number as usize))),
        pager: Pager::by_number(number as usize, pages as usize, |number| address(&form, number)),
        form: FormState::new(form),
        page,
    })
}

const FILTERS: [&str; 4] = ["text", "kind", "state", "campaign"];

/// What is asked for; a value that is none of ours asks for nothing.
fn filter(form: &FormData, now_ms: i64) -> LibraryFilter {
    let text = form.text("text").trim();
    LibraryFilter {
        text: (!text.is_empty()).then(|| text.to_owned()),
        kind: form.parsed("kind"),
        campaign: form.parsed("campaign"),
        state: form.parsed("state").map(|state| (state, now_ms)),
    }
}

/// The same question on another page.
fn address(form: &FormData, number: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in FILTERS {
        if !form.text(name).is_empty() {
            query.append_pair(name, form.text(name));
        }
    }
    query.append_pair("page", &number.to_string());
    format!("{PATH}?{}", query.finish())
}
