//! Applications by hand and by lists, and how recruiters find jobs and applications.

use super::*;
use crate::model::{FactSource, Stage};
use crate::programme::referrals::HandFields;
use crate::programme::referrals::board::{BoardFilter, JobFilter, JobState};
use crate::programme::referrals::list::{self, Effect, StageList};

const DAY_MS: i64 = 86_400_000;

fn hand(external_id: &str, stage: &str, at_ms: i64) -> HandFields {
    let occurred_at = text(&times::format_instant(at_ms));
    HandFields { external_id: text(external_id), stage: text(stage), occurred_at, ..HandFields::default() }
}

async fn tell(fixture: &Fixture, fields: &HandFields) -> Result<crate::model::Application, Error> {
    let message = fields.message(NOW_MS)?.through(FactSource::Page);
    let mut work = fixture.programme.work().await?.done_by("adv_teller".to_owned());
    let recorded = work.record_referral(fixture.space.id, &message, &[]).await?;
    work.commit().await?;
    Ok(recorded.application)
}

async fn job(fixture: &Fixture, title: &str, days: Option<i64>) -> ContentId {
    let published_at = Field::given(days.map(|days| times::format_instant(NOW_MS - days * DAY_MS)));
    let url = format!("https://example.com/{}", ids::random_bits());
    fixture.content_with(ContentFields { kind: text("job"), title: text(title), published_at, ..content(&url) }).await
}

fn read(list: &str) -> Result<StageList, Error> {
    list::read(list.as_bytes(), "Europe/Paris", NOW_MS, |word| (word == "Embauche").then_some(Stage::Hired))
}

#[tokio::test]
async fn a_fact_remembers_by_which_door_it_came_and_who_told_it() {
    let fixture = Fixture::new().await;
    let job = job(&fixture, "Welder", Some(1)).await;
    let fields = HandFields { content_id: text(&job.to_string()), ..hand("A-1", "applied", NOW_MS) };
    let application = tell(&fixture, &fields).await.expect("told");
    assert_eq!((application.content, application.reason.as_str()), (job, "no_evidence"));
    let receipt = fixture.programme.receipt(fixture.space.id, application.id).await.expect("a receipt");
    assert_eq!((receipt.facts[0].source, receipt.facts[0].told_by.as_deref()), (FactSource::Page, Some("adv_teller")));
    let nowhere = HandFields { content_id: text("cnt_0000000000009"), ..fields };
    assert!(matches!(tell(&fixture, &nowhere).await, Err(Error::NotFound { field: Some("content_id"), .. })));
}

#[tokio::test]
async fn jobs_are_found_by_state_and_by_part_of_their_title() {
    let fixture = Fixture::new().await;
    let space = fixture.space.id;
    let open = job(&fixture, "Soudeur à Évry 100%", Some(3)).await;
    let newer = job(&fixture, "Tourneur", Some(1)).await;
    let draft = job(&fixture, "Fraiseur", None).await;
    let coming = job(&fixture, "Chaudronnier", Some(-5)).await;
    let over = job(&fixture, "Ajusteur", Some(9)).await;
    let mut work = fixture.programme.work().await.expect("work");
    let closed = ContentFields { closed_at: text("2026-01-01T00:00:00Z"), ..ContentFields::default() };
    work.update_content(space, over, &closed).await.expect("closed");
    work.commit().await.expect("a commit");
    fixture.content().await;
    let find = async |asked: Option<&str>, state| {
        let filter = JobFilter { text: asked.map(str::to_owned), state };
        let page = fixture.programme.search_jobs(space, &filter, 9).await.expect("reads");
        assert_eq!((page.page, page.pages, page.total as usize), (1, 1, page.jobs.len()));
        page.jobs.into_iter().map(|job| job.content.id).collect::<Vec<_>>()
    };
    assert_eq!(find(None, None).await, [draft, coming, newer, open, over]);
    assert_eq!(find(None, Some(JobState::Open)).await, [newer, open]);
    assert_eq!(find(None, Some(JobState::Coming)).await, [draft, coming]);
    assert_eq!(find(None, Some(JobState::Over)).await, [over]);
    assert_eq!(find(Some("evry 100%"), None).await, [open]);
    assert_eq!(find(Some("%"), None).await, [open], "what is typed is no pattern");
    let other = fixture.other_space().await;
    let elsewhere = fixture.programme.search_jobs(other, &JobFilter::default(), 1).await.expect("reads");
    assert!(elsewhere.jobs.is_empty());
}

