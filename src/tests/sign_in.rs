//! Somebody signs in to the running program: the mail in the outbox, the pages, the API by session.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;

use reqwest::blocking::{Client, Response};

use crate::harness::{Installation, eventually};

/// A browser: its cookies, and where its requests come from.
struct Browser<'a> {
    installation: &'a Installation,
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(installation: &'a Installation) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { installation, client, cookies: BTreeMap::new() }
    }

    fn send(&mut self, request: reqwest::blocking::RequestBuilder) -> Response {
        let line: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", line.join("; ")).send().unwrap();
        for line in answer.headers().get_all("set-cookie") {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        answer
    }

    fn get(&mut self, path: &str) -> Response {
        self.send(self.client.get(format!("http://{}{path}", self.installation.portal)))
    }

    fn post(&mut self, path: &str, body: &str) -> Response {
        let origin = format!("http://{}", self.installation.portal);
        let request = self.client.post(format!("{origin}{path}")).header("origin", origin);
        self.send(request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned()))
    }
}

fn outbox(installation: &Installation) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(installation.data_dir.join("outbox")) else { return Vec::new() };
    let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "eml"));
    files.sort();
    files
}

fn code_in(mail: &str) -> String {
    let subject = mail.lines().find_map(|line| line.strip_prefix("Subject: ")).expect("a subject");
    subject.split(' ').next().unwrap().to_owned()
}

#[test]
fn somebody_of_the_domain_signs_in_with_the_mail_from_the_outbox_and_stays_in_over_a_restart() {
    let mut installation = Installation::start(&[]);
    installation.run_ok(&["space", "create", "default", "--email-domain", "acme.test"]);
    let session = {
        let mut browser = Browser::new(&installation);
        assert_eq!(browser.get("/").status(), 303);
        assert!(browser.get("/sign-in").text().unwrap().contains("name=\"email\""));
        assert_eq!(browser.post("/sign-in", "email=ada%40acme.test").status(), 200);
        eventually("the mail", || !outbox(&installation).is_empty());
        let mail = fs::read_to_string(&outbox(&installation)[0]).unwrap();
        let answer = browser.post("/sign-in/code", &format!("code={}", code_in(&mail)));
        assert_eq!(answer.status(), 303, "{answer:?}");
        assert!(browser.get("/").text().unwrap().contains("ada@acme.test"));
        let sessions: serde_json::Value = browser.get("/api/v1/sessions").json().unwrap();
        assert_eq!(sessions["items"][0]["current"], true);
        let refused = browser.client.get(format!("http://{}/nothing", installation.redirect)).send().unwrap();
        assert!(!refused.headers().contains_key("set-cookie"), "no cookie on the redirect port");
        browser.cookies
    };
    installation.process.take().unwrap().stop();
    installation.resume();
    let mut browser = Browser::new(&installation);
    browser.cookies = session;
    assert!(browser.get("/").text().unwrap().contains("ada@acme.test"));
}

/// Takes one mail as an SMTP server does.
fn take_mail(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let (mut heard, mut answered) = (String::new(), 0);
    stream.write_all(b"220 mail.test\r\n").unwrap();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap();
        if count == 0 {
            return heard;
        }
        heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
        let in_data = heard.contains("DATA\r\n");
        if heard.ends_with("\r\n.\r\n") {
            stream.write_all(b"250 taken\r\n").unwrap();
            return heard;
        }
        while !in_data && heard[answered..].contains("\r\n") {
            answered += heard[answered..].find("\r\n").unwrap() + 2;
            stream.write_all(b"250 ok\r\n").unwrap();
        }
        if in_data && answered < heard.len() && heard.ends_with("DATA\r\n") {
            answered = heard.len();
            stream.write_all(b"354 go on\r\n").unwrap();
        }
    }
}

#[test]
fn a_mail_that_waits_for_its_server_survives_a_kill() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    drop(server);
    let url = format!("smtp://{address}");
    let mut installation = Installation::start(&[("RELAIS_MAIL__SMTP_URL", &url)]);
    installation.run_ok(&["space", "create", "default", "--email-domain", "acme.test"]);
    let cookies = {
        let mut browser = Browser::new(&installation);
        assert_eq!(browser.post("/sign-in", "email=ada%40acme.test").status(), 200);
        browser.cookies
    };
    installation.process.take().unwrap().kill_group();
    let server = TcpListener::bind(address).unwrap();
    installation.resume();
    let mail = take_mail(&server);
    assert!(mail.contains("RCPT TO:<ada@acme.test>"), "{mail}");
    let mut browser = Browser::new(&installation);
    browser.cookies = cookies;
    let answer = browser.post("/sign-in/code", &format!("code={}", code_in(&mail)));
    assert_eq!(answer.status(), 303, "{answer:?}");
}
