//! What is drawn beside the KPIs, on a real engine; and that what is asked of the cheaper views is what the withholding
//! ones answer.

use super::bundle::Application;
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
