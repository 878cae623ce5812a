//! What becomes of an entry.

use super::*;
use crate::model::CampaignId;
use crate::programme::contents::Audience;

#[tokio::test]
async fn an_entry_waits_for_a_decision_and_is_proposed_once() {
    let desk = Desk::new(news()).await;
    let shown = desk.visit_finding(vec![draft("a"), draft("b")]).await;
    assert_eq!(shown.counts, [(ItemState::Proposed, 2)].into());
    let corrected = Draft { title: "Corrected".to_owned(), ..draft("a") };
    let shown = desk.visit_finding(vec![corrected, draft("b")]).await;
    assert_eq!(shown.counts, [(ItemState::Proposed, 2)].into());
    let items = desk.items().await;
    assert_eq!((items[0].draft.title.as_str(), items[1].draft.title.as_str()), ("Corrected", "Title of b"));
}

#[tokio::test]
async fn accepting_makes_the_content_with_what_was_changed() {
    let audience = Audience { teams: vec!["Ovens".to_owned()], ..Audience::default() };
    let desk = Desk::new(FeedFields { audience: Field::Value(audience), ..news() }).await;
    let picture = Some("https://news.example/a.png".to_owned());
    desk.visit_finding(vec![Draft { image_url: picture, ..draft("a") }, draft("b")]).await;
    let items = desk.items().await;
    let mut work = desk.programme.work().await.expect("work");
    let given = ContentFields { title: text("Better"), summary: Field::Null, ..ContentFields::default() };
    let (item, content) = work.accept_proposal(desk.space, items[0].id, given).await.expect("accepted");
    work.commit().await.expect("a commit");
    assert_eq!((item.state, item.content), (ItemState::Accepted, content.id));
    assert_eq!((content.title.as_str(), content.summary.as_deref()), ("Better", None));
    assert_eq!(content.url, "https://news.example/a");
    assert_eq!(content.image_url.as_deref(), Some("https://news.example/a.png"));
    assert_eq!(content.published_at_ms, Some(NOW_MS));
    assert_eq!(content.audience["teams"], serde_json::json!(["Ovens"]));
    assert_eq!(content.campaign, CampaignId::NONE);
    assert_eq!(desk.content(&item).await, content);

    let mut work = desk.programme.work().await.expect("work");
    let draft_only = ContentFields { published_at: Field::Null, ..ContentFields::default() };
    let (_, unpublished) = work.accept_proposal(desk.space, items[1].id, draft_only).await.expect("accepted");
    assert_eq!(unpublished.published_at_ms, None);
}

#[tokio::test]
async fn a_decision_is_taken_once_but_a_rejection_can_be_taken_back() {
    let desk = Desk::new(news()).await;
    desk.visit_finding(vec![draft("a")]).await;
    let id = desk.items().await[0].id;
    let mut work = desk.programme.work().await.expect("work");
    assert_eq!(work.reject_proposal(desk.space, id).await.expect("rejected").state, ItemState::Rejected);
    assert_eq!(work.reject_proposal(desk.space, id).await.expect("the same").state, ItemState::Rejected);
    work.commit().await.expect("a commit");
    // It stays rejected when the feed says it again, with a new title too.
    let again = Draft { title: "Please".to_owned(), ..draft("a") };
    let shown = desk.visit_finding(vec![again]).await;
    assert_eq!(shown.counts, [(ItemState::Rejected, 1)].into());

    let mut work = desk.programme.work().await.expect("work");
    work.accept_proposal(desk.space, id, ContentFields::default()).await.expect("accepted");
    let twice = work.accept_proposal(desk.space, id, ContentFields::default()).await.expect_err("decided");
    assert_eq!(problems(&twice), [("", "already_a_content")]);
    let late = work.reject_proposal(desk.space, id).await.expect_err("decided");
    assert_eq!(problems(&late), [("", "already_a_content")]);
}

#[tokio::test]
async fn accepting_checks_what_creating_checks() {
    let desk = Desk::new(news()).await;
    desk.visit_finding(vec![draft("a")]).await;
    let id = desk.items().await[0].id;
    desk.fixture.content_with(content("https://news.example/taken")).await;
    for (url, code) in [("javascript:alert(1)", "invalid_url"), ("https://www.news.example/taken/", "content_exists")] {
        let mut work = desk.programme.work().await.expect("work");
        let given = ContentFields { url: text(url), ..ContentFields::default() };
        let error = work.accept_proposal(desk.space, id, given).await.expect_err("refused");
        assert_eq!(problems(&error), [("url", code)]);
    }
    assert_eq!(desk.states().await, [("a".to_owned(), ItemState::Proposed)]);
}

