//! Which addresses are reached, on loopback.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use crate::outbound::addresses::is_public;
use crate::outbound::*;

fn allowing(networks: &[&str]) -> Destinations {
    Destinations::new(&Config { allow: networks.iter().map(|one| one.parse().expect("a network")).collect() })
}

fn url(text: &str) -> Url {
    text.parse().expect("a URL")
}

#[test]
fn security_26_private_reserved_and_mapped_addresses_are_not_public() {
    for text in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "100::1",
    ] {
        assert!(!is_public(text.parse().expect("an address")), "{text}");
    }
    for text in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.167.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"] {
        assert!(is_public(text.parse().expect("an address")), "{text}");
    }
}

#[tokio::test]
async fn security_27_what_is_not_public_is_refused_unless_it_is_allowed() {
    let strict = allowing(&[]);
    for text in
        ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://0x7f.1/"]
    {
        assert!(matches!(strict.resolve(&url(text)).await, Err(Refused::Private(_))), "{text}");
    }
    for text in ["ftp://1.1.1.1/", "http://me@1.1.1.1/", "http://me:it@1.1.1.1/", "mailto:me@example.com"] {
        assert_eq!(strict.resolve(&url(text)).await, Err(Refused::Form), "{text}");
    }
    assert_eq!(strict.resolve(&url("https://1.1.1.1:8443/")).await, Err(Refused::Port));
    assert!(strict.resolve(&url("https://1.1.1.1/")).await.is_ok());
    let unknown = strict.resolve(&url("https://nobody.invalid/")).await;
    assert_eq!(unknown, Err(Refused::Unknown("nobody.invalid".to_owned())));
    let own = allowing(&["127.0.0.0/8"]);
    assert!(own.resolve(&url("http://127.0.0.1:9999/")).await.is_ok());
    assert!(own.resolve(&url("http://[::ffff:127.0.0.1]/")).await.is_ok());
    assert!(matches!(own.resolve(&url("http://10.0.0.1/")).await, Err(Refused::Private(_))));
}

#[tokio::test]
async fn a_post_arrives_whole_and_a_redirect_is_an_answer_like_any_other() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let got = Arc::new(tokio::sync::Mutex::new(String::new()));
    let heard = Arc::clone(&got);
    let receiver = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut bytes = vec![0; 4096];
        let mut text = String::new();
        while !text.ends_with("\r\n\r\nhello") {
            let read = stream.read(&mut bytes).await.expect("bytes");
            text.push_str(std::str::from_utf8(&bytes[..read]).expect("text"));
        }
        *heard.lock().await = text;
        let answer = format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{address}/other\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.expect("an answer");
    });
    let target = url(&format!("http://{address}/hook?a=b"));
    let poster = Poster::new(allowing(&["127.0.0.1/32"]));
    let mut headers = HeaderMap::new();
    headers.insert("x-test", http::HeaderValue::from_static("yes"));
    let answered = poster.post(&target, headers, Bytes::from_static(b"hello")).await.expect("an answer");
    assert_eq!(answered.status, 307);
    receiver.await.expect("it was asked once");
    let got = got.lock().await;
    assert!(got.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{got}");
    assert!(got.contains(&format!("host: {address}\r\n")) && got.contains("x-test: yes\r\n"), "{got}");
    let refused = Poster::new(allowing(&[])).post(&target, HeaderMap::new(), Bytes::new()).await;
    assert!(matches!(refused, Err(PostError::Refused(Refused::Private(_)))), "{refused:?}");
}
