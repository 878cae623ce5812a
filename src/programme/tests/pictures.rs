//! Pictures and previews.

use std::sync::atomic::{AtomicI64, Ordering};

use super::web::{ScriptedWeb, away};
use super::*;
use crate::model::{ContentKind, Draft, Picture, PictureKey};
use crate::programme::pictures::KEPT_UNNAMED_MS;

const ADDRESS: &str = "https://example.com/a.png";

fn png() -> Picture {
    Picture::new(b"\x89PNG\r\n\x1a\n and more".to_vec()).expect("a picture")
}

fn shown() -> ContentFields {
    ContentFields { image_url: text(ADDRESS), ..content("https://example.com/") }
}

async fn with_web() -> (Fixture, Programme, Arc<ScriptedWeb>, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(NOW_MS));
    let told = Arc::clone(&now);
    let fixture = Fixture::with_clock(Clock::from_fn(move || told.load(Ordering::Relaxed))).await;
    let web = Arc::new(ScriptedWeb::default());
    let programme = fixture.programme.clone().with_web(Arc::clone(&web) as Arc<dyn Web>);
    (fixture, programme, web, now)
}

#[tokio::test]
async fn a_contents_picture_is_fetched_once_for_all_who_name_it() {
    let (fixture, programme, web, _) = with_web().await;
    let key = PictureKey::new(fixture.space.id, ADDRESS);
    assert!(!programme.fetch_due_picture().await.expect("nothing wanted"));
    fixture.content_with(shown()).await;
    assert_eq!(programme.picture(key).await.expect("reads"), None);
    web.pictures.lock().push_back(Ok(png()));
    assert!(programme.fetch_due_picture().await.expect("fetched"));
    fixture.content_with(ContentFields { url: text("https://example.com/2"), ..shown() }).await;
    assert!(!programme.fetch_due_picture().await.expect("nothing wanted"));
    let kept = programme.picture(key).await.expect("reads").expect("the picture");
    assert_eq!((kept.media_type.as_str(), kept.bytes), ("image/png", png().bytes));
}

#[tokio::test]
async fn a_site_that_is_away_is_asked_again_and_one_without_a_picture_is_not() {
    let (fixture, programme, web, now) = with_web().await;
    fixture.content_with(shown()).await;
    let mut waits = Vec::new();
    for _ in 0..6 {
        assert!(programme.fetch_due_picture().await.expect("tried"));
        let mut minutes = 0;
        let due = async || programme.store.read().await.expect("reads").due_picture(programme.now_ms()).await;
        while due().await.expect("reads").is_none() && minutes < 2000 {
            now.fetch_add(60_000, Ordering::Relaxed);
            minutes += 1;
        }
        waits.push(minutes);
    }
    assert_eq!(waits, [1, 4, 16, 64, 256, 2000], "in minutes; then nobody asks any more");
    // Naming it again is asking again.
    fixture.content_with(ContentFields { url: text("https://example.com/2"), ..shown() }).await;
    let hopeless = WebError { passes: false, ..away() };
    web.pictures.lock().push_back(Err(hopeless));
    assert!(programme.fetch_due_picture().await.expect("tried"));
    now.fetch_add(7 * 86_400_000, Ordering::Relaxed);
    assert!(!programme.fetch_due_picture().await.expect("nothing wanted"));
}

#[tokio::test]
async fn a_picture_that_no_content_names_any_more_is_forgotten() {
    let (fixture, programme, web, now) = with_web().await;
    let id = fixture.content_with(shown()).await;
    web.pictures.lock().push_back(Ok(png()));
    assert!(programme.fetch_due_picture().await.expect("fetched"));
    now.fetch_add(KEPT_UNNAMED_MS + 1, Ordering::Relaxed);
    let forget = || async {
        let mut writing = fixture.store.write().await.expect("a transaction");
        let before_ms = writing.at_ms() - KEPT_UNNAMED_MS;
        let forgotten = writing.forget_pictures(before_ms).await.expect("forgets");
        writing.commit().await.expect("a commit");
        forgotten
    };
    assert_eq!(forget().await, 0, "a content names it");
    let mut work = programme.work().await.expect("work");
    let change = ContentFields { image_url: Field::Null, ..ContentFields::default() };
    work.update_content(fixture.space.id, id, &change).await.expect("changed");
    work.commit().await.expect("a commit");
    assert_eq!(forget().await, 1);
    assert_eq!(programme.picture(PictureKey::new(fixture.space.id, ADDRESS)).await.expect("reads"), None);
}

#[tokio::test]
async fn a_pasted_address_becomes_a_draft() {
    let (fixture, programme, web, _) = with_web().await;
    let page = Draft {
        title: "A title".to_owned(),
        kind: Some(ContentKind::Event),
        image_url: Some("https://example.com/a.png".to_owned()),
        ..Draft::default()
    };
    web.pages.lock().insert("https://example.com/a".to_owned(), Ok(page));
    let preview = programme.preview(fixture.space.id, " HTTPS://example.com/a ").await.expect("a preview");
    assert_eq!((preview.draft.url.as_str(), preview.draft.title.as_str()), ("https://example.com/a", "A title"));
    assert_eq!(preview.draft.kind, Some(ContentKind::Event));
    assert!(preview.content.is_none());
    let known = fixture.content_with(content("https://www.example.com/a/")).await;
    assert_eq!(programme.preview(fixture.space.id, "https://example.com/a").await.expect("a preview").content, known);
    for (url, code) in [
        ("javascript:alert(1)", "invalid_url"),
        ("https://go.acme.test/abc", "own_host"),
        ("https://example.com/gone", "unreachable"),
    ] {
        let error = programme.preview(fixture.space.id, url).await.expect_err("refused");
        assert_eq!(problems(&error), [("url", code)], "{url}");
    }
    let error = fixture.programme.preview(fixture.space.id, "https://example.com/a").await.expect_err("refused");
    assert_eq!(problems(&error), [("url", "offline")]);
}
