//! Bytes of any kind: a reason or a draft, never a panic.

use proptest::prelude::*;

use super::*;

/// Pieces of real documents, so that readers get further than their first byte.
const PIECES: &[&str] = &[
    "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
    "<rss version=\"2.0\">",
    "<channel>",
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<link>",
    "</link>",
    "https://a.example/x",
    "<guid>",
    "</guid>",
    "<feed>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
    "<entry>",
    "</entry>",
    "<id>",
    "</id>",
    "<link href=\"",
    "\"/>",
    "<source>",
    "<job>",
    "</job>",
    "<url>",
    "</url>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&amp;",
    "&#x0;",
    "&#99999999;",
    "&nbsp;",
    "<!doctype html>",
    "<html>",
    "<meta property=og:title content='",
    "'>",
    "<script type=application/ld+json>",
    "</script>",
    "{\"@type\":\"JobPosting\",\"title\":\"",
    "\"}",
    "{\"items\":[",
    "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":1}]}",
    "<media:group>",
    "<media:thumbnail url='",
    "<media:content url='x' type='image/png' duration='99999999999999999999'/>",
    "<pubDate>",
    "</pubDate>",
    "Mon, 99 Foo 2026",
    "2026-13-45T99:99:99Z",
    "\u{0}",
    "\u{feff}",
    "é",
    "<",
    ">",
    "\"",
    "'",
    "/",
    "<itunes:duration>",
    "9:99:99:99",
    "</",
    "<a ",
    "=",
    "<rdf:RDF>",
    "xml:base='::'",
];

fn check(bytes: &[u8], content_type: Option<&str>) {
    assert_draft_is_inert(&page(bytes, content_type, &base()));
    for kind in FeedKind::ALL {
        if let Ok(Found::Entries(entries)) = feed(*kind, bytes, content_type, &base()) {
            assert!(entries.drafts.len() <= MAX_ENTRIES);
            for draft in &entries.drafts {
                assert!(!draft.key.is_empty() && !draft.title.is_empty() && !draft.url.is_empty());
                assert_draft_is_inert(draft);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes, None);
        check(&bytes, Some("text/html; charset=utf-16le"));
    }

    #[test]
    fn no_pieces_of_documents_make_a_reader_panic(
        pieces in proptest::collection::vec((0..PIECES.len(), "[a-z<>&;\"' ]{0,6}"), 0..40),
    ) {
        let document: String = pieces.iter().flat_map(|(piece, between)| [PIECES[*piece], between]).collect();
        check(document.as_bytes(), None);
    }
}

#[test]
fn deep_and_wide_documents_are_survived() {
    for document in [
        "<rss version=\"2.0\"><channel><?xml version=\"1.0\" encoding=\"utf-16\"?><item>".to_owned(),
        "<div>".repeat(100_000),
        format!("<rss version=\"2.0\"><channel>{}", "<item>".repeat(50_000)),
        format!("<source>{}", "<job>".repeat(50_000)),
        format!("<source>{}</source>", "<job><title>a</title><url>https://a.example</url></job>".repeat(5_000)),
        format!("<script type=application/ld+json>{}", "[".repeat(100_000)),
        format!("<script type=application/ld+json>{}{}", "{\"a\":".repeat(100), "}".repeat(100)),
        format!("<meta property=og:title content='{}'>", "a".repeat(900_000)),
        format!("<title>{}", "a ".repeat(400_000)),
        "<meta name=a content=b>".repeat(40_000),
        "&".repeat(500_000),
        format!("<feed xmlns=\"http://www.w3.org/2005/Atom\">{}", "<a>".repeat(100_000)),
    ] {
        check(document.as_bytes(), None);
    }
}
