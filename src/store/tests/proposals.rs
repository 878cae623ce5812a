//! Feeds, their items and pictures.

use super::*;
use crate::model::{
    ContentFeed, Draft, FeedId, FeedItem, FeedItemId, FeedKind, FeedStatus, ItemState, Picture, PictureKey, Publish,
    Visits,
};

/// Feed `n` of the space `n`, every column set.
fn feed(n: u64) -> ContentFeed {
    ContentFeed {
        id: FeedId::from_bits(n),
        space: SpaceId::from_bits(n),
        url: format!("https://{n}.example/feed"),
        kind: FeedKind::JobsXml,
        content_kind: ContentKind::Job,
        campaign: CampaignId::from_bits(n),
        publish: Publish::Automatic,
        audience: json!({"teams": ["Ovens"]}),
        interval_minutes: 15,
        close_missing: true,
        paused: false,
        visits: Visits {
            title: Some("Jobs".to_owned()),
            found_at: Some("https://jobs.example/".to_owned()),
            status: FeedStatus::Failing,
            error: Some("away".to_owned()),
            error_code: Some("unreachable".to_owned()),
            failures: 2,
            found: 7,
            fetched_at_ms: Some(10),
            succeeded_at_ms: Some(9),
            next_at_ms: 20,
            etag: Some("\"1\"".to_owned()),
            last_modified: Some("yesterday".to_owned()),
        },
    }
}

/// Item `id` of feed `n`, which became content `n`.
fn item(n: u64, id: u64) -> FeedItem {
    FeedItem {
        id: FeedItemId::from_bits(id),
        space: SpaceId::from_bits(n),
        feed: FeedId::from_bits(n),
        draft: Draft { key: format!("key {id}"), title: "Baker".to_owned(), ..Draft::default() },
        address: "jobs.example/1".to_owned(),
        state: ItemState::Published,
        content: ContentId::from_bits(n),
        missed: 1,
        closed_at_ms: Some(4),
        first_seen_at_ms: 1,
        seen_at_ms: 2,
        decided_at_ms: Some(3),
    }
}

async fn with_feed(store: &Store, n: u64) -> SpaceId {
    let space = fill(store, n).await;
    let mut writing = store.write().await.expect("a transaction");
    writing.put_content_feed(&feed(n)).await.expect("a feed");
    writing.put_feed_item(&item(n, n)).await.expect("an item");
    writing.commit().await.expect("a commit");
    space
}

#[tokio::test]
async fn feeds_and_items_read_back_as_they_were_written_and_replaced() {
    let (_home, store) = store(Clock::system()).await;
    let space = with_feed(&store, 1).await;
    let mut writing = store.write().await.expect("a transaction");
    assert_eq!(writing.content_feed(space, FeedId::from_bits(1)).await.expect("reads"), Some(feed(1)));
    assert_eq!(writing.feed_item(space, FeedItemId::from_bits(1)).await.expect("reads"), Some(item(1, 1)));
    let changed = ContentFeed {
        campaign: CampaignId::NONE,
        paused: true,
        visits: Visits::none(30),
        kind: FeedKind::Auto,
        ..feed(1)
    };
    writing.put_content_feed(&changed).await.expect("a feed");
    let rejected = FeedItem { state: ItemState::Rejected, content: ContentId::NONE, closed_at_ms: None, ..item(1, 1) };
    writing.put_feed_item(&rejected).await.expect("an item");
    assert_eq!(writing.content_feed(space, changed.id).await.expect("reads"), Some(changed));
    assert_eq!(writing.items_of_feed(space, rejected.feed).await.expect("reads"), [rejected]);
}

#[tokio::test]
async fn the_engine_itself_refuses_what_crosses_a_space_or_stands_twice() {
    let (_home, store) = store(Clock::system()).await;
    with_feed(&store, 1).await;
    with_feed(&store, 2).await;
    let attempts = [
        FeedItem { feed: FeedId::from_bits(1), ..item(2, 9) },
        FeedItem { content: ContentId::from_bits(1), ..item(2, 9) },
        FeedItem { draft: item(1, 1).draft, ..item(1, 9) },
    ];
    for crossing in attempts {
        let mut writing = store.write().await.expect("a transaction");
        assert!(writing.put_feed_item(&crossing).await.is_err(), "{crossing:?}");
    }
    for crossing in [
        ContentFeed { campaign: CampaignId::from_bits(1), ..feed(2) },
        ContentFeed { id: FeedId::from_bits(9), ..feed(1) },
    ] {
        let mut writing = store.write().await.expect("a transaction");
        assert!(writing.put_content_feed(&crossing).await.is_err(), "{crossing:?}");
    }
    let mut reading = store.read().await.expect("a transaction");
    let (one, two) = (SpaceId::from_bits(1), SpaceId::from_bits(2));
    assert_eq!(reading.content_feed(two, FeedId::from_bits(1)).await.expect("reads"), None);
    assert_eq!(reading.feed_item(two, FeedItemId::from_bits(1)).await.expect("reads"), None);
    assert!(reading.items_of_feed(two, FeedId::from_bits(1)).await.expect("reads").is_empty());
    assert!(reading.count_feed_items(two, &[FeedId::from_bits(1)]).await.expect("reads").is_empty());
    let found = reading.feed_item_of_address(one, "jobs.example/1").await.expect("reads");
    assert_eq!(found.map(|item| item.space), Some(one));
}

#[tokio::test]
async fn a_picture_is_due_until_it_is_kept_and_is_kept_once() {
    let (_home, store) = store(Clock::from_fn(|| 1000)).await;
    let space = fill(&store, 1).await;
    let url = "https://example.com/a.png";
    let key = PictureKey::new(space, url);
    let first = Picture::new(b"\x89PNG\r\n\x1a\n first".to_vec()).expect("a picture");
    let second = Picture::new(b"GIF89a second".to_vec()).expect("a picture");
    let mut writing = store.write().await.expect("a transaction");
    writing.want_picture(space, url).await.expect("wanted");
    writing.want_picture(space, url).await.expect("wanted once more");
    assert_eq!(writing.due_picture(999).await.expect("reads"), None);
    let mut wanted = writing.due_picture(1000).await.expect("reads").expect("due");
    assert_eq!((wanted.key(), wanted.attempts), (key, 0));
    wanted.attempts = 1;
    writing.put_off_picture(&wanted, Some(2000), Some("away")).await.expect("put off");
    assert_eq!(writing.due_picture(1999).await.expect("reads"), None);
    assert_eq!(writing.due_picture(2000).await.expect("reads"), Some(wanted));
    assert_eq!(writing.picture(key).await.expect("reads"), None);
    for picture in [&first, &second] {
        writing.keep_picture(key, picture).await.expect("kept");
    }
    writing.want_picture(space, url).await.expect("known");
    assert_eq!(writing.due_picture(i64::MAX).await.expect("reads"), None);
    let kept = writing.picture(key).await.expect("reads").expect("the picture");
    assert_eq!((kept.media_type.as_str(), &kept.bytes), ("image/png", &first.bytes));
    assert_eq!(writing.picture_bytes(space).await.expect("reads"), first.bytes.len() as u64);
    assert_eq!(writing.picture_bytes(SpaceId::from_bits(2)).await.expect("reads"), 0);
}
