//! Every question of every panel, variable and annotation, asked as Grafana asks it, over every kind of period and choice.
//!
//! `RELAIS_CHAOS=1` asks the whole product of periods, choices and spaces, 6 x 5 x 4; otherwise every question meets every
//! kind of each, but not all of them together ([`is_asked`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;

use super::expand::{Choice, Choices, Range, expand};
use super::fixture::{Answer, Fixture, HOSTILE, INJECTION, NOW, number};
use super::model::{Purpose, Question, dashboards};
use crate::harness::say;

/// Points and series that Grafana is given at most.
const MOST_POINTS: usize = 2_000;
const MOST_SERIES: usize = 20;
/// The periods that are asked about, in hours.
const PERIODS: [i64; 6] = [1, 24, 7 * 24, 30 * 24, 90 * 24, 365 * 24];
/// Pixels that a panel is wide.
const WIDTH: i64 = 800;
/// Questions that are asked at once.
const AT_ONCE: usize = 2;

/// What is chosen in the variables other than the space.
const STATES: [&str; 5] = ["all", "one", "several", "hostile", "nothing"];

/// A period that ends now.
pub fn range(hours: i64) -> Range {
    Range { from: NOW - hours * 3600, to: NOW, interval_ms: (hours * 3_600_000 / WIDTH).max(1) }
}

/// The local days of a period, the first and the last.
pub fn days(range: &Range) -> (Date, Date) {
    let zone = TimeZone::get("Europe/Paris").expect("a zone");
    let day = |at: i64| jiff::Timestamp::from_second(at).expect("a moment").to_zoned(zone.clone()).date();
    (day(range.from), day(range.to))
}

/// Choices in a space: of each variable that has choices, all, one, several, what would break out of quotes, or nothing.
pub fn choices(space: &str, state: &str) -> Choices {
    let of = |values: &[&str]| Choice::Several(values.iter().map(|value| (*value).to_owned()).collect());
    let known: BTreeMap<&str, [&str; 2]> = BTreeMap::from([
        ("team", ["Sales", HOSTILE]),
        ("campaign", ["C0", "C1"]),
        ("kind", ["video", "job"]),
        ("channel", ["linkedin", "x"]),
        ("job", ["cnt_3", "cnt_9"]),
    ]);
    let mut choices: Choices = known
        .into_iter()
        .map(|(name, values)| {
            let choice = match state {
                "all" => Choice::All,
                "one" => of(&values[..1]),
                "several" => of(&values),
                "hostile" => of(&[HOSTILE, INJECTION]),
                _ => of(&[]),
            };
            (name.to_owned(), choice)
        })
        .collect();
    let typed = |plain: &str| match state {
        "hostile" => INJECTION.to_owned(),
        "nothing" => String::new(),
        _ => plain.to_owned(),
    };
    for (name, plain) in [("q", ""), ("cost_low", "3 000"), ("cost_high", "12000")] {
        choices.insert(name.into(), Choice::One(typed(plain)));
    }
    choices.insert("space".into(), Choice::One(space.to_owned()));
    choices
}

/// Says what is wrong with an answer, if anything is.
pub fn check(question: &Question, range: &Range, answer: &Answer, is_filled: bool) -> Result<(), String> {
    match question.purpose {
        Purpose::Series => series(question, range, answer, is_filled),
        Purpose::Table => rows(question, answer),
        Purpose::Variable => {
            rows(question, answer)?;
            let columns = answer.columns();
            let fine = (1..=2).contains(&columns.len()) && columns.iter().all(|(_, kind)| kind.contains("String"));
            fine.then_some(()).ok_or_else(|| format!("choices are one or two texts, not {columns:?}"))
        }
        Purpose::Annotation => {
            rows(question, answer)?;
            let names: Vec<&str> = answer.columns().iter().map(|(name, _)| *name).collect();
            let fine = ["time", "timeEnd", "title", "text"].iter().all(|name| names.contains(name));
            fine.then_some(()).ok_or_else(|| format!("a mark has a time and words, not {names:?}"))
        }
    }
}

/// Moments and values of an answer over time, by series.
type Points = BTreeMap<String, Vec<(String, Option<f64>)>>;

