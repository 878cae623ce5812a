//! The programme reading feeds, pages and pictures from a web server on loopback.

use std::collections::HashMap;
use std::net::SocketAddr;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::model::{ContentId, ItemState, PictureKey, SpaceId};
use crate::outbound::Config;
use crate::programme::tests::Fixture;
use crate::programme::{ContentFields, Error, FeedFields, Field, ItemFilter, Page};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and more";

/// Type and body by path.
type Pages = HashMap<&'static str, (&'static str, Vec<u8>)>;

/// A web server: type and body by path; `304` to whoever knows the entity tag `"1"`.
#[derive(Clone)]
struct Site {
    address: SocketAddr,
    pages: Arc<Mutex<Pages>>,
}

impl Site {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let site = Self { address: listener.local_addr().expect("its address"), pages: Arc::default() };
        let served = site.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.expect("a request"));
                }
                let head = String::from_utf8(head).expect("an ASCII head").to_ascii_lowercase();
                let answer = served.answer(&head);
                stream.write_all(&answer).await.expect("an answer");
            }
        });
        site
    }

    fn answer(&self, head: &str) -> Vec<u8> {
        let path = head.split(' ').nth(1).expect("a path");
        let Some((media_type, body)) = self.pages.lock().get(path).cloned() else {
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
        };
        if head.contains("if-none-match: \"1\"") {
            return b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec();
        }
        let mut answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nETag: \"1\"\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        answer.extend(body);
        answer
    }

    fn serve(&self, path: &'static str, media_type: &'static str, body: impl Into<Vec<u8>>) {
        self.pages.lock().insert(path, (media_type, body.into()));
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// A programme that may fetch from loopback, or from nowhere but the public internet.
async fn programme(allow: &[&str]) -> (Fixture, Programme) {
    let fixture = Fixture::new().await;
    let allow = allow.iter().map(|network| network.parse().expect("a network")).collect();
    let config = Config { allow };
    let destinations = Destinations::new(&config);
    let fetcher = Fetcher::new(config, Arc::new(Metrics::new()));
    let programme = fixture.programme.clone().with_web(Arc::new(Outbound { fetcher, destinations }));
    (fixture, programme)
}

async fn items(programme: &Programme, space: SpaceId) -> Vec<crate::model::FeedItem> {
    let page = Page { after: None, limit: 200 };
    programme.feed_items(space, &ItemFilter::default(), page).await.expect("items")
}

#[tokio::test]
async fn a_feed_found_through_its_page_becomes_contents_with_pictures() {
    let site = Site::new().await;
    let (fixture, programme) = programme(&["127.0.0.0/8"]).await;
    let space = fixture.space.id;
    site.serve("/", "text/html", "<html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>");
    let item = format!(
        "<item><title>Bread</title><link>{}</link><guid>1</guid><enclosure url=\"{}\" type=\"image/png\"/></item>",
        site.url("/bread"),
        site.url("/bread.png")
    );
    site.serve(
        "/feed",
        "application/rss+xml",
        format!("<rss version=\"2.0\"><channel><title>News</title>{item}</channel></rss>"),
    );
    site.serve("/bread.png", "image/png", PNG);

    let fields = FeedFields {
        url: Field::Value(site.url("/")),
        publish: Field::Value("automatic".to_owned()),
        ..FeedFields::default()
    };
    let mut work = programme.work().await.expect("work");
    let feed = work.create_feed(space, &fields).await.expect("a feed").id;
    work.commit().await.expect("a commit");
    assert!(programme.visit_due_feed().await.expect("a visit"));
    let shown = programme.feed(space, feed).await.expect("the feed");
    assert_eq!(shown.feed.visits.error, None);
    assert_eq!(shown.feed.visits.found_at, Some(site.url("/feed")));
    assert_eq!(shown.counts, [(ItemState::Published, 1)].into());
    // From then on it is asked itself; when it fails, the page is asked anew.
    let shown = programme.visit_feed(space, feed).await.expect("a visit");
    assert_eq!(shown.feed.visits.status.as_str(), "unchanged");
    site.pages.lock().remove("/feed");
    let shown = programme.visit_feed(space, feed).await.expect("a visit");
    assert_eq!((shown.feed.visits.status.as_str(), shown.feed.visits.found_at), ("failing", None));
    let content = programme.content(space, items(&programme, space).await[0].content).await.expect("a content");
    assert_eq!((content.title.as_str(), content.url), ("Bread", site.url("/bread")));

    let picture = content.image_url.expect("a picture");
    assert!(programme.fetch_due_picture().await.expect("fetched"));
    let kept = programme.picture(PictureKey::new(space, &picture)).await.expect("reads").expect("the picture");
    assert_eq!((kept.media_type.as_str(), kept.bytes.as_slice()), ("image/png", PNG));
}

#[tokio::test]
async fn a_feed_that_says_unchanged_is_not_read_again() {
    let site = Site::new().await;
    let (fixture, programme) = programme(&["127.0.0.0/8"]).await;
    let jobs = "<source><job><title>Baker</title><referencenumber>1</referencenumber><url>https://a.example/1</url></job></source>";
    site.serve("/jobs", "text/xml", jobs);
    let fields = FeedFields { url: Field::Value(site.url("/jobs")), ..FeedFields::default() };
    let mut work = programme.work().await.expect("work");
    let feed = work.create_feed(fixture.space.id, &fields).await.expect("a feed").id;
    work.commit().await.expect("a commit");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let shown = programme.visit_feed(fixture.space.id, feed).await.expect("a visit");
        seen.push((shown.feed.visits.status.as_str(), shown.counts));
    }
    let proposed: std::collections::BTreeMap<_, _> = [(ItemState::Proposed, 1)].into();
    assert_eq!(seen, [("read", proposed.clone()), ("unchanged", proposed)]);
    site.serve("/jobs", "text/xml", "<html><body>Maintenance</body></html>");
    let mut work = programme.work().await.expect("work");
    let kind = FeedFields { kind: Field::Value("jobs_xml".to_owned()), ..FeedFields::default() };
    work.update_feed(fixture.space.id, feed, &kind).await.expect("changed");
    work.commit().await.expect("a commit");
    let shown = programme.visit_feed(fixture.space.id, feed).await.expect("a visit");
    let error = shown.feed.visits.error.expect("an error");
    assert!(error.contains("no XML with <job> entries"), "{error}");
}

