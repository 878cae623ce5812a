//! `/applications` and `/conversions`: the referral funnel, as messages tell it.
//!
//! A message is stored whether or not ClickHouse is there; the answer says whom it credits, or `pending`.

mod view;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::Map;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::entity::{Condition, Entity};
use super::given::{self, Given, Named, Parameters, Repeat};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Early, Turn};
use crate::auth::{Action, may};
use crate::kpi::LogError;
use crate::model::{AdvocateId, ApplicationId, ContentId};
use crate::programme::referrals::{
    ApplicationFields, ApplicationFilter, ConversionFields, Message, StageFields, refuse_personal_data,
};
use view::{ApplicationView, NewApplication, ReceiptView, Seen};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(convert))
        .routes(routes!(list, create))
        .routes(routes!(show, change))
        .routes(routes!(receipt))
}

/// A body that is looked through for personal data before it is read.
type Body = Map<String, Value>;

/// A stage, told by what a link led to: 201 when it is new, 200 when it was told before.
#[utoipa::path(
    post,
    path = "/api/v1/conversions",
    tag = "applications",
    request_body = ConversionFields,
    responses(
        (status = 201, description = "The application with this new fact", body = ApplicationView),
        (status = 200, description = "The fact was known", body = ApplicationView)
    ),
)]
async fn convert(State(state): State<ApiState>, caller: Caller, given: Given<Body>) -> Result<Response, Early> {
    caller.must(Action::WriteReferrals)?;
    let known = ["click_id", "code", "stage", "external_id", "occurred_at"];
    let fields: ConversionFields = read(given.value, &known)?;
    let message = fields.message(state.programme.now_ms())?;
    record(&state, caller, given.repeat, &message, None).await
}

/// A stage, told by hand: 201 when it is new, 200 when it was told before.
#[utoipa::path(
    post,
    path = "/api/v1/applications",
    tag = "applications",
    request_body = NewApplication,
    responses(
        (status = 201, description = "The application with this new fact", body = ApplicationView),
        (status = 200, description = "The fact was known", body = ApplicationView)
    ),
)]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<Body>) -> Result<Response, Early> {
    caller.must(Action::WriteReferrals)?;
    let known = ["link_id", "content_id", "advocate_id", "stage", "external_id", "occurred_at"];
    let fields: ApplicationFields = read(given.value, &known)?;
    let message = fields.message(state.programme.now_ms())?;
    record(&state, caller, given.repeat, &message, None).await
}

/// The next stage of an application.
#[utoipa::path(
    patch,
    path = "/api/v1/applications/{id}",
    tag = "applications",
    params(("id" = ApplicationId, Path)),
    request_body = StageFields,
    responses(
        (status = 201, description = "The application with this new fact", body = ApplicationView),
        (status = 200, description = "The fact was known", body = ApplicationView)
    ),
)]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ApplicationId>,
    given: Given<Body>,
) -> Result<Response, Early> {
    state.programme.application(caller.0.space, id).await?;
    caller.must(Action::WriteReferrals)?;
    let fields: StageFields = read(given.value, &["stage", "occurred_at"])?;
    let message = fields.message(id, state.programme.now_ms())?;
    record(&state, caller, given.repeat, &message, Some((id, &given.condition))).await
}

fn read<T: serde::de::DeserializeOwned>(body: Body, known: &[&str]) -> Result<T, Problem> {
    let body = Value::Object(body);
    refuse_personal_data(&body, known)?;
    given::fit(body)
}

