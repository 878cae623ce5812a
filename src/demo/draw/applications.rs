//! What comes of clicks on jobs: applications, their stages over weeks, and a job that is filled.

use std::collections::HashSet;

use jiff::civil::Weekday;

use super::calendar::{Calendar, DAY_MS};
use super::chance::Chance;
use super::{Click, Proposal, Referral, Share};
use crate::demo::story::{Story, Temper};
use crate::model::{Answer, Class, ContentKind, Stage};

/// Part of the forms that are opened and never handed in.
const NEVER_HANDED_IN: f64 = 0.18;
/// Part of those who apply that come back to it on another day.
const THINKS_IT_OVER: f64 = 0.3;
/// Part of the applications that nobody clicked for: an advocate said so.
const DECLARED: f64 = 0.12;
/// Days from the contract to the end of the trial period, in the mean.
const PROBATION_DAYS: f64 = 85.0;

pub(super) fn draw(
    story: &Story,
    calendar: &Calendar,
    contents: &mut [Proposal],
    shares: &[Share],
    clicks: &mut [Click],
) -> Vec<Referral> {
    let mut chance = Chance::of(&story.slug, "applications");
    let mut thought = Chance::of(&story.slug, "applications of another day");
    let mut order: Vec<usize> = (0..clicks.len()).collect();
    order.retain(|index| contents[shares[clicks[*index].share].content].kind == ContentKind::Job);
    order.sort_by_key(|index| clicks[*index].at_ms);
    let mut referrals = Vec::new();
    let mut declared = HashSet::new();
    for index in order {
        let click = &mut clicks[index];
        let share = &shares[click.share];
        let job = &mut contents[share.content];
        if job.closed_at_ms.is_some_and(|closed_at_ms| closed_at_ms <= click.at_ms) {
            click.answer = Answer::Fallback;
            continue;
        }
        let counts = click.class == Class::Human && click.answer == Answer::Content;
        if !counts || !chance.happens(story.temper.applies) {
            continue;
        }
        let days = if thought.happens(THINKS_IT_OVER) { thought.between(1.0, 25.0) } else { 0.0 };
        let at_ms = click.at_ms + (days * DAY_MS) as i64 + chance.between(4.0, 70.0) as i64 * 60_000;
        if job.closed_at_ms.is_some_and(|closed_at_ms| closed_at_ms <= at_ms) {
            continue;
        }
        let mut stages = stages(&story.temper, calendar, at_ms, &mut chance);
        stages.retain(|(_, at_ms)| *at_ms < calendar.until_ms);
        if stages.is_empty() {
            continue;
        }
        if let Some((_, hired_at_ms)) = stages.iter().find(|(stage, _)| *stage == Stage::Hired) {
            job.closed_at_ms = Some(job.closed_at_ms.map_or(*hired_at_ms, |closed| closed.min(*hired_at_ms)));
        }
        // One declared referral a person and job: a second one would be the same message.
        let declared = chance.happens(DECLARED) && declared.insert((share.person, share.content));
        referrals.push(Referral { key: String::new(), share: click.share, declared, stages });
    }
    referrals.sort_by_key(|referral| referral.stages.first().map(|(_, at_ms)| *at_ms));
    for (number, referral) in referrals.iter_mut().enumerate() {
        referral.key = format!("ATS-{}", 40_317 + 7 * number);
    }
    referrals
}

/// The way of an application, as far as it goes.
fn stages(temper: &Temper, calendar: &Calendar, started_ms: i64, chance: &mut Chance) -> Vec<(Stage, i64)> {
    let mut stages = vec![(Stage::Started, started_ms)];
    if chance.happens(NEVER_HANDED_IN) {
        return stages;
    }
    let applied_ms = started_ms + chance.between(6.0, 40.0) as i64 * 60_000;
    stages.push((Stage::Applied, applied_ms));
    // Recruiters work in the day, and not on Sundays.
    let on_a_day_after = |at_ms: i64, days: f64, chance: &mut Chance| {
        let date = calendar.date_of(at_ms + (days.max(1.0) * DAY_MS) as i64);
        let is_sunday = date.weekday() == Weekday::Sunday;
        calendar.at_work(calendar.number(date) + i32::from(is_sunday), chance)
    };
    // Those who end well pass every stage; the others fall at one of them.
    let way = [(Stage::Screened, 0.12), (Stage::Interview, 0.4), (Stage::Offer, 0.8), (Stage::Hired, 1.0)];
    let falls_at =
        if chance.happens(temper.hired) { way.len() } else { chance.pick(&[5.0, 4.0, 3.0, 0.6]).unwrap_or(0) };
    let mut last_ms = applied_ms;
    for (stage, part) in way.into_iter().take(falls_at) {
        let planned_ms = applied_ms + (temper.hire_days * part * chance.between(0.7, 1.3) * DAY_MS) as i64;
        last_ms = on_a_day_after(last_ms, (planned_ms - last_ms) as f64 / DAY_MS, chance);
        stages.push((stage, last_ms));
    }
    if falls_at < way.len() {
        let end = if chance.happens(0.75) { Stage::Rejected } else { Stage::Withdrawn };
        let days = chance.between(2.0, 12.0);
        stages.push((end, on_a_day_after(last_ms, days, chance)));
    } else {
        let days = PROBATION_DAYS * chance.between(0.9, 1.1);
        stages.push((Stage::ProbationPassed, on_a_day_after(last_ms, days, chance)));
    }
    stages
}
