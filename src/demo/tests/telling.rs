//! The stories, as they are drawn: each one in its own corner of what the study found.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::figures::{Figures, last, of};
use super::*;
use crate::model::{AdvocateKind, Answer, Class, ContentKind, Stage};

/// The month of the story that began so many days before its end.
fn month(plan: &Plan, days_before: i64) -> Figures {
    let from_ms = until_ms() - days_before * 86_400_000;
    of(plan, from_ms, from_ms + 30 * 86_400_000)
}

#[track_caller]
fn lies(what: &str, value: f64, range: RangeInclusive<f64>) {
    assert!(range.contains(&value), "{what} is {value}, meant to lie in {range:?}");
}

#[test]
fn the_same_instant_gives_the_same_story_and_another_one_another() {
    let story = stories().remove(1);
    let draw = |until_ms| Plan::draw(&story, &common(), until_ms, 0.1);
    assert_eq!(draw(until_ms()), draw(until_ms()));
    assert_ne!(draw(until_ms()), draw(until_ms() + 86_400_000));
}

#[test]
fn a_story_can_be_drawn_on_any_day_and_never_tells_of_the_future() {
    for (number, day) in (0..366).step_by(13).enumerate() {
        let until_ms = until_ms() + day * 86_400_000 + 3_600_000 * (day % 24);
        let story = &stories()[number % 3];
        let plan = Plan::draw(story, &common(), until_ms, 0.12);
        assert!(plan.contents.iter().all(|content| content.published_at_ms < until_ms), "{day}");
        assert!(plan.shares.iter().all(|share| share.at_ms < until_ms), "{day}");
        assert!(plan.clicks.iter().all(|click| click.at_ms < until_ms), "{day}");
        assert!(plan.sign_ins.iter().all(|(_, at_ms)| *at_ms < until_ms), "{day}");
        let stages = plan.applications.iter().flat_map(|one| &one.stages);
        assert!(stages.into_iter().all(|(_, at_ms)| *at_ms < until_ms), "{day}");
        assert!(plan.clicks.len() > 300, "{day}: {} clicks", plan.clicks.len());
    }
}

#[test]
fn nobody_shares_before_coming_after_leaving_or_what_is_not_out_yet() {
    for slug in ["marelle", "orme", "sauge"] {
        let (_, plan) = told(slug);
        for share in &plan.shares {
            let (person, content) = (&plan.people[share.person], &plan.contents[share.content]);
            assert!(person.registered_at_ms.is_some_and(|came| came < share.at_ms), "{slug}: {share:?}");
            assert!(content.published_at_ms <= share.at_ms, "{slug}: {share:?}");
        }
        for click in &plan.clicks {
            let before = plan.shares[click.share].at_ms - click.at_ms;
            let ahead = if click.class == Class::Prefetch { 3_000 } else { 0 };
            assert!(before <= ahead, "{slug}: {click:?}");
        }
    }
}

#[test]
fn the_bank_invites_all_at_once_and_wakes_when_managers_are_trained() {
    let (story, plan) = told("orme");
    let month_30 = last(&plan, 30);
    lies("contents a weekday", last(&plan, 182).contents_per_weekday, 2.4..=3.3);
    lies("usage", last(&plan, 182).usage, 0.62..=0.85);
    lies("adoption", month_30.adoption, 0.35..=0.5);
    lies("active sharers at the beginning", month(&plan, 152).active_ratio, 0.03..=0.15);
    lies("active sharers at the end", month_30.active_ratio, 0.16..=0.28);
    lies("clicks a share", month_30.clicks_per_share, 3.7..=6.5);
    lies("clicks a content", month_30.clicks_per_content, 18.0..=45.0);
    assert!(month(&plan, 152).adoption < 0.6 * month_30.adoption, "adoption has not risen");
    assert_eq!(story.privacy_mode, "strict");
    assert!(plan.clicks.iter().all(|click| click.visitor.is_empty()), "a strict space keeps no visitor");
    let invited: HashSet<_> = plan.people.iter().skip(story.players.len()).map(|person| person.invited_on).collect();
    assert_eq!(invited.len(), 1);
    // Gateways open what is mailed: more of that than in the other spaces together.
    let scanned = |slug| {
        let by_class = last(&told(slug).1, 182).by_class;
        by_class[&Class::Scanner] as f64 / by_class[&Class::Human] as f64
    };
    assert!(scanned("orme") > 4.0 * scanned("marelle").max(scanned("sauge")));
}

