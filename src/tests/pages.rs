//! The pages in a real browser: everybody, both languages, a phone and a desktop. The scripts stand in `browser/`.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::Installation;
use crate::harness::browser::{self, Addresses};
use crate::harness::process::Process;

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

/// A new installation for the pages of a browser. Nothing of it runs yet.
struct Site {
    folder: TempDir,
    addresses: Addresses,
    installation: Installation,
}

impl Site {
    /// None where no browser is there to look at it.
    fn new(settings: &[(&str, &str)]) -> Option<Self> {
        browser::is_there().then(|| {
            let folder = tempfile::tempdir().unwrap();
            let addresses = Addresses::unused();
            let installation = addresses.prepared(folder.path(), settings);
            Self { folder, addresses, installation }
        })
    }

    /// The same, served, with its ClickHouse.
    fn served() -> Option<Self> {
        let mut site = Self::new(&[])?;
        site.installation.resume();
        site.installation.process().wait_for("the embedded ClickHouse is ready");
        Some(site)
    }

    /// Runs a script, which is told of the installation all that an operator knows, and `more`.
    fn run(&self, script: &str, more: Value) {
        let mut given = json!({
            "portal": self.addresses.portal,
            "redirect": self.addresses.redirect,
            "relais": env!("CARGO_BIN_EXE_relais"),
            "env": self.environment(),
            "data_dir": self.folder.path(),
        });
        let Value::Object(more) = more else { panic!("an object: {more}") };
        given.as_object_mut().expect("made as one").extend(more);
        browser::run(script, &given);
    }

    /// What the program finds in its environment here.
    fn environment(&self) -> BTreeMap<String, String> {
        let text = |text: &OsStr| text.to_str().unwrap().to_owned();
        let command = self.installation.command(&[]);
        command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect()
    }
}

#[test]
fn every_page_of_everybody_is_sound_accessible_and_keeps_to_itself() {
    let Some(mut site) = Site::new(&[]) else { return };
    let mut process = Process::start(site.installation.command(&["demo", "--scale", SCALE]));
    process.wait_for("the next start finds everything");
    (site.installation.portal, site.installation.redirect) = site.addresses.sockets();
    site.run("walk.mjs", json!({}));
    process.stop();
}

#[test]
fn somebody_is_invited_shares_within_three_taps_and_reads_of_the_click() {
    let Some(mut site) = Site::served() else { return };
    let (admin, token) = administrator(&site.installation);
    site.run("story.mjs", json!({"admin": admin, "token": token}));
    site.installation.stop();
}

#[test]
fn pages_are_there_while_clickhouse_is_away_and_say_which_figures_are_not() {
    let nowhere = ("RELAIS_CLICKHOUSE__EMBEDDED__LIBRARY", "/nowhere/libchdb.so");
    let Some(mut site) = Site::new(&[nowhere]) else { return };
    site.installation.resume();
    let (admin, token) = administrator(&site.installation);
    site.installation.post(&token, "/teams", &json!({"name": "Sales"}));
    site.run("away.mjs", json!({"admin": admin}));
    site.installation.stop();
}

#[test]
fn security_13_hostile_text_is_inert_on_every_page_in_every_table_and_in_every_mail() {
    let Some(mut site) = Site::served() else { return };
    site.installation.run_ok(&["space", "create", "default", "--email-domain", "acme.test"]);
    let corpus: Value = serde_json::from_str(include_str!("hostile.json")).unwrap();
    site.run("hostile.mjs", json!({"space": "default", "corpus": corpus}));
    site.installation.stop();
}