/// `depends`: the application that a change is of, and the state of it that it wants.
async fn record(
    state: &ApiState,
    caller: Caller,
    repeat: Option<Repeat>,
    message: &Message,
    depends: Option<(ApplicationId, &Condition)>,
) -> Result<Response, Early> {
    let space = caller.0.space;
    let seen = seen(&caller);
    let questions = state.programme.referral_questions(space, message).await?;
    let answers = match state.clicks.answer(space, &questions).await {
        Ok(answers) => answers,
        // The fact is kept all the same, and the credit is decided later.
        Err(LogError::Away | LogError::TooLong) => Vec::new(),
        Err(LogError::Failed(error)) => {
            tracing::error!(%error, "the click log failed; a credit is decided later");
            Vec::new()
        }
    };
    let mut turn = Turn::begin(state, caller, repeat).await?;
    if let Some((id, condition)) = depends {
        let standing = state.programme.application(space, id).await?;
        condition.check(&ApplicationView::new(standing, seen))?;
    }
    let recorded = turn.work.record_referral(space, message, &answers).await?;
    let status = if recorded.new_fact { StatusCode::CREATED } else { StatusCode::OK };
    turn.answer(status, &ApplicationView::new(recorded.application, seen)).await
}

fn seen(caller: &Caller) -> Seen {
    match caller.0.only() {
        Some(own) => Seen::Own(own),
        None if may(caller.0.role, Action::ReadNamedReferrals) => Seen::All,
        None => Seen::Nobody,
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ApplicationParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<ApplicationId>)]
    after: Option<String>,
    /// Credited to this advocate.
    #[param(value_type = Option<AdvocateId>)]
    advocate_id: Option<String>,
    /// To this job.
    #[param(value_type = Option<ContentId>)]
    content_id: Option<String>,
    /// Whose last stage is this one.
    stage: Option<String>,
    /// This key of the applicant system.
    external_id: Option<String>,
}

/// Applications in the order of their first message.
#[utoipa::path(
    get,
    path = "/api/v1/applications",
    tag = "applications",
    params(ApplicationParameters),
    responses((status = 200, description = "A page", body = Listed<ApplicationView>)),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ApplicationParameters>,
) -> Result<Listed<ApplicationView>, Problem> {
    caller.must(Action::ReadReferrals)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let mut filter = ApplicationFilter {
        advocate: lists::parsed("advocate_id", asked.advocate_id.as_deref())?,
        content: lists::parsed("content_id", asked.content_id.as_deref())?,
        stage: lists::parsed("stage", asked.stage.as_deref())?,
        external_id: asked.external_id,
    };
    let seen = seen(&caller);
    match seen {
        Seen::Own(own) => {
            if filter.advocate.is_some_and(|advocate| advocate != own) || filter.external_id.is_some() {
                return Err(Problem::not_found("advocate"));
            }
            filter.advocate = Some(own);
        }
        Seen::Nobody if filter.advocate.is_some() => return Err(Problem::forbidden()),
        Seen::Nobody | Seen::All => {}
    }
    let applications = state.programme.applications(caller.0.space, &filter, page).await?;
    let show = |application| ApplicationView::new(application, seen);
    Ok(Listed::new(applications, limit, |application| application.id.to_string(), show))
}

/// One application.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}",
    tag = "applications",
    params(("id" = ApplicationId, Path)),
    responses((status = 200, description = "The application", body = ApplicationView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ApplicationId>,
) -> Result<Entity<ApplicationView>, Problem> {
    let application = state.programme.application(caller.0.space, id).await?;
    if caller.0.only().is_some_and(|own| own != application.advocate) {
        return Err(Problem::not_found("application"));
    }
    caller.must(Action::ReadReferrals)?;
    Ok(Entity(ApplicationView::new(application, seen(&caller))))
}

/// Why this advocate, under which rule, or why not.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/receipt",
    tag = "applications",
    params(("id" = ApplicationId, Path)),
    responses((status = 200, description = "The receipt", body = ReceiptView)),
)]
async fn receipt(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ApplicationId>,
) -> Result<Entity<ReceiptView>, Problem> {
    let receipt = state.programme.receipt(caller.0.space, id).await?;
    if caller.0.only().is_some_and(|own| own != receipt.application.advocate) {
        return Err(Problem::not_found("application"));
    }
    caller.must(Action::ReadReferrals)?;
    Ok(Entity(ReceiptView::new(receipt, seen(&caller))))
}
