//! When feeds are visited, and what is remembered of it.

use super::*;

fn entries(drafts: Vec<Draft>, etag: &str) -> FeedEntries {
    FeedEntries {
        title: Some("News".to_owned()),
        found_at: None,
        drafts,
        whole: true,
        etag: Some(etag.to_owned()),
        last_modified: Some("yesterday".to_owned()),
    }
}

async fn standing(desk: &Desk) -> ContentFeed {
    desk.programme.feed(desk.space, desk.feed).await.expect("the feed").feed
}

#[tokio::test]
async fn a_feed_is_due_at_once_and_then_at_its_interval_more_or_less() {
    let desk = Desk::new(news()).await;
    desk.web.answers(entries(vec![draft("a")], "v1"));
    assert!(desk.programme.visit_due_feed().await.expect("a visit"));
    assert!(!desk.programme.visit_due_feed().await.expect("nothing due"));
    let feed = standing(&desk).await;
    assert_eq!((feed.visits.status, feed.visits.found, feed.visits.failures), (FeedStatus::Read, 1, 0));
    assert_eq!(feed.visits.title.as_deref(), Some("News"));
    assert_eq!((feed.visits.fetched_at_ms, feed.visits.succeeded_at_ms), (Some(NOW_MS), Some(NOW_MS)));
    let wait = feed.visits.next_at_ms - NOW_MS;
    assert!((54 * MINUTE_MS..=66 * MINUTE_MS).contains(&wait), "{wait}");
    desk.pass(wait);
    desk.web.feeds.lock().push_back(Ok(FeedAnswer::Unchanged));
    assert!(desk.programme.visit_due_feed().await.expect("a visit"));
    assert_eq!(standing(&desk).await.visits.status, FeedStatus::Unchanged);
    let asked = desk.web.asked.lock().clone();
    assert_eq!((asked[0].etag.as_deref(), asked[0].last_modified.as_deref()), (None, None));
    assert_eq!((asked[1].etag.as_deref(), asked[1].last_modified.as_deref()), (Some("v1"), Some("yesterday")));
}

