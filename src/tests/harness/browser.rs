//! Scripts of `browser/` in a real browser, against a running program.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::process::unused_port;
use super::{Installation, say};

/// The program's addresses, as people type them: `__Host-` cookies need TLS or this name.
pub struct Addresses {
    portal_port: u16,
    redirect_port: u16,
    /// Where the pages are.
    pub portal: String,
    /// Where links are.
    pub redirect: String,
}

impl Addresses {
    /// Ports that nobody has.
    pub fn unused() -> Self {
        let (portal_port, redirect_port) = (unused_port(), unused_port());
        let [portal, redirect] = [portal_port, redirect_port].map(|port| format!("http://localhost:{port}"));
        Self { portal_port, redirect_port, portal, redirect }
    }

    /// The ports themselves: the portal's and the redirects'.
    pub fn sockets(&self) -> (SocketAddr, SocketAddr) {
        (([127, 0, 0, 1], self.portal_port).into(), ([127, 0, 0, 1], self.redirect_port).into())
    }

    /// The same as settings of an installation, with `more`.
    fn settings(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = [
            ("RELAIS_PORTAL__LISTEN", format!("127.0.0.1:{}", self.portal_port)),
            ("RELAIS_PORTAL__BASE_URL", self.portal.clone()),
            ("RELAIS_REDIRECT__LISTEN", format!("127.0.0.1:{}", self.redirect_port)),
            ("RELAIS_REDIRECT__BASE_URL", self.redirect.clone()),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        own.chain(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
    }

    /// An installation at these addresses, nothing of which runs yet.
    pub fn prepared(&self, data_dir: &Path, more: &[(&str, &str)]) -> Installation {
        let settings = self.settings(more);
        let settings: Vec<_> = settings.iter().map(|(name, value)| (&**name, &**value)).collect();
        Installation::prepared(data_dir, &settings)
    }
}

/// Whether a browser is there; where tests must not be skipped, it has to be.
///
/// # Panics
/// When it is missing in continuous integration.
pub fn is_there() -> bool {
    let found = std::env::var_os("CHROMIUM").is_some()
        || std::env::var_os("PATH")
            .is_some_and(|paths| std::env::split_paths(&paths).any(|folder| folder.join("chromium").is_file()));
    assert!(found || std::env::var_os("CI").is_none(), "Chromium is missing: apt-get install chromium");
    if !found {
        say("SKIPPED: the tests in a browser (apt-get install chromium, or CHROMIUM=its path)");
    }
    found
}

/// Runs `browser/{script}` with `given` on its standard input.
///
/// # Panics
/// When it fails, with everything it said.
pub fn run(script: &str, given: &Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser").join(script);
    let mut node = Command::new("node");
    node.arg(file).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut node = node.spawn().expect("node starts: it comes with npm");
    let mut input = node.stdin.take().expect("stdin is piped");
    input.write_all(given.to_string().as_bytes()).expect("the script reads");
    drop(input);
    let output = node.wait_with_output().expect("its output");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script} failed:\n{out}\n{err}");
    say(&format!("{script}:\n{out}"));
}
