//! Figures as files. The same answer as the page's: what is withheld there is withheld here.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use jiff::civil::Date;

use super::super::PortalState;
use super::super::parts::{Area, Failure, FormData, Notice, Outcome, Person};
use super::super::texts::msg;
use super::chosen::Chosen;
use super::one::Asked;
use super::overview;
use super::sight::{Lack, Sight};
use crate::kpi::{Answer, Question, sheet};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    /// Its word in an address, and its ending.
    pub(super) word: &'static str,
    /// How people call it.
    pub(super) name: &'static str,
    media_type: &'static str,
}

/// Those that are offered.
pub(super) const FORMATS: [Format; 2] = [
    Format {
        word: "xlsx",
        name: "Excel",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    },
    Format { word: "csv", name: "CSV", media_type: "text/csv; charset=utf-8; header=present" },
];

const AWAY: Notice = Notice::new(msg("kpis-away-title"), msg("kpis-away"), "clock", (overview::PATH, msg("kpis-back")));
const TOO_LONG: Notice =
    Notice::new(msg("kpis-too-long-title"), msg("kpis-too-long"), "clock", (overview::PATH, msg("kpis-back")));
const TOO_MANY: Notice =
    Notice::new(msg("kpis-too-many-title"), msg("kpis-too-many"), "alert", (overview::PATH, msg("kpis-back")));

/// Every KPI of the period, whole.
pub(super) async fn every(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    let sight = Sight::of(&state, &person).await?;
    if !sight.is_whole() {
        return Err(Failure::Forbidden);
    }
    let (query, format, today) = given(&state, &person, query).await?;
    let page = person.page(Area::Figures, overview::PATH);
    let chosen = Chosen::read(&query, today, &page).map_err(|_| Failure::Failed)?;
    if chosen.form.is_refused() {
        return Err(Failure::Malformed);
    }
    answer(&state, &person, &sight, &Question::every(chosen.period, None), format).await
}

/// One KPI, split as its page shows it.
pub(super) async fn one(
    State(state): State<PortalState>,
    person: Person,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Outcome {
    let sight = Sight::of(&state, &person).await?;
    let (query, format, today) = given(&state, &person, query).await?;
    let page = person.page(Area::Figures, overview::PATH);
    let asked = Asked::read(&path, &query, &sight, today, &page)?;
    // A file has nowhere to say that it holds something else than what was asked for.
    if asked.chosen.form.is_refused() || query.text("by") != asked.by.map_or("", |by| by.as_str()) {
        return Err(Failure::Malformed);
    }
    let question = Question { kpis: vec![asked.kpi], period: asked.chosen.period, by: asked.by };
    answer(&state, &person, &sight, &question, format).await
}

async fn given(
    state: &PortalState,
    person: &Person,
    query: Option<String>,
) -> Result<(FormData, Format, Date), Failure> {
    let query = FormData::read(query.unwrap_or_default().as_bytes());
    let format = FORMATS.into_iter().find(|format| format.word == query.text("format")).ok_or(Failure::Malformed)?;
    let today = state.programme.today(person.space_id()).await?.parse().map_err(|_| Failure::Failed)?;
    Ok((query, format, today))
}

async fn answer(state: &PortalState, person: &Person, sight: &Sight, question: &Question, format: Format) -> Outcome {
    let page = || person.page(Area::Figures, overview::PATH);
    match sight.ask(state, person, question).await? {
        Ok(answer) => Ok(file(question, &answer, format)
            .unwrap_or_else(|| TOO_MANY.answer_in(page(), StatusCode::UNPROCESSABLE_ENTITY, None))),
        Err(Lack::Away) => Ok(AWAY.answer_in(page(), StatusCode::SERVICE_UNAVAILABLE, None)),
        Err(Lack::TooLong) => Ok(TOO_LONG.answer_in(page(), StatusCode::GATEWAY_TIMEOUT, None)),
    }
}

/// None when a spreadsheet cannot hold so much.
fn file(question: &Question, answer: &Answer, format: Format) -> Option<Response> {
    let bytes = if format.word == "csv" { sheet::csv(answer) } else { sheet::xlsx(answer).ok()? };
    let name = match question.kpis.as_slice() {
        [kpi] => kpi.id().replace('@', "-"),
        _ => "kpis".to_owned(),
    };
    let split = question.by.map_or_else(String::new, |by| format!("-by-{by}"));
    let name = format!("{name}{split}-{}-{}.{}", question.period.from(), question.period.to(), format.word);
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, format.media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Some((headers, bytes).into_response())
}
