//! The period of a page: one of a few that are offered, or any.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::parts::{FormData, FormState, Page};
use super::super::texts::msg;
use crate::kpi::{InvalidPeriod, Period};

/// What is offered: the word in the address, and what it is called. The second is chosen when nothing is.
const OFFERED: [(&str, &str); 6] = [
    ("7d", msg("kpis-period-7d")),
    ("30d", msg("kpis-period-30d")),
    ("90d", msg("kpis-period-90d")),
    ("quarter", msg("kpis-period-quarter")),
    ("last-quarter", msg("kpis-period-last-quarter")),
    ("year", msg("kpis-period-year")),
];

/// A period, as a page's address says it.
pub(super) struct Chosen {
    /// The period.
    pub(super) period: Period,
    /// As many days right before it.
    pub(super) before: Option<Period>,
    /// Which of those offered; none for first and last day as they were typed.
    word: Option<&'static str>,
    /// First and last day, to change.
    pub(super) form: FormState,
}

/// A link to the same page with another period.
pub(super) struct Chip {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) here: bool,
}

impl Chosen {
    /// Reads `period`, or `from` and `to`. What is none is said in the form, and the usual period shown.
    ///
    /// # Errors
    /// [`InvalidPeriod`] when no period around `today` can be.
    pub(super) fn read(asked: &FormData, today: Date, page: &Page) -> Result<Self, InvalidPeriod> {
        let (from, to) = (asked.text("from"), asked.text("to"));
        let typed = (!from.is_empty() || !to.is_empty()).then(|| Period::parse(from, to));
        let word = OFFERED.iter().map(|(word, _)| *word).find(|word| *word == asked.text("period"));
        let word = word.unwrap_or(OFFERED[1].0);
        let (period, word) = match typed {
            Some(Ok(period)) => (period, None),
            _ => (offered(word, today)?, Some(word)),
        };
        let form = match typed {
            Some(_) => FormData::default().with("from", from).with("to", to),
            None => FormData::default().with("from", period.from().to_string()).with("to", period.to().to_string()),
        };
        let mut form = FormState::new(form);
        if let Some(Err(problem)) = typed {
            let (field, message) = match problem {
                InvalidPeriod::Date if Period::parse(from, from).is_err() => ("from", page.say("kpis-problem-date")),
                InvalidPeriod::Date => ("to", page.say("kpis-problem-date")),
                InvalidPeriod::Backwards => ("to", page.say("kpis-problem-backwards")),
                InvalidPeriod::TooLong => ("to", page.say("kpis-problem-too-long")),
            };
            form.refuse(field, message);
        }
        Ok(Self { period, before: period.before(), word, form })
    }

    /// The period as addresses carry it.
    pub(super) fn query(&self) -> String {
        match self.word {
            Some(word) => format!("period={word}"),
            None => format!("from={}&to={}", self.period.from(), self.period.to()),
        }
    }

    /// The period as hidden fields of a form carry it.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        match self.word {
            Some(word) => vec![("period", word.to_owned())],
            None => vec![("from", self.period.from().to_string()), ("to", self.period.to().to_string())],
        }
    }

    /// Links to the periods that are offered; `rest` is what else the address says.
    pub(super) fn chips(&self, page: &Page, path: &str, rest: &str) -> Vec<Chip> {
        let chip = |(word, name): (&'static str, &str)| Chip {
            address: format!("{path}?period={word}{rest}"),
            name: page.say(name),
            here: self.word == Some(word),
        };
        OFFERED.into_iter().map(chip).collect()
    }

    /// Whether the period was typed, or what was typed is none.
    pub(super) fn is_typed(&self) -> bool {
        self.word.is_none() || self.form.is_refused()
    }
}

/// The days of an offered period, the last being today, or the last quarter's.
fn offered(word: &str, today: Date) -> Result<Period, InvalidPeriod> {
    let back = |days: i64| today.checked_sub(days.days()).map_err(|_| InvalidPeriod::Date);
    let months = i64::from((today.month() - 1) % 3);
    let quarter = today.first_of_month().checked_sub(months.months()).map_err(|_| InvalidPeriod::Date)?;
    let (from, to) = match word {
        "7d" => (back(6)?, today),
        "90d" => (back(89)?, today),
        "quarter" => (quarter, today),
        "last-quarter" => {
            let first = quarter.checked_sub(3.months()).map_err(|_| InvalidPeriod::Date)?;
            (first, quarter.yesterday().map_err(|_| InvalidPeriod::Date)?)
        }
        "year" => (today.first_of_year(), today),
        _ => (back(29)?, today),
    };
    Period::new(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;
    use jiff::civil::date;

    #[test]
    fn each_offered_period_ends_today_and_the_last_quarter_before_this_one() {
        let text = |word| offered(word, date(2026, 5, 20)).expect("a period").to_string();
        assert_eq!(text("7d"), "2026-05-14 to 2026-05-20");
        assert_eq!(text("30d"), "2026-04-21 to 2026-05-20");
        assert_eq!(text("quarter"), "2026-04-01 to 2026-05-20");
        assert_eq!(text("last-quarter"), "2026-01-01 to 2026-03-31");
        assert_eq!(text("year"), "2026-01-01 to 2026-05-20");
        assert_eq!(offered("last-quarter", date(2026, 1, 1)).expect("one").to_string(), "2025-10-01 to 2025-12-31");
    }

    #[test]
    fn what_was_typed_is_kept_and_what_is_no_period_is_said() {
        let page = Page::of_nobody(TEXTS.of(Language::English), None);
        let read =
            |query: &str| Chosen::read(&FormData::read(query.as_bytes()), date(2026, 5, 20), &page).expect("a period");
        let typed = read("from=2026-03-02&to=2026-03-08&period=7d");
        assert_eq!((typed.query(), typed.is_typed()), ("from=2026-03-02&to=2026-03-08".to_owned(), true));
        assert_eq!(typed.before.expect("a week").to_string(), "2026-02-23 to 2026-03-01");
        let usual = read("period=nonsense");
        assert_eq!((usual.query(), usual.is_typed()), ("period=30d".to_owned(), false));
        for (query, field) in
            [("from=x&to=2026-03-08", "from"), ("from=2026-03-08&to=2026-03-02", "to"), ("to=1", "from")]
        {
            let refused = read(query);
            assert!(refused.form.problem(field).is_some(), "{query}");
            assert_eq!(refused.query(), "period=30d");
        }
    }
}
