//! Shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::model::{Entity, Link, Share};
use crate::programme::shares::{CLOCK_TOLERANCE_MS, SAME_SHARE_MS};
use crate::programme::times::format_instant;

struct Case {
    fixture: Fixture,
    now: Arc<AtomicI64>,
    link: Link,
}

impl Case {
    async fn new() -> Self {
        let now = Arc::new(AtomicI64::new(NOW_MS));
        let clock = clock({
            let now = Arc::clone(&now);
            move || now.load(Ordering::SeqCst)
        });
        let fixture = Fixture::with_clock(clock).await;
        let (content, advocate) = (fixture.content().await, fixture.advocate().await);
        let fields = LinkFields {
            content_id: text(&content.to_string()),
            advocate_id: text(&advocate.to_string()),
            channel: text("x"),
            ..LinkFields::default()
        };
        let mut work = fixture.programme.work().await.expect("work");
        let issued = work.issue_link(fixture.space.id, fields, None).await.expect("a link");
        work.commit().await.expect("a commit");
        Self { fixture, now, link: issued.shown.link }
    }

    fn fields(&self) -> ShareFields {
        ShareFields { link_id: text(&self.link.id.to_string()), source: text("copy"), shared_at: Field::Absent }
    }

    fn at(&self, at_ms: i64) -> ShareFields {
        ShareFields { shared_at: text(&format_instant(at_ms)), ..self.fields() }
    }

    async fn note(&self, fields: ShareFields) -> Result<(Share, bool), Error> {
        note(&self.fixture.programme, self.fixture.space.id, fields).await
    }
}

async fn note(programme: &Programme, space: SpaceId, fields: ShareFields) -> Result<(Share, bool), Error> {
    let mut work = programme.work().await?;
    let noted = work.note_share(space, &fields, None).await?;
    work.commit().await?;
    Ok(noted)
}

#[tokio::test]
async fn a_share_carries_what_its_link_says_and_the_feed_is_told() {
    let case = Case::new().await;
    let (share, new) = case.note(case.fields()).await.expect("a share");
    assert!(new);
    assert_eq!((share.link, share.content, share.advocate), (case.link.id, case.link.content, case.link.advocate));
    assert_eq!((share.channel.as_str(), share.source.as_str(), share.shared_at_ms), ("x", "copy", NOW_MS));
    let told = case.fixture.store.changes_since(0, 100).await.expect("changes");
    assert_eq!(told.last().map(|change| &change.entity), Some(&Entity::Share(share.clone())));
    let filter = ShareFilter { advocate: Some(share.advocate), ..ShareFilter::default() };
    let page = Page { after: None, limit: 10 };
    let listed = case.fixture.programme.shares(case.fixture.space.id, &filter, page).await.expect("reads");
    assert_eq!(listed, std::slice::from_ref(&share));
    let standing = case.fixture.programme.standing(case.fixture.space.id, share.advocate).await.expect("reads");
    assert_eq!((standing.links, standing.shares), (1, 1));
}

#[tokio::test]
async fn a_link_shared_again_within_ten_minutes_is_one_share() {
    let case = Case::new().await;
    let (first, _) = case.note(case.fields()).await.expect("a share");
    case.now.fetch_add(SAME_SHARE_MS - 1, Ordering::SeqCst);
    let (again, new) = case.note(ShareFields { source: text("declared"), ..case.fields() }).await.expect("a share");
    assert_eq!((again, new), (first.clone(), false));
    case.now.fetch_add(1, Ordering::SeqCst);
    let (later, new) = case.note(case.fields()).await.expect("a share");
    assert!(new && later.id != first.id);
    // Somebody who says so afterwards is heard in the same way.
    case.now.fetch_add(SAME_SHARE_MS * 10, Ordering::SeqCst);
    assert_eq!(case.note(case.at(NOW_MS + SAME_SHARE_MS / 2)).await.expect("a share"), (first, false));
    assert!(case.note(case.at(NOW_MS + SAME_SHARE_MS * 3)).await.expect("a share").1);
}

#[tokio::test]
async fn a_share_is_not_of_tomorrow_and_may_be_told_of_the_time_before_its_link_came_here() {
    let case = Case::new().await;
    let error = case.note(case.at(NOW_MS + CLOCK_TOLERANCE_MS + 1)).await.expect_err("refused");
    assert_eq!(problems(&error), [("shared_at", "invalid")]);
    let earlier = NOW_MS - 2 * SAME_SHARE_MS;
    let (share, is_new) = case.note(case.at(earlier)).await.expect("another system shared it");
    assert_eq!((share.shared_at_ms, is_new), (earlier, true));
    let (ahead, _) = case.note(case.at(NOW_MS + CLOCK_TOLERANCE_MS)).await.expect("a clock that is ahead");
    assert_eq!(ahead.shared_at_ms, NOW_MS);
    for (fields, expected) in [
        (ShareFields::default(), vec![("link_id", "required"), ("source", "required")]),
        (ShareFields { source: text("import"), ..case.fields() }, vec![("source", "invalid")]),
        (ShareFields { link_id: text("lnk_0000000000009"), ..case.fields() }, vec![("link_id", "link")]),
    ] {
        assert_eq!(problems(&case.note(fields).await.expect_err("refused")), expected);
    }
}

#[tokio::test]
async fn who_has_left_shares_no_more_and_may_come_back() {
    let case = Case::new().await;
    let leaves = async |on: Field<String>| {
        let fields = AdvocateFields { left_on: on, ..AdvocateFields::default() };
        let mut work = case.fixture.programme.work().await.expect("work");
        work.update_advocate(case.fixture.space.id, case.link.advocate, &fields).await.expect("an advocate");
        work.commit().await.expect("a commit");
    };
    leaves(text("2026-03-01")).await;
    assert_eq!(problems(&case.note(case.fields()).await.expect_err("refused")), [("link_id", "advocate_left")]);
    leaves(Field::Null).await;
    assert!(case.note(case.fields()).await.expect("a share").1);
}

#[tokio::test]
async fn another_persons_link_is_not_found() {
    let case = Case::new().await;
    let eve = case.fixture.advocate().await;
    let mut work = case.fixture.programme.work().await.expect("work");
    let error = work.note_share(case.fixture.space.id, &case.fields(), Some(eve)).await.expect_err("refused");
    assert_eq!(problems(&error), [("link_id", "link")]);
    let own = work.note_share(case.fixture.space.id, &case.fields(), Some(case.link.advocate)).await;
    assert!(own.expect("a share").1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_twenty_who_share_at_once_have_shared_once() {
    let case = Case::new().await;
    // Half of them over connections of their own, as another process would have.
    let elsewhere = case.fixture.home.open(Clock::from_fn(|| NOW_MS)).await;
    let elsewhere = Programme::new(elsewhere, "https://relais.test").expect("a base URL");
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let programme = if n % 2 == 0 { case.fixture.programme.clone() } else { elsewhere.clone() };
            let (space, fields) = (case.fixture.space.id, case.fields());
            tokio::spawn(async move { note(&programme, space, fields).await })
        })
        .collect();
    let (mut ids, mut new) = (std::collections::HashSet::new(), 0);
    for task in tasks {
        let (share, created) = task.await.expect("the task ends").expect("a share");
        ids.insert(share.id);
        new += u32::from(created);
    }
    assert_eq!((ids.len(), new), (1, 1));
}