fn points(answer: &Answer) -> Result<Points, String> {
    let columns = answer.columns();
    let Some(("time", kind)) = columns.first() else {
        return Err(format!("the first column is the time: {columns:?}"));
    };
    if !kind.starts_with("DateTime") {
        return Err(format!("the time is a moment, not {kind}"));
    }
    let is_text = |kind: &str| kind.contains("String");
    let labels: Vec<usize> = (1..columns.len()).filter(|at| is_text(columns[*at].1)).collect();
    let values: Vec<usize> = (1..columns.len()).filter(|at| !is_text(columns[*at].1)).collect();
    if labels.len() > 1 || values.is_empty() || (labels.len() == 1 && values.len() != 1) {
        return Err(format!("values and at most one name a row: {columns:?}"));
    }
    if let Some((name, kind)) =
        values.iter().map(|at| columns[*at]).find(|(_, kind)| !kind.contains("Int") && !kind.contains("Float"))
    {
        return Err(format!("{name} is no number but {kind}"));
    }
    let mut found: BTreeMap<String, Vec<(String, Option<f64>)>> = BTreeMap::new();
    let mut last = String::new();
    for row in answer.rows() {
        let time = row[0].as_str().ok_or("a time is missing")?.to_owned();
        if time < last {
            return Err(format!("{time} comes after {last}"));
        }
        for at in &values {
            let name = labels.first().map_or(columns[*at].0, |label| row[*label].as_str().unwrap_or_default());
            found.entry(name.to_owned()).or_default().push((time.clone(), number(&row[*at])));
        }
        last = time;
    }
    Ok(found)
}

fn series(question: &Question, range: &Range, answer: &Answer, is_filled: bool) -> Result<(), String> {
    let points = points(answer)?;
    if answer.rows().len() > MOST_POINTS || points.len() > MOST_SERIES {
        return Err(format!("{} rows of {} series", answer.rows().len(), points.len()));
    }
    let (first, last) = days(range);
    let length = (last - first).get_days();
    // What is cut as the period says has each bucket once: nothing is left out where nothing happened.
    let is_cut = question.sql.matches("every").count() > 1 && !question.sql.contains("if(every");
    let expected = (is_cut && length < 93).then_some(usize::try_from(length + 1).expect("days"));
    for (name, points) in &points {
        let moments: BTreeSet<&String> = points.iter().map(|(time, _)| time).collect();
        if moments.len() != points.len() {
            return Err(format!("{name} has two values at a time"));
        }
        if is_filled && expected.is_some_and(|expected| points.len() != expected) {
            return Err(format!("{name} has {} of {expected:?} days", points.len()));
        }
    }
    Ok(())
}

fn rows(question: &Question, answer: &Answer) -> Result<(), String> {
    let limit = Regex::new(r"LIMIT (\d+)$").expect("a pattern");
    let limit = limit.captures(&question.sql).and_then(|found| found[1].parse::<usize>().ok());
    let limit = limit.ok_or("no bound")?;
    let columns: BTreeSet<&str> = answer.columns().iter().map(|(name, _)| *name).collect();
    if answer.rows().len() > limit || columns.len() != answer.columns().len() {
        return Err(format!("{} rows of columns {columns:?}", answer.rows().len()));
    }
    Ok(())
}

/// One thing to ask.
struct Case<'a> {
    question: &'a Question,
    hours: i64,
    state: &'static str,
    is_filled: bool,
}

/// Whether to ask also when not everything is asked: each question over the shortest and the longest periods, over one of
/// those between or, where there is something to choose, over each with another choice; and in a space without anything.
fn is_asked(number: usize, has_choices: bool, hours: i64, state: &str, space: &Space<'_>) -> bool {
    let between = [("one", 24), ("several", 7 * 24), ("hostile", 30 * 24), ("nothing", 24)];
    match space {
        Space::Filled(_) if state == "all" && [1, 90 * 24, 365 * 24].contains(&hours) => true,
        Space::Filled(_) if has_choices => between.contains(&(state, hours)),
        Space::Filled(_) => state == "all" && hours == between[number % 3].1,
        Space::Empty(_) => state == "all" && hours == 7 * 24,
        Space::Nobodys(_) => state == "all" && hours == 24 && number.is_multiple_of(4),
    }
}