#[tokio::test]
async fn failures_are_shown_and_make_visits_rarer() {
    let desk = Desk::new(news()).await;
    let mut waits = Vec::new();
    for _ in 0..12 {
        let feed = desk.visit().await.feed;
        assert_eq!(
            (feed.visits.status, feed.visits.error.as_deref()),
            (FeedStatus::Failing, Some("the site does not answer"))
        );
        assert_eq!(feed.visits.succeeded_at_ms, None);
        waits.push((feed.visits.next_at_ms - NOW_MS) / MINUTE_MS);
    }
    assert!((108..=132).contains(&waits[0]) && (216..=264).contains(&waits[1]), "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= 24 * 66), "{waits:?}");
    let feed = desk.visit_finding(vec![]).await.feed;
    assert_eq!((feed.visits.status, feed.visits.error, feed.visits.failures), (FeedStatus::Read, None, 0));
    assert!(feed.visits.next_at_ms - NOW_MS <= 66 * MINUTE_MS);
}

#[tokio::test]
async fn another_address_is_visited_at_once_and_without_what_was_known() {
    let desk = Desk::new(news()).await;
    desk.web.answers(entries(vec![draft("a")], "v1"));
    desk.visit().await;
    let change = async |fields: FeedFields| {
        let mut work = desk.programme.work().await.expect("work");
        work.update_feed(desk.space, desk.feed, &fields).await.expect("changed");
        work.commit().await.expect("a commit");
        standing(&desk).await.visits
    };
    let visits = change(FeedFields { publish: text("automatic"), ..FeedFields::default() }).await;
    assert_eq!(visits.etag.as_deref(), Some("v1"));
    let visits = change(FeedFields { interval_minutes: Field::Value(5), ..FeedFields::default() }).await;
    assert_eq!(visits.next_at_ms, NOW_MS + 5 * MINUTE_MS);
    let visits = change(FeedFields { paused: Field::Value(true), ..FeedFields::default() }).await;
    desk.pass(10 * MINUTE_MS);
    assert!(visits.next_at_ms < desk.programme.now_ms());
    assert!(!desk.programme.visit_due_feed().await.expect("paused"));
    change(FeedFields { paused: Field::Value(false), ..FeedFields::default() }).await;
    let visits = change(feed_at("https://news.example/new")).await;
    assert_eq!((visits.etag, visits.status), (None, FeedStatus::New));
    desk.web.says(vec![]);
    assert!(desk.programme.visit_due_feed().await.expect("a visit"));
    assert_eq!(desk.web.asked.lock().last().expect("asked").url, "https://news.example/new");
    assert_eq!(desk.items().await.len(), 1, "what was found before is remembered");
}

#[tokio::test]
async fn one_visitor_at_a_time_and_the_last_one_counts() {
    let desk = Desk::new(news()).await;
    desk.web.says(vec![draft("a")]);
    let (one, two) = tokio::join!(desk.programme.visit_due_feed(), desk.programme.visit_due_feed());
    assert!(one.expect("a visit") != two.expect("a visit"));
    assert_eq!(desk.web.asked.lock().len(), 1);
}

#[tokio::test]
async fn many_new_entries_come_in_several_visits() {
    let desk = Desk::new(automatic(news())).await;
    let drafts: Vec<Draft> = (0..250).map(|n| draft(&format!("{n:03}"))).collect();
    desk.web.answers(entries(drafts.clone(), "v1"));
    let shown = desk.visit().await;
    assert_eq!(shown.counts, [(ItemState::Published, 200)].into());
    assert_eq!((shown.feed.visits.found, shown.feed.visits.etag), (250, None), "or the rest would never be seen");
    desk.web.answers(entries(drafts, "v1"));
    let shown = desk.visit().await;
    assert_eq!(shown.counts, [(ItemState::Published, 250)].into());
    assert_eq!(shown.feed.visits.etag.as_deref(), Some("v1"));
}

#[tokio::test]
async fn what_became_nothing_is_forgotten_half_a_year_after_it_was_last_seen() {
    let desk = Desk::new(news()).await;
    desk.visit_finding(vec![draft("a"), draft("b"), draft("c")]).await;
    let items = desk.items().await;
    let mut work = desk.programme.work().await.expect("work");
    work.reject_proposal(desk.space, items[0].id).await.expect("rejected");
    work.reject_proposal(desk.space, items[1].id).await.expect("rejected");
    work.commit().await.expect("a commit");
    desk.pass(181 * 86_400_000);
    desk.visit_finding(vec![draft("b")]).await;
    use ItemState as S;
    assert_eq!(desk.states().await, [("b".to_owned(), S::Rejected), ("c".to_owned(), S::Proposed)]);
}

#[tokio::test]
async fn two_nodes_share_the_visits_and_double_none() {
    let desk = Desk::new(news()).await;
    let mut work = desk.programme.work().await.expect("work");
    for n in 0..9 {
        work.create_feed(desk.space, &feed_at(&format!("https://{n}.example/feed"))).await.expect("a feed");
    }
    work.commit().await.expect("a commit");
    for _ in 0..10 {
        desk.web.says(vec![draft("a")]);
    }
    let elsewhere = desk.fixture.home.open(Clock::from_fn(|| NOW_MS)).await;
    let other = Programme::new(elsewhere, "https://relais.test").expect("a base URL");
    let other = other.with_web(Arc::clone(&desk.web) as Arc<dyn Web>);
    let visits = async |programme: &Programme| {
        let mut visits = 0;
        while programme.visit_due_feed().await.expect("a visit or none") {
            visits += 1;
        }
        visits
    };
    // A node that another one overtook looks again at its next turn.
    let (one, two) = tokio::join!(visits(&desk.programme), visits(&other));
    let rest = visits(&desk.programme).await;
    assert_eq!(one + two + rest, 10);
    let mut asked: Vec<String> = desk.web.asked.lock().iter().map(|asked| asked.url.clone()).collect();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!((asked.len(), desk.web.asked.lock().len()), (10, 10));
}
