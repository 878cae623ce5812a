//! From a click to a credit and to somebody else's system, in the running program.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Installation, eventually};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/17.5 Mobile/15E148 Safari/604.1";
const ALLOW: (&str, &str) = ("RELAIS_OUTBOUND__ALLOW", "[\"127.0.0.1/32\"]");

/// A receiver that takes everything, and the address under which it does.
fn receiver() -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, got) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut text = Vec::new();
            let mut bytes = [0; 65536];
            // One request a connection; its length stands in its head.
            let body = loop {
                match stream.read(&mut bytes) {
                    Ok(0) | Err(_) => break None,
                    Ok(read) => text.extend_from_slice(&bytes[..read]),
                }
                let text = String::from_utf8_lossy(&text);
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                if body.len() >= length.parse::<usize>().unwrap() {
                    break Some(serde_json::from_str(body).unwrap());
                }
            };
            let Some(body) = body else { continue };
            if sender.send(body).is_err() {
                return;
            }
            let _gone = stream.write_all(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (url, got)
}

/// What was told, by the events' ids: one that is sent once more is one that is known.
struct Events {
    got: mpsc::Receiver<Value>,
    seen: BTreeMap<String, Value>,
}

impl Events {
    /// Waits for the next request; longer than a killed sender's lease lasts.
    fn next(&mut self) {
        let event = self.got.recv_timeout(Duration::from_secs(120)).expect("something is told");
        self.seen.insert(event["id"].as_str().unwrap().to_owned(), event);
    }

    fn clicks(&self) -> Vec<&Value> {
        self.seen.values().filter_map(|event| event["data"]["clicks"].as_array()).flatten().collect()
    }
}

#[test]
fn a_click_is_told_of_once_and_credits_its_advocate_though_the_program_is_killed_in_between() {
    let mut installation = Installation::start(&[ALLOW]);
    let links = installation.links(1, 1);
    let (url, got) = receiver();
    let hook = json!({"url": url, "events": ["click.recorded", "application.*"]});
    installation.post(&links.token, "/webhooks", &hook);
    for _ in 0..3 {
        let answer = installation.get(&format!("/{}", links.codes[0]), &[("user-agent", PHONE)]);
        assert_eq!(answer.status(), 302);
    }
    installation.kill();
    installation.wait_for_the_engine_s_end();
    installation.resume();
    let mut events = Events { got, seen: BTreeMap::new() };
    while events.clicks().len() < 3 {
        events.next();
    }
    let clicks = events.clicks();
    let ids: BTreeSet<_> = clicks.iter().map(|click| click["click_id"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), clicks.len()), (3, 3), "each once");

    let (status, page) = installation.api(Method::GET, &links.token, "/clicks?limit=1", &Value::Null).unwrap();
    assert_eq!((status, page["items"].as_array().unwrap().len()), (200, 1));
    let newest = page["items"][0].clone();
    let applied = json!({"code": links.codes[0], "stage": "applied", "external_id": "ats-1",
        "occurred_at": newest["clicked_at"]});
    let application = installation.post(&links.token, "/conversions", &applied);
    assert_eq!(application["reason"], "last_click", "{application}");
    assert_eq!(application["click_id"], newest["click_id"]);
    assert_eq!(application["advocate_id"], newest["advocate_id"]);
    while events.seen.values().filter(|event| event["event"] != "click.recorded").count() < 2 {
        events.next();
    }
    let names: BTreeSet<_> = events.seen.values().map(|event| event["event"].as_str().unwrap()).collect();
    let expected = ["application.applied", "application.credited", "click.recorded"];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    let told = "SELECT stage, click_id FROM conversions WHERE external_id = 'ats-1' FORMAT TSV";
    installation.wait_for_sql(told, &format!("applied\t{}", newest["click_id"].as_str().unwrap()));
}

#[test]
fn a_credit_that_waits_for_clickhouse_is_decided_when_it_is_there() {
    let installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let answer = installation.get(&format!("/{}", links.codes[0]), &[("user-agent", PHONE)]);
    assert_eq!(answer.status(), 302);
    // Told at once: the click is still on its way, or there already.
    let applied = json!({"code": links.codes[0], "stage": "applied", "external_id": "ats-1",
        "occurred_at": jiff::Timestamp::now().to_string()});
    let application = installation.post(&links.token, "/conversions", &applied);
    let path = format!("/applications/{}", application["id"].as_str().unwrap());
    eventually("the credit", || {
        let (_, application) = installation.api(Method::GET, &links.token, &path, &Value::Null).unwrap();
        application["reason"] == "last_click"
    });
}
