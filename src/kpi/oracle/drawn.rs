//! What is drawn beside the KPIs, on a real engine; and that what is asked of the cheaper views is what the withholding
//! ones answer.

use super::bundle::{Application, Bundle, Person};
use super::cells::{withheld, withheld_in};
use super::random::Chance;
use super::scene::{Scene, space};
use super::teams::teams;
use super::*;
use crate::kpi::answer::Question;
use crate::kpi::audience::Audience;
use crate::kpi::error::KpiError;
use crate::kpi::{HourRow, StageRow};
use crate::model::programme::PrivacyMode;
use crate::warehouse::{FigureRow, Select};

const DAY_MS: i64 = 86_400_000;

fn week() -> Period {
    Period::parse("2026-03-02", "2026-03-08").expect("a period")
}

#[tokio::test]
async fn hours_are_local_and_stages_count_who_went_on() {
    let mut bundle = teams();
    let at_ms = bundle.clicks[0].at_ms;
    let application = |stages: &[(&str, i64)]| Application {
        person: Some(0),
        content: Some(0),
        channel: Some("linkedin".to_owned()),
        reached: stages.iter().map(|(stage, days)| ((*stage).to_owned(), at_ms + days * DAY_MS)).collect(),
    };
    bundle.applications = vec![
        application(&[("applied", 0), ("interview", 2), ("hired", 3)]),
        application(&[("applied", 1), ("rejected", 2)]),
        application(&[("applied", 30)]),
        Application { person: None, ..application(&[("applied", 0)]) },
    ];
    let mut scene = Scene::new().await;
    scene.put(space(0), &bundle, PrivacyMode::Strict).await;
    scene.roll_up().await;
    // 2026-03-03 is a Tuesday; the clicks are just after midnight in Paris, which is 23:00 of Monday in UTC.
    let hours = scene.kpis.hours(space(0), week()).await.expect("hours");
    assert_eq!(hours, [HourRow { hour: 24, clicks: 13 }]);
    let stages = scene.kpis.stages(space(0), week()).await.expect("stages");
    let stage = |stage: &str, reached, went_on, ended, days_median| StageRow {
        stage: stage.to_owned(),
        reached,
        went_on,
        ended,
        days_median,
    };
    let expected =
        [stage("applied", 2, 1, 1, Some(2.0)), stage("interview", 1, 1, 0, Some(1.0)), stage("hired", 1, 0, 0, None)];
    assert_eq!(stages, expected);
    assert_eq!(scene.kpis.hours(space(1), week()).await, Ok(Vec::new()), "another space's");
    let nowhere = crate::kpi::Kpis::new(tokio::sync::watch::channel(None).1, scene.store.clone());
    assert_eq!(nowhere.stages(space(0), week()).await, Err(KpiError::Away));
}

/// A reader of aggregates is answered by the views without withholding where nobody can be too few; the views that
/// withhold must say the same there.
#[tokio::test]
async fn security_20_only_splits_by_people_have_anything_to_withhold() {
    let mut scene = Scene::new().await;
    scene.put(space(0), &teams(), PrivacyMode::Standard).await;
    scene.roll_up().await;
    let without = |by: &Dimension| !by.is_people() && *by != Dimension::Advocate;
    // A day of each way to split; every KPI once, in turn.
    let splits: Vec<Option<Dimension>> =
        [None].into_iter().chain(Dimension::ALL.iter().copied().filter(without).map(Some)).collect();
    for (at, kpi) in KPIS.iter().enumerate() {
        let possible = |by: &&Option<Dimension>| by.is_none_or(|by| kpi.splits.has(by));
        let possible: Vec<_> = splits.iter().filter(possible).copied().collect();
        for by in [possible[0], possible[1 + at % (possible.len() - 1)]] {
            let mut select = Select::new(
                format!(
                    "SELECT {} FROM {}(space = {{space:String}}, `from` = {{from:Date}}, `to` = {{to:Date}}, \
                     `by` = {{by:String}}) ORDER BY key ASC NULLS LAST, detail",
                    FigureRow::COLUMNS,
                    kpi.view("kpi")
                ),
                std::time::Duration::from_secs(20),
            );
            select.bind("space", space(0).to_string()).bind("by", by.map_or("", Dimension::as_str).to_owned());
            select.bind("from", week().from().to_string()).bind("to", week().to().to_string());
            let withholding: Vec<FigureRow> = scene.warehouse.select(&select).await.expect("rows");
            let question = Question::one(kpi, week(), by).expect("possible");
            let figures = scene.kpis.figures(&space(0), &question).await.expect("figures");
            let answer = scene.kpis.answer(&space(0), &question, Audience::Aggregates).await.expect("an answer");
            assert_eq!(answer.figures, figures, "{} by {by:?}", kpi.id());
            let row = |figure: &crate::kpi::Figure| {
                (
                    figure.key().map(str::to_owned),
                    figure.detail.clone(),
                    figure.numerator,
                    figure.value,
                    figure.withheld,
                )
            };
            let seen: Vec<_> = figures.iter().map(row).collect();
            let expected: Vec<_> = withholding
                .into_iter()
                .map(|row| (row.key, row.detail, row.numerator, row.value, row.withheld))
                .collect();
            assert_eq!(seen, expected, "{} by {by:?}", kpi.id());
        }
    }
}

