//! Pages.

use super::*;

fn read(document: &str) -> Draft {
    page(document.as_bytes(), Some("text/html; charset=utf-8"), &base())
}

#[test]
fn open_graph_comes_before_twitter_and_both_before_title_and_description() {
    let all = r#"<!doctype html><html><head><title>Title &amp; more</title>
        <meta name="description" content="Described">
        <meta name="twitter:title" content="Twitter's"><meta name="twitter:description" content="Twitter says">
        <meta name="twitter:image" content="/twitter.png">
        <meta property="og:title" content="Open
         Graph's"><meta property="og:description" content="Open Graph says">
        <meta property="og:image" content="//cdn.example/a.png"><meta property="og:site_name" content="The Site">
        <meta property="article:published_time" content="2026-03-02T10:00:00Z">
        <meta property="og:type" content="video.other"></head><body><h1>Other</h1></body></html>"#;
    let draft = read(all);
    assert_eq!(draft.title, "Open Graph's");
    assert_eq!(draft.summary.as_deref(), Some("Open Graph says"));
    assert_eq!(draft.image_url.as_deref(), Some("https://cdn.example/a.png"));
    assert_eq!(draft.site.as_deref(), Some("The Site"));
    assert_eq!((draft.kind, draft.published_at_ms), (Some(ContentKind::Video), Some(1_772_445_600_000)));

    let without = all.replace("og:", "no:");
    let draft = read(&without);
    assert_eq!((draft.title.as_str(), draft.summary.as_deref()), ("Twitter's", Some("Twitter says")));
    assert_eq!(draft.image_url.as_deref(), Some("https://site.example/twitter.png"));

    let draft = read(&without.replace("twitter:", "no:"));
    assert_eq!((draft.title.as_str(), draft.summary.as_deref()), ("Title & more", Some("Described")));
    assert_eq!((draft.image_url, draft.kind), (None, None));
}

#[test]
fn json_ld_tells_what_kind_of_thing_it_is_and_fills_the_gaps() {
    let with = |json: &str| read(&format!("<title></title><script type='application/ld+json'>{json}</script>"));
    let job = with(
        r#"{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Acme"},
            {"@type": "JobPosting", "title": "Baker", "description": "<p>Bread &amp; more.</p><p>Daily.</p>",
             "identifier": {"@type": "PropertyValue", "value": 4711}, "datePosted": "2026-03-02",
             "validThrough": "2026-06-01T00:00:00+02:00", "hiringOrganization": {"name": "Acme"},
             "jobLocation": [{"address": {"addressLocality": "Lyon"}}], "image": ["/a.png"]}]}"#,
    );
    assert_eq!((job.kind, job.title.as_str()), (Some(ContentKind::Job), "Baker"));
    assert_eq!(job.summary.as_deref(), Some("Bread & more. Daily."));
    assert_eq!((job.site.as_deref(), job.place.as_deref()), (Some("Acme"), Some("Lyon")));
    assert_eq!(job.reference.as_deref(), Some("4711"));
    assert_eq!(job.image_url.as_deref(), Some("https://site.example/a.png"));
    assert_eq!(job.published_at_ms, Some(1_772_409_600_000));
    assert!(job.expires_at_ms.is_some());
    for (json, kind, title) in [
        (r#"[{"@type":["Thing","NewsArticle"],"headline":"News"}]"#, Some(ContentKind::Article), "News"),
        (r#"{"@type":"https://schema.org/VideoObject","name":"Film"}"#, Some(ContentKind::Video), "Film"),
        (r#"{"@type":"BusinessEvent","name":"Fair","location":{"name":"Hall 3"}}"#, Some(ContentKind::Event), "Fair"),
        (r#"{"mainEntity":{"@type":"BlogPosting","headline":"Post"}}"#, Some(ContentKind::Article), "Post"),
        (r#"{"@type":"Organization","name":"Acme"}"#, None, ""),
        ("{broken", None, ""),
        ("", None, ""),
    ] {
        let draft = with(json);
        assert_eq!((draft.kind, draft.title.as_str()), (kind, title), "{json}");
    }
}

#[test]
fn only_markup_counts_not_what_looks_like_it() {
    let draft = read(
        r#"<!-- <title>Comment</title> --><script>var a = "<title>Script</title>";</script>
           <style>title { content: "<title>Style</title>" }</style>
           <noscript></noscript><TITLE>Real</TITLE><svg><title>Picture</title></svg>
           <textarea><meta property="og:title" content="Typed"></textarea>"#,
    );
    assert_eq!(draft.title, "Real");
}

#[test]
fn addresses_of_pictures_are_of_the_web_or_not_there() {
    for hostile in ["javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "http://a@b.example/x"] {
        let draft = read(&format!(r#"<meta property="og:image" content="{hostile}"><title>A</title>"#));
        assert_eq!(draft.image_url, None, "{hostile}");
    }
    let draft = read(r#"<base href="https://other.example/x/"><meta property="og:image" content="a b.png">"#);
    assert_eq!(draft.image_url.as_deref(), Some("https://other.example/x/a%20b.png"));
}

#[test]
fn a_page_in_an_old_encoding_is_read_as_browsers_do() {
    let bytes = b"<meta charset=iso-8859-1><title>Caf\xe9 \x96 L\x92\xe9t\xe9</title>";
    assert_eq!(page(bytes, Some("text/html"), &base()).title, "Café – L’été");
}

#[test]
fn security_13_hostile_texts_are_inert_wherever_a_page_says_them() {
    for hostile in HOSTILE.lines() {
        let attribute = hostile.replace('"', "&quot;");
        let json = serde_json::to_string(hostile).expect("a text").replace("</", "<\\/");
        for document in [
            format!("<title>{hostile}</title>"),
            format!(
                r#"<meta property="og:title" content="{attribute}"><meta property="og:image" content="{attribute}">"#
            ),
            format!(
                r#"<meta name="description" content="{attribute}"><meta property="og:site_name" content="{attribute}">"#
            ),
            format!(
                r#"<script type="application/ld+json">{{"@type":"JobPosting","title":{json},"description":{json},
                "hiringOrganization":{json},"jobLocation":{json},"image":{json},"identifier":{json}}}</script>"#
            ),
        ] {
            assert_draft_is_inert(&read(&document));
        }
    }
}
