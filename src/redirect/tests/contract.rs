//! Every row of the contract's table of redirects.

use super::*;
use crate::model::{Answer, Content, Link, Space};
use crate::redirect::fixtures::{advocate, content, link, space};

const CODE: &str = "aB3dE5gH7";
const TARGET: &str = "https://example.com/1?utm_content=content-1&utm_medium=employee-advocacy&utm_source=linkedin";

fn programme() -> Vec<Entity> {
    let over = Content { expires_at_ms: Some(1), ..content(2, 1) };
    let elsewhere = Content { fallback_url: Some("https://example.com/jobs".into()), ..over.clone() };
    vec![
        Entity::Space(space(1)),
        Entity::Content(content(1, 1)),
        Entity::Content(over),
        Entity::Content(Content { id: crate::model::ContentId::from_bits(3), ..elsewhere }),
        Entity::Advocate(advocate(1, 1)),
        Entity::Link(link(1, 1, 1, 1, "linkedin", CODE)),
        Entity::Link(link(2, 1, 2, 1, "linkedin", "over")),
        Entity::Link(link(3, 1, 3, 1, "linkedin", "over-elsewhere")),
        Entity::Link(Link { disabled: true, ..link(4, 1, 1, 1, "x", "switched-off") }),
    ]
}

fn plain() -> (Node, MemoryLog) {
    let log = MemoryLog::default();
    (node(programme(), log.clone(), Options::default()), log)
}

#[tokio::test]
async fn a_code_is_answered_with_a_302_and_exactly_these_headers() {
    let (node, log) = plain();
    let reply = node.get(&format!("/{CODE}")).await;
    assert_eq!(reply.status, 302);
    let mut headers: Vec<_> = reply.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    headers.retain(|(name, _)| *name != "date");
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            ("cache-control", "private, no-store"),
            ("connection", "close"),
            ("content-length", "0"),
            ("location", TARGET),
            ("x-robots-tag", "noindex"),
        ]
    );
    assert!(reply.body.is_empty());
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn head_gets_the_headers_of_get_and_is_recorded_as_head() {
    let (node, log) = plain();
    let mut get = node.get(&format!("/{CODE}")).await;
    let mut head = node.ask("HEAD", &format!("/{CODE}"), &[]).await;
    get.headers.remove("date");
    head.headers.remove("date");
    assert_eq!(get, head);
    assert_eq!(log.clicks(|_, click| click.head), [false, true]);
}