#[test]
fn each_wave_of_the_software_firm_starts_keen_and_cools_down() {
    let (_, plan) = told("marelle");
    lies("contents a weekday", last(&plan, 182).contents_per_weekday, 3.0..=4.2);
    lies("usage", last(&plan, 182).usage, 0.78..=0.97);
    lies("active sharers", last(&plan, 30).active_ratio, 0.45..=0.66);
    lies("clicks a share", last(&plan, 182).clicks_per_share, 8.0..=11.0);
    lies("clicks a content", last(&plan, 30).clicks_per_content, 50.0..=87.0);
    lies("adoption", last(&plan, 30).adoption, 0.88..=1.0);
    let mut cohorts: Vec<&str> = plan.people.iter().map(|person| person.cohort.as_str()).collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    assert_eq!(cohorts.len(), 7, "{cohorts:?}");
    // The second wave was trained on day 35.
    let second: HashSet<usize> =
        (0..plan.people.len()).filter(|index| plan.people[*index].cohort == cohorts[2]).collect();
    let active = |from_day: i64| {
        let from_ms = until_ms() - (182 - from_day) * 86_400_000;
        let within = from_ms..from_ms + 21 * 86_400_000;
        let shares = plan.shares.iter().filter(|share| within.contains(&share.at_ms) && second.contains(&share.person));
        shares.map(|share| share.person).collect::<HashSet<_>>().len() as f64 / second.len() as f64
    };
    assert!(active(36) > 0.4, "{}", active(36));
    assert!(active(150) < 0.8 * active(36), "{} after {}", active(150), active(36));
    assert!(plan.people.iter().any(|person| person.kind == AdvocateKind::Partner));
    let launch = plan.campaigns.iter().position(|campaign| campaign.slug.starts_with("marelle-4")).expect("a launch");
    let of_launch: Vec<_> = plan.contents.iter().filter(|content| content.campaign == Some(launch)).collect();
    assert!(of_launch.iter().any(|content| content.kind == ContentKind::Video));
    assert!(plan.campaigns[launch].objective.is_some());
}

#[test]
fn saturdays_and_sales_are_the_year_of_the_retailer() {
    let (_, plan) = told("sauge");
    lies("contents a weekday", last(&plan, 182).contents_per_weekday, 4.6..=6.0);
    lies("usage", last(&plan, 182).usage, 0.75..=0.92);
    lies("active sharers", last(&plan, 30).active_ratio, 0.33..=0.5);
    lies("clicks a share", last(&plan, 182).clicks_per_share, 6.5..=8.5);
    lies("clicks a content", last(&plan, 30).clicks_per_content, 35.0..=60.0);
    let share_of = |wanted: &str| {
        let count = plan.shares.iter().filter(|share| share.channel.as_str() == wanted).count();
        count as f64 / plan.shares.len() as f64
    };
    assert!(share_of("facebook") > 0.35 && share_of("facebook") > share_of("whatsapp"));
    let on = |wanted: i8| {
        let zone = jiff::tz::TimeZone::get("Europe/Paris").expect("a zone");
        let weekday = |share: &&crate::demo::draw::Share| {
            let instant = Timestamp::from_millisecond(share.at_ms).expect("an instant");
            zone.to_datetime(instant).date().weekday().to_monday_one_offset() == wanted
        };
        plan.shares.iter().filter(weekday).count()
    };
    assert!(on(6) > on(1) * 3 / 2, "{} on Saturdays, {} on Mondays", on(6), on(1));
    let kinds: HashSet<AdvocateKind> = plan.people.iter().map(|person| person.kind).collect();
    assert_eq!(kinds, [AdvocateKind::Employee, AdvocateKind::Partner, AdvocateKind::Customer].into());
    assert!(plan.campaigns.iter().any(|campaign| campaign.slug.starts_with("noel")));
}

