//! From a page that somebody else serves to a picture on a preview card.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};

use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::harness::{Installation, eventually};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and more";

/// A site of news on loopback: a page that names its feed, the feed, and a picture.
fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
            let (status, body) = match head.split(' ').nth(1) {
                Some("/") => {
                    ("200 OK", b"<title>News</title><link rel=alternate type=application/rss+xml href=/feed>".to_vec())
                }
                Some("/feed") => (
                    "200 OK",
                    format!(
                        "<rss version=\"2.0\"><channel><title>News</title><item><title>Bread &amp;amp; butter</title>\
                         <link>https://www.example.com/bread</link><guid>1</guid>\
                         <enclosure url=\"http://{address}/bread.png\" type=\"image/png\"/></item></channel></rss>"
                    )
                    .into_bytes(),
                ),
                Some("/bread.png") => ("200 OK", PNG.to_vec()),
                _ => ("404 Not Found", Vec::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
        }
    });
    address
}

#[test]
fn an_entry_of_a_feed_is_shared_with_a_picture_of_relaiss_own() {
    let site = site();
    // No click is read here: nothing waits for ClickHouse.
    let settings = [("RELAIS_OUTBOUND__ALLOW", "[\"127.0.0.0/8\"]"), ("RELAIS_CLICKHOUSE__URL", "http://127.0.0.1:1")];
    let installation = Installation::start(&settings);
    let token = installation.run_ok(&["token", "create", "--space", "default", "--role", "marketing"]);
    let preview = installation.post(&token, "/contents/preview", &json!({"url": format!("http://{site}/")}));
    assert_eq!(preview["title"], "News");

    let feed = json!({"url": format!("http://{site}/"), "publish": "automatic"});
    let feed = installation.post(&token, "/feeds", &feed);
    let get = |path: &str| installation.api(Method::GET, &token, path, &Value::Null).unwrap().1;
    let path = format!("/feeds/{}", feed["id"].as_str().unwrap());
    eventually("the first visit", || get(&path)["status"] == "read");
    assert_eq!(get(&path)["counts"]["published"], 1);
    let content = get("/contents")["items"][0].clone();
    assert_eq!(content["title"], "Bread & butter");

    let admin = installation.run_ok(&["token", "create", "--space", "default", "--role", "admin"]);
    let advocate = installation.post(&admin, "/advocates", &json!({"email": "a@example.com", "name": "A"}));
    let link = json!({"advocate_id": advocate["id"], "content_id": content["id"], "channel": "linkedin"});
    let link = installation.post(&token, "/links", &link);
    let code = format!("/{}", link["code"].as_str().unwrap());
    let robot = [("user-agent", "LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)")];
    let mut card = String::new();
    eventually("the card", || {
        card = installation.get(&code, &robot).text().unwrap();
        card.contains("Bread")
    });
    assert!(!card.contains(&site.to_string()), "the card names nobody else's picture: {card}");
    let (_, picture) = card.split_once("/pictures/").expect("a picture of Relais's own");
    let key = picture.split('"').next().unwrap();
    let ask = || Client::new().get(format!("http://{}/pictures/{key}", installation.portal)).send().unwrap();
    eventually("the picture", || ask().status() == 200);
    let picture = ask();
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert_eq!(picture.headers()["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(picture.bytes().unwrap().as_ref(), PNG);
}
