//! A whole installation in a folder of its own: the program, its data, its addresses.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use super::process::{Process, eventually, read, relais, unused_port};

/// A running `relais serve` on free ports.
pub struct Installation {
    /// Everything it writes.
    pub data_dir: PathBuf,
    /// The running program, while it runs.
    pub process: Option<Process>,
    /// Port of redirects.
    pub redirect: SocketAddr,
    /// Port of the API.
    pub portal: SocketAddr,
    /// Port of metrics and readiness.
    pub operations: SocketAddr,
    /// `serve`, `redirect` or `control`.
    role: &'static str,
    settings: Vec<(String, String)>,
    folder: Option<tempfile::TempDir>,
    /// For what the test itself writes; never on the data directory's disk.
    scratch: tempfile::TempDir,
}

/// Issued links of a test's programme.
pub struct Links {
    /// Codes, in the order of advocates × contents.
    pub codes: Vec<String>,
    /// The space's administrator.
    pub token: String,
}

impl Installation {
    /// Starts on an empty folder, with `settings` as `RELAIS_…` variables.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut installation = Self::prepared(folder.path(), settings);
        installation.folder = Some(folder);
        installation.resume();
        installation
    }

    /// As [`Self::start`], in `data_dir`, which the caller keeps.
    pub fn start_in(data_dir: &Path, settings: &[(&str, &str)]) -> Self {
        let mut installation = Self::prepared(data_dir, settings);
        installation.resume();
        installation
    }

    /// As [`Self::start_in`], but nothing runs yet.
    pub fn prepared(data_dir: &Path, settings: &[(&str, &str)]) -> Self {
        Self::prepared_as("serve", data_dir, settings)
    }

    /// The same for one half of an installation: `redirect` or `control`.
    pub fn prepared_as(role: &'static str, data_dir: &Path, settings: &[(&str, &str)]) -> Self {
        let nowhere: SocketAddr = ([127, 0, 0, 1], 0).into();
        // A restart comes back to where its readers are, so nobody else may get the port in between.
        let redirect = format!("127.0.0.1:{}", unused_port());
        let defaults = [
            ("RELAIS_REDIRECT__LISTEN", &*redirect),
            ("RELAIS_PORTAL__LISTEN", "127.0.0.1:0"),
            ("RELAIS_OPS__LISTEN", "127.0.0.1:0"),
            ("RELAIS_REDIRECT__REQUESTS_PER_SECOND_PER_ADDRESS", "0"),
            ("RELAIS_REDIRECT__CONNECTIONS_PER_ADDRESS", "0"),
            ("RELAIS_PORTAL__REQUESTS_PER_SECOND_PER_ADDRESS", "0"),
            ("RELAIS_PORTAL__REQUESTS_PER_SECOND_PER_TOKEN", "0"),
        ];
        let settings =
            defaults.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self {
            data_dir: data_dir.to_owned(),
            process: None,
            redirect: nowhere,
            portal: nowhere,
            operations: nowhere,
            role,
            settings,
            folder: None,
            scratch: tempfile::tempdir().expect("a folder"),
        }
    }

    /// A command of the program on this data directory, with these settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = relais(&self.data_dir, arguments);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs a command that must succeed, and returns what it printed.
    pub fn run_ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "relais {} failed:\n{out}\n{err}", arguments.join(" "));
        out.trim().to_owned()
    }

    /// Starts the program again on the same data, and waits until it answers.
    pub fn resume(&mut self) {
        self.resume_with(&[]);
    }

    /// As [`Self::resume`], with more settings for this start.
    pub fn resume_with(&mut self, settings: &[(&str, &str)]) {
        let mut command = self.command(&[self.role]);
        command.envs(settings.iter().copied());
        let mut process = Process::start(command);
        let mut address = |name: &str| -> SocketAddr {
            let line = process.wait_for(&format!("{name} "));
            let text = line.rsplit("http://").next().expect("an address");
            text.trim().parse().expect("an address and a port")
        };
        if self.role != "control" {
            self.redirect = address("redirect");
        }
        if self.role != "redirect" {
            self.portal = address("portal");
        }
        self.operations = address("operations");
        process.wait_for("ready");
        self.process = Some(process);
    }

    /// Starts the program again, expecting it to end before or after it is ready.
    pub fn start_to_die(&mut self, settings: &[(&str, &str)]) -> Process {
        let mut command = self.command(&["serve"]);
        command.envs(settings.iter().copied());
        Process::start(command)
    }

    /// Folder of the test itself, beside the data.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Waits until the engine of a killed program has ended by itself.
    pub fn wait_for_the_engine_s_end(&self) {
        let Ok(lock) = std::fs::File::open(self.data_dir.join("clickhouse/engine.lock")) else { return };
        eventually("the engine to end", || lock.try_lock().is_ok());
    }

    /// The running program.
    pub fn process(&mut self) -> &mut Process {
        self.process.as_mut().expect("the program runs")
    }

    /// `kill -9` of everything that runs.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill_group();
        }
    }

    /// Stops it gracefully: whatever was answered is stored when this returns.
    pub fn stop(&mut self) -> String {
        let (status, said) = self.process.take().expect("the program runs").stop();
        assert!(status.success(), "the program ended with {status}:\n{said}");
        said
    }

    /// Process id of the embedded engine: the program's child of that name.
    pub fn engine_pid(&self) -> i32 {
        let parent = self.process.as_ref().expect("the program runs").id();
        let mut pid = None;
        eventually("the engine's process", || {
            pid = children(parent).into_iter().find(|child| command_line(*child).contains("engine"));
            pid.is_some()
        });
        i32::try_from(pid.expect("waited for it")).expect("a process id")
    }

    /// Asks the embedded ClickHouse and returns its answer as tab-separated text.
    pub fn sql(&self, query: &str) -> Result<String, String> {
        let port = read(&self.data_dir, "clickhouse/ports")
            .and_then(|text| text.lines().find_map(|line| line.strip_prefix("http ").map(str::to_owned)))
            .ok_or("no engine port yet")?;
        let password = read(&self.data_dir, "clickhouse/password").ok_or("no engine password yet")?;
        let answer = Client::new()
            .post(format!("http://127.0.0.1:{port}/?database=relais"))
            .basic_auth("relais", Some(password))
            .body(query.to_owned())
            .send()
            .map_err(|error| error.to_string())?;
        let fine = answer.status().is_success();
        let text = answer.text().map_err(|error| error.to_string())?.trim().to_owned();
        if fine { Ok(text) } else { Err(text) }
    }

    /// Waits until `query` answers `expected`.
    pub fn wait_for_sql(&self, query: &str, expected: &str) {
        let mut last = Err(String::new());
        eventually(&format!("{query} to answer {expected}"), || {
            last = self.sql(query);
            last.as_deref() == Ok(expected)
        });
    }

    /// Clicks that a reader sees now; 0 while nobody answers.
    pub fn clicks(&self) -> u64 {
        self.sql("SELECT count() FROM clicks FINAL").ok().and_then(|count| count.parse().ok()).unwrap_or(0)
    }

    /// Waits until at least `count` clicks are stored.
    pub fn wait_for_clicks(&self, count: u64) {
        eventually("stored clicks", || self.clicks() >= count);
    }

    /// One metric's value by its name and labels as they stand in `/metrics`.
    pub fn metric(&self, name: &str) -> Option<f64> {
        let text = Client::new().get(format!("http://{}/metrics", self.operations)).send().ok()?.text().ok()?;
        let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))?;
        line.rsplit(' ').next()?.parse().ok()
    }

    /// Asks the redirect port without following.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let mut request = client.get(format!("http://{}{path}", self.redirect));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().expect("an answer")
    }

    /// Asks the API; without a body when `body` is null.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn api(&self, method: Method, token: &str, path: &str, body: &Value) -> reqwest::Result<(u16, Value)> {
        let mut request =
            Client::new().request(method, format!("http://{}/api/v1{path}", self.portal)).bearer_auth(token);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send()?;
        Ok((answer.status().as_u16(), answer.json()?))
    }

    /// Posts to the API and returns the answer's JSON.
    pub fn post(&self, token: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.api(Method::POST, token, path, body).expect("an answer");
        assert!((200..300).contains(&status), "POST {path}: {status} {answer}");
        answer
    }

    /// Sets up `advocates` × `contents` links on LinkedIn in the default space.
    pub fn links(&self, advocates: usize, contents: usize) -> Links {
        let token = self.run_ok(&["token", "create", "--space", "default", "--role", "admin"]);
        let id = |answer: Value| answer["id"].as_str().expect("an id").to_owned();
        let advocates: Vec<String> = (0..advocates)
            .map(|number| {
                let body = json!({"email": format!("person{number}@example.com"), "name": format!("Person {number}"),
                    "kind": "employee"});
                id(self.post(&token, "/advocates", &body))
            })
            .collect();
        let contents: Vec<String> = (0..contents)
            .map(|number| {
                let body = json!({"kind": "article", "title": format!("Article {number}"),
                    "url": format!("https://www.example.com/articles/{number}"),
                    "published_at": "2026-01-05T08:00:00Z"});
                id(self.post(&token, "/contents", &body))
            })
            .collect();
        let items: Vec<Value> = advocates
            .iter()
            .flat_map(|advocate| {
                contents
                    .iter()
                    .map(move |content| json!({"advocate_id": advocate, "content_id": content, "channel": "linkedin"}))
            })
            .collect();
        let mut codes = Vec::new();
        for items in items.chunks(1000) {
            let answer = self.post(&token, "/links/bulk", &json!({ "items": items }));
            for item in answer["items"].as_array().expect("items") {
                codes.push(item["link"]["code"].as_str().expect("a code").to_owned());
            }
        }
        let last = codes.last().expect("at least one link").clone();
        if self.role == "serve" {
            self.wait_for_link(&last);
        }
        Links { codes, token }
    }

    /// Waits until this node knows a link.
    pub fn wait_for_link(&self, code: &str) {
        eventually("the link to be live", || self.get(&format!("/{code}+"), &[]).status() == 200);
    }
}

fn children(parent: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{parent}/task")).expect("the program runs");
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok())
        .flat_map(|text| text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn command_line(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default()
}
