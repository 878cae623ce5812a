//! What an import promises: back as it was, once, for everybody, and together or not at all.

use super::*;
use crate::exchange::bundle::{CLICKS, FILES};
use crate::model::Changes;
use crate::model::{ContentId, Entity, LinkId};
use crate::programme::tests::NOW_MS;
use crate::store::{Clock, ContentFilter, Page};
use crate::warehouse::{Batch, ClickRow, ClickSink, history};

#[tokio::test]
async fn a_bundle_comes_back_byte_for_byte_but_for_the_order_of_its_lines() {
    let room = Room::new().await;
    take(&room.place, &testdata()).await;
    let export = room.export(&room.place).await;
    for file in FILES {
        assert_eq!(lines(&export, file.name), lines(&testdata(), file.name), "{}", file.name);
    }
}

#[tokio::test]
async fn the_same_bundle_again_in_another_order_changes_nothing_not_even_the_feed() {
    let room = Room::new().await;
    take(&room.place, &testdata()).await;
    let seq = room.place.store.latest_seq().await.expect("reads");
    let folder = room.bundle();
    let text = fs::read_to_string(folder.join("clicks.csv")).expect("a file");
    let (header, rest) = text.split_once('\n').expect("a header");
    let turned: Vec<&str> = rest.lines().rev().collect();
    fs::write(folder.join("clicks.csv"), format!("{header}\n{}\n", turned.join("\n"))).expect("written");
    let second = take(&room.place, &folder).await;
    assert_eq!(moved(&second), 0, "{second:?}");
    assert_eq!(second.files["clicks.csv"].left, 7);
    assert_eq!(room.place.store.latest_seq().await.expect("reads"), seq);
    let stored = room.place.warehouse.count_clicks(room.place.space, 0, 4_000_000_000_000).await.expect("counted");
    assert_eq!(stored.clicks, 7);
}

#[tokio::test]
async fn one_more_equal_click_is_one_more_and_a_changed_name_is_one_change() {
    let room = Room::new().await;
    take(&room.place, &testdata()).await;
    let folder = room.bundle();
    let clicks = fs::read_to_string(folder.join("clicks.csv")).expect("a file");
    let first = clicks.lines().nth(1).expect("a row");
    fs::write(folder.join("clicks.csv"), format!("{clicks}{first}\n")).expect("written");
    let advocates = fs::read_to_string(folder.join("advocates.csv")).expect("a file");
    fs::write(folder.join("advocates.csv"), advocates.replace("=1+1", "Grace")).expect("written");
    let second = take(&room.place, &folder).await;
    assert_eq!(second.files["clicks.csv"], Changes { added: 1, changed: 0, left: 7 });
    assert_eq!(second.files["advocates.csv"], Changes { added: 0, changed: 1, left: 2 });
    assert_eq!(moved(&second), 2);
}

#[tokio::test]
async fn recorded_clicks_are_exported_too_and_not_imported_again() {
    let room = Room::new().await;
    take(&room.place, &testdata()).await;
    let filter = ContentFilter { external_id: Some("k-1".to_owned()), ..ContentFilter::default() };
    let page = Page { after: None, limit: 1 };
    let contents = room.fixture.programme.contents(room.place.space, &filter, page).await.expect("read");
    let content: ContentId = contents[0].id;
    let mut batch = Batch::new(testing::batch_id(), 0);
    batch.push(&ClickRow {
        space_id: room.place.space,
        link_id: LinkId::NONE,
        content_id: content,
        channel: "linkedin",
        clicked_at_ms: 1_772_600_000_123,
        country: "DE",
        visitor: "pseudonym",
        ..testing::BARE
    });
    let frozen = batch.freeze(0, 202_603);
    room.place.warehouse.insert(&frozen).await.expect("inserted");
    let export = room.export(&room.place).await;
    assert_eq!(rows(&export, &CLICKS).len(), 8);
    let again = take(&room.place, &export).await;
    assert_eq!(moved(&again), 0, "{again:?}");
    assert_eq!(rows(&room.export(&room.place).await, &CLICKS).len(), 8);
}

