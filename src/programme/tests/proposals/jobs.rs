//! Jobs that are not offered any more.

use super::*;

fn jobs() -> FeedFields {
    FeedFields {
        kind: text("jobs_xml"),
        close_missing: Field::Value(true),
        ..automatic(feed_at("https://jobs.example/"))
    }
}

fn job(key: &str) -> Draft {
    Draft { reference: Some(key.to_owned()), url: format!("https://jobs.example/{key}"), ..draft(key) }
}

async fn closed_at(desk: &Desk, key: &str) -> Option<i64> {
    let items = desk.items().await;
    let item = items.iter().find(|item| item.draft.key == key).expect("the item");
    desk.content(item).await.closed_at_ms
}

#[tokio::test]
async fn a_job_that_is_missing_twice_is_closed_and_opens_again_when_it_returns() {
    let desk = Desk::new(jobs()).await;
    desk.visit_finding(vec![job("j-1"), job("j-2")]).await;
    assert_eq!(desk.content(&desk.items().await[0]).await.external_id.as_deref(), Some("j-1"));
    desk.visit_finding(vec![job("j-2")]).await;
    assert_eq!(closed_at(&desk, "j-1").await, None, "once may be an accident");
    desk.pass(MINUTE_MS);
    desk.visit_finding(vec![job("j-2")]).await;
    assert_eq!(closed_at(&desk, "j-1").await, Some(NOW_MS + MINUTE_MS));
    assert_eq!(closed_at(&desk, "j-2").await, None);
    desk.visit_finding(vec![job("j-1"), job("j-2")]).await;
    assert_eq!(closed_at(&desk, "j-1").await, None);
    // And the counting begins anew.
    desk.visit_finding(vec![job("j-2")]).await;
    assert_eq!(closed_at(&desk, "j-1").await, None);
    desk.visit_finding(vec![]).await;
    assert!(closed_at(&desk, "j-1").await.is_some());
}

#[tokio::test]
async fn only_an_answer_that_was_read_whole_can_miss_a_job() {
    let desk = Desk::new(jobs()).await;
    desk.visit_finding(vec![job("j-1")]).await;
    for answer in [
        Err(away()),
        Ok(FeedAnswer::Unchanged),
        Err(away()),
        Ok(FeedAnswer::Entries(FeedEntries { whole: false, ..FeedEntries::default() })),
        Ok(FeedAnswer::Entries(FeedEntries { whole: false, ..FeedEntries::default() })),
    ] {
        desk.web.feeds.lock().push_back(answer);
        desk.visit().await;
    }
    assert_eq!(closed_at(&desk, "j-1").await, None);
}

#[tokio::test]
async fn what_somebody_closed_stays_closed_and_a_missing_proposal_is_withdrawn() {
    let desk = Desk::new(FeedFields { publish: text("review"), ..jobs() }).await;
    desk.visit_finding(vec![job("j-1"), job("j-2")]).await;
    let items = desk.items().await;
    let mut work = desk.programme.work().await.expect("work");
    work.accept_proposal(desk.space, items[0].id, ContentFields::default()).await.expect("accepted");
    work.commit().await.expect("a commit");
    let closing = ContentFields { closed_at: text("2026-03-01T00:00:00Z"), ..ContentFields::default() };
    let content = desk.items().await[0].content;
    let mut work = desk.programme.work().await.expect("work");
    work.update_content(desk.space, content, &closing).await.expect("closed");
    work.commit().await.expect("a commit");
    let by_hand = closed_at(&desk, "j-1").await;
    for drafts in [vec![], vec![], vec![job("j-1")]] {
        desk.visit_finding(drafts).await;
    }
    assert_eq!(closed_at(&desk, "j-1").await, by_hand);
    assert_eq!(desk.states().await, [("j-1".to_owned(), ItemState::Accepted)]);
}

#[tokio::test]
async fn a_feed_that_was_not_told_to_closes_nothing() {
    let desk = Desk::new(FeedFields { close_missing: Field::Absent, ..jobs() }).await;
    desk.visit_finding(vec![job("j-1")]).await;
    for _ in 0..3 {
        desk.visit_finding(vec![]).await;
    }
    assert_eq!(closed_at(&desk, "j-1").await, None);
}
