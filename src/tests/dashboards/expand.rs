//! From the query in a panel to the SQL that reaches ClickHouse, as Grafana and `grafana-clickhouse-datasource` go.
//!
//! First the browser's part: `$__conditionalAll`, then variables and `$__interval`. Then, in the plugin's process, comments
//! are stripped and the macros replaced.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A period as the time picker gives it.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// Its first moment, seconds since 1970.
    pub from: i64,
    /// Its last.
    pub to: i64,
    /// What Grafana thinks that one pixel is worth, milliseconds.
    pub interval_ms: i64,
}

/// What is chosen in a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// "All" of a variable that offers it.
    All,
    /// Values of a variable that takes several; none is a choice too.
    Several(Vec<String>),
    /// The value of a variable that takes one, or what stands in a text box.
    One(String),
}

/// Chosen values by variable.
pub type Choices = BTreeMap<String, Choice>;

/// The SQL that a query becomes.
///
/// # Errors
/// A macro with a wrong number of arguments, an unknown macro, variable or format.
pub fn expand(query: &str, range: &Range, choices: &Choices) -> Result<String, String> {
    let query = conditional_all(query, choices)?;
    let query = variables(&query, range, choices)?;
    macros(&without_comments(&query), range)
}

/// `$__conditionalAll(condition, $variable)`: the condition, or `1=1` when all or nothing is chosen.
fn conditional_all(query: &str, choices: &Choices) -> Result<String, String> {
    const NAME: &str = "$__conditionalAll(";
    let mut query = query.to_owned();
    while let Some(at) = query.rfind(NAME) {
        let (arguments, end) = arguments(&query, at + NAME.len() - 1).ok_or("an open bracket")?;
        let [condition, variable] = arguments.as_slice() else {
            return Err(format!("$__conditionalAll takes 2 arguments, not {}", arguments.len()));
        };
        let name: String = variable
            .trim()
            .trim_start_matches(['$', '{'])
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let chosen = choices.get(&name).ok_or_else(|| format!("no variable {name}"))?;
        let nothing = match chosen {
            Choice::All => true,
            // JavaScript's toString of a list: its members joined by commas.
            Choice::Several(values) => values.join(",").is_empty(),
            Choice::One(value) => value.is_empty(),
        };
        let phrase = if nothing { "1=1" } else { condition };
        query = format!("{}{phrase}{}", &query[..at], &query[end..]);
    }
    Ok(query)
}

/// `$name`, `${name}`, `${name:format}` and `[[name]]`, where there is such a variable.
fn variables(query: &str, range: &Range, choices: &Choices) -> Result<String, String> {
    static PATTERN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?::([^}]+))?\}").expect("a pattern"));
    let mut wrong = None;
    let done = PATTERN.replace_all(query, |found: &Captures<'_>| {
        let part = |groups: &[usize]| groups.iter().find_map(|group| found.get(*group)).map(|found| found.as_str());
        let name = part(&[1, 2, 4]).unwrap_or_default();
        let text = built_in(name, range).map_or_else(
            || match choices.get(name) {
                Some(choice) => formatted(name, choice, part(&[3, 5])),
                None if name.starts_with("__") => Ok(found[0].to_owned()),
                None => Err(format!("no variable {name}")),
            },
            Ok,
        );
        text.unwrap_or_else(|error| {
            wrong = Some(error);
            String::new()
        })
    });
    wrong.map_or(Ok(done.into_owned()), Err)
}

fn built_in(name: &str, range: &Range) -> Option<String> {
    let seconds = range.interval_ms / 1000;
    match name {
        "__interval_ms" => Some(range.interval_ms.to_string()),
        "__interval" if range.interval_ms % 1000 != 0 => Some(format!("{}ms", range.interval_ms)),
        "__interval" => Some(format!("{seconds}s")),
        "__from" => Some((range.from * 1000).to_string()),
        "__to" => Some((range.to * 1000).to_string()),
        _ => None,
    }
}

/// A choice in one of Grafana's formats; without one, as the plugin has it: values of a list in bare quotes.
fn formatted(name: &str, choice: &Choice, format: Option<&str>) -> Result<String, String> {
    let all = ["$__all".to_owned()];
    let (values, is_list): (&[String], bool) = match choice {
        Choice::All => (&all, true),
        Choice::Several(values) => (values, true),
        Choice::One(value) => (std::slice::from_ref(value), false),
    };
    let each =
        |separator: &str, text: &dyn Fn(&String) -> String| values.iter().map(text).collect::<Vec<_>>().join(separator);
    Ok(match format {
        None if is_list => format!("'{}'", values.join("','")),
        None | Some("raw") => values.join(","),
        Some("percentencode") if is_list => percent_encoded(&format!("{{{}}}", values.join(","))),
        Some("percentencode") => each("", &|value| percent_encoded(value)),
        Some("queryparam") => each("&", &|value| format!("var-{name}={}", in_address(value))),
        Some("singlequote") => each(",", &|value| format!("'{}'", value.replace('\'', "\\'"))),
        Some("sqlstring") => each(",", &|value| format!("'{}'", value.replace('\'', "''"))),
        Some(other) => return Err(format!("no format {other}")),
    })
}