/// First day of the bucket, group, and two numbers; none of them where the group is too small in the bucket.
type Points = BTreeMap<(String, Key), Option<(f64, f64)>>;

/// What a view of series says, without what is 0.
async fn points(
    scene: &Scene,
    number: u64,
    view: &str,
    columns: [&str; 2],
    asked: (Period, &str, Dimension),
) -> Points {
    let (period, by, every) = asked;
    let [one, other] = columns.map(|column| format!("CAST({column}, 'Nullable(Float64)')"));
    let none = "CAST(NULL, 'Nullable(Float64)')";
    let mut select = Select::new(
        format!(
            "SELECT CAST(nullIf(ifNull(key, ''), ''), 'Nullable(String)') AS key, toNullable(toString(starts_on)) AS name, \
             CAST(NULL, 'Nullable(String)') AS detail, {one} AS numerator, {other} AS denominator, {none} AS value, \
             {none} AS low, {none} AS high, CAST(numerator IS NULL, 'Bool') AS withheld \
             FROM {view}(space = {{space:String}}, `from` = {{from:Date}}, `to` = {{to:Date}}, `by` = {{by:String}}, \
             every = {{every:String}})"
        ),
        std::time::Duration::from_secs(20),
    );
    select.bind("space", space(number).to_string()).bind("by", by.to_owned()).bind("every", every.as_str().to_owned());
    select.bind("from", period.from().to_string()).bind("to", period.to().to_string());
    let rows: Vec<FigureRow> = scene.warehouse.select(&select).await.expect("rows");
    let count = rows.len();
    let point = |row: FigureRow| ((row.name.expect("a day"), row.key), row.numerator.zip(row.denominator));
    let found: Points = rows.into_iter().map(point).collect();
    assert_eq!(found.len(), count, "{view} has a group twice in a bucket");
    found.into_iter().filter(|(_, numbers)| *numbers != Some((0.0, 0.0))).collect()
}

/// The people of a group, of all without a split.
fn of_group<'a>(bundle: &'a Bundle, by: Option<Dimension>, key: &'a Key) -> impl Iterator<Item = &'a Person> {
    let people = bundle.people.iter().enumerate();
    let inside = move |at: usize| by.is_none_or(|by| bundle.key_of_person(by, Some(at)).as_ref() == Some(key));
    people.filter(move |(at, _)| inside(*at)).map(|(_, person)| person)
}

