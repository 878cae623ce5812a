//! `/kpis`: figures of a period, whole or split.
//!
//! An advocate sees what comes of its own shares. Others see the space with groups below the minimum cell withheld, in
//! SQL. Figures by single people are a right of their own, and each look at them is a line of the audit log, written
//! before they are read.

mod view;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::given::Parameters;
use super::lists;
use super::problem::Problem;
use crate::auth::{Action, may};
use crate::kpi::{Answer, Audience, Dimension, InvalidPeriod, Kpi, KpiError, Period, Question, sheet};
use crate::programme::FieldProblem;
use view::KpisView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KpiParameters {
    /// First local day of the period.
    #[param(format = Date)]
    from: String,
    /// Last local day of the period.
    #[param(format = Date)]
    to: String,
    /// What to split by.
    #[param(value_type = Option<Dimension>)]
    by: Option<String>,
    /// Another definition of a KPI: `clicks_per_content@cohort`.
    definition: Option<String>,
    /// `json`, or a download: `csv`, `xlsx`.
    format: Option<String>,
}

/// Every KPI that can be split that way.
#[utoipa::path(get, path = "/api/v1/kpis", tag = "kpis", params(KpiParameters),
    responses((status = 200, description = "Figures, or a download", body = KpisView)))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<KpiParameters>,
) -> Result<Response, Problem> {
    caller.must(Action::ReadKpis)?;
    let (period, by) = asked.place()?;
    let every = if caller.0.only().is_some() { Question::own(period, by) } else { Question::every(period, by) };
    let question = match &asked.definition {
        Some(id) => every.with_definition(id).map_err(|error| of_field("definition", &error))?,
        None => every,
    };
    answer(&state, caller, &asked, &question).await
}

/// One KPI.
#[utoipa::path(get, path = "/api/v1/kpis/{name}", tag = "kpis",
    params(("name" = String, Path, description = "The KPI, with `@` and the alternative if it is one"), KpiParameters),
    responses((status = 200, description = "Figures, or a download", body = KpisView)))]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    Parameters(asked): Parameters<KpiParameters>,
) -> Result<Response, Problem> {
    caller.must(Action::ReadKpis)?;
    // A path that is no text names no KPI.
    let kpi = Kpi::find(&path.map(|Path(name)| name).unwrap_or_default())?;
    let (period, by) = asked.place()?;
    let question = Question::one(kpi, period, by)?;
    let question = match &asked.definition {
        Some(id) if !id.starts_with(&format!("{}@", kpi.name)) => {
            return Err(invalid("definition", "expected another definition of the KPI in the path"));
        }
        Some(id) => question.with_definition(id).map_err(|error| of_field("definition", &error))?,
        None => question,
    };
    answer(&state, caller, &asked, &question).await
}

impl KpiParameters {
    fn place(&self) -> Result<(Period, Option<Dimension>), Problem> {
        let period = Period::parse(&self.from, &self.to).map_err(|error| {
            let is_from = error == InvalidPeriod::Date && Period::parse(&self.from, &self.from).is_err();
            invalid(if is_from { "from" } else { "to" }, &error.to_string())
        })?;
        Ok((period, lists::parsed("by", self.by.as_deref())?))
    }
}

async fn answer(
    state: &ApiState,
    caller: Caller,
    asked: &KpiParameters,
    question: &Question,
) -> Result<Response, Problem> {
    let format = asked.format.as_deref().unwrap_or("json");
    if !["json", "csv", "xlsx"].contains(&format) {
        return Err(invalid("format", "expected one of: json, csv, xlsx"));
    }
    let audience = audience(state, caller, question).await?;
    let answer = state.kpis.answer(&caller.0.space, question, audience).await?;
    Ok(match format {
        "csv" => download("text/csv; charset=utf-8; header=present", "kpis.csv", sheet::csv(&answer)),
        "xlsx" => download(XLSX, "kpis.xlsx", spreadsheet(&answer)?),
        _ => Json(KpisView::new(&answer, &question.kpis)).into_response(),
    })
}

/// Who the answer is for. Somebody who may read figures of single people has it noted before they are read.
async fn audience(state: &ApiState, caller: Caller, question: &Question) -> Result<Audience, Problem> {
    if let Some(advocate) = caller.0.only() {
        return Ok(Audience::Own(advocate));
    }
    if question.by != Some(Dimension::Advocate) {
        return Ok(Audience::Aggregates);
    }
    if !may(caller.0.role, Action::ReadNamedKpis) {
        return Err(KpiError::Named.into());
    }
    let space = caller.0.space;
    let kpis: Vec<String> = question.kpis.iter().map(|kpi| kpi.id()).collect();
    let (from, to) = (question.period.from().to_string(), question.period.to().to_string());
    let mut work = state.programme.work().await?.done_by(caller.0.actor());
    work.note_named_figures(space, &kpis, (&from, &to)).await?;
    work.commit().await?;
    Ok(Audience::Named)
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn spreadsheet(answer: &Answer) -> Result<Vec<u8>, Problem> {
    sheet::xlsx(answer).map_err(|error| {
        tracing::error!(%error, "a spreadsheet of figures failed");
        invalid("format", "these are more figures than a spreadsheet takes: ask for a shorter period, or for csv")
    })
}

fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

fn invalid(field: &str, message: &str) -> Problem {
    Problem::fields(vec![FieldProblem { field: field.to_owned(), code: "invalid", message: message.to_owned() }])
}

fn of_field(field: &str, error: &KpiError) -> Problem {
    invalid(field, &error.to_string())
}

impl From<KpiError> for Problem {
    fn from(error: KpiError) -> Self {
        let text = error.to_string();
        match error {
            KpiError::Unknown { .. } => Self::new(StatusCode::NOT_FOUND, "kpi_not_found", text),
            KpiError::Split { .. } => invalid("by", &text),
            KpiError::Named | KpiError::NotOwn { .. } => Self::new(StatusCode::FORBIDDEN, "forbidden", text),
            KpiError::NoSpace | KpiError::Away => Self::new(StatusCode::SERVICE_UNAVAILABLE, "figures_away", text),
            KpiError::TooLong => Self::new(StatusCode::GATEWAY_TIMEOUT, "figures_too_long", text),
            KpiError::Failed(_) | KpiError::Names(_) => {
                tracing::error!(error = text, "figures failed");
                let detail = "the figures failed; it was logged with this answer's X-Request-Id";
                Self::new(StatusCode::BAD_GATEWAY, "figures_failed", detail)
            }
        }
    }
}
