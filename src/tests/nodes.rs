//! Several machines on one: a control node on PostgreSQL, redirect nodes that follow it, a ClickHouse
//! that all share.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::harness::installation::Links;
use crate::harness::postgres::Server;
use crate::harness::process::unused_port;
use crate::harness::{Engine, Installation, Load, eventually};

/// The nodes' token in these tests.
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// An installation of several machines.
struct Machines {
    postgres: Server,
    engine: Engine,
    control: Installation,
    nodes: Vec<Installation>,
    _folder: tempfile::TempDir,
}

impl Machines {
    /// None where PostgreSQL is missing, which CI is not.
    fn start(nodes: usize) -> Option<Self> {
        let Some(postgres) = Server::start() else {
            assert!(std::env::var_os("CI").is_none(), "CI has PostgreSQL");
            crate::harness::say("SKIPPED: no PostgreSQL here (apt-get install postgresql)");
            return None;
        };
        let engine = Engine::start();
        let folder = tempfile::tempdir().expect("a folder");
        let port = format!("127.0.0.1:{}", unused_port());
        let (url, database) = (format!("http://{port}"), postgres.database());
        let clickhouse = engine.settings(&format!("http://{}", engine.address()));
        let shared: Vec<(&str, &str)> = clickhouse.iter().map(|(name, value)| (*name, &**value)).collect();
        let part =
            |role, path: &Path, own: &[(&str, &str)]| Installation::prepared_as(role, path, &[&shared, own].concat());
        let control_settings =
            [("RELAIS_STORE__URL", &*database), ("RELAIS_PORTAL__LISTEN", &port), ("RELAIS_CLUSTER__TOKEN", TOKEN)];
        let mut control = part("control", &folder.path().join("control"), &control_settings);
        control.resume();
        let node_settings = [
            ("RELAIS_CLUSTER__CONTROL_URL", &*url),
            ("RELAIS_CLUSTER__TOKEN", TOKEN),
            ("RELAIS_REDIRECT__WORKERS", "1"),
        ];
        let nodes = (0..nodes).map(|number| {
            let mut node = part("redirect", &folder.path().join(format!("node-{number}")), &node_settings);
            node.resume();
            node
        });
        let nodes = nodes.collect();
        Some(Self { postgres, engine, control, nodes, _folder: folder })
    }

    /// Links that every node knows.
    fn links(&self, advocates: usize, contents: usize) -> Links {
        let links = self.control.links(advocates, contents);
        for node in &self.nodes {
            node.wait_for_link(links.codes.last().expect("a link"));
        }
        links
    }
}

#[test]
fn a_change_reaches_every_node() {
    let Some(machines) = Machines::start(2) else { return };
    let links = machines.links(2, 2);
    let link =
        machines.control.api(Method::GET, &links.token, &format!("/links?code={}", links.codes[0]), &json!(null));
    let (_, listed) = link.expect("an answer");
    let path = format!("/links/{}", listed["items"][0]["id"].as_str().expect("an id"));
    let mut slowest = Duration::ZERO;
    for disabled in [true, false, true] {
        let (status, _) = machines
            .control
            .api(Method::PATCH, &links.token, &path, &json!({ "disabled": disabled }))
            .expect("an answer");
        assert_eq!(status, 200);
        let changed = Instant::now();
        for node in &machines.nodes {
            let expected = if disabled { 410 } else { 302 };
            eventually("the change on a node", || node.get(&format!("/{}", links.codes[0]), &[]).status() == expected);
        }
        slowest = slowest.max(changed.elapsed());
    }
    println!("a change was live on both nodes within {slowest:?}");
}

#[test]
fn nodes_outlive_the_control_node_the_database_and_clickhouse() {
    let Some(mut machines) = Machines::start(2) else { return };
    let links = machines.links(10, 10);
    // The snapshot that a restart stands on.
    for node in &machines.nodes {
        eventually("a snapshot", || node.data_dir.join("links.snapshot").exists());
        let seq = || node.metric("relais_link_snapshot_seq");
        eventually("a snapshot of all links", || seq().is_some_and(|seq| seq >= 100.0));
    }
    let loads: Vec<Load> = machines.nodes.iter().map(|node| Load::start(node, &links.codes, 1_000, 12)).collect();

    machines.control.kill();
    machines.postgres.kill();
    machines.engine.kill();
    // One goes on, the other starts again with nobody to ask.
    machines.nodes[1].kill();
    machines.nodes[1].resume();
    for node in &machines.nodes {
        assert_eq!(node.get(&format!("/{}", links.codes[0]), &[]).status(), 302);
        assert_eq!(node.get(&format!("/{}", links.codes[99]), &[]).status(), 302);
    }

    machines.engine.resume();
    machines.postgres.resume();
    machines.control.resume();
    for (load, number) in loads.into_iter().zip(0..) {
        let sent = load.finish();
        if number == 0 {
            assert_eq!(sent.number("/unknown"), 0.0, "a request went unanswered: {}", sent.report);
        }
        sent.assert_exact_in(machines.engine.folder());
    }
    // And they follow again.
    let content = json!({"kind": "article", "title": "New", "url": "https://www.example.com/new"});
    let content = machines.control.post(&links.token, "/contents", &content);
    let (_, people) =
        machines.control.api(Method::GET, &links.token, "/advocates?limit=1", &json!(null)).expect("an answer");
    let link = json!({"content_id": content["id"], "advocate_id": people["items"][0]["id"], "channel": "x"});
    let link = machines.control.post(&links.token, "/links", &link);
    for node in &machines.nodes {
        node.wait_for_link(link["code"].as_str().expect("a code"));
    }
    for mut node in machines.nodes.drain(..) {
        node.stop();
        node.run_ok(&["audit"]);
    }
    machines.control.stop();
}

#[test]
fn only_who_shows_the_token_is_told_changes() {
    let Some(machines) = Machines::start(0) else { return };
    let ask = |path: &str, token: &str| {
        let client = reqwest::blocking::Client::new();
        let answer = client.get(format!("http://{}{path}", machines.control.portal)).bearer_auth(token).send();
        answer.expect("an answer").status().as_u16()
    };
    let admin = machines.control.run_ok(&["token", "create", "--space", "default", "--role", "operator"]);
    for path in ["/internal/v1/changes?after=0&limit=10", "/internal/v1/snapshot", "/internal/v1/day-keys"] {
        assert_eq!(ask(path, TOKEN), 200, "{path}");
        for wrong in ["", "0123456789abcdef0123456789abcdee", &admin] {
            assert_eq!(ask(path, wrong), 401, "{path}");
        }
    }
    assert_eq!(ask("/internal/v1/changes?after=999&limit=10", TOKEN), 410);
}

#[test]
fn a_node_without_a_control_node_s_address_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let node = Installation::prepared_as("redirect", folder.path(), &[]);
    let output = node.run(&["redirect"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("cluster.control_url") && said.trim().lines().count() == 1, "{said}");
}
