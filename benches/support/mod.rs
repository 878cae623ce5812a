//! What the plain programs among the benches share: arguments, figures of a process, printing.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value};

/// Ticks of `/proc/*/stat` a second, the same on every Linux.
const TICKS: f64 = 100.0;

/// The value behind `--name`, or `otherwise`.
///
/// # Panics
/// When it is no such value.
pub(crate) fn argument<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    let given = std::env::args().skip_while(|argument| argument != name).nth(1);
    given.map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} {text} cannot be used")))
}

/// Whether `--name` was given. `cargo bench` gives `--bench`; `cargo test` builds these programs and gives nothing.
pub(crate) fn flag(name: &str) -> bool {
    std::env::args().any(|argument| argument == name)
}

/// Prints figures as aligned lines, or as one JSON object with `--json`.
#[allow(clippy::print_stdout, reason = "printing is what a bench is for")]
pub(crate) fn print(title: &str, figures: &[(&str, Value)]) {
    if flag("--json") {
        let object: Map<_, _> = figures.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        println!("{}", Value::Object(object));
        return;
    }
    println!("{title}");
    for (name, value) in figures {
        match value.as_f64() {
            Some(number) if value.is_f64() => println!("  {name:<34} {number:>16.3}"),
            _ => println!("  {name:<34} {value:>16}"),
        }
    }
}

/// A process as the kernel counts it.
pub(crate) struct Process(String);

impl Process {
    /// This one.
    pub(crate) fn this() -> Self {
        Self("/proc/self".to_owned())
    }

    /// Another one.
    pub(crate) fn of(pid: u32) -> Self {
        Self(format!("/proc/{pid}"))
    }

    /// Resident memory now, in bytes.
    pub(crate) fn resident(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// Most resident memory so far, in bytes; files that are mapped count.
    pub(crate) fn peak(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// Counts the peak from here on. Left as it is where the kernel refuses.
    pub(crate) fn forget_peak(&self) {
        let _refused = fs::write(format!("{}/clear_refs", self.0), "5");
    }

    fn status(&self, name: &str) -> u64 {
        let text = fs::read_to_string(format!("{}/status", self.0)).expect("the process lives");
        let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a field of every process");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kilobytes * 1024
    }

    /// Seconds of processor time that all its threads took, ended ones included.
    pub(crate) fn cpu(&self) -> f64 {
        let text = fs::read_to_string(format!("{}/stat", self.0)).expect("the process lives");
        cpu_of(&text)
    }

    /// Seconds of processor time by the names of the threads that live now.
    pub(crate) fn cpu_by_thread(&self) -> BTreeMap<String, f64> {
        let mut seconds = BTreeMap::new();
        for task in fs::read_dir(format!("{}/task", self.0)).expect("the process lives").flatten() {
            // A thread may end between the two looks at it.
            let read = |file| fs::read_to_string(task.path().join(file));
            if let (Ok(name), Ok(stat)) = (read("comm"), read("stat")) {
                *seconds.entry(name.trim().to_owned()).or_default() += cpu_of(&stat);
            }
        }
        seconds
    }
}

/// User and system time of a line of `stat`, in seconds.
fn cpu_of(stat: &str) -> f64 {
    let (_, behind_name) = stat.rsplit_once(')').expect("a name in brackets");
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    let ticks = |index: usize| fields[index].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / TICKS
}
