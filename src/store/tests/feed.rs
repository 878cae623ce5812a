//! The change feed.

use super::*;
use crate::model::Entity;

#[tokio::test]
async fn a_follower_sees_every_change_once_in_order() {
    let (_home, store) = store(Clock::from_fn(|| 42)).await;
    fill(&store, 1).await;
    let changes = store.changes_since(0, 100).await.expect("changes");
    let kinds: Vec<_> = changes.iter().map(|change| (change.seq, change.at_ms, change.entity.kind())).collect();
    let expected = [(1, 42, "space"), (2, 42, "advocate"), (3, 42, "campaign"), (4, 42, "content"), (5, 42, "link")];
    assert_eq!(kinds, expected);
    let rest = store.changes_since(3, 1).await.expect("changes");
    assert_eq!(rest.iter().map(|change| change.seq).collect::<Vec<_>>(), [4]);
    assert_eq!(changes[4].entity, Entity::Link(link(1, 1)));
    assert!(store.changes_since(5, 100).await.expect("changes").is_empty());
}

#[tokio::test]
async fn the_feed_holds_no_name_and_no_address() {
    let (_home, store) = store(Clock::system()).await;
    fill(&store, 1).await;
    let told = serde_json::to_string(&store.changes_since(0, 100).await.expect("changes")).expect("JSON");
    assert!(!told.contains("Lovelace") && !told.contains("ada@"), "{told}");
}

#[tokio::test]
async fn waiting_followers_wake_at_a_commit() {
    let (_home, store) = store(Clock::system()).await;
    let mut latest = store.latest();
    let woken = tokio::spawn(async move { latest.wait_for(|seq| *seq == 5).await.map(|seq| *seq) });
    fill(&store, 1).await;
    assert_eq!(woken.await.expect("the task ends").expect("the store lives"), 5);
}

#[tokio::test]
async fn another_process_is_seen_at_the_next_refresh() {
    let (home, store) = store(Clock::system()).await;
    let other = home.open(Clock::system()).await;
    fill(&other, 1).await;
    assert_eq!(*store.latest().borrow(), 0);
    assert_eq!(store.refresh().await.expect("reads"), 5);
    assert_eq!(*store.latest().borrow(), 5);
    let opened_late = home.open(Clock::system()).await;
    assert_eq!(*opened_late.latest().borrow(), 5);
}

#[tokio::test]
async fn pruning_waits_for_the_slowest_consumer_and_for_age() {
    let (_home, store) = store(Clock::from_fn(|| 42)).await;
    fill(&store, 1).await;
    assert_eq!(store.consumer_position("warehouse").await.expect("reads"), 0);
    store.advance_consumer("warehouse", 3).await.expect("notes");
    store.advance_consumer("webhooks", 5).await.expect("notes");
    assert_eq!(store.prune_changes(42).await.expect("prunes"), 0, "none is older than 42");
    assert_eq!(store.prune_changes(43).await.expect("prunes"), 3, "the warehouse has not seen 4");
    assert_eq!(store.consumer_position("warehouse").await.expect("reads"), 3);
    assert_eq!(store.changes_since(3, 100).await.expect("changes").len(), 2);
    store.advance_consumer("warehouse", 5).await.expect("notes");
    assert_eq!(store.prune_changes(43).await.expect("prunes"), 2);
    assert_eq!(store.latest_seq().await.expect("reads"), 5, "numbers outlive pruning");
    fill(&store, 2).await;
    assert_eq!(store.changes_since(5, 1).await.expect("changes")[0].seq, 6);
}

#[tokio::test]
async fn who_comes_too_late_or_from_another_history_is_sent_to_a_snapshot() {
    let (_home, store) = store(Clock::from_fn(|| 42)).await;
    fill(&store, 1).await;
    store.advance_consumer("warehouse", 3).await.expect("notes");
    store.prune_changes(43).await.expect("prunes");
    for asked in [0, 2, 6] {
        let refused = store.changes_since(asked, 100).await;
        assert!(matches!(refused, Err(StoreError::SnapshotNeeded { latest: 5, .. })), "{asked}: {refused:?}");
    }
    store.advance_consumer("warehouse", 5).await.expect("notes");
    store.prune_changes(43).await.expect("prunes");
    assert!(matches!(store.changes_since(4, 100).await, Err(StoreError::SnapshotNeeded { .. })));
    assert!(store.changes_since(5, 100).await.expect("changes").is_empty());
}

#[tokio::test]
async fn a_snapshot_is_one_moment_however_slowly_it_is_read() {
    let (_home, store) = store(Clock::system()).await;
    fill(&store, 1).await;
    let mut writing = store.write().await.expect("a transaction");
    let links: Vec<_> = (2..=2500).map(|n| link(1, n)).collect();
    writing.insert_links(SpaceId::from_bits(1), &links).await.expect("links");
    writing.put_team(&team(1)).await.expect("a team");
    writing.insert_share(&share(1)).await.expect("a share");
    writing.commit().await.expect("a commit");

    let mut snapshot = store.snapshot().await.expect("a snapshot");
    let mut entities = snapshot.next_page().await.expect("a page");
    fill(&store, 3000).await;
    loop {
        let page = snapshot.next_page().await.expect("a page");
        if page.is_empty() {
            break;
        }
        entities.extend(page);
    }
    assert_eq!(snapshot.seq(), 5 + 2499 + 2);
    let kinds: Vec<_> = entities.iter().map(Entity::kind).collect();
    assert_eq!(&kinds[..5], ["space", "campaign", "content", "team", "advocate"]);
    assert_eq!(entities.len(), 5 + 2500 + 1);
    assert_eq!(entities.last(), Some(&Entity::Share(share(1))));
    assert!(entities.contains(&Entity::Link(link(1, 2500))));
    let changes = store.changes_since(snapshot.seq(), 100).await.expect("changes");
    assert_eq!(changes.len(), 5, "what was written meanwhile follows in the feed");
}

#[tokio::test]
async fn what_is_answered_without_the_engine_is_what_the_engine_has() {
    let (home, store) = store(Clock::from_fn(|| 42)).await;
    let other = home.open(Clock::from_fn(|| 42)).await;
    fill(&store, 1).await;
    let relink = async |store: &Store, disabled: bool| {
        let mut writing = store.write().await.expect("a transaction");
        writing.set_link_disabled(&Link { disabled, ..link(1, 1) }).await.expect("a link");
        writing.commit().await.expect("a commit");
    };
    // Of this process, of the other one, and of both in turn.
    for (mine, disabled) in [(true, true), (true, false), (false, true), (true, false), (false, false), (true, true)] {
        relink(if mine { &store } else { &other }, disabled).await;
    }
    // An undone transaction leaves no trace.
    let mut undone = store.write().await.expect("a transaction");
    undone.set_link_disabled(&link(1, 1)).await.expect("a link");
    drop(undone);
    relink(&store, false).await;
    let newcomer = home.open(Clock::from_fn(|| 42)).await;
    for seq in 0..=12 {
        let told = newcomer.changes_since(seq, 100).await.expect("changes");
        assert_eq!(store.changes_since(seq, 100).await.expect("changes"), told, "after {seq}");
        assert_eq!(other.changes_since(seq, 100).await.expect("changes"), told, "after {seq}");
        assert_eq!(told.len() as u64, 12 - seq);
    }
    for store in [&store, &other, &newcomer] {
        assert!(store.changes_since(13, 100).await.is_err(), "ahead of the feed");
    }
}