#[tokio::test]
async fn two_imports_at_once_are_one() {
    let room = Room::new().await;
    let other = room.fixture.home.open(Clock::from_fn(|| NOW_MS)).await;
    let place = Place { store: other, ..room.place.clone() };
    let (folder, progress) = (testdata(), Progress::default());
    let import_it = of(&folder);
    let (one, two) = tokio::join!(import(&room.place, &import_it, &progress), import(&place, &import_it, &progress));
    let (one, two) = (one.expect("imported"), two.expect("imported"));
    let once = moved(&one).min(moved(&two));
    assert_eq!(once, 0, "{one:?} {two:?}");
    let export = room.export(&room.place).await;
    for file in FILES {
        assert_eq!(lines(&export, file.name), lines(&testdata(), file.name), "{}", file.name);
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let room = Room::new().await;
    let seq = room.place.store.latest_seq().await.expect("reads");
    let dry = Import { dry_run: true, ..of(&testdata()) };
    let answer = import(&room.place, &dry, &Progress::default()).await.expect("an answer");
    assert!(!answer.kept);
    assert_eq!(answer.files["clicks.csv"].added, 7);
    assert_eq!(room.place.store.latest_seq().await.expect("reads"), seq);
    let real = take(&room.place, &testdata()).await;
    assert_eq!(real.files, answer.files);
}

#[tokio::test]
async fn what_a_bundle_brings_is_told_to_the_feed_once_each() {
    let room = Room::new().await;
    let seq = room.place.store.latest_seq().await.expect("reads");
    take(&room.place, &testdata()).await;
    let told = room.place.store.changes_since(seq, 1000).await.expect("changes");
    let count = |kind: &str| told.iter().filter(|change| change.entity.kind() == kind).count();
    let counts = ["team", "advocate", "campaign", "content", "link", "share", "sign_in", "application"].map(count);
    assert_eq!(counts, [2, 3, 2, 3, 3, 4, 2, 2]);
    let hired = told.iter().find_map(|change| match &change.entity {
        Entity::Application(one) if one.external_id == "ap-1" => Some(one.clone()),
        _ => None,
    });
    let hired = hired.expect("the application");
    assert!(!hired.advocate.is_none(), "p-2 is the first that it names");
    assert_eq!(hired.reached.len(), 2);
}

#[tokio::test]
async fn another_space_has_the_same_keys_and_its_own_things() {
    let room = Room::new().await;
    let folder = room.bundle();
    fs::remove_file(folder.join("links.csv")).expect("removed");
    take(&room.place, &folder).await;
    let other = room.space("elsewhere", "Asia/Tokyo").await;
    let second = take(&other, &folder).await;
    assert_eq!(second.files["clicks.csv"].added, 7);
    let export = room.export(&other).await;
    assert!(!export.join("links.csv").exists(), "an optional file without rows is left out");
    assert_eq!(lines(&export, "clicks.csv"), lines(&folder, "clicks.csv"), "as written, whatever the zone");
}

#[tokio::test]
async fn an_export_goes_into_a_new_folder_only_and_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new().await;
    let folder = room.bundle();
    let error = export(&room.place, &folder, &Progress::default()).await.expect_err("there is something");
    assert!(matches!(error, Error::NotEmpty(_)), "{error}");
    let export = room.export(&room.place).await;
    for path in [export.clone(), export.join("advocates.csv")] {
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn the_spools_of_imports_are_told_from_those_of_nodes_and_from_each_other() {
    let one = history::spool_of(crate::model::SpaceId::from_bits(1));
    assert_eq!((one >> 64) as u64, u64::from_be_bytes(*b"imported"));
    assert_ne!(one, history::spool_of(crate::model::SpaceId::from_bits(2)));
}
