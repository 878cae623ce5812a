//! The views against the golden bundles and against the oracle, on a real engine.

use super::cells::withheld;
use super::golden::{self, BUNDLES, Golden};
use super::random::Chance;
use super::scene::{Scene, advocate, space};
use super::teams::{teams, with_invited};
use super::tests::difference;
use super::*;
use crate::kpi::answer::Question;
use crate::kpi::audience::Audience;
use crate::kpi::error::KpiError;
use crate::model::programme::PrivacyMode;

/// Cases of the property test, unless `RELAIS_KPI_CASES` says otherwise.
const CASES: u64 = 200;
/// Questions that one bundle is asked.
const QUESTIONS: u64 = 10;
/// Spaces that are rolled up in one go.
const AT_ONCE: u64 = 20;

#[tokio::test]
async fn the_views_give_what_the_golden_bundles_expect() {
    let Some(folder) = golden::folder() else { return };
    let mut scene = Scene::new().await;
    let bundles: Vec<Golden> = BUNDLES.iter().map(|name| Golden::read(&folder.join(name))).collect();
    for (number, golden) in (0..).zip(&bundles) {
        scene.put(space(number), &golden.bundle, PrivacyMode::Standard).await;
    }
    scene.roll_up().await;
    for (number, golden) in (0..).zip(&bundles) {
        for (period, by, expected) in &golden.cases {
            let mut question = Question::every(*period, *by).with_alternatives();
            // The bundles have no rates.
            question.kpis.retain(|kpi| kpi.name != "earned_media_value");
            let found = scene.figures(space(number), &question, Audience::Operator).await;
            let difference = difference(expected, &found);
            assert!(
                difference.is_empty(),
                "{} {period} by {by:?}:\n{}",
                BUNDLES[number as usize],
                difference.join("\n")
            );
        }
    }
}