/// JavaScript's `encodeURIComponent` with `!'()*` encoded as well.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// As Grafana writes a variable into its page's address: the same, but `@ : $ , ;` stay and a space is a plus.
fn in_address(text: &str) -> String {
    let text = percent_encoded(text);
    [("%40", "@"), ("%3A", ":"), ("%24", "$"), ("%2C", ","), ("%3B", ";"), ("%20", "+")]
        .iter()
        .fold(text, |text, (code, plain)| text.replace(code, plain))
}

/// Comments become blanks, except in quotes.
fn without_comments(query: &str) -> String {
    let mut kept = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let (length, comment) = match first {
            '\'' | '"' | '`' => (quoted(rest), false),
            '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), true),
            '/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), true),
            _ => (first.len_utf8(), false),
        };
        if comment {
            kept.extend(std::iter::repeat_n(' ', length));
        } else {
            kept.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    kept
}

/// Length of the quoted text at the beginning: a doubled quote and a backslash go on.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == bytes[0] && bytes.get(at + 1) == Some(&byte) => at += 2,
            byte if byte == bytes[0] => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn macros(query: &str, range: &Range) -> Result<String, String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$__(\w+)").expect("a pattern"));
    let mut query = query.to_owned();
    // The last one first, so that one within another's argument is replaced before it.
    while let Some(found) = NAME.captures_iter(&query).last() {
        let whole = found.get(0).expect("the match");
        let name = found[1].to_owned();
        let (given, end) = match query[whole.end()..].starts_with('(') {
            true => arguments(&query, whole.end()).ok_or("an open bracket")?,
            false => (Vec::new(), whole.end()),
        };
        let text = one_macro(&name, &given, range)?;
        query = format!("{}{text}{}", &query[..whole.start()], &query[end..]);
    }
    Ok(query)
}

fn one_macro(name: &str, arguments: &[String], range: &Range) -> Result<String, String> {
    let (from, to) = (range.from, range.to);
    let seconds = (range.interval_ms / 1000).max(1);
    let milliseconds = range.interval_ms.max(1);
    let day = |at: i64| {
        let date = jiff::Timestamp::from_second(at).expect("a moment").to_zoned(jiff::tz::TimeZone::UTC).date();
        format!("toDate('{date}')")
    };
    let between = |column: &str, from: String, to: String| format!("{column} >= {from} AND {column} <= {to}");
    let moment = |at: i64| format!("toDateTime({at})");
    let fine = |at: i64| format!("fromUnixTimestamp64Milli({})", at * 1000);
    Ok(match (name, arguments) {
        ("fromTime", []) => moment(from),
        ("toTime", []) => moment(to),
        ("fromTime_ms", []) => fine(from),
        ("toTime_ms", []) => fine(to),
        ("interval_s", []) => seconds.to_string(),
        ("timeFilter", [column]) => between(column, moment(from), moment(to)),
        ("timeFilter_ms", [column]) => between(column, fine(from), fine(to)),
        ("dateFilter", [column]) => between(column, day(from), day(to)),
        ("dateTimeFilter" | "dt", [date, time]) => {
            format!("({}) AND ({})", between(date, day(from), day(to)), between(time, moment(from), moment(to)))
        }
        ("timeInterval", [column]) => format!("toStartOfInterval(toDateTime({column}), INTERVAL {seconds} second)"),
        ("timeInterval_ms", [column]) => {
            format!("toStartOfInterval(toDateTime64({column}, 3), INTERVAL {milliseconds} millisecond)")
        }
        (name, arguments) => return Err(format!("no macro $__{name} with {} arguments", arguments.len())),
    })
}