#[tokio::test]
async fn a_preview_robot_gets_a_card() {
    let (node, log) = plain();
    let robot = [("User-Agent", "LinkedInBot/1.0")];
    let reply = node.ask("GET", &format!("/{CODE}"), &robot).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"));
    let text = reply.text();
    assert!(text.contains(r#"<meta property="og:title" content="Content 1">"#), "{text}");
    assert!(text.contains(r#"<meta property="og:description" content="In a sentence.">"#), "{text}");
    assert!(text.contains(&format!("http://localhost:8080/{CODE}")), "{text}");
    assert_eq!(node.ask("GET", "/over-elsewhere", &robot).await.status, 302);
    assert_eq!(log.clicks(|_, click| (click.answer, click.status)), [(Answer::Card, 200), (Answer::Fallback, 302)]);
}

#[tokio::test]
async fn the_plus_shows_where_a_link_goes_and_is_no_click() {
    let log = MemoryLog::default();
    let options = Options { report_url: Some("https://portal.example/report".into()), ..Options::default() };
    let node = node(programme(), log.clone(), options);
    let reply = node.ask("GET", &format!("/{CODE}+"), &[("Accept-Language", "fr")]).await;
    assert_eq!(reply.status, 200);
    let text = reply.text();
    assert!(text.contains("Où mène ce lien") && text.contains("Space 1"), "{text}");
    assert!(text.contains("https://example.com/1?utm_content="), "{text}");
    assert!(text.contains(&format!("https://portal.example/report?space=space-1&#38;code={CODE}")), "{text}");
    let over = node.get("/over+").await.text();
    assert!(over.contains("leads nowhere now") && !over.contains("example.com"), "{over}");
    assert_eq!(log.len(), 0);
}

#[tokio::test]
async fn a_qr_code_is_a_picture_of_the_qr_channel_s_own_link() {
    let (node, log) = plain();
    let svg = node.get(&format!("/{CODE}/qr.svg")).await;
    assert_eq!((svg.status, svg.header("content-type")), (200, "image/svg+xml"));
    assert!(svg.text().contains("<svg"));
    let png = node.get(&format!("/{CODE}/qr.png")).await;
    assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
    let image = png::Decoder::new(std::io::Cursor::new(&png.body)).read_info().expect("a PNG");
    assert_eq!(image.info().width, image.info().height);
    node.table.apply(&changes(100, [Entity::Link(link(9, 1, 1, 1, "qr", "qqqqqqqqq"))]));
    let own = node.get(&format!("/{CODE}/qr.svg")).await;
    assert_ne!(own.body, svg.body);
    assert_eq!(own.body, node.get("/qqqqqqqqq/qr.svg").await.body);
    assert_eq!(log.len(), 0);
}

#[tokio::test]
async fn what_is_over_leads_to_its_fallback_or_is_gone() {
    let (node, log) = plain();
    let elsewhere = node.get("/over-elsewhere").await;
    assert_eq!((elsewhere.status, elsewhere.header("location")), (302, "https://example.com/jobs"));
    assert_eq!(node.get("/over").await.status, 410);
    assert_eq!(node.get("/switched-off").await.status, 410);
    let with_fallback = Space { fallback_url: Some("https://example.com/all".into()), ..space(1) };
    node.table.apply(&changes(100, [Entity::Space(with_fallback)]));
    assert_eq!(node.get("/switched-off").await.header("location"), "https://example.com/all");
    let answers = log.clicks(|_, click| (click.answer, click.status));
    assert_eq!(answers, [(Answer::Fallback, 302), (Answer::Gone, 410), (Answer::Gone, 410), (Answer::Fallback, 302)]);
}

#[tokio::test]
async fn security_6_unknown_and_disabled_answer_alike_but_for_the_status() {
    let (node, _) = plain();
    for language in ["fr", "en", "de"] {
        let mut unknown = node.ask("GET", "/never-was", &[("Accept-Language", language)]).await;
        let mut disabled = node.ask("GET", "/switched-off", &[("Accept-Language", language)]).await;
        unknown.headers.remove("date");
        disabled.headers.remove("date");
        assert_eq!((unknown.status, disabled.status), (404, 410));
        assert_eq!((unknown.headers, unknown.body), (disabled.headers, disabled.body));
    }
}

#[tokio::test]
async fn pages_speak_the_reader_s_language_else_the_host_s() {
    let french =
        Space { hosts: vec!["lien.example".into()], language: crate::model::programme::Language::French, ..space(2) };
    let (node, _) = plain();
    node.table.apply(&changes(100, [Entity::Space(french)]));
    let host = ("Host", "lien.example");
    assert!(node.ask("GET", "/abc", &[host]).await.text().contains("Ce lien ne mène nulle part"));
    assert!(node.ask("GET", "/abc", &[host, ("Accept-Language", "en")]).await.text().contains("leads nowhere"));
    assert_eq!(node.ask("GET", &format!("/{CODE}"), &[host]).await.status, 404, "a code of another space");
}

#[tokio::test]
async fn other_methods_are_refused_with_allow() {
    let (node, log) = plain();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"] {
        let reply = node.ask(method, &format!("/{CODE}"), &[]).await;
        assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    assert_eq!(log.len(), 0);
    assert_eq!(node.drain().await.redirects.with_label_values(&["method"]).get(), 7);
}

#[tokio::test]
async fn security_9_malformed_and_oversized_requests_are_refused_and_nothing_is_recorded() {
    let (node, log) = plain();
    let long = format!("GET /{CODE}?a={} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "b".repeat(8192));
    let longer = format!("GET /{CODE}?a={} HTTP/1.1\r\n\r\n", "b".repeat(70_000));
    let many = format!("GET /{CODE} HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(100));
    let corpus: &[(&[u8], u16)] = &[
        (long.as_bytes(), 414),
        (longer.as_bytes(), 431),
        (many.as_bytes(), 431),
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"G\x00T / HTTP/1.1\r\n\r\n", 400),
        (b"GET /\xff\xfe HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA B: c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: \x01\r\n\r\n", 400),
        // Closed: an answer in HTTP/1.1 would mean nothing to an HTTP/2 client.
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0),
    ];
    for (bytes, status) in corpus {
        let reply = node.raw(bytes).await;
        let expected = if *status == 0 { String::new() } else { format!("HTTP/1.1 {status} ") };
        let start = String::from_utf8_lossy(&reply[..reply.len().min(expected.len().max(1))]).into_owned();
        assert_eq!(start, expected, "for {}", bytes[..20.min(bytes.len())].escape_ascii());
    }
    assert_eq!(log.len(), 0);
    assert_eq!(node.drain().await.redirects.with_label_values(&["malformed"]).get(), corpus.len() as u64);
}

#[tokio::test]
async fn robots_and_browsers_find_what_they_look_for() {
    let (node, log) = plain();
    let robots = node.get("/robots.txt").await;
    assert_eq!((robots.status, robots.text().as_str()), (200, "User-agent: *\nDisallow:\n"));
    assert_eq!(node.get("/favicon.ico").await.status, 204);
    assert_eq!(node.get("/").await.status, 404);
    assert_eq!(log.len(), 0);
}

#[tokio::test]
async fn security_7_no_answer_sets_a_cookie_and_every_page_forbids_scripts() {
    let (node, _) = plain();
    for target in ["/", "/abc", "/over", "/robots.txt", "/aB3dE5gH7", "/aB3dE5gH7+", "/aB3dE5gH7/qr.svg"] {
        let reply = node.ask("GET", target, &[("Cookie", "a=b")]).await;
        assert!(!reply.headers.contains_key("set-cookie"), "{target}");
        if reply.header("content-type").starts_with("text/html") {
            let policy = reply.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{target}: {policy}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff");
        }
    }
}

#[tokio::test]
async fn a_node_that_never_was_complete_does_not_call_a_code_unknown() {
    let options = Options { complete: false, ..Options::default() };
    let node = node(programme(), MemoryLog::default(), options);
    assert_eq!(node.get(&format!("/{CODE}")).await.status, 302, "what it knows it answers");
    let unknown = node.get("/never-was").await;
    assert_eq!((unknown.status, unknown.header("retry-after")), (503, "5"));
}

#[tokio::test]
async fn a_pause_takes_effect_while_connections_stay_open() {
    let (node, _) = plain();
    let mut stream = TcpStream::connect(node.address).await.expect("a connection");
    let mut ask = async || {
        stream.write_all(format!("GET /{CODE} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await.expect("sent");
        let mut buffer = vec![0; 8192];
        let len = stream.read(&mut buffer).await.expect("an answer");
        parse(&buffer[..len]).status
    };
    assert_eq!(ask().await, 302);
    let off = Link { disabled: true, ..link(1, 1, 1, 1, "linkedin", CODE) };
    node.table.apply(&changes(100, [Entity::Link(off)]));
    assert_eq!(ask().await, 410);
}

#[tokio::test]
async fn a_card_names_the_picture_that_relais_serves_itself() {
    let picture = "https://example.com/a.png";
    let shown = Content { image_url: Some(picture.into()), ..content(1, 1) };
    let entities = vec![
        Entity::Space(space(1)),
        Entity::Content(shown),
        Entity::Advocate(advocate(1, 1)),
        Entity::Link(link(1, 1, 1, 1, "linkedin", CODE)),
    ];
    let key = crate::model::PictureKey::new(crate::model::SpaceId::from_bits(1), picture);
    let own = format!("https://portal.example/pictures/{key}");
    for (pictures_url, expected) in
        [(Some("https://portal.example/pictures".to_owned()), own.as_str()), (None, picture)]
    {
        let options = Options { pictures_url, ..Options::default() };
        let node = node(entities.clone(), MemoryLog::default(), options);
        let card = node.ask("GET", &format!("/{CODE}"), &[("User-Agent", "LinkedInBot/1.0")]).await.text();
        assert!(card.contains(&format!("<meta property=\"og:image\" content=\"{expected}\">")), "{card}");
    }
}

#[tokio::test]
async fn a_host_shows_whose_it_is() {
    let (node, log) = plain();
    let hosts = Space { hosts: vec!["go.one.example".into()], ..space(1) };
    node.table.apply(&changes(100, [Entity::Space(hosts)]));
    let nonce = "0123456789abcdef0123456789abcdef";
    let path = format!("/.well-known/relais/{nonce}");
    let own = node.ask("GET", &path, &[("Host", "go.one.example")]).await;
    assert_eq!((own.status, own.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert_eq!(own.text(), crate::model::host_proof(space(1).id, nonce));
    assert_eq!(node.ask("GET", &path, &[("Host", "go.other.example")]).await.status, 404);
    assert_eq!(node.ask("GET", "/.well-known/relais/short", &[("Host", "go.one.example")]).await.status, 404);
    assert_eq!(log.len(), 0);
}
