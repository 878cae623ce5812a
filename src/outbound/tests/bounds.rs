//! How much and for how long.

use super::*;

#[tokio::test]
async fn a_page_comes_with_what_was_said_of_it() {
    let site = Site::new(|_| {
        answer("200 OK", "Content-Type: text/html\r\nETag: \"v1\"\r\nLast-Modified: yesterday\r\n", b"<p>hello")
    })
    .await;
    let fetched = fetch(&fetcher(), &site.url("/a?b=c#d")).await.expect("a page");
    assert_eq!(fetched.body, b"<p>hello");
    assert!(fetched.whole);
    assert_eq!(fetched.content_type.as_deref(), Some("text/html"));
    assert_eq!((fetched.etag.as_deref(), fetched.last_modified.as_deref()), (Some("\"v1\""), Some("yesterday")));
    let head = site.heads().remove(0).to_ascii_lowercase();
    assert!(head.starts_with("get /a?b=c http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("host: {}\r\n", site.address)), "{head}");
    assert!(head.contains("user-agent: relais/"), "{head}");
    assert!(!head.contains("cookie") && !head.contains("referer"), "{head}");
}

#[tokio::test]
async fn what_is_known_is_asked_for_with_its_validators() {
    let site = Site::new(|_| Script { bytes: b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec(), hold: false }).await;
    let ask = Ask {
        url: site.url("/feed"),
        accept: "application/rss+xml",
        etag: Some("\"v1\"".to_owned()),
        last_modified: Some("yesterday".to_owned()),
    };
    assert_eq!(fetcher().fetch(&ask).await, Ok(Answer::Unchanged));
    let head = site.heads().remove(0).to_ascii_lowercase();
    for line in ["if-none-match: \"v1\"\r\n", "if-modified-since: yesterday\r\n", "accept: application/rss+xml\r\n"] {
        assert!(head.contains(line), "{head}");
    }
    // Without a question there is no such answer.
    assert_eq!(fetch(&fetcher(), &site.url("/")).await, Err(FetchError::Status(304)));
}

#[tokio::test]
async fn security_26_a_body_is_taken_up_to_a_mebibyte_and_no_further() {
    let site = Site::new(|path| match path {
        "/fits" => page(&vec![b'a'; MAX_BYTES]),
        "/long" => page(&vec![b'a'; MAX_BYTES + 1]),
        // Says nothing of its length and never ends.
        _ => {
            let mut bytes = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
            bytes.resize(bytes.len() + 2 * MAX_BYTES, b'a');
            Script { bytes, hold: true }
        }
    })
    .await;
    for (path, whole) in [("/fits", true), ("/long", false), ("/endless", false)] {
        let fetched = fetch(&fetcher(), &site.url(path)).await.expect("a page");
        assert_eq!((fetched.body.len(), fetched.whole), (MAX_BYTES, whole), "{path}");
    }
}

#[tokio::test]
async fn security_26_what_is_packed_is_bounded_by_what_it_unpacks_to() {
    let site = Site::new(|path| match path {
        "/page" => answer("200 OK", "Content-Encoding: gzip\r\n", &gzip(b"<title>hello</title>")),
        "/bomb" => answer("200 OK", "Content-Encoding: GZIP\r\n", &gzip(&vec![0; 64 * MAX_BYTES])),
        "/damaged" => answer("200 OK", "Content-Encoding: gzip\r\n", b"no gzip at all"),
        _ => answer("200 OK", "Content-Encoding: br\r\n", b"something"),
    })
    .await;
    let fetched = fetch(&fetcher(), &site.url("/page")).await.expect("a page");
    assert_eq!((fetched.body.as_slice(), fetched.whole), (&b"<title>hello</title>"[..], true));
    let fetched = fetch(&fetcher(), &site.url("/bomb")).await.expect("a page");
    assert_eq!((fetched.body.len(), fetched.whole), (MAX_BYTES, false));
    for path in ["/damaged", "/brotli"] {
        assert_eq!(fetch(&fetcher(), &site.url(path)).await, Err(FetchError::Encoding), "{path}");
    }
}

#[tokio::test]
async fn security_26_a_slow_answer_is_given_up() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".to_vec();
    let site = Site::new(move |path| match path {
        "/silent" => Script { bytes: Vec::new(), hold: true },
        "/half" => Script { bytes: head.clone(), hold: true },
        _ => moved("/silent"),
    })
    .await;
    let resolver = Arc::new(SystemResolver);
    let patience = Duration::from_millis(100);
    let metrics = Arc::new(Metrics::new());
    let fetcher = Fetcher::with(&allowing(&["127.0.0.0/8"]), Arc::clone(&metrics), resolver, web_roots(), patience);
    for path in ["/silent", "/half", "/moved"] {
        assert_eq!(fetch(&fetcher, &site.url(path)).await, Err(FetchError::Slow), "{path}");
    }
    assert!(metrics.render().contains("relais_outbound_fetches_total{result=\"too_slow\"} 3"));
}

#[tokio::test]
async fn statuses_and_broken_answers_are_told_apart() {
    let site = Site::new(|path| match path {
        "/gone" => answer("410 Gone", "", b"gone"),
        "/broken" => answer("500 Oops", "", b""),
        "/short" => Script { bytes: b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123".to_vec(), hold: false },
        _ => Script { bytes: b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), hold: false },
    })
    .await;
    assert_eq!(fetch(&fetcher(), &site.url("/gone")).await, Err(FetchError::Status(410)));
    assert_eq!(fetch(&fetcher(), &site.url("/broken")).await, Err(FetchError::Status(500)));
    for path in ["/short", "/ssh"] {
        let outcome = fetch(&fetcher(), &site.url(path)).await;
        assert!(matches!(outcome, Err(FetchError::Unreachable { .. })), "{path}: {outcome:?}");
    }
}
