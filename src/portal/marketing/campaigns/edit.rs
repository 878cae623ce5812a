//! The form of a campaign.

use askama::Template;
use axum::extract::{Path, State};
use http::StatusCode;
use sha2::{Digest as _, Sha256};

use super::super::super::PortalState;
use super::super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show,
};
use super::super::super::texts::msg;
use super::super::{may_steer, targets};
use super::{PATH, id_of, objective, path_of};
use crate::kpi::Dimension;
use crate::model::{Campaign, hex};
use crate::programme::campaigns::{KPIS, Objective};
use crate::programme::{CampaignFields, Error, Field};

#[derive(Template)]
#[template(path = "marketing/campaign_form.html")]
struct Form {
    page: Page,
    heading: String,
    /// The form's address.
    path: String,
    /// Where to go without changing anything.
    back: String,
    form: FormState,
    kpis: Vec<(String, String)>,
    /// Whether somebody else changed the campaign since the form was opened.
    is_stale: bool,
}

fn page(person: &Person, campaign: Option<&Campaign>, data: &FormData) -> Form {
    let page = super::super::page(person, PATH).below(PATH, person.texts.say("campaigns-title"));
    let mut kpis: Vec<_> = targets::possible(Some(Dimension::Campaign)).map(|kpi| kpi.name).collect();
    // An objective that a program set stays what it is.
    kpis.extend(KPIS.iter().filter(|kpi| **kpi == data.text("kpi") && !kpis.contains(*kpi)).collect::<Vec<_>>());
    let none = (String::new(), page.say("campaign-no-objective"));
    let kpis = kpis.into_iter().map(|kpi| (kpi.to_owned(), targets::label(&page, kpi)));
    Form {
        heading: campaign.map_or_else(|| page.say("campaign-new-title"), |campaign| campaign.name.clone()),
        path: campaign.map_or_else(|| format!("{PATH}/new"), |campaign| format!("{}/edit", path_of(campaign.id))),
        back: campaign.map_or_else(|| PATH.to_owned(), |campaign| path_of(campaign.id)),
        form: FormState::new(data.clone()),
        kpis: std::iter::once(none).chain(kpis).collect(),
        is_stale: false,
        page: match campaign {
            Some(campaign) => page.below(path_of(campaign.id), campaign.name.clone()),
            None => page,
        },
    }
}

pub(super) async fn blank(person: Person) -> Outcome {
    may_steer(&person)?;
    show(&page(&person, None, &FormData::default()))
}

pub(super) async fn form(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let campaign = state.programme.campaign(person.space_id(), id_of(&id)?).await?;
    may_steer(&person)?;
    show(&page(&person, Some(&campaign), &standing(&person, &campaign)))
}

/// What stands, as the form begins with it.
fn standing(person: &Person, campaign: &Campaign) -> FormData {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (kpi, target) = objective(campaign).map_or_else(
        || (String::new(), String::new()),
        |(kpi, target)| {
            let target = targets::written(person.texts, &kpi, target);
            (kpi, target)
        },
    );
    FormData::default()
        .with("version", version_of(campaign))
        .with("name", &campaign.name)
        .with("slug", &campaign.slug)
        .with("starts_on", text(&campaign.starts_on))
        .with("ends_on", text(&campaign.ends_on))
        .with("kpi", kpi)
        .with("target", target)
        .with("external_id", text(&campaign.external_id))
}

/// A digest of all that a form shows of a campaign. A pause is no change of it.
fn version_of(campaign: &Campaign) -> String {
    let shown = Campaign { paused: false, ..campaign.clone() };
    let json = serde_json::to_string(&shown).expect("the model's types have string keys only");
    hex(&Sha256::digest(json)[..16])
}

pub(super) async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_steer(&sent.person)?;
    put(&state, sent, None, msg("flash-campaign-made")).await
}

pub(super) async fn change(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let campaign = state.programme.campaign(sent.person.space_id(), id_of(&id)?).await?;
    may_steer(&sent.person)?;
    put(&state, sent, Some(campaign), msg("flash-campaign-changed")).await
}

/// What came of a form.
enum Laid {
    Done(Campaign),
    /// Somebody else changed the campaign since the form was opened.
    Stale(Campaign),
}

async fn put(state: &PortalState, sent: Sent, standing: Option<Campaign>, message: &'static str) -> Outcome {
    let Some(fields) = fields(&sent) else {
        let mut page = page(&sent.person, standing.as_ref(), &sent.form);
        targets::refuse(&mut page.form, "target", sent.person.texts);
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    match lay(state, &sent, standing.as_ref(), &fields).await {
        Ok(Laid::Done(campaign)) => Ok(see_with(&path_of(campaign.id), &Flash::about(message, &campaign.name))),
        Ok(Laid::Stale(now)) => {
            let data = sent.form.replaced("version", version_of(&now));
            let page = Form { is_stale: true, ..page(&sent.person, Some(&now), &data) };
            Ok(answer(StatusCode::CONFLICT, &page))
        }
        Err(error) => {
            let page = page(&sent.person, standing.as_ref(), &sent.form);
            let form = refused(sent.form, error, &sent.person)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &Form { form, ..page }))
        }
    }
}

/// The programme calls the fields of an objective `objective.kpi` and `objective.target`; the form has one line of them.
fn refused(form: FormData, error: Error, person: &Person) -> Result<FormState, Failure> {
    let mut refused = FormState::refused(form, error, person.texts)?;
    if refused.problem("objective").is_some() {
        targets::refuse(&mut refused, "target", person.texts);
    }
    Ok(refused)
}

async fn lay(
    state: &PortalState,
    sent: &Sent,
    standing: Option<&Campaign>,
    fields: &CampaignFields,
) -> Result<Laid, Error> {
    let space = sent.person.space_id();
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let campaign = match standing {
        None => work.create_campaign(space, fields).await?,
        Some(known) => {
            let now = work.campaign(space, known.id).await?;
            if sent.form.text("version") != version_of(&now) {
                return Ok(Laid::Stale(now));
            }
            work.update_campaign(space, known.id, fields).await?
        }
    };
    work.commit().await?;
    Ok(Laid::Done(campaign))
}

/// A form as the programme takes it; none when its target is no number.
fn fields(sent: &Sent) -> Option<CampaignFields> {
    let form = &sent.form;
    let kpi = form.text("kpi");
    let objective = if kpi.is_empty() {
        Field::Null
    } else {
        match targets::read(sent.person.texts.language(), kpi, form.text("target"))? {
            Field::Value(target) => Field::Value(Objective { kpi: kpi.to_owned(), target }),
            // A KPI without a target aims at nothing: the form asks for it.
            Field::Null | Field::Absent => return None,
        }
    };
    Some(CampaignFields {
        name: form.field("name"),
        slug: form.field("slug"),
        starts_on: form.field("starts_on"),
        ends_on: form.field("ends_on"),
        objective,
        external_id: form.field("external_id"),
        paused: Field::Absent,
    })
}
