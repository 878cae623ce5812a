//! Figures of a drawn story, counted in the plainest way, for the tests that ask whether it tells what it should.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::model::{Answer, Class, ContentKind, Stage};

const DAY_MS: i64 = 86_400_000;

/// Some KPIs of a period, as `kpis.md` defines them, to the day and not to the minute.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) contents_per_weekday: f64,
    pub(super) usage: f64,
    pub(super) adoption: f64,
    pub(super) active_ratio: f64,
    pub(super) clicks_per_share: f64,
    pub(super) clicks_per_content: f64,
    pub(super) landed: f64,
    pub(super) applications: f64,
    pub(super) hires: f64,
    pub(super) job_clicks: f64,
    pub(super) by_class: HashMap<Class, usize>,
}

pub(super) fn of(plan: &Plan, from_ms: i64, end_ms: i64) -> Figures {
    let within = |at_ms: i64| (from_ms..end_ms).contains(&at_ms);
    let count = |number: usize| number as f64;
    let published: Vec<usize> =
        (0..plan.contents.len()).filter(|index| within(plan.contents[*index].published_at_ms)).collect();
    let ever_shared: HashSet<usize> = plan.shares.iter().map(|share| share.content).collect();
    let shared_now: Vec<_> = plan.shares.iter().filter(|share| within(share.at_ms)).collect();
    let weekdays = (end_ms - from_ms) as f64 / DAY_MS as f64 * 5.0 / 7.0;
    let invited = plan.people.iter().filter(|one| at(one.invited_on) < end_ms).count();
    let here = |index: &usize| {
        let person = &plan.people[*index];
        person.registered_at_ms.is_some_and(|came| came < end_ms)
            && person.left_on.is_none_or(|left_on| at(left_on) >= from_ms)
    };
    let registered: HashSet<usize> = (0..plan.people.len()).filter(here).collect();
    let active: HashSet<usize> =
        shared_now.iter().map(|share| share.person).filter(|person| registered.contains(person)).collect();
    let counts = |click: &&crate::demo::draw::Click| {
        click.class == Class::Human && click.answer == Answer::Content && within(click.at_ms)
    };
    let clicks: Vec<_> = plan.clicks.iter().filter(counts).collect();
    let clicked: HashSet<usize> = clicks.iter().map(|click| click.share).collect();
    let landed = clicked.iter().filter(|index| within(plan.shares[**index].at_ms)).count();
    let contents: HashSet<usize> = shared_now.iter().map(|share| share.content).collect();
    let reached = |wanted: Stage| {
        let stages = plan.applications.iter().flat_map(|one| &one.stages);
        count(stages.filter(|(stage, at_ms)| *stage == wanted && within(*at_ms)).count())
    };
    let mut by_class = HashMap::new();
    for click in plan.clicks.iter().filter(|click| within(click.at_ms)) {
        *by_class.entry(click.class).or_default() += 1;
    }
    let is_job =
        |click: &&&crate::demo::draw::Click| plan.contents[plan.shares[click.share].content].kind == ContentKind::Job;
    Figures {
        contents_per_weekday: count(published.len()) / weekdays,
        usage: count(published.iter().filter(|index| ever_shared.contains(index)).count()) / count(published.len()),
        adoption: count(registered.len()) / count(invited),
        active_ratio: count(active.len()) / count(registered.len()),
        clicks_per_share: count(clicks.len()) / count(shared_now.len()),
        clicks_per_content: count(clicks.len()) / count(contents.len()),
        landed: count(landed) / count(shared_now.len()),
        applications: reached(Stage::Applied),
        hires: reached(Stage::Hired),
        job_clicks: count(clicks.iter().filter(is_job).count()),
        by_class,
    }
}

fn at(date: jiff::civil::Date) -> i64 {
    date.to_zoned(jiff::tz::TimeZone::UTC).expect("a day").timestamp().as_millisecond()
}

/// The last so many days of a story.
pub(super) fn last(plan: &Plan, days: i64) -> Figures {
    of(plan, until_ms() - days * DAY_MS, until_ms())
}
