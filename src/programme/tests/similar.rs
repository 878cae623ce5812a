//! Where people go when a job is over.

use super::*;
use crate::model::{Content, Entity};
use crate::programme::contents::Audience;
use crate::programme::times::format_instant;

const HOUR: i64 = 3_600_000;

/// A job that was published `hours` ago (or will be, when negative).
fn job(hours: i64, audience: Audience) -> ContentFields {
    ContentFields {
        kind: text("job"),
        published_at: text(&format_instant(NOW_MS - hours * HOUR)),
        audience: Field::Value(audience),
        ..content("https://example.com/job")
    }
}

fn for_team(team: &str) -> Audience {
    Audience { teams: vec![team.to_owned()], ..Audience::default() }
}

async fn opted_in() -> Fixture {
    let fixture = Fixture::new().await;
    switch(&fixture, true).await;
    fixture
}

async fn switch(fixture: &Fixture, on: bool) {
    let fields = SpaceFields { similar_jobs: Field::Value(on), ..SpaceFields::default() };
    fixture.programme.create_or_update_space("acme", &fields).await.expect("the space");
}

async fn change(fixture: &Fixture, id: ContentId, fields: ContentFields) {
    let mut work = fixture.programme.work().await.expect("work");
    work.update_content(fixture.space.id, id, &fields).await.expect("a content");
    work.commit().await.expect("a commit");
}

async fn close(fixture: &Fixture, id: ContentId) {
    let closed = ContentFields { closed_at: text("2026-03-02T09:00:00Z"), ..ContentFields::default() };
    change(fixture, id, closed).await;
}

async fn similar(fixture: &Fixture, id: ContentId) -> Vec<ContentId> {
    fixture.programme.content(fixture.space.id, id).await.expect("reads").similar
}

#[tokio::test]
async fn a_closed_job_carries_the_newest_open_jobs_of_its_team() {
    let fixture = opted_in().await;
    let over = fixture.content_with(job(9, for_team("Ovens"))).await;
    let mut others = Vec::new();
    for hours in [1, 4, 3, 2] {
        others.push(fixture.content_with(job(hours, for_team("Ovens"))).await);
    }
    fixture.content_with(job(0, for_team("Sales"))).await;
    fixture.content_with(job(0, Audience::default())).await;
    fixture.content_with(ContentFields { kind: text("video"), ..job(0, for_team("Ovens")) }).await;
    fixture.content_with(ContentFields { published_at: Field::Null, ..job(0, for_team("Ovens")) }).await;
    assert_eq!(similar(&fixture, over).await, [], "an open job sends nobody on");

    let before = fixture.store.latest_seq().await.expect("reads");
    close(&fixture, over).await;
    assert_eq!(similar(&fixture, over).await, [others[0], others[3], others[2]]);
    let told = fixture.store.changes_since(before, 10).await.expect("changes");
    let Some(Entity::Content(Content { id, similar: carried, .. })) = told.last().map(|change| &change.entity) else {
        panic!("{told:?}")
    };
    assert_eq!((*id, carried.len()), (over, 3), "the change carries them");

    close(&fixture, others[0]).await;
    assert_eq!(similar(&fixture, over).await, [others[3], others[2], others[1]]);
    let newer = fixture.content_with(job(0, for_team("Ovens"))).await;
    assert_eq!(similar(&fixture, over).await, [newer, others[3], others[2]]);
}

#[tokio::test]
async fn what_will_be_published_or_will_end_is_carried_in_time() {
    let fixture = opted_in().await;
    let expires = ContentFields { expires_at: text("2026-04-01T00:00:00Z"), ..job(9, Audience::default()) };
    let ending = fixture.content_with(expires).await;
    let mut planned = Vec::new();
    for hours in [-1, -3, -2] {
        planned.push(fixture.content_with(job(hours, Audience::default())).await);
    }
    let open = fixture.content_with(job(1, Audience::default())).await;
    assert_eq!(similar(&fixture, ending).await, [planned[2], planned[0], open], "the two that come next");
}

#[tokio::test]
async fn locations_and_skills_must_agree_where_both_name_some_and_a_team_goes_by_name_or_id() {
    let fixture = opted_in().await;
    let mut work = fixture.programme.work().await.expect("work");
    let ovens = TeamFields { name: text("Ovens"), ..TeamFields::default() };
    let team = work.create_team(fixture.space.id, &ovens).await.expect("a team").team.id.to_string();
    work.commit().await.expect("a commit");
    let at = |team: &str, location: &str, skill: &str| {
        let list = |entry: &str| Some(entry.to_owned()).filter(|entry| !entry.is_empty()).into_iter().collect();
        Audience { locations: list(location), skills: list(skill), ..for_team(team) }
    };
    let over = fixture.content_with(job(9, at("Ovens", "Lyon", "bread"))).await;
    let anywhere = fixture.content_with(job(1, at(&team, "", ""))).await;
    let fits = fixture.content_with(job(2, at(&team, "lyon", "Bread"))).await;
    fixture.content_with(job(3, at("Ovens", "Paris", "bread"))).await;
    fixture.content_with(job(4, at("Ovens", "Lyon", "cakes"))).await;
    close(&fixture, over).await;
    assert_eq!(similar(&fixture, over).await, [anywhere, fits]);
}

#[tokio::test]
async fn a_space_that_ceases_to_send_people_on_carries_nothing() {
    let fixture = Fixture::new().await;
    let over = fixture.content_with(job(9, Audience::default())).await;
    let open = fixture.content_with(job(1, Audience::default())).await;
    close(&fixture, over).await;
    assert_eq!(similar(&fixture, over).await, [], "nobody asked for it");
    switch(&fixture, true).await;
    assert_eq!(similar(&fixture, over).await, [open]);
    let article = ContentFields { kind: text("article"), ..ContentFields::default() };
    change(&fixture, open, article).await;
    assert_eq!(similar(&fixture, over).await, []);
    change(&fixture, open, ContentFields { kind: text("job"), ..ContentFields::default() }).await;
    assert_eq!(similar(&fixture, over).await, [open]);
    switch(&fixture, false).await;
    assert_eq!(similar(&fixture, over).await, []);
}

#[tokio::test]
async fn jobs_that_were_written_by_other_means_are_looked_at_when_somebody_says_so() {
    let fixture = opted_in().await;
    let over = fixture.content_with(job(9, Audience::default())).await;
    close(&fixture, over).await;
    let written = Content {
        id: ContentId::from_bits(77),
        closed_at_ms: None,
        ..fixture.programme.content(fixture.space.id, over).await.expect("reads")
    };
    let mut writing = fixture.store.write().await.expect("a transaction");
    writing.put_content(&written).await.expect("a content");
    writing.commit().await.expect("a commit");
    assert_eq!(similar(&fixture, over).await, []);
    let mut work = fixture.programme.work().await.expect("work");
    work.jobs_changed(fixture.space.id);
    work.commit().await.expect("a commit");
    assert_eq!(similar(&fixture, over).await, [written.id]);
}