#[tokio::test]
async fn a_pasted_address_is_read_and_files_are_told_from_pages() {
    let site = Site::new().await;
    let (fixture, programme) = programme(&["127.0.0.0/8"]).await;
    let mut long = b"<title>Bread &amp; butter</title><meta property=og:image content=/a.png>".to_vec();
    long.resize(3 << 20, b' ');
    site.serve("/page", "text/html; charset=utf-8", long);
    site.serve("/file", "application/pdf", "%PDF-1.7");
    site.serve("/huge.png", "image/png", [PNG, &vec![0; 1 << 20]].concat());
    site.serve("/fake.png", "image/png", "<svg onload=alert(1)>");
    let space = fixture.space.id;
    let preview = programme.preview(space, &site.url("/page")).await.expect("a preview");
    assert_eq!(preview.draft.title, "Bread & butter");
    assert_eq!(preview.draft.image_url, Some(site.url("/a.png")));
    assert_eq!(preview.content, ContentId::NONE);
    for (path, expected) in [("/file", "not_a_page"), ("/gone", "refused_by_site")] {
        let Err(Error::Invalid(problems)) = programme.preview(space, &site.url(path)).await else { panic!("{path}") };
        assert_eq!((problems[0].field.as_str(), problems[0].code), ("url", expected));
    }
    for path in ["/huge.png", "/fake.png", "/gone.png"] {
        let fields = ContentFields {
            kind: Field::Value("article".to_owned()),
            title: Field::Value("A".to_owned()),
            url: Field::Value(site.url(path)),
            image_url: Field::Value(site.url(path)),
            ..ContentFields::default()
        };
        let mut work = programme.work().await.expect("work");
        work.create_content(space, &fields).await.expect("a content");
        work.commit().await.expect("a commit");
        assert!(programme.fetch_due_picture().await.expect("tried"));
        assert!(!programme.fetch_due_picture().await.expect("not again"), "{path}");
        assert_eq!(programme.picture(PictureKey::new(space, &site.url(path))).await.expect("reads"), None, "{path}");
    }
}

#[tokio::test]
async fn security_26_nothing_is_read_from_inside_unless_it_is_allowed() {
    let site = Site::new().await;
    let (fixture, programme) = programme(&[]).await;
    let secret = "<title>Secret</title>";
    site.serve("/", "text/html", secret);
    let space = fixture.space.id;
    let Err(Error::Invalid(problems)) = programme.preview(space, &site.url("/")).await else { panic!("refused") };
    assert_eq!(problems[0].code, "address_not_public");
    let fields = FeedFields { url: Field::Value(site.url("/")), ..FeedFields::default() };
    let mut work = programme.work().await.expect("work");
    let feed = work.create_feed(space, &fields).await.expect("a feed").id;
    work.commit().await.expect("a commit");
    let shown = programme.visit_feed(space, feed).await.expect("a visit");
    assert!(shown.feed.visits.error.is_some_and(|error| error.contains("not on the public internet")));
}
