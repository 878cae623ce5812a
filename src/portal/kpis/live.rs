//! What happens at the moment: the last half hour by minute, and what was clicked. Never who clicked, never whose link.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;

use super::super::PortalState;
use super::super::employee::channel_name;
use super::super::parts::{Area, Failure, Outcome, Page, Person, show};
use super::series::CLASSES;
use super::sight::{Lack, Sight};
use crate::kpi::{FreshClicks, Lately, LogError};

pub(super) const PATH: &str = "/kpis/live";

/// Minutes that are shown, the one that is not over included.
const MINUTES: i64 = 30;
/// Rows of contents, at most.
const FRESH: u32 = 20;
const MINUTE_MS: i64 = 60_000;
/// Height of a half of the drawing.
const HEIGHT: f64 = 50.0;

#[derive(Template)]
#[template(path = "kpis/live.html")]
struct Live {
    page: Page,
    now: Option<Now>,
    lack: Option<Lack>,
}

#[derive(Template)]
#[template(path = "kpis/now.html")]
struct Fragment {
    page: Page,
    now: Option<Now>,
    lack: Option<Lack>,
}

/// The last minutes.
#[derive(Debug, PartialEq)]
struct Now {
    /// When this was so.
    at_ms: i64,
    /// Clicks by people in these minutes.
    clicks: u64,
    /// Everything else.
    others: u64,
    /// Classes that occur, in order: word, and the sum of all minutes.
    classes: Vec<(&'static str, u64)>,
    minutes: Vec<Minute>,
    fresh: Vec<Fresh>,
}

/// A minute.
#[derive(Debug, PartialEq)]
struct Minute {
    /// When it began.
    at_ms: i64,
    /// Counts in the order of [`Now::classes`].
    counts: Vec<u64>,
    /// Where it stands in the drawing.
    x: i64,
    /// Its rectangles: class, top and height; people above the line, the rest below.
    boxes: Vec<(&'static str, f64, f64)>,
}

/// Clicks of a class on a content by a channel.
#[derive(Debug, PartialEq)]
struct Fresh {
    title: String,
    channel: String,
    class: String,
    clicks: u64,
    minutes_ago: i64,
}

pub(super) async fn live(State(state): State<PortalState>, person: Person) -> Outcome {
    let (page, now, lack) = read(&state, &person).await?;
    show(&Live { page, now, lack })
}

/// The fragment that the page fetches again.
pub(super) async fn now(State(state): State<PortalState>, person: Person) -> Outcome {
    let (page, now, lack) = read(&state, &person).await?;
    show(&Fragment { page, now, lack })
}

async fn read(state: &PortalState, person: &Person) -> Result<(Page, Option<Now>, Option<Lack>), Failure> {
    if !Sight::of(state, person).await?.is_whole() {
        return Err(Failure::Forbidden);
    }
    let page = person.page(Area::Figures, PATH);
    let now_ms = state.programme.now_ms();
    let first = now_ms.div_euclid(MINUTE_MS) - MINUTES + 1;
    let span = (first * MINUTE_MS, (first + MINUTES) * MINUTE_MS);
    match state.kpis.clicks().lately(person.space_id(), span, FRESH).await {
        Ok(lately) => {
            let now = Now::new(&page, now_ms, first, lately);
            Ok((page, Some(now), None))
        }
        Err(LogError::Away) => Ok((page, None, Some(Lack::Away))),
        Err(LogError::TooLong) => Ok((page, None, Some(Lack::TooLong))),
        Err(error @ LogError::Failed(_)) => {
            tracing::error!(%error, "the last minutes' clicks could not be read");
            Err(Failure::Failed)
        }
    }
}

impl Now {
    fn new(page: &Page, now_ms: i64, first: i64, lately: Lately) -> Self {
        let mut counts: BTreeMap<(i64, &str), u64> = BTreeMap::new();
        for row in &lately.minutes {
            if let Some(class) = CLASSES.iter().find(|class| **class == row.class) {
                *counts.entry((row.minute, class)).or_default() += row.clicks;
            }
        }
        let sum = |class: &str| counts.iter().filter(|((_, other), _)| *other == class).map(|(_, count)| count).sum();
        let classes: Vec<(&'static str, u64)> = CLASSES
            .into_iter()
            .map(|class| (class, sum(class)))
            .filter(|(class, sum)| *sum > 0 || *class == CLASSES[0])
            .collect();
        let clicks = sum(CLASSES[0]);
        let others = classes.iter().map(|(_, sum)| sum).sum::<u64>() - clicks;
        let of = |minute: i64| {
            let count = |(class, _): &(&'static str, u64)| counts.get(&(minute, *class)).copied().unwrap_or_default();
            classes.iter().map(count).collect::<Vec<u64>>()
        };
        let all: Vec<(i64, Vec<u64>)> = (first..first + MINUTES).map(|minute| (minute, of(minute))).collect();
        let most =
            all.iter().map(|(_, counts)| counts[0].max(counts[1..].iter().sum())).max().unwrap_or_default().max(1);
        let minute = |(minute, counts): (i64, Vec<u64>)| {
            let boxes = boxes(&classes, &counts, most);
            Minute { at_ms: minute * MINUTE_MS, counts, x: (minute - first) * 10, boxes }
        };
        let fresh = |row: FreshClicks| Fresh {
            title: if row.title.is_empty() { page.say("kpis-live-new-content") } else { row.title },
            channel: channel_name(page, &row.channel),
            class: page.word_if_known("kpis-class", &row.class).unwrap_or(row.class),
            clicks: row.clicks,
            minutes_ago: (now_ms - row.last_ms).max(0) / MINUTE_MS,
        };
        Self {
            at_ms: now_ms,
            clicks,
            others,
            minutes: all.into_iter().map(minute).collect(),
            classes,
            fresh: lately.fresh.into_iter().map(fresh).collect(),
        }
    }

    /// Whether nothing happened at all.
    fn is_quiet(&self) -> bool {
        self.clicks + self.others == 0
    }

    /// Minutes in which something happened, the last one first.
    fn busy(&self) -> impl Iterator<Item = &Minute> {
        self.minutes.iter().rev().filter(|minute| minute.counts.iter().any(|count| *count > 0))
    }
}

/// The first class stands on the middle line, the others hang from it.
fn boxes(classes: &[(&'static str, u64)], counts: &[u64], most: u64) -> Vec<(&'static str, f64, f64)> {
    let height = |count: u64| (count as f64 / most as f64 * (HEIGHT - 1.0) * 10.0).round() / 10.0;
    let mut boxes = Vec::new();
    let mut below = HEIGHT;
    for (at, ((class, _), count)) in classes.iter().zip(counts).enumerate() {
        if *count == 0 {
            continue;
        }
        let height = height(*count);
        if at == 0 {
            boxes.push((*class, HEIGHT - height, height));
        } else {
            boxes.push((*class, below, height));
            below += height;
        }
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::MinuteRow;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;

    #[test]
    fn minutes_are_counted_by_class_and_drawn_on_both_sides_of_a_line() {
        let row = |minute, class: &str, clicks| MinuteRow { minute, class: class.to_owned(), clicks };
        let fresh = FreshClicks {
            content_id: "c".to_owned(),
            title: String::new(),
            channel: "linkedin".to_owned(),
            class: "human".to_owned(),
            clicks: 4,
            last_ms: 129 * MINUTE_MS,
        };
        let minutes = vec![row(100, "human", 4), row(100, "bot", 2), row(129, "scanner", 1), row(129, "bot", 1)];
        let page = Page::of_nobody(TEXTS.of(Language::English), None);
        let now = Now::new(&page, 130 * MINUTE_MS - 1, 100, Lately { minutes, fresh: vec![fresh] });
        assert_eq!((now.clicks, now.others, now.minutes.len()), (4, 4, 30));
        assert_eq!(now.classes, [("human", 4), ("bot", 3), ("scanner", 1)]);
        assert_eq!(now.minutes[0].boxes, [("human", 1.0, 49.0), ("bot", 50.0, 24.5)]);
        assert_eq!(now.minutes[29].boxes, [("bot", 50.0, 12.3), ("scanner", 62.3, 12.3)]);
        assert_eq!(now.busy().map(|minute| minute.counts.clone()).collect::<Vec<_>>(), [vec![0, 1, 1], vec![4, 2, 0]]);
        assert_eq!((now.fresh[0].minutes_ago, now.fresh[0].channel.as_str()), (0, "LinkedIn"));
    }

    #[test]
    fn nothing_at_all_is_shown_as_nothing() {
        let page = Page::of_nobody(TEXTS.of(Language::English), None);
        let now = Now::new(&page, 0, -29, Lately::default());
        assert_eq!((now.clicks, now.others, now.busy().count()), (0, 0, 0));
        assert_eq!(now.classes, [("human", 0)]);
    }
}