#[tokio::test]
async fn applications_stand_at_their_stage_what_happened_last_first() {
    let fixture = Fixture::new().await;
    let space = fixture.space.id;
    let job = job(&fixture, "Welder", Some(90)).await;
    for (id, stage, days) in [("A-1", "applied", 50), ("A-2", "applied", 2), ("A-3", "applied", 5), ("A-3", "hired", 1)]
    {
        let fields = HandFields { content_id: text(&job.to_string()), ..hand(id, stage, NOW_MS - days * DAY_MS) };
        tell(&fixture, &fields).await.expect("told");
    }
    tell(&fixture, &hand("B-1", "applied", NOW_MS)).await.expect("told");
    let board = async |filter: BoardFilter| {
        let lanes = fixture.programme.board(space, &filter, 2).await.expect("reads");
        assert_eq!(lanes.len(), Stage::ALL.len());
        let shown = lanes.into_iter().filter(|lane| lane.total > 0).map(|lane| {
            let ids: Vec<_> = lane.applications.into_iter().map(|one| one.external_id).collect();
            (lane.stage, lane.total, ids.join(" "))
        });
        shown.collect::<Vec<_>>()
    };
    let (applied, hired) = (Stage::Applied, (Stage::Hired, 1, "A-3".to_owned()));
    let all = board(BoardFilter::default()).await;
    assert_eq!(all, [(applied, 3, "B-1 A-2".to_owned()), hired.clone()]);
    let of_job = board(BoardFilter { job: Some(job), ..BoardFilter::default() }).await;
    assert_eq!(of_job, [(applied, 2, "A-2 A-1".to_owned()), hired.clone()]);
    let lately = BoardFilter { from_ms: Some(NOW_MS - 3 * DAY_MS), job: Some(job), ..BoardFilter::default() };
    assert_eq!(board(lately).await, [(applied, 1, "A-2".to_owned()), hired]);
    let named = board(BoardFilter { text: Some("a-1".to_owned()), ..BoardFilter::default() }).await;
    assert_eq!(named, [(applied, 1, "A-1".to_owned())]);
    let rest = fixture.programme.lane(space, &BoardFilter::default(), applied, (2, 2)).await.expect("reads");
    assert_eq!((rest.total, rest.applications.len()), (3, 1));
    let stages =
        fixture.programme.search_jobs(space, &JobFilter::default(), 1).await.expect("reads").jobs.remove(0).stages;
    assert_eq!(stages.into_iter().collect::<Vec<_>>(), [(applied, 2), (Stage::Hired, 1)]);
    let other = fixture.other_space().await;
    let elsewhere = fixture.programme.board(other, &BoardFilter::default(), 9).await.expect("reads");
    assert!(elsewhere.iter().all(|lane| lane.total == 0));
}

#[test]
fn a_list_is_read_line_by_line_with_what_is_wrong_where() {
    let list = "\u{feff}Référence\tStatut\tDate\r\n\"A\n1\"\tEmbauche\t2026-03-01\r\n\r\nA-2\tpromoted\tsoon\r\nA-3\thired\t2026-03-01\tmore\r\n";
    let read = read(list).expect("a list");
    assert_eq!(read.lines.len(), 0, "an id has no line break");
    let faults: Vec<_> =
        read.faults.iter().map(|fault| (fault.number, fault.problem.field.as_str(), fault.problem.code)).collect();
    let expect = [
        (2, "external_id", "invalid"),
        (5, "stage", "invalid"),
        (5, "occurred_at", "invalid"),
        (6, "external_id", "cells"),
    ];
    assert_eq!(faults, expect);
    let windows = list::read(b"id;\xe9tape;date\nA-1;hired;2026-03-01T10:00\n", "Europe/Paris", NOW_MS, |_| None);
    let line = windows.expect("a list").lines.remove(0);
    assert_eq!((line.number, line.stage, times::format_instant(line.occurred_at_ms).as_str()), {
        (2, Stage::Hired, "2026-03-01T09:00:00Z")
    });
}

#[tokio::test]
async fn a_list_tells_what_it_would_change_and_counts_its_earlier_lines_as_done() {
    let fixture = Fixture::new().await;
    tell(&fixture, &hand("A-1", "applied", NOW_MS - 3 * DAY_MS)).await.expect("told");
    let list = read(
        "id,stage,date,click\nA-1,applied,2026-03-01,\nA-1,applied,2026-01-01,\nA-1,hired,2026-03-01,\nA-1,hired,2026-03-01,\n\
         A-2,hired,2026-03-01,\nA-3,applied,2026-03-01,0191d6e8-0000-7000-8000-000000000001\nA-3,hired,2026-03-01,\n\
         A-4,applied,2026-03-01,abcdefghj\n",
    );
    let (changes, faults) =
        fixture.programme.look_at_list(fixture.space.id, list.expect("a list")).await.expect("reads");
    let effects: Vec<_> = changes.iter().map(|change| change.effect).collect();
    use Effect::{Added, Foreign, Known, Moved};
    assert_eq!(effects, [Known, Moved, Moved, Known, Foreign, Added, Moved]);
    assert_eq!(changes[0].before, Some(Stage::Applied));
    assert_eq!((faults.len(), faults[0].number, faults[0].problem.code), (1, 9, "not_found"));
}
