//! RSS, Atom, JSON Feed, YouTube, and pages that name their feed.

use super::*;

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Acme &amp; Sons</title><link>https://acme.example/</link><description>News</description>
<item><title>First</title><link>https://acme.example/first?utm_source=rss</link>
  <guid isPermaLink="false">tag:acme,2026:1</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>
  <description><![CDATA[<p>Bread <b>and</b> butter.</p><img src="/inline.png">]]></description></item>
<item><title>Second</title><link>/second</link><enclosure url="https://acme.example/b.jpg" length="1" type="image/jpeg"/></item>
<item><title>No address</title></item>
<item><link>https://acme.example/no-title</link></item>
<item><title>First again</title><link>https://acme.example/first-again</link><guid>tag:acme,2026:1</guid></item>
</channel></rss>"#;

#[test]
fn rss_is_read_with_its_keys_dates_and_pictures() {
    let found = drafts(FeedKind::Auto, RSS);
    assert_eq!(found.len(), 2, "{found:#?}");
    let first = &found[0];
    assert_eq!((first.key.as_str(), first.title.as_str()), ("tag:acme,2026:1", "First"));
    assert_eq!(first.url, "https://acme.example/first?utm_source=rss");
    assert_eq!(first.summary.as_deref(), Some("Bread and butter."));
    assert_eq!(first.image_url.as_deref(), Some("https://site.example/inline.png"));
    assert_eq!(first.site.as_deref(), Some("Acme & Sons"));
    assert_eq!(first.published_at_ms, Some(1_772_445_600_000));
    // Without a key of its own an entry is known by its address.
    assert!(found[1].key.ends_with("/second"), "{}", found[1].key);
    assert_eq!(found[1].image_url.as_deref(), Some("https://acme.example/b.jpg"));
    assert_eq!(drafts(FeedKind::Rss, RSS), found);
}

#[test]
fn atom_and_json_feeds_are_read() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><id>urn:blog</id>
        <entry><title type="html">A &amp;amp; B</title><id>urn:1</id><link rel="self" href="https://b.example/api/1"/>
        <link rel="alternate" href="https://b.example/1"/><updated>2026-03-02T10:00:00Z</updated>
        <summary>Short</summary></entry></feed>"#;
    let found = drafts(FeedKind::Atom, atom);
    assert_eq!((found[0].title.as_str(), found[0].url.as_str()), ("A & B", "https://b.example/1"));
    assert_eq!((found[0].key.as_str(), found[0].published_at_ms), ("urn:1", Some(1_772_445_600_000)));
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Blog","items":[{"id":"1",
        "url":"https://b.example/1","title":"A","content_text":"Text","image":"https://b.example/1.png",
        "date_published":"2026-03-02T10:00:00Z"}]}"#;
    let found = drafts(FeedKind::Auto, json);
    assert_eq!((found[0].key.as_str(), found[0].title.as_str()), ("1", "A"));
    assert_eq!(found[0].summary.as_deref(), Some("Text"));
}

#[test]
fn a_youtube_channel_is_its_feed_with_thumbnails() {
    let youtube = r#"<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015"
        xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom"><title>Acme Films</title>
        <entry><id>yt:video:abc</id><yt:videoId>abc</yt:videoId><title>The bakery</title>
        <link rel="alternate" href="https://www.youtube.com/watch?v=abc"/><published>2026-03-02T10:00:00+00:00</published>
        <media:group><media:title>The bakery</media:title>
        <media:content url="https://www.youtube.com/v/abc?version=3" type="application/x-shockwave-flash" width="640" height="390"/>
        <media:thumbnail url="https://i1.ytimg.com/vi/abc/hqdefault.jpg" width="480" height="360"/>
        <media:description>How bread is made.</media:description></media:group></entry></feed>"#;
    let found = drafts(FeedKind::Youtube, youtube);
    assert_eq!(found[0].key, "yt:video:abc");
    assert_eq!(found[0].url, "https://www.youtube.com/watch?v=abc");
    assert_eq!(found[0].image_url.as_deref(), Some("https://i1.ytimg.com/vi/abc/hqdefault.jpg"));
    assert_eq!(found[0].summary.as_deref(), Some("How bread is made."));
    let channel = "https://www.youtube.com/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw";
    assert_eq!(
        address(FeedKind::Youtube, channel),
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC_x5XG1OV2P6uZZ5FSM9Ttw"
    );
    assert_eq!(
        address(FeedKind::Auto, "https://www.youtube.com/playlist?list=PL1"),
        "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"
    );
    for other in ["https://www.youtube.com/@acme", "https://acme.example/channel/x", "https://www.youtube.com/channel/"]
    {
        assert_eq!(address(FeedKind::Auto, other), other);
    }
    assert_eq!(address(FeedKind::Rss, channel), channel);
}

#[test]
fn a_page_names_its_feed() {
    let document = r#"<!DOCTYPE html><html><head><link rel="stylesheet" href="a.css">
        <link rel="alternate" type="application/rss+xml" href="../feed.xml"></head></html>"#;
    for kind in [FeedKind::Auto, FeedKind::Rss, FeedKind::Youtube] {
        let found = feed(kind, document.as_bytes(), None, &base());
        assert_eq!(found, Ok(Found::Elsewhere("https://site.example/feed.xml".to_owned())));
    }
    let found = feed(FeedKind::Auto, b"<html><body>Nothing here</body></html>", None, &base());
    assert_eq!(found, Err(Unreadable::NotA(FeedKind::Auto)));
}

#[test]
fn what_is_not_what_was_asked_for_is_said_so() {
    for (kind, document) in [
        (FeedKind::JobsXml, RSS),
        (FeedKind::JobPosting, RSS),
        (FeedKind::Rss, "<source><job/></source>"),
        (FeedKind::Auto, "just text"),
        (FeedKind::Auto, ""),
        (FeedKind::JobPosting, "<html><title>No job</title></html>"),
    ] {
        let found = feed(kind, document.as_bytes(), None, &base());
        assert_eq!(found, Err(Unreadable::NotA(kind)), "{kind} {document}");
    }
    let found = feed(FeedKind::Auto, &RSS.as_bytes()[..RSS.len() / 2], None, &base());
    assert!(matches!(found, Err(Unreadable::Damaged)), "half a feed is no feed: {found:?}");
}

#[test]
fn the_declared_encoding_is_believed_once() {
    let feed = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel><title>Caf\xe9</title>\
        <item><title>\xc9t\xe9</title><link>https://a.example/1</link></item></channel></rss>";
    let Ok(Found::Entries(entries)) = super::feed(FeedKind::Auto, feed, Some("application/rss+xml"), &base()) else {
        panic!("a feed")
    };
    assert_eq!((entries.title.as_deref(), entries.drafts[0].title.as_str()), (Some("Café"), "Été"));
}

#[test]
fn security_13_hostile_texts_are_inert_wherever_a_feed_says_them() {
    for hostile in HOSTILE.lines() {
        let escaped = hostile.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let quoted = escaped.replace('"', "&quot;");
        let document = format!(
            r#"<rss version="2.0"><channel><title>{escaped}</title><item><title>x {escaped}</title>
            <link>https://a.example/{escaped}</link><guid>{escaped}</guid><description>{escaped}</description>
            <enclosure url="{quoted}" type="image/png" length="1"/></item></channel></rss>"#
        );
        if let Ok(Found::Entries(entries)) = feed(FeedKind::Auto, document.as_bytes(), None, &base()) {
            entries.drafts.iter().for_each(assert_draft_is_inert);
        }
    }
}
