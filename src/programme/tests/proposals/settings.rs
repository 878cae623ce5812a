//! Setting feeds up.

use super::*;

#[tokio::test]
async fn what_a_feed_is_set_to_is_checked() {
    let desk = Desk::new(news()).await;
    let refused = async |fields: FeedFields| {
        let mut work = desk.programme.work().await.expect("work");
        let error = work.create_feed(desk.space, &fields).await.expect_err("refused");
        problems(&error).into_iter().map(|(field, code)| format!("{field} {code}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(refused(FeedFields::default()).await, "url required");
    let wrong = FeedFields {
        kind: text("gopher"),
        content_kind: text("poem"),
        publish: text("never"),
        campaign_id: text("summer"),
        interval_minutes: Field::Value(1),
        close_missing: Field::Value(true),
        ..feed_at("file:///etc/passwd")
    };
    let expected = "url invalid_url, kind invalid, content_kind invalid, publish invalid, campaign_id invalid, \
                    interval_minutes invalid, close_missing invalid";
    assert_eq!(refused(wrong).await, expected);
    assert_eq!(refused(news()).await, "url feed_exists");
    let unknown = FeedFields { campaign_id: text("cmp_0000000000009"), ..feed_at("https://other.example/") };
    assert_eq!(refused(unknown).await, "campaign_id campaign");
}

#[tokio::test]
async fn what_nobody_says_follows_from_the_kind_of_feed() {
    let desk = Desk::new(news()).await;
    let mut work = desk.programme.work().await.expect("work");
    for (kind, expected) in [("youtube", "video"), ("jobs_xml", "job"), ("job_posting", "job"), ("rss", "article")] {
        let fields = FeedFields { kind: text(kind), ..feed_at(&format!("https://a.example/{kind}")) };
        let feed = work.create_feed(desk.space, &fields).await.expect("a feed");
        assert_eq!(feed.content_kind.as_str(), expected);
        assert_eq!((feed.publish.as_str(), feed.interval_minutes, feed.close_missing), ("review", 60, false));
    }
}

#[tokio::test]
async fn a_feed_of_another_space_does_not_exist() {
    let desk = Desk::new(news()).await;
    desk.visit_finding(vec![draft("a")]).await;
    let item = desk.items().await.remove(0);
    let other = desk.fixture.other_space().await;
    assert!(matches!(desk.programme.feed(other, desk.feed).await, Err(Error::NotFound { .. })));
    assert!(matches!(desk.programme.visit_feed(other, desk.feed).await, Err(Error::NotFound { .. })));
    assert!(matches!(desk.programme.feed_item(other, item.id).await, Err(Error::NotFound { .. })));
    let filter = ItemFilter { feed: Some(desk.feed), ..ItemFilter::default() };
    let page = Page { after: None, limit: 10 };
    assert!(matches!(desk.programme.feed_items(other, &filter, page).await, Err(Error::NotFound { .. })));
    assert!(desk.programme.feeds(other, None, Page { after: None, limit: 10 }).await.expect("feeds").is_empty());
    let mut work = desk.programme.work().await.expect("work");
    assert!(work.update_feed(other, desk.feed, &news()).await.is_err());
    assert!(work.remove_feed(other, desk.feed).await.is_err());
    assert!(work.accept_proposal(other, item.id, ContentFields::default()).await.is_err());
    assert!(work.reject_proposal(other, item.id).await.is_err());
}

#[tokio::test]
async fn a_feed_goes_with_its_proposals_and_leaves_its_contents() {
    let desk = Desk::new(automatic(news())).await;
    desk.visit_finding(vec![draft("a")]).await;
    let item = desk.items().await.remove(0);
    let mut work = desk.programme.work().await.expect("work");
    work.remove_feed(desk.space, desk.feed).await.expect("removed");
    work.commit().await.expect("a commit");
    assert!(matches!(desk.programme.feed(desk.space, desk.feed).await, Err(Error::NotFound { .. })));
    assert!(matches!(desk.programme.feed_item(desk.space, item.id).await, Err(Error::NotFound { .. })));
    desk.content(&item).await;
}