#[tokio::test]
async fn the_views_give_what_the_oracle_computes_from_random_bundles() {
    let cases = std::env::var("RELAIS_KPI_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let seed =
        std::env::var("RELAIS_KPI_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u32>);
    let mut asked = 0;
    while asked < cases {
        let mut scene = Scene::new().await;
        let first = u64::from(seed) + asked;
        // Bundles have eight people at most: groups of nobody, small ones and large ones.
        let minimum = 1 + (first % 3) as u16;
        scene.warehouse.set_minimum_cell(minimum).await.expect("written");
        let mut bundles = Vec::new();
        for number in 0..AT_ONCE.min((cases - asked).div_ceil(QUESTIONS)) {
            let mut chance = Chance::new(first + number);
            let bundle = chance.bundle();
            scene.put(space(number), &bundle, PrivacyMode::Standard).await;
            bundles.push((chance, bundle));
        }
        scene.roll_up().await;
        for (number, (mut chance, bundle)) in (0..).zip(bundles) {
            for _ in 0..QUESTIONS {
                let (period, by) = chance.question();
                let possible: Vec<&Kpi> = KPIS.iter().filter(|kpi| by.is_none_or(|by| kpi.splits.has(by))).collect();
                let kpi: &'static Kpi = possible[(asked as usize) % possible.len()];
                asked += 1;
                let question = Question::one(kpi, period, by).expect("it is possible");
                let found = scene.figures(space(number), &question, Audience::Operator).await;
                let mut expected = Figures::new();
                of(&bundle, kpi, period, by, &mut expected);
                let difference = difference(&expected, &found);
                assert!(
                    difference.is_empty(),
                    "RELAIS_KPI_SEED={seed}, bundle of seed {}, {} over {period} by {by:?}:\n{}\n{bundle:#?}",
                    first + number,
                    kpi.id(),
                    difference.join("\n")
                );
                let Some(by) = by.filter(|by| by.is_people()) else { continue };
                let found = scene.figures(space(number), &question, Audience::Aggregates).await;
                let kept = without(expected, kpi, &withheld(&bundle, period, by, minimum));
                let difference = tests::difference(&kept, &found);
                assert!(
                    difference.is_empty(),
                    "RELAIS_KPI_SEED={seed}, bundle of seed {}, {} over {period} by {by:?}, groups of {minimum}:\n{}\n{bundle:#?}",
                    first + number,
                    kpi.id(),
                    difference.join("\n")
                );
            }
        }
    }
}

/// Figures with one row without numbers in the place of all that a withheld group has.
fn without(mut figures: Figures, kpi: &Kpi, withheld: &BTreeSet<Key>) -> Figures {
    figures.retain(|(_, key, _), _| key.as_ref().is_none_or(|key| !withheld.contains(key)));
    figures.extend(withheld.iter().map(|key| ((kpi.id(), Some(key.clone()), None), Numbers::UNKNOWN)));
    figures
}

#[tokio::test]
async fn security_20_a_group_in_which_nobody_is_registered_is_withheld_too() {
    let (mut scene, bundle) = (Scene::new().await, with_invited());
    scene.put(space(0), &bundle, PrivacyMode::Standard).await;
    scene.roll_up().await;
    let week = Period::parse("2026-03-02", "2026-03-08").expect("a period");
    let small = withheld(&bundle, week, Dimension::Team, 5);
    let everything = Question::every(week, Some(Dimension::Team)).with_alternatives();
    let all = scene.figures(space(0), &everything, Audience::Operator).await;
    let team = |name: &str| Some(Some(name.to_owned()));
    for kpi in ["clicks", "shares", "applications"] {
        assert_eq!(all[&(kpi.to_owned(), team("E"), None)], Numbers::count(1.0), "{kpi}");
    }
    for kpi in &everything.kpis {
        let question = Question::one(kpi, week, Some(Dimension::Team)).expect("possible");
        let found = scene.figures(space(0), &question, Audience::Aggregates).await;
        let of_it = all.iter().filter(|((name, ..), _)| *name == kpi.id()).map(|(key, one)| (key.clone(), *one));
        let difference = difference(&without(of_it.collect(), kpi, &small), &found);
        assert!(difference.is_empty(), "{}:\n{}", kpi.id(), difference.join("\n"));
    }
    scene.warehouse.set_minimum_cell(1).await.expect("written");
    assert_eq!(scene.figures(space(0), &everything, Audience::Aggregates).await, all);
}

#[tokio::test]
async fn security_20_groups_below_the_minimum_cell_are_withheld_and_none_is_found_by_subtraction() {
    let (mut scene, bundle) = (Scene::new().await, teams());
    let (standard, strict) = (space(0), space(1));
    scene.put(standard, &bundle, PrivacyMode::Standard).await;
    scene.put(strict, &bundle, PrivacyMode::Strict).await;
    scene.roll_up().await;
    let week = Period::parse("2026-03-02", "2026-03-08").expect("a period");
    let clicks = Kpi::find("clicks").expect("a KPI");
    let by_team = Question::one(clicks, week, Some(Dimension::Team)).expect("possible");
    let seen = async |space, audience| {
        let answer = scene.kpis.answer(&space, &by_team, audience).await.expect("an answer");
        let shown = |figure: &crate::kpi::answer::Figure| {
            format!("{} {:?}", figure.key().unwrap_or("none"), figure.value.map(|value| value as u64))
        };
        answer.figures.iter().map(shown).collect::<Vec<_>>()
    };
    let all = ["A Some(6)", "B Some(5)", "C Some(1)", "D Some(1)"];
    assert_eq!(seen(standard, Audience::Operator).await, all);
    assert_eq!(seen(standard, Audience::Named).await, all);
    // C and D are small; together they are two people, so B goes with them.
    let kept = ["A Some(6)", "B None", "C None", "D None"];
    assert_eq!(seen(standard, Audience::Aggregates).await, kept);
    // In works-council mode nobody's right goes further, but for the command line.
    assert_eq!(seen(strict, Audience::Named).await, kept);
    assert_eq!(seen(strict, Audience::Operator).await, all);

    let by_person = Question::one(clicks, week, Some(Dimension::Advocate)).expect("possible");
    let ask = async |space, audience| {
        scene.kpis.answer(&space, &by_person, audience).await.map(|answer| answer.figures.len())
    };
    assert_eq!(ask(standard, Audience::Named).await, Ok(13));
    assert_eq!(ask(standard, Audience::Aggregates).await, Err(KpiError::Named));
    assert_eq!(ask(strict, Audience::Named).await, Err(KpiError::Named));

    scene.warehouse.set_minimum_cell(1).await.expect("written");
    assert_eq!(seen(standard, Audience::Aggregates).await, all);
}

#[tokio::test]
async fn an_advocate_sees_what_comes_of_its_own_shares_and_nothing_else() {
    let (mut scene, bundle) = (Scene::new().await, teams());
    scene.put(space(0), &bundle, PrivacyMode::Strict).await;
    scene.roll_up().await;
    let week = Period::parse("2026-03-02", "2026-03-08").expect("a period");
    let own = Audience::Own(advocate(space(0), 3));
    for by in [None, Some(Dimension::Week), Some(Dimension::Channel)] {
        let found = scene.figures(space(0), &Question::own(week, by), own).await;
        let ones: Vec<&str> =
            found.iter().filter(|(_, numbers)| numbers.numerator == Some(1.0)).map(|((name, ..), _)| &**name).collect();
        let mut expected = vec!["clicks", "clicks_by_class", "clicks_per_content", "clicks_per_share"];
        expected.extend((by != Some(Dimension::Channel)).then_some("channel_mix"));
        expected.extend(["contents_shared", "landed_share_rate", "shares", "shares_per_active_sharer"]);
        expected.sort_unstable();
        assert_eq!(ones, expected, "{by:?}");
    }
    let everybody = Question::every(week, None);
    let refused = scene.kpis.answer(&space(0), &everybody, own).await.map(drop);
    assert!(matches!(refused, Err(KpiError::NotOwn { .. })), "{refused:?}");
    let by_team = Question::one(Kpi::find("clicks").expect("a KPI"), week, Some(Dimension::Team)).expect("possible");
    assert!(scene.kpis.answer(&space(0), &by_team, own).await.is_err());
}

#[tokio::test]
async fn a_split_that_makes_no_sense_is_refused_and_the_possible_ones_are_named() {
    let week = Period::parse("2026-03-02", "2026-03-08").expect("a period");
    let kpi = Kpi::find("active_sharer_ratio").expect("a KPI");
    let error = Question::one(kpi, week, Some(Dimension::Country)).expect_err("refused");
    let text = error.to_string();
    assert!(text.contains("cannot be split by country") && text.contains("team, location"), "{text}");
    assert_eq!(Question::every(week, Some(Dimension::Country)).kpis.len(), 3);
}

#[tokio::test]
async fn a_space_that_nobody_knows_has_no_figures_and_without_clickhouse_there_are_none() {
    let scene = Scene::new().await;
    let week = Period::parse("2026-03-02", "2026-03-08").expect("a period");
    let question = Question::every(week, None);
    let nobody = scene.kpis.answer(&space(7), &question, Audience::Operator).await;
    assert_eq!(nobody.map(drop), Err(KpiError::NoSpace));
    let nowhere = crate::kpi::Kpis::new(tokio::sync::watch::channel(None).1, scene.store.clone());
    assert_eq!(nowhere.answer(&space(7), &question, Audience::Operator).await.map(drop), Err(KpiError::Away));
}

#[test]
fn the_views_have_the_units_and_definitions_of_the_registry() {
    let sql = include_str!("../../../schema/clickhouse/0005_kpi_views.sql");
    for kpi in KPIS {
        for prefix in ["figure", "kpi"] {
            let begin = format!("CREATE OR REPLACE VIEW {} SQL", kpi.view(prefix));
            let view = sql.split(&begin).nth(1).unwrap_or_else(|| panic!("{begin} is missing"));
            let view = view.split("CREATE OR REPLACE").next().unwrap_or_default();
            let words = format!("'{}' AS unit, '{}' AS definition", kpi.unit, kpi.definition());
            let unnamed = format!("'{}', '{}'", kpi.unit, kpi.definition());
            assert!(view.contains(&words) || view.contains(&unnamed), "{}", kpi.view(prefix));
        }
    }
}
