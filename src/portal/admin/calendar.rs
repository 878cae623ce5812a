//! Time zone, working week, holidays: what "a working day" means in the figures.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::texts::msg;
use super::{Tab, change_space, may_set_up, space_tabs};
use crate::programme::holidays::{YEARS, french};
use crate::programme::{Field, SpaceFields};

pub(super) const PATH: &str = "/admin/calendar";

pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(show_calendar).post(change)).route("/admin/calendar/holidays", post(add_holidays))
}

#[derive(Template)]
#[template(path = "admin/calendar.html")]
struct Calendar {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    days: Vec<(String, String)>,
    /// Years whose public holidays can be added.
    years: Vec<i16>,
}

async fn show_calendar(State(state): State<PortalState>, person: Person) -> Outcome {
    may_set_up(&person)?;
    let space = &person.space;
    let mut data = FormData::default().with("time_zone", &space.time_zone).with("holidays", space.holidays.join("\n"));
    for day in &space.working_week {
        data = data.with("working_week", day.to_string());
    }
    show(&calendar(&state, &person, FormState::new(data)).await?)
}

async fn calendar(state: &PortalState, person: &Person, form: FormState) -> Result<Calendar, Failure> {
    let page = super::page(person, PATH);
    let day = |day: u8| (day.to_string(), page.word("weekday", &day.to_string()));
    let today = state.programme.today(person.space_id()).await?;
    let year = today.split('-').next().and_then(|year| year.parse().ok()).unwrap_or(*YEARS.start());
    Ok(Calendar {
        tabs: space_tabs(&page, PATH),
        form,
        days: (1..=7).map(day).collect(),
        years: (year - 1..=year + 1).collect(),
        page,
    })
}

async fn change(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    // What is no number is none of our days: 0 is refused as one.
    let days = sent.form.all("working_week").into_iter().map(|day| day.parse().unwrap_or(0)).collect();
    let holidays = sent.form.text("holidays").split_whitespace().map(str::to_owned).collect();
    let fields = SpaceFields {
        time_zone: sent.form.field("time_zone"),
        working_week: Field::Value(days),
        holidays: Field::Value(holidays),
        ..SpaceFields::default()
    };
    match change_space(&state, &sent, &fields).await {
        Ok(_) => Ok(see_with(PATH, &Flash::new(msg("flash-saved")))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &calendar(&state, &sent.person, form).await?))
        }
    }
}

/// Adds a year's public holidays of France to those that stand.
async fn add_holidays(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let year: i16 = sent.form.parsed("year").filter(|year| YEARS.contains(year)).ok_or(Failure::Malformed)?;
    let mut holidays = sent.person.space.holidays.clone();
    holidays.extend(french(year));
    let fields = SpaceFields { holidays: Field::Value(holidays), ..SpaceFields::default() };
    change_space(&state, &sent, &fields).await?;
    Ok(see_with(PATH, &Flash::about(msg("flash-holidays"), &year.to_string())))
}