/// Where a question is asked.
enum Space<'a> {
    Filled(&'a str),
    Empty(&'a str),
    Nobodys(&'a str),
}

/// Everything to ask, each SQL once.
fn cases<'a>(fixture: &Fixture, questions: &'a [Question]) -> BTreeMap<String, Case<'a>> {
    let everything = std::env::var_os("RELAIS_CHAOS").is_some();
    let spaces =
        [Space::Filled(&fixture.filled), Space::Empty(&fixture.empty), Space::Nobodys(INJECTION), Space::Nobodys("")];
    let mut cases = BTreeMap::new();
    for (number, question) in questions.iter().enumerate() {
        let has_choices =
            choices("", "all").keys().any(|name| name != "space" && question.sql.contains(&format!("${{{name}:")));
        for (hours, state) in PERIODS.into_iter().flat_map(|hours| STATES.map(|state| (hours, state))) {
            for space in &spaces {
                if everything || is_asked(number, has_choices, hours, state, space) {
                    let (Space::Filled(id) | Space::Empty(id) | Space::Nobodys(id)) = space;
                    let sql = expand(&question.sql, &range(hours), &choices(id, state));
                    let sql = sql.unwrap_or_else(|error| panic!("{}: {error}", question.place));
                    let is_filled = matches!(space, Space::Filled(_));
                    cases.entry(sql).or_insert(Case { question, hours, state, is_filled });
                }
            }
        }
    }
    cases
}

#[test]
fn every_question_is_answered_over_every_period_and_choice() {
    let fixture = Fixture::start();
    let questions: Vec<Question> = dashboards().iter().flat_map(super::model::Dashboard::questions).collect();
    assert!(questions.len() > 70, "{}", questions.len());
    let cases: Vec<(String, Case<'_>)> = cases(&fixture, &questions).into_iter().collect();
    let (next, wrong, told) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(BTreeSet::new()));
    let (started, reader) = (std::time::Instant::now(), &fixture.reader);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((sql, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let answer = reader.read(sql);
                    let fine = answer
                        .as_ref()
                        .map_err(String::clone)
                        .and_then(|answer| check(case.question, &range(case.hours), answer, case.is_filled));
                    if let Err(what) = fine {
                        let place = format!("{}, {} h, {}", case.question.place, case.hours, case.state);
                        wrong.lock().expect("nobody panicked").push(format!("{place}: {what}\n{sql}"));
                    }
                    let says = |answer: &Answer| {
                        answer
                            .rows()
                            .iter()
                            .any(|row| row.as_array().is_some_and(|row| row.iter().any(|value| !value.is_null())))
                    };
                    if case.is_filled && case.state == "all" && answer.is_ok_and(|answer| says(&answer)) {
                        told.lock().expect("nobody panicked").insert(case.question.sql.clone());
                    }
                }
            });
        }
    });
    say(&format!("{} questions of dashboards in {:.0} s", cases.len(), started.elapsed().as_secs_f64()));
    let wrong = wrong.into_inner().expect("nobody panicked");
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(8)].join("\n\n")
    );
    let told = told.into_inner().expect("nobody panicked");
    // One text may stand on several dashboards; it is asked once.
    let silent: Vec<&str> = questions.iter().filter(|one| !told.contains(&one.sql)).map(|one| &*one.place).collect();
    assert!(silent.is_empty(), "a year of clicks says nothing to {silent:?}");
    a_hostile_choice_is_a_choice_like_any_other(&fixture, &questions);
    super::values::panels_show_what_the_registry_says(&fixture, &questions);
    super::values::a_broken_panel_is_noticed(&fixture, &questions);
    super::values::objectives_show_what_the_registry_says(&fixture, &questions);
}

/// A name with quotes chooses its own rows and no others; what would break out of quotes chooses nothing.
fn a_hostile_choice_is_a_choice_like_any_other(fixture: &Fixture, questions: &[Question]) {
    let ask = |place: &str, name: &str, choice: Choice| {
        let question = questions.iter().find(|one| one.place == place).unwrap_or_else(|| panic!("no {place}"));
        let mut choices = choices(&fixture.filled, "all");
        choices.insert(name.into(), choice);
        let sql = expand(&question.sql, &range(365 * 24), &choices).expect("expanded");
        let answer = fixture.reader.read(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        answer.rows().iter().map(|row| row[0].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let several = |value: &str| Choice::Several(vec![value.to_owned()]);
    assert_eq!(ask("marketing/programme: By team", "team", several(HOSTILE)), [HOSTILE]);
    assert!(ask("marketing/programme: By team", "team", several(INJECTION)).is_empty());
    let quoted = ask("marketing/content: Contents by clicks", "q", Choice::One("100 % 'quoted' \\".into()));
    assert!(!quoted.is_empty() && quoted.iter().all(|title| title.ends_with("100 % 'quoted' \\")), "{quoted:?}");
    assert!(ask("marketing/content: Contents by clicks", "q", Choice::One(INJECTION.into())).is_empty());
    assert!(
        ask("marketing/programme: From invited to sharing", "space", Choice::One(INJECTION.into()))
            .iter()
            .all(String::is_empty)
    );
}