#[tokio::test]
async fn security_20_series_withhold_a_group_in_each_bucket_in_which_it_is_too_small() {
    const MINIMUM: u16 = 2;
    let seed = std::env::var("RELAIS_KPI_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(rand::random::<u32>);
    let mut scene = Scene::new().await;
    scene.warehouse.set_minimum_cell(MINIMUM).await.expect("written");
    let mut bundles = Vec::new();
    for number in 0..10 {
        let mut chance = Chance::new(u64::from(seed) + number);
        let bundle = chance.bundle();
        scene.put(space(number), &bundle, PrivacyMode::Standard).await;
        bundles.push((chance.question().0, bundle));
    }
    scene.roll_up().await;
    let groups = Dimension::ALL.iter().copied().filter(|by| by.is_people());
    let splits: Vec<Option<Dimension>> = groups.map(Some).chain([None]).collect();
    for (number, (period, bundle)) in (0..).zip(&bundles) {
        let by = splits[number as usize % splits.len()];
        let never = by.map_or_else(BTreeSet::new, |by| withheld(bundle, *period, by, MINIMUM));
        let keys = by.map_or_else(|| [None].into(), |by| bundle.keys(by));
        for every in [Dimension::Day, Dimension::Week, Dimension::Month] {
            let (mut counted, mut people) = (Points::new(), Points::new());
            for bucket in period.buckets(every) {
                let mut figures = Figures::new();
                for name in ["clicks", "shares"] {
                    of(bundle, Kpi::find(name).expect("a KPI"), bucket.period, by, &mut figures);
                }
                let figure = |name: &str, key: &Key| {
                    let found = figures.get(&(name.to_owned(), by.map(|_| key.clone()), None));
                    found.and_then(|numbers| numbers.numerator).unwrap_or_default()
                };
                let has_figures = |key: &Key| figure("clicks", key) + figure("shares", key) > 0.0;
                let [idle, busy] = [false, true].map(|looks| {
                    let has_figures = |key: &Key| looks && has_figures(key);
                    by.map_or_else(BTreeSet::new, |by| withheld_in(bundle, bucket.period, by, MINIMUM, has_figures))
                });
                let (last, end_ms) = (bucket.period.to(), bundle.calendar.end_ms(bucket.period));
                for key in keys.difference(&never) {
                    let place = (bucket.period.from().to_string(), key.clone());
                    let numbers = || (figure("clicks", key), figure("shares", key));
                    counted.insert(place.clone(), (!busy.contains(key)).then(numbers));
                    let stays = |person: &&Person| person.left_on.is_none_or(|left| left >= last);
                    let staying = || of_group(bundle, by, key).filter(stays);
                    let invited = staying().filter(|person| person.invited_on.is_some_and(|on| on <= last)).count();
                    let registered =
                        staying().filter(|person| person.registered_ms.is_some_and(|at| at < end_ms)).count();
                    people.insert(place, (!idle.contains(key)).then_some((invited as f64, registered as f64)));
                }
            }
            let told = |points: Points| points.into_iter().filter(|(_, numbers)| *numbers != Some((0.0, 0.0)));
            let asked = (*period, by.map_or("", Dimension::as_str), every);
            let place = format!("RELAIS_KPI_SEED={seed}, bundle {number}, {period} by {by:?}, each {every:?}");
            let found = points(&scene, number, "kpi_people_series", ["invited", "registered"], asked).await;
            assert_eq!(found, told(people).collect::<Points>(), "people, {place}\n{bundle:#?}");
            if by.is_some() {
                let found = points(&scene, number, "kpi_series", ["clicks", "shares"], asked).await;
                assert_eq!(found, told(counted).collect::<Points>(), "{place}\n{bundle:#?}");
            }
        }
    }
}

#[tokio::test]
async fn security_20_a_team_that_grew_does_not_show_the_days_of_its_first_member() {
    let mut bundle = teams();
    bundle.people.truncate(11);
    bundle.shares.truncate(11);
    bundle.clicks.truncate(11);
    let before_ms = bundle.clicks[0].at_ms - 30 * DAY_MS;
    for person in &mut bundle.people[1..6] {
        person.registered_ms = Some(before_ms + 20 * DAY_MS);
    }
    // The team's only member shared in February, and another team's.
    for at in [0, 6] {
        let (share, click) = (bundle.shares[at].clone(), bundle.clicks[at].clone());
        bundle.shares.push(super::bundle::Share { at_ms: before_ms, ..share });
        bundle.clicks.push(super::bundle::Click { at_ms: before_ms + 1, ..click });
    }
    let mut scene = Scene::new().await;
    scene.put(space(0), &bundle, PrivacyMode::Standard).await;
    scene.roll_up().await;
    let period = Period::parse("2026-02-01", "2026-03-31").expect("a period");
    let found = points(&scene, 0, "kpi_series", ["clicks", "shares"], (period, "team", Dimension::Day)).await;
    let at = |day: &str, team: &str| found.get(&(day.to_owned(), Some(team.to_owned()))).copied();
    // With the one of A hidden, B's five are the ones from whom it could be told.
    assert_eq!((at("2026-02-01", "A"), at("2026-02-01", "B")), (Some(None), Some(None)));
    assert_eq!((at("2026-03-03", "A"), at("2026-03-03", "B")), (Some(Some((6.0, 6.0))), Some(Some((5.0, 5.0)))));
}
