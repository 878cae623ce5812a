//! A PostgreSQL server for tests: in a temporary folder, listening on a socket there alone, gone with
//! the process that started it however that ends. Also part of the integration tests' harness.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Says which engine this run of the suite is for: `postgres`, or nothing for SQLite.
const ENGINE: &str = "RELAIS_TEST_STORE";
/// Debian keeps the server's programs outside the path, one folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Runs the server until its input ends, that is until the process that started it ends, and then removes its folder.
/// The shell waits for the server, so that a killed one does not stay on as a zombie where nobody else collects the dead:
/// its lock file names a process, and a zombie counts as running.
const KEEPER: &str = r#"
test -e "$2/data" || "$1/initdb" -D "$2/data" -U postgres --auth=trust --encoding=UTF8 --no-sync >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=500 >>"$2/log" 2>&1 </dev/null &
server=$!
exec 3<&0
{ cat <&3 >/dev/null; touch "$2/ended.$$"; kill -QUIT $server; } 2>/dev/null &
wait $server
test ! -e "$2/ended.$$" || rm -rf "$2"
"#;
/// A start takes a second or two; a busy machine gets more.
const PATIENCE: Duration = Duration::from_secs(60);

/// True when this run of the suite is PostgreSQL's.
pub(crate) fn is_wanted() -> bool {
    std::env::var_os(ENGINE).is_some_and(|engine| engine == "postgres")
}

/// URL of a new, empty database of this process's server.
pub(crate) fn database() -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        Server::start().unwrap_or_else(|| {
            panic!("no PostgreSQL here: apt-get install postgresql, or leave {ENGINE} unset to test on SQLite alone")
        })
    });
    server.database()
}

/// A running server.
pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
    /// Holds the pipe whose end ends the server; none after a kill.
    keeper: Option<Child>,
}

impl Server {
    /// Starts one; none where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().expect("a folder");
        let mut server = Self { folder, programs, keeper: None };
        server.resume();
        Some(server)
    }

    /// URL of a new, empty database.
    pub(crate) fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("relais_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        assert!(self.run("createdb", &[&name]), "the database is made");
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.path().display())
    }

    /// Starts it on the data that is there.
    pub(crate) fn resume(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        let mut keeper = self.keep();
        // pg_isready itself waits for an answer, so this asks as often as the server refuses.
        while !self.run("pg_isready", &["--quiet", "--timeout=5"]) {
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "PostgreSQL does not start: {}", log());
            if keeper.try_wait().expect("its state").is_some() {
                // A killed server's last processes may still hold its memory.
                keeper = self.keep();
            }
            std::thread::yield_now();
        }
        self.keeper = Some(keeper);
    }

    /// `kill -9` of the server.
    pub(crate) fn kill(&mut self) {
        let Some(mut keeper) = self.keeper.take() else { return };
        let lock = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).expect("it runs");
        let server = lock.lines().next().and_then(|pid| rustix::process::Pid::from_raw(pid.parse().ok()?));
        rustix::process::kill_process(server.expect("its process"), rustix::process::Signal::KILL).expect("it runs");
        // Its input stays open meanwhile: the data are to outlive it.
        let _input = keeper.stdin.take();
        keeper.wait().expect("the keeper has collected the killed server");
    }

    fn keep(&self) -> Child {
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&self.programs).arg(self.folder.path()).stdin(Stdio::piped());
        // A group of its own: an interrupt of the tests reaches it through the pipe.
        keeper.process_group(0);
        if rustix::process::geteuid().is_root() {
            // The server refuses to run as root.
            let (user, group) = account("postgres").or_else(|| account("nobody")).expect("an account without rights");
            std::os::unix::fs::chown(self.folder.path(), Some(user), Some(group)).expect("the folder is given away");
            keeper.uid(user).gid(group).current_dir(self.folder.path());
        }
        keeper.spawn().expect("a shell")
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::new(self.programs.join(program));
        command.arg("--host").arg(self.folder.path()).args(["--username", "postgres"]).args(arguments);
        command.status().is_ok_and(|status| status.success())
    }
}

/// The folder of the newest version's programs.
fn programs() -> Option<PathBuf> {
    let version = |folder: &PathBuf| folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let versions = std::fs::read_dir(DEBIAN).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    versions.max_by_key(version).map(|folder| folder.join("bin")).filter(|programs| programs.join("initdb").exists())
}

/// User and group of an account of this machine.
fn account(name: &str) -> Option<(u32, u32)> {
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