#[test]
fn every_class_and_every_kind_is_there_and_clicks_fall_off_after_a_share() {
    for slug in ["marelle", "orme", "sauge"] {
        let (_, plan) = told(slug);
        let all = last(&plan, 182);
        for class in Class::ALL {
            assert!(all.by_class.contains_key(class), "{slug} has no {class}");
        }
        for kind in ContentKind::ALL {
            assert!(plan.contents.iter().any(|content| content.kind == *kind), "{slug} has no {kind}");
        }
        lies(&format!("{slug}: landed shares"), all.landed, 0.6..=0.95);
        assert!(plan.clicks.iter().any(|click| click.answer == Answer::Fallback), "{slug}");
        assert!(plan.clicks.iter().any(|click| click.at_ms > until_ms() - 6 * 3_600_000), "{slug}: the last hours");
        let ages = plan.clicks.iter().filter(|click| click.class == Class::Human);
        let hours = ages.map(|click| (click.at_ms - plan.shares[click.share].at_ms) / 3_600_000);
        let (soon, late) = hours.fold((0, 0), |(soon, late), hours| match hours {
            0..24 => (soon + 1, late),
            24..48 => (soon, late + 1),
            _ => (soon, late),
        });
        assert!(soon > 2 * late && late > 0, "{slug}: {soon} in the first day, {late} in the second");
    }
}

#[test]
fn clicks_on_jobs_become_applications_and_some_of_these_hires() {
    for slug in ["marelle", "orme", "sauge"] {
        let (_, plan) = told(slug);
        let all = last(&plan, 182);
        lies(&format!("{slug}: applications"), all.applications, 25.0..=130.0);
        lies(&format!("{slug}: hires"), all.hires, 2.0..=30.0);
        lies(&format!("{slug}: applications a click"), all.applications / all.job_clicks, 0.01..=0.08);
        let ends: HashSet<Stage> =
            plan.applications.iter().filter_map(|one| one.stages.last()).map(|(stage, _)| *stage).collect();
        for stage in [Stage::Started, Stage::Interview, Stage::Hired, Stage::Rejected] {
            assert!(ends.contains(&stage), "{slug}: nobody is {stage}");
        }
        for one in &plan.applications {
            let click = plan.clicks.iter().any(|click| click.share == one.share && click.at_ms < one.stages[0].1);
            assert!(click, "{slug}: {} came before every click", one.key);
        }
        assert!(plan.contents.iter().any(|content| content.closed_at_ms.is_some()), "{slug}: no job is filled");
    }
}

#[test]
fn texts_have_no_blanks_left_and_titles_seldom_stand_twice() {
    for slug in ["marelle", "orme", "sauge"] {
        let (story, plan) = told(slug);
        let titles: HashSet<&String> = plan.contents.iter().map(|content| &content.title).collect();
        assert!(titles.len() * 50 > plan.contents.len() * 49, "{slug}: {} of {}", titles.len(), plan.contents.len());
        for content in &plan.contents {
            let texts = content.captions.iter().map(|caption| &caption.text).chain([&content.title, &content.summary]);
            for text in texts {
                assert!(!text.is_empty() && !text.contains(['{', '}']) && !text.contains("##"), "{slug}: {text:?}");
            }
            let languages: HashSet<_> = content.captions.iter().map(|caption| &caption.language).collect();
            assert_eq!(languages.len(), story.languages.len(), "{slug}: {}", content.title);
            assert!(content.url.starts_with(&format!("https://www.{}/", story.domain)));
        }
        let addresses: HashSet<&String> = plan.people.iter().map(|person| &person.email).collect();
        assert_eq!(addresses.len(), plan.people.len());
        let teams: HashSet<&str> = story.teams.iter().map(|team| team.name.as_str()).collect();
        let known = |names: &[String]| names.iter().all(|name| teams.contains(name.as_str()));
        assert!(story.waves.iter().all(|wave| known(&wave.teams)), "{slug}: a wave of an unknown team");
        assert!(story.subjects.iter().all(|subject| known(&subject.teams)), "{slug}: a subject for an unknown team");
        let networks = common().networks;
        assert!(story.channels.keys().all(|channel| networks.contains_key(channel)), "{slug}: an unknown network");
    }
}
