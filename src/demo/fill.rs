//! A story into an installation, through the same doors as everybody's: a bundle, then what a bundle does not hold.
//!
//! Every step can be done again and changes nothing the second time, so a filling that was broken off is done from its
//! beginning.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Number;
use tokio::sync::watch;

use super::bundle::{self, Codes};
use super::charter;
use super::draw::{Plan, Referral};
use super::feeds;
use super::pictures::{self, Painter};
use super::story::{Common, Story, stories};
use crate::exchange::times::Zone;
use crate::exchange::{self, Import, Place, Progress};
use crate::kpi::{ClickLog, LogError};
use crate::model::{AdvocateId, CampaignId, ContentId, ContentKind, Quarter, Role, SpaceId, Stage, TeamId};
use crate::programme::campaigns::Objective;
use crate::programme::objectives::Target;
use crate::programme::referrals::{ApplicationFields, ConversionFields, Message, StageFields};
use crate::programme::times::{InvalidTime, format_instant};
use crate::programme::{
    AdvocateFields, AdvocateFilter, CampaignFields, CampaignFilter, ContentFields, ContentFilter, Error as Refused,
    Field, MemberFields, Page, Programme, SpaceFields, TeamFields,
};

/// Entities that are read or written at once.
const AT_ONCE: u32 = 200;

/// Where a story goes.
#[derive(Debug)]
pub struct Installation<'a> {
    /// Store and ClickHouse; which space it names does not matter.
    pub place: &'a Place,
    /// The rules over that store.
    pub programme: &'a Programme,
    /// A folder for bundles on their way, which are removed.
    pub scratch: &'a Path,
    /// Makes this installation's codes unlike those of other demos.
    pub codes: u64,
}

/// What a space holds afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The space.
    pub space: SpaceId,
    /// People invited.
    pub people: usize,
    /// Contents published.
    pub contents: usize,
    /// Personal links that were shared.
    pub links: usize,
    /// Requests to them.
    pub clicks: usize,
}