/// The arguments in the brackets that open at `open`, and where the text goes on.
fn arguments(text: &str, open: usize) -> Option<(Vec<String>, usize)> {
    let (mut depth, mut start, mut found) = (0, open + 1, Vec::new());
    for (at, c) in text[open..].char_indices().map(|(at, c)| (open + at, c)) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 1 => {
                found.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            found.push(text[start..at].trim().to_owned());
            return Some((found, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-02 09:00 to 2026-03-09 09:00 UTC, 600 s a pixel.
    const WEEK: Range = Range { from: 1_772_442_000, to: 1_773_046_800, interval_ms: 600_000 };

    fn choices() -> Choices {
        let several = |values: &[&str]| Choice::Several(values.iter().map(|value| (*value).to_owned()).collect());
        [
            ("team", several(&["Sales", "O'Brien \\ Söhne, 100 %"])),
            ("one", several(&["Sales"])),
            ("none", several(&[])),
            ("all", Choice::All),
            ("q", Choice::One("\\' OR 1=1 -- ".into())),
            ("empty", Choice::One(String::new())),
        ]
        .map(|(name, choice)| (name.to_owned(), choice))
        .into()
    }

    #[test]
    fn macros_become_what_the_plugin_makes_of_them() {
        for (query, expected) in [
            ("$__timeFilter(at)", "at >= toDateTime(1772442000) AND at <= toDateTime(1773046800)"),
            (
                "$__timeFilter_ms(at)",
                "at >= fromUnixTimestamp64Milli(1772442000000) AND at <= fromUnixTimestamp64Milli(1773046800000)",
            ),
            ("$__dateFilter(day)", "day >= toDate('2026-03-02') AND day <= toDate('2026-03-09')"),
            (
                "$__dateTimeFilter(day, at)",
                "(day >= toDate('2026-03-02') AND day <= toDate('2026-03-09')) AND \
                 (at >= toDateTime(1772442000) AND at <= toDateTime(1773046800))",
            ),
            ("toDate($__fromTime, 'Europe/Paris')", "toDate(toDateTime(1772442000), 'Europe/Paris')"),
            ("[$__fromTime,$__toTime]", "[toDateTime(1772442000),toDateTime(1773046800)]"),
            ("$__timeInterval(at) AS time", "toStartOfInterval(toDateTime(at), INTERVAL 600 second) AS time"),
            ("$__timeInterval_ms(at)", "toStartOfInterval(toDateTime64(at, 3), INTERVAL 600000 millisecond)"),
            ("INTERVAL $__interval_s second", "INTERVAL 600 second"),
            ("$__interval $__interval_ms", "600s 600000"),
            ("f(a, (b)) -- $__nonsense(\n, '--' /* x */", "f(a, (b))                \n, '--'        "),
            ("$__timeFilter(f(a, b))", "f(a, b) >= toDateTime(1772442000) AND f(a, b) <= toDateTime(1773046800)"),
        ] {
            assert_eq!(expand(query, &WEEK, &choices()).as_deref(), Ok(expected), "{query}");
        }
        for query in ["$__timeFilter(a, b)", "$__dateTimeFilter(a)", "$__nonsense", "$__fromTime(a)", "$__timeFilter(a"]
        {
            assert!(expand(query, &WEEK, &choices()).is_err(), "{query}");
        }
    }

    #[test]
    fn an_interval_below_a_second_is_one() {
        let range = Range { interval_ms: 200, ..WEEK };
        assert_eq!(expand("$__interval_s $__interval", &range, &choices()).as_deref(), Ok("1 200ms"));
    }

    #[test]
    fn variables_are_written_in_the_asked_form() {
        for (query, expected) in [
            ("IN ($team)", "IN ('Sales','O'Brien \\ Söhne, 100 %')"),
            ("'${team:queryparam}'", "'var-team=Sales&var-team=O%27Brien+%5C+S%C3%B6hne,+100+%25'"),
            ("'${one:queryparam}'", "'var-one=Sales'"),
            ("'${none:queryparam}'", "''"),
            ("'${all:queryparam}'", "'var-all=$__all'"),
            ("'${q:percentencode}'", "'%5C%27%20OR%201%3D1%20--%20'"),
            ("${team:percentencode}", "%7BSales%2CO%27Brien%20%5C%20S%C3%B6hne%2C%20100%20%25%7D"),
            ("${q:singlequote}", "'\\\\' OR 1=1 -- '"),
            ("${q:sqlstring}", "'\\'' OR 1=1 -- '"),
            ("'${empty:percentencode}' [[empty]]", "'' "),
        ] {
            let made = variables(query, &WEEK, &choices());
            assert_eq!(made.as_deref(), Ok(expected), "{query}");
        }
        assert!(expand("$nobody", &WEEK, &choices()).is_err());
    }

    #[test]
    fn a_condition_holds_unless_all_or_nothing_is_chosen() {
        for (variable, expected) in
            [("team", "x IN (1, 2)"), ("all", "1=1"), ("none", "1=1"), ("empty", "1=1"), ("q", "x IN (1, 2)")]
        {
            for form in [format!("${variable}"), format!("${{{variable}}}"), format!("${{{variable}:raw}}")] {
                let query = format!("a AND $__conditionalAll(x IN (1, 2), {form}) AND b");
                let made = conditional_all(&query, &choices());
                assert_eq!(made.as_deref(), Ok(&*format!("a AND {expected} AND b")), "{form}");
            }
        }
    }
}
