//! The pages in a real browser: everybody, both languages, a phone and a desktop. The scripts stand in `browser/`.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::browser::{self, Addresses};
use crate::harness::process::Process;
use crate::harness::{Installation, eventually};

/// A part of the demo that has everything in it.
const SCALE: &str = "0.04";

/// An administrator of the space `default`, as an address that signs in and as a token.
fn administrator(installation: &Installation) -> (String, String) {
    installation.run_ok(&["space", "create", "default", "--name", "Acme", "--email-domain", "acme.test"]);
    let token = installation.run_ok(&["token", "create", "--space", "default", "--role", "admin"]);
    let body = json!({"email": "ada@acme.test", "name": "Ada Lovelace", "kind": "employee"});
    let ada = installation.post(&token, "/advocates", &body)["id"].as_str().unwrap().to_owned();
    let role = json!({"role": "admin"});
    let (status, answer) = installation.api(Method::PUT, &token, &format!("/members/{ada}"), &role).unwrap();
    assert_eq!(status, 200, "{answer}");
    let address = installation.run_ok(&["sign-in-link", "--space", "default", "--advocate", &ada]);
    (address, token)
}

/// A link of the demo that leads somewhere, and one that was switched off.
fn links(installation: &Installation) -> (String, String) {
    let token = installation.run_ok(&["token", "create", "--space", "marelle", "--role", "admin"]);
    let (_, links) = installation.api(Method::GET, &token, "/links?limit=50", &Value::Null).unwrap();
    let links = links["items"].as_array().unwrap();
    let code = |link: &Value| link["code"].as_str().unwrap().to_owned();
    let leads = |link: &&Value| installation.get(&format!("/{}", code(link)), &[]).status() == 302;
    let mut leading = links.iter().filter(leads);
    let (open, gone) = (leading.next().unwrap(), leading.next().unwrap());
    let (_, spaces) = installation.api(Method::GET, &token, "/spaces", &Value::Null).unwrap();
    let space = &spaces["items"][0]["id"];
    // Without a page to fall back to, it says itself that it is gone.
    for (path, change) in [
        (format!("/spaces/{}", space.as_str().unwrap()), json!({"fallback_url": null})),
        (format!("/links/{}", gone["id"].as_str().unwrap()), json!({"disabled": true})),
    ] {
        let (status, answer) = installation.api(Method::PATCH, &token, &path, &change).unwrap();
        assert_eq!(status, 200, "{answer}");
    }
    eventually("the link to be gone", || installation.get(&format!("/{}", code(gone)), &[]).status() == 410);
    (code(open), code(gone))
}

/// What the program finds in its environment on this installation.
fn environment(installation: &Installation) -> BTreeMap<String, String> {
    let text = |text: &OsStr| text.to_str().unwrap().to_owned();
    let command = installation.command(&[]);
    command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect()
}

#[test]
fn every_page_of_everybody_is_sound_accessible_and_keeps_to_itself() {
    if !browser::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let addresses = Addresses::unused();
    let mut installation = addresses.prepared(folder.path(), &[]);
    let mut process = Process::start(installation.command(&["demo", "--scale", SCALE]));
    process.wait_for("the next start finds everything");
    (installation.portal, installation.redirect) = addresses.sockets();
    let (code, gone) = links(&installation);
    browser::run(
        "walk.mjs",
        &json!({
            "portal": addresses.portal,
            "redirect": addresses.redirect,
            "relais": env!("CARGO_BIN_EXE_relais"),
            "env": environment(&installation),
            "code": code,
            "gone": gone,
        }),
    );
    process.stop();
}

#[test]
fn somebody_is_invited_shares_within_three_taps_and_reads_of_the_click() {
    if !browser::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let addresses = Addresses::unused();
    let mut installation = addresses.prepared(folder.path(), &[]);
    installation.resume();
    installation.process().wait_for("the embedded ClickHouse is ready");
    let (admin, token) = administrator(&installation);
    browser::run(
        "story.mjs",
        &json!({
            "portal": addresses.portal,
            "redirect": addresses.redirect,
            "data_dir": folder.path(),
            "admin": admin,
            "token": token,
        }),
    );
    installation.stop();
}

#[test]
fn pages_are_there_while_clickhouse_is_away_and_say_which_figures_are_not() {
    if !browser::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let addresses = Addresses::unused();
    let mut installation =
        addresses.prepared(folder.path(), &[("RELAIS_CLICKHOUSE__EMBEDDED__LIBRARY", "/nowhere/libchdb.so")]);
    installation.resume();
    let (admin, token) = administrator(&installation);
    installation.post(&token, "/teams", &json!({"name": "Sales"}));
    browser::run("away.mjs", &json!({"portal": addresses.portal, "admin": admin}));
    installation.stop();
}

#[test]
fn security_13_hostile_text_is_inert_on_every_page_in_every_table_and_in_every_mail() {
    if !browser::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let addresses = Addresses::unused();
    let mut installation = addresses.prepared(folder.path(), &[]);
    installation.resume();
    installation.process().wait_for("the embedded ClickHouse is ready");
    installation.run_ok(&["space", "create", "default", "--email-domain", "acme.test"]);
    let corpus: Value = serde_json::from_str(include_str!("hostile.json")).unwrap();
    browser::run(
        "hostile.mjs",
        &json!({
            "portal": addresses.portal,
            "redirect": addresses.redirect,
            "relais": env!("CARGO_BIN_EXE_relais"),
            "env": environment(&installation),
            "data_dir": folder.path(),
            "space": "default",
            "corpus": corpus,
        }),
    );
    installation.stop();
}