/// A story could not be brought in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bundle could not be written or removed.
    #[error("the bundle at {path}: {source}")]
    File {
        /// Where.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The import failed.
    #[error(transparent)]
    Exchange(#[from] exchange::Error),
    /// The import refused rows, which says that the tables and the rules do not agree.
    #[error("the bundle was refused: {0}; please report it")]
    BadRows(String),
    /// The programme refused.
    #[error(transparent)]
    Programme(#[from] Refused),
    /// The click log did not say who is to be credited.
    #[error("the click log could not be asked: {0}")]
    Log(#[from] LogError),
    /// The time zone database.
    #[error(transparent)]
    Time(#[from] InvalidTime),
}

/// Brings a drawn story in. Doing it again changes nothing.
///
/// # Errors
/// [`Error`]; what was done so far stands and is not done twice.
pub async fn fill(
    into: &Installation<'_>,
    story: &Story,
    common: &Common,
    plan: &Plan,
    progress: &Progress,
) -> Result<Filled, Error> {
    let (space, codes) = history(into, story, common, plan, progress).await?;
    let people = ids(into.programme, space, plan).await?;
    charter::agree(into.programme, space, plan, &people).await?;
    skills_and_roles(into.programme, space, plan, &people).await?;
    campaigns(into.programme, space, plan).await?;
    objectives(into.programme, space, story).await?;
    let contents = contents(into.programme, space, plan).await?;
    paint(into.programme).await?;
    feeds::propose(into.programme, space, story).await?;
    referrals(into, space, plan, &codes, &people, &contents).await?;
    Ok(Filled {
        space,
        people: plan.people.len(),
        contents: plan.contents.len(),
        links: codes.len(),
        clicks: plan.clicks.len(),
    })
}

/// The space, its teams and its bundle.
pub(super) async fn history(
    into: &Installation<'_>,
    story: &Story,
    common: &Common,
    plan: &Plan,
    progress: &Progress,
) -> Result<(SpaceId, Codes), Error> {
    let space = space(into.programme, story, common, plan).await?;
    teams(into.programme, space, story).await?;
    let codes = bundle::codes(story, plan, into.codes);
    import(into, story, plan, &codes, space, progress).await?;
    Ok((space, codes))
}

async fn space(programme: &Programme, story: &Story, common: &Common, plan: &Plan) -> Result<SpaceId, Error> {
    let rates = story.channels.keys().filter_map(|channel| {
        let [low, middle, high] = common.click_rates.get(channel)?;
        Some((channel.clone(), serde_json::json!({"low": low, "middle": middle, "high": high})))
    });
    let fields = SpaceFields {
        name: story.name.clone().into(),
        language: story.language.clone().into(),
        holidays: plan.holidays.iter().map(ToString::to_string).collect::<Vec<_>>().into(),
        email_domains: vec![story.domain.clone()].into(),
        destination_domains: vec![story.domain.clone()].into(),
        fallback_url: format!("https://www.{}/", story.domain).into(),
        privacy_mode: story.privacy_mode.clone().into(),
        click_rates: rates.collect::<BTreeMap<_, _>>().into(),
        similar_jobs: true.into(),
        accent: pictures::accent(story.hue).into(),
        ..SpaceFields::default()
    };
    Ok(programme.create_or_update_space(&story.slug, &fields).await?.0.id)
}

/// The tree; the bundle names teams alone.
async fn teams(programme: &Programme, space: SpaceId, story: &Story) -> Result<(), Error> {
    let standing = programme.teams(space, None, Page { after: None, limit: AT_ONCE }).await?;
    let mut ids: HashMap<String, String> =
        standing.into_iter().map(|record| (record.team.name, record.team.id.to_string())).collect();
    let mut work = programme.work().await?;
    for team in &story.teams {
        if ids.contains_key(&team.name) {
            continue;
        }
        let parent = team.parent.as_ref().and_then(|parent| ids.get(parent));
        let parent_id = Field::given(parent.cloned());
        let fields = TeamFields { name: team.name.clone().into(), parent_id, ..TeamFields::default() };
        let made = work.create_team(space, &fields).await?.team;
        ids.insert(made.name, made.id.to_string());
    }
    Ok(work.commit().await?)
}

async fn import(
    into: &Installation<'_>,
    story: &Story,
    plan: &Plan,
    codes: &Codes,
    space: SpaceId,
    progress: &Progress,
) -> Result<(), Error> {
    let folder = into.scratch.join(&story.slug);
    let failed = |source| Error::File { path: folder.display().to_string(), source };
    let settings = into.programme.space(space).await?;
    bundle::write(plan, codes, &Zone::of(&settings.time_zone)?, &folder).map_err(failed)?;
    let import = Import { folder: folder.clone(), skip_bad_rows: false, dry_run: false };
    let place = Place { space, ..into.place.clone() };
    let imported = exchange::import(&place, &import, progress).await?;
    if let Some(row) = imported.refused.listed.first() {
        return Err(Error::BadRows(row.to_string()));
    }
    fs::remove_dir_all(&folder).map_err(failed)
}

/// The ids of all people, in the order of the plan.
async fn ids(programme: &Programme, space: SpaceId, plan: &Plan) -> Result<Vec<AdvocateId>, Error> {
    let mut by_key = HashMap::new();
    let mut after = None;
    loop {
        let page = Page { after, limit: AT_ONCE };
        let found = programme.advocates(space, &AdvocateFilter::default(), page).await?;
        let Some(last) = found.last() else { break };
        after = Some(last.advocate.id);
        by_key.extend(found.into_iter().filter_map(|one| Some((one.advocate.external_id?, one.advocate.id))));
    }
    let id = |key: &String| by_key.get(key).copied().ok_or(Refused::NotFound { what: "advocate", field: None });
    Ok(plan.people.iter().map(|person| id(&person.key)).collect::<Result<_, _>>()?)
}

async fn skills_and_roles(
    programme: &Programme,
    space: SpaceId,
    plan: &Plan,
    people: &[AdvocateId],
) -> Result<(), Error> {
    let mut work = programme.work().await?;
    for (person, id) in plan.people.iter().zip(people.iter().copied()) {
        if !person.skills.is_empty() {
            let fields = AdvocateFields { skills: person.skills.clone().into(), ..AdvocateFields::default() };
            work.update_advocate(space, id, &fields).await?;
        }
        if person.role != Role::Advocate {
            let fields = MemberFields { role: person.role.as_str().to_owned().into() };
            work.put_member(space, id, &fields).await?;
        }
    }
    Ok(work.commit().await?)
}

/// Slugs and objectives.
async fn campaigns(programme: &Programme, space: SpaceId, plan: &Plan) -> Result<(), Error> {
    let page: Page<CampaignId> = Page { after: None, limit: AT_ONCE };
    let standing = programme.campaigns(space, &CampaignFilter::default(), page).await?;
    let mut work = programme.work().await?;
    for campaign in &plan.campaigns {
        let Some(one) = standing.iter().find(|one| one.external_id.as_ref() == Some(&campaign.key)) else { continue };
        let objective = campaign
            .objective
            .as_ref()
            .and_then(|(kpi, target)| Some(Objective { kpi: kpi.clone(), target: Number::from_f64(*target)? }));
        let objective = Field::given(objective);
        let fields = CampaignFields { slug: campaign.slug.clone().into(), objective, ..CampaignFields::default() };
        work.update_campaign(space, one.id, &fields).await?;
    }
    Ok(work.commit().await?)
}

/// Objectives of this quarter and of the one before, which has been reached or missed by now.
async fn objectives(programme: &Programme, space: SpaceId, story: &Story) -> Result<(), Error> {
    let standing = programme.teams(space, None, Page { after: None, limit: AT_ONCE }).await?;
    let mut targets: BTreeMap<TeamId, Vec<Target>> = BTreeMap::new();
    for objective in &story.objectives {
        let team = match &objective.team {
            None => TeamId::NONE,
            Some(name) => {
                let named = standing.iter().find(|record| record.team.name == *name);
                named.ok_or(Refused::NotFound { what: "team", field: None })?.team.id
            }
        };
        let target = Field::given(Number::from_f64(objective.target));
        targets.entry(team).or_default().push((objective.kpi.clone(), target));
    }
    let now = Quarter::of(&programme.today(space).await?).map_err(|_| InvalidTime::Date)?;
    for quarter in [now.moved(-1), now] {
        if !programme.objectives(space, quarter).await?.is_empty() {
            continue;
        }
        let mut work = programme.work().await?;
        for (team, targets) in &targets {
            work.set_objectives(space, quarter, *team, targets).await?;
        }
        work.commit().await?;
    }
    Ok(())
}

/// Summaries, pictures, audiences, suggested texts, and jobs that are filled. The ids of all contents, in the order
/// of the plan.
async fn contents(programme: &Programme, space: SpaceId, plan: &Plan) -> Result<Vec<ContentId>, Error> {
    let mut by_key = HashMap::new();
    let mut after = None;
    loop {
        let page = Page { after, limit: AT_ONCE };
        let found = programme.contents(space, &ContentFilter::default(), page).await?;
        let Some(last) = found.last() else { break };
        after = Some(last.id);
        by_key.extend(found.into_iter().filter_map(|one| Some((one.external_id?, one.id))));
    }
    let mut ids = Vec::with_capacity(plan.contents.len());
    let mut work = programme.work().await?;
    for content in &plan.contents {
        let id = by_key.get(&content.key).copied().ok_or(Refused::NotFound { what: "content", field: None })?;
        let fields = ContentFields {
            summary: content.summary.clone().into(),
            image_url: content.image_url.clone().into(),
            audience: content.audience.clone().into(),
            captions: content.captions.clone().into(),
            closed_at: Field::given(content.closed_at_ms.map(format_instant)),
            tracks_conversions: (content.kind == ContentKind::Job).into(),
            ..ContentFields::default()
        };
        work.update_content(space, id, &fields).await?;
        ids.push(id);
    }
    work.commit().await?;
    Ok(ids)
}

/// All brands' colours, because a filling that goes on finds pictures of other spaces due as well.
async fn paint(programme: &Programme) -> Result<(), Error> {
    let painting = programme.clone().with_web(Arc::new(Painter::of(&stories())));
    while painting.fetch_due_picture().await? {}
    Ok(())
}

/// Tells of applications as an applicant system does, and lets the rule decide whom to credit.
async fn referrals(
    into: &Installation<'_>,
    space: SpaceId,
    plan: &Plan,
    codes: &Codes,
    people: &[AdvocateId],
    contents: &[ContentId],
) -> Result<(), Error> {
    let log = ClickLog::new(watch::channel(Some(into.place.warehouse.clone())).1);
    let now_ms = into.programme.now_ms();
    let mut told = Vec::new();
    for referral in &plan.applications {
        let share = &plan.shares[referral.share];
        let code = codes.get(&(share.person, share.content, share.channel.clone()));
        let code = code.map(ToString::to_string).unwrap_or_default();
        let mut messages = Vec::new();
        for (stage, at_ms) in &referral.stages {
            // Later stages name the application alone, as an applicant system does.
            if matches!(stage, Stage::Started | Stage::Applied) {
                let whose = (contents[share.content], people[share.person]);
                messages.push(message(referral, *stage, *at_ms, &code, whose, now_ms)?);
            }
        }
        let mut answers = Vec::new();
        for message in &messages {
            let questions = into.programme.referral_questions(space, message).await?;
            answers.push(log.answer(space, &questions).await?);
        }
        told.push((referral, messages, answers));
    }
    let mut work = into.programme.work().await?;
    for (referral, messages, answers) in told {
        let mut application = None;
        for (message, answers) in messages.iter().zip(&answers) {
            application = Some(work.record_referral(space, message, answers).await?.application.id);
        }
        let Some(application) = application else { continue };
        for (stage, at_ms) in referral.stages.iter().skip(messages.len()) {
            let fields =
                StageFields { stage: stage.as_str().to_owned().into(), occurred_at: format_instant(*at_ms).into() };
            work.record_referral(space, &fields.message(application, now_ms)?, &[]).await?;
        }
    }
    Ok(work.commit().await?)
}

fn message(
    referral: &Referral,
    stage: Stage,
    at_ms: i64,
    code: &str,
    (content, advocate): (ContentId, AdvocateId),
    now_ms: i64,
) -> Result<Message, Refused> {
    let (stage, occurred_at) = (stage.as_str().to_owned(), format_instant(at_ms));
    let external_id = referral.key.clone();
    if referral.declared {
        let fields = ApplicationFields {
            content_id: content.to_string().into(),
            advocate_id: advocate.to_string().into(),
            stage: stage.into(),
            external_id: external_id.into(),
            occurred_at: occurred_at.into(),
            ..ApplicationFields::default()
        };
        return fields.message(now_ms);
    }
    let fields = ConversionFields {
        code: code.to_owned().into(),
        stage: stage.into(),
        external_id: external_id.into(),
        occurred_at: occurred_at.into(),
        ..ConversionFields::default()
    };
    fields.message(now_ms)
}