#[tokio::test]
async fn automatic_entries_are_published_at_their_date_if_it_is_near() {
    let desk = Desk::new(automatic(news())).await;
    let dated = |key: &str, at_ms| Draft { published_at_ms: at_ms, ..draft(key) };
    let (recent, old, ahead) = (NOW_MS - 86_400_000, NOW_MS - 400 * 86_400_000, NOW_MS + 1);
    let drafts = vec![dated("a", Some(recent)), dated("b", Some(old)), dated("c", Some(ahead)), dated("d", None)];
    let shown = desk.visit_finding(drafts).await;
    assert_eq!(shown.counts, [(ItemState::Published, 4)].into());
    let mut dates = Vec::new();
    for item in desk.items().await {
        dates.push(desk.content(&item).await.published_at_ms.expect("published"));
    }
    assert_eq!(dates, [recent, NOW_MS, NOW_MS, NOW_MS]);
}

#[tokio::test]
async fn what_the_space_has_already_is_not_proposed() {
    let desk = Desk::new(automatic(news())).await;
    let by_address = desk.fixture.content_with(content("http://www.news.example/a/")).await;
    let keyed = ContentFields { external_id: text("j-1"), ..content("https://elsewhere.example/") };
    let by_key = desk.fixture.content_with(keyed).await;
    let tracked = Draft { url: "https://news.example/a?utm_source=rss#top".to_owned(), ..draft("a") };
    let referenced = Draft { reference: Some("j-1".to_owned()), ..draft("b") };
    let twin = Draft { url: "https://news.example/c?utm_medium=feed".to_owned(), ..draft("d") };
    desk.visit_finding(vec![tracked, referenced, draft("c"), twin]).await;
    let items = desk.items().await;
    let states: Vec<_> = items.iter().map(|item| item.state).collect();
    use ItemState as S;
    assert_eq!(states, [S::Known, S::Known, S::Published, S::Known]);
    assert_eq!((items[0].content, items[1].content, items[3].content), (by_address, by_key, items[2].content));

    // Another feed of the space says the same, and its own.
    let mut work = desk.programme.work().await.expect("work");
    let second = work.create_feed(desk.space, &feed_at("https://other.example/feed")).await.expect("a feed").id;
    work.commit().await.expect("a commit");
    desk.web.says(vec![Draft { key: "other key".to_owned(), ..draft("c") }, draft("e")]);
    let shown = desk.programme.visit_feed(desk.space, second).await.expect("a visit");
    assert_eq!(shown.counts, [(S::Proposed, 1), (S::Known, 1)].into());

    // What another feed proposed before can be accepted here, once.
    let mut work = desk.programme.work().await.expect("work");
    let third = work.create_feed(desk.space, &feed_at("https://third.example/feed")).await.expect("a feed").id;
    work.commit().await.expect("a commit");
    desk.web.says(vec![draft("e")]);
    desk.programme.visit_feed(desk.space, third).await.expect("a visit");
    let filter = ItemFilter { feed: Some(third), ..ItemFilter::default() };
    let page = Page { after: None, limit: 1 };
    let twin = desk.programme.feed_items(desk.space, &filter, page).await.expect("items").remove(0);
    assert_eq!((twin.state, twin.content.is_none()), (S::Known, true));
    let mut work = desk.programme.work().await.expect("work");
    work.accept_proposal(desk.space, twin.id, ContentFields::default()).await.expect("accepted");
    let filter = ItemFilter { feed: Some(second), state: Some(S::Proposed), ..ItemFilter::default() };
    work.commit().await.expect("a commit");
    let first = desk.programme.feed_items(desk.space, &filter, page).await.expect("items").remove(0);
    let mut work = desk.programme.work().await.expect("work");
    let error = work.accept_proposal(desk.space, first.id, ContentFields::default()).await.expect_err("refused");
    assert_eq!(problems(&error), [("url", "content_exists")]);
}

#[tokio::test]
async fn what_may_not_be_shared_is_refused_and_what_cannot_be_published_is_proposed() {
    let desk = Desk::new(automatic(news())).await;
    let domains =
        SpaceFields { destination_domains: Field::Value(vec!["news.example".to_owned()]), ..SpaceFields::default() };
    desk.fixture.programme.create_or_update_space("acme", &domains).await.expect("the space");
    let elsewhere = Draft { url: "https://evil.example/".to_owned(), ..draft("a") };
    let looping = Draft { url: "https://go.acme.test/x".to_owned(), ..draft("b") };
    let over = Draft { expires_at_ms: Some(NOW_MS), ..draft("c") };
    let long = Draft { title: "x".repeat(301), ..draft("d") };
    let picture = Draft { image_url: Some("javascript:alert(1)".to_owned()), ..draft("e") };
    desk.visit_finding(vec![elsewhere, looping, over, long, picture]).await;
    use ItemState as S;
    let states: Vec<_> = desk.states().await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [S::Refused, S::Refused, S::Refused, S::Proposed, S::Published]);
    let items = desk.items().await;
    assert_eq!(desk.content(&items[4]).await.image_url, None);
    let mut work = desk.programme.work().await.expect("work");
    let error = work.accept_proposal(desk.space, items[0].id, ContentFields::default()).await.expect_err("refused");
    assert_eq!(problems(&error), [("", "not_shareable")]);
}
