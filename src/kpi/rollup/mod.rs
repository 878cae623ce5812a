//! Roll-ups: what months and years of clicks come to, computed again whenever something behind them changed.
//!
//! Nothing is ever added to. A local day of a space is computed from `clicks FINAL` and the facts as they stand, and
//! replaces what stood there (`schema/clickhouse/0004_rollups.sql` has the layout). So a figure equals what the raw
//! rows give, however rows came: late, twice, with another class, or not any more.
//!
//! **What is to be computed.** Whoever stores clicks or shares marks their quarter of an hour with a random number
//! ([`crate::warehouse::rollups`]). A day's marks add up to a number; computing the day notes the number that was read
//! before. Where the two differ, something came in between. The time zone is in the number too, so that a space that
//! moves is computed again. People and contents are marked by space; [`facts`] finds out whose attributes changed and
//! marks the days on which these have clicks or shares. A content's day of publication is cut by the time zone as well,
//! which is why that is in their number.
//!
//! **In which order.** Facts mark days. Shares ([`shares`]) are computed next; where another share is now the last one
//! before a click, that day's clicks are marked. Then the days' clicks ([`days`]), what landed by them, and the contents
//! whose cohort they may belong to ([`contents`]); at last months ([`months`]). Each step notes what it did when all that
//! follows from it is done. A crash anywhere leaves the note out, and the next pass does it again. Days are noted before
//! their first row is written, too, as begun: should the space move to another time zone after a crash, a day without a
//! mark in that zone would otherwise be known to nobody and keep its rows.
//!
//! **Two at once.** Every step draws a generation, which is higher than all before, *then* reads, then writes rows that
//! carry it; the highest wins. What the winner may have missed was marked after it read the marks, so it is computed
//! again. No lock is needed: two nodes, or `relais rollup` beside a server, only do some work twice.
//!
//! Places at which a test can end the process: `rollup.marked`, `rollup.aged`, `rollup.shares`, `rollup.contents`,
//! `rollup.read`, `rollup.clicks`, `rollup.visitors`, `rollup.links`, `rollup.landed`, `rollup.month`, `rollup.noted`.
//!
//! Deliberately absent: when a pass is made (`app::rollups`), and what a KPI is made of (the registry's views).

mod contents;
mod days;
mod facts;
mod marks;
mod months;
mod shares;
mod splits;
mod statement;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::failpoint;
use crate::model::SpaceId;
use crate::warehouse::rollups::{Changed, Done, Zone};
use crate::warehouse::{CallError, Warehouse};
use statement::Place;

/// Days of one step, at most.
const DAYS: usize = 31;
/// Clicks of one step, unless one day has more: they are held in memory meanwhile, some 100 bytes each.
const CLICKS: u64 = 1_000_000;

/// Which roll-ups are looked after.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// This space's alone.
    pub space: Option<SpaceId>,
    /// From this local day, `2026-03-01`; empty for the first.
    pub from: String,
    /// Through this one; empty for the last.
    pub to: String,
}

/// What one pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pass {
    /// Days and months that it computed.
    pub computed: u64,
    /// Days that were found changed when the pass began and are still to be computed, and one for each space where more
    /// turned out to be.
    pub left: u64,
}

/// Computes roll-ups. Any number of these may work on one ClickHouse.
#[derive(Debug, Clone)]
pub struct Rollups {
    warehouse: Warehouse,
    /// ClickHouse's session with the rows of the step that is being made. It refuses a second statement while one runs,
    /// so one that was given up does not meet the next.
    session: String,
}

/// A space in one pass.
#[derive(Default)]
struct Space {
    zone: String,
    zone_mark: u64,
    clicks: Vec<Changed>,
    shares: Vec<Changed>,
    months: Vec<Changed>,
    /// Kinds of facts that are marked, and their sums.
    facts: Vec<(facts::Kind, u64)>,
}

impl Rollups {
    /// On this ClickHouse, whose schema is this version's.
    pub fn new(warehouse: Warehouse) -> Self {
        Self { warehouse, session: format!("rollup-{:032x}", rand::random::<u128>()) }
    }

    /// Marks every day of the scope that has clicks or shares, so that it is computed although nothing changed.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows; some days may be marked then.
    pub async fn mark(&self, scope: &Scope) -> Result<(), CallError> {
        let (first, last) = (marks::EVER.to_owned(), "2149-06-06".to_owned());
        for zone in marks::zones(&self.warehouse).await? {
            if !scope.has_space(&zone.space_id) {
                continue;
            }
            let place = Place { space: &zone.space_id, zone: &zone.time_zone };
            let from = if scope.from.is_empty() { &first } else { &scope.from };
            let to = if scope.to.is_empty() { &last } else { &scope.to };
            marks::mark_period(&self.warehouse, &place, from, to).await?;
        }
        Ok(())
    }

    /// One step for each space that needs one, the newest days first. Nothing is left when it computed nothing and says
    /// so.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows. What was not done is done by the next pass.
    pub async fn pass(&self, scope: &Scope) -> Result<Pass, CallError> {
        let mut pass = Pass::default();
        for (id, space) in self.look(scope).await? {
            let step = self.step(&id, space).await;
            // Also when it failed: the rows of a day are large.
            let cleared = self.clear().await;
            let step = step?;
            cleared?;
            pass.computed += step.computed;
            pass.left += step.left;
        }
        Ok(pass)
    }

    /// What is to be done, by space.
    async fn look(&self, scope: &Scope) -> Result<BTreeMap<String, Space>, CallError> {
        let mut spaces: BTreeMap<String, Space> = BTreeMap::new();
        let mut zones: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for zone in marks::zones(&self.warehouse).await? {
            if scope.has_space(&zone.space_id) {
                zones.entry(zone.time_zone.clone()).or_default().push(zone.space_id.clone());
                let Zone { space_id, time_zone, zone_mark } = zone;
                spaces.insert(space_id, Space { zone: time_zone, zone_mark, ..Space::default() });
            }
        }
        for (zone, ids) in &zones {
            let ids: Vec<_> = ids.iter().map(String::as_str).collect();
            for changed in marks::changed_days(&self.warehouse, zone, &ids).await? {
                let Some(space) = spaces.get_mut(&changed.space_id) else { continue };
                let is_click = changed.subject == "click";
                if scope.has_day(&changed.day) {
                    let days = if is_click { &mut space.clicks } else { &mut space.shares };
                    days.push(changed);
                }
            }
        }
        for changed in marks::changed_months(&self.warehouse).await? {
            if let Some(space) = spaces.get_mut(&changed.space_id) {
                space.months.push(changed);
            }
        }
        let (marked, seen) = (marks::marked_facts(&self.warehouse).await?, marks::seen_facts(&self.warehouse).await?);
        let sum = |of: &[crate::warehouse::rollups::Sum], id: &str, subject: &str| {
            let of_it = of.iter().filter(|sum| sum.space_id == id && sum.subject == subject);
            of_it.map(|sum| sum.marks).fold(0, u64::wrapping_add)
        };
        for (id, space) in &mut spaces {
            for kind in [facts::PEOPLE, facts::CONTENTS] {
                let wanted = sum(&marked, id, kind.subject).wrapping_add(sum(&marked, "", kind.subject));
                let wanted = if kind.is_dated { wanted.wrapping_add(space.zone_mark) } else { wanted };
                if wanted != sum(&seen, id, kind.subject) {
                    space.facts.push((kind, wanted));
                }
            }
        }
        spaces.retain(|_, space| !space.is_settled());
        Ok(spaces)
    }

    /// One bounded piece of work for a space.
    async fn step(&self, id: &str, mut space: Space) -> Result<Pass, CallError> {
        let place = Place { space: id, zone: &space.zone };
        let mut pass = Pass::default();
        // What one part of a step marks was not seen by this pass: the next one goes on from there.
        let mut marked = false;
        for (kind, sum) in std::mem::take(&mut space.facts) {
            marked |= self.roll_facts(&place, kind, sum).await?;
        }
        if !marked && !space.shares.is_empty() {
            let some = space.shares.drain(..space.shares.len().min(DAYS)).collect::<Vec<_>>();
            marked |= self.roll_shares(&place, &some).await?;
            pass.computed += some.len() as u64;
        }
        let is_idle = space.clicks.is_empty();
        if !marked && !is_idle {
            let some = self.some_clicks(&place, &mut space.clicks).await?;
            self.roll_clicks(&place, &some).await?;
            pass.computed += some.len() as u64;
            space.months = marks::changed_months(&self.warehouse).await?;
            space.months.retain(|changed| changed.space_id == id);
        }
        if !marked {
            let busy: BTreeSet<&str> = space.clicks.iter().map(|changed| &changed.day[..7]).collect();
            // A month that goes on changes with every pass, and nobody reads it as a whole: it waits for a quiet one.
            let ripe =
                |changed: &&Changed| !busy.contains(&changed.day[..7]) && (is_idle || changed.subject == "month");
            for month in space.months.iter().filter(ripe) {
                self.roll_month(&place, month).await?;
                pass.computed += 1;
            }
        }
        pass.left += u64::from(marked) + (space.shares.len() + space.clicks.len()) as u64;
        Ok(pass)
    }

    async fn roll_facts(&self, place: &Place<'_>, kind: facts::Kind, sum: u64) -> Result<bool, CallError> {
        let generation = marks::draw(&self.warehouse).await?;
        let changed = facts::mark(&self.warehouse, place, kind, &self.session).await?;
        if changed > 0 && kind == facts::CONTENTS {
            contents::gather_changed(&self.warehouse, place, &self.session).await?;
            self.roll_contents(place, contents::Which::Gathered, generation).await?;
        }
        facts::note(&self.warehouse, place, kind, generation, &self.session).await?;
        let done =
            Done { space_id: place.space.to_owned(), subject: kind.subject, day: marks::EVER.to_owned(), seen: sum };
        self.note(&[done], generation).await?;
        Ok(changed > 0)
    }

    async fn roll_shares(&self, place: &Place<'_>, some: &[Changed]) -> Result<bool, CallError> {
        let dates = dates(some);
        let generation = marks::draw(&self.warehouse).await?;
        self.note(&begun("share", some), generation).await?;
        let rolled = shares::roll(&self.warehouse, place, &dates, generation, &self.session).await?;
        let Some(rolled) = rolled else {
            self.note(&done("share", some), generation).await?;
            return Ok(false);
        };
        let after = marks::draw(&self.warehouse).await?;
        self.roll_contents(place, contents::Which::Gathered, after).await?;
        self.note(&done("share", some), generation).await?;
        Ok(rolled.aged > 0)
    }

    async fn roll_clicks(&self, place: &Place<'_>, some: &[Changed]) -> Result<(), CallError> {
        let dates = dates(some);
        let generation = marks::draw(&self.warehouse).await?;
        self.note(&begun("click", some), generation).await?;
        days::roll(&self.warehouse, place, &dates, generation, &self.session).await?;
        // Drawn when the days' rows can be read, so that who draws a higher one reads them.
        let after = marks::draw(&self.warehouse).await?;
        shares::land(&self.warehouse, place, &dates, after, &self.session).await?;
        failpoint::reach("rollup.landed");
        self.roll_contents(place, contents::Which::YoungOn(&dates), after).await?;
        self.note(&done("click", some), generation).await
    }

    async fn roll_contents(
        &self,
        place: &Place<'_>,
        which: contents::Which<'_>,
        generation: u64,
    ) -> Result<(), CallError> {
        contents::roll(&self.warehouse, place, which, generation, &self.session).await
    }

    async fn roll_month(&self, place: &Place<'_>, month: &Changed) -> Result<(), CallError> {
        let generation = marks::draw(&self.warehouse).await?;
        months::roll(&self.warehouse, place, &month.day, generation, &self.session).await?;
        self.note(&done("month", std::slice::from_ref(month)), generation).await
    }

    async fn note(&self, done: &[Done], generation: u64) -> Result<(), CallError> {
        self.warehouse.note(done, generation).await?;
        failpoint::reach("rollup.noted");
        Ok(())
    }

    /// The newest days, as many as one step takes.
    async fn some_clicks(&self, place: &Place<'_>, left: &mut Vec<Changed>) -> Result<Vec<Changed>, CallError> {
        let most = left.len().min(DAYS);
        if most == 1 {
            return Ok(std::mem::take(left));
        }
        let counted = marks::count(&self.warehouse, place, &dates(&left[..most])).await?;
        let rows: BTreeMap<_, _> = counted.iter().map(|day| (day.day.as_str(), day.rows)).collect();
        let mut sum = 0;
        let fits = left[..most].iter().take_while(|changed| {
            sum += rows.get(changed.day.as_str()).copied().unwrap_or_default();
            sum <= CLICKS
        });
        let count = fits.count().max(1);
        Ok(left.drain(..count).collect())
    }

    async fn clear(&self) -> Result<(), CallError> {
        let anywhere = Place { space: "", zone: "" };
        for table in ["rollup_rows", "rollup_new", "rollup_wanted", "rollup_things", "rollup_changed"] {
            let sql = format!("DROP TEMPORARY TABLE IF EXISTS {table}");
            self.warehouse.perform(&statement::statement(&sql, &anywhere), &self.session).await?;
        }
        Ok(())
    }
}

impl Space {
    fn is_settled(&self) -> bool {
        self.clicks.is_empty() && self.shares.is_empty() && self.months.is_empty() && self.facts.is_empty()
    }
}

impl Scope {
    fn has_space(&self, id: &str) -> bool {
        self.space.is_none_or(|space| space.to_string() == id)
    }

    /// Dates as they are written here are in the order of their texts.
    fn has_day(&self, day: &str) -> bool {
        (self.from.is_empty() || *self.from <= *day) && (self.to.is_empty() || *day <= *self.to)
    }
}

fn dates(some: &[Changed]) -> Vec<String> {
    some.iter().map(|changed| changed.day.clone()).collect()
}

/// The note of days that are about to be computed: equal to no sum of marks. The later one of the same generation wins.
fn begun(subject: &'static str, some: &[Changed]) -> Vec<Done> {
    done(subject, some).into_iter().map(|done| Done { seen: 0, ..done }).collect()
}

fn done(subject: &'static str, some: &[Changed]) -> Vec<Done> {
    let of = |changed: &Changed| Done {
        space_id: changed.space_id.clone(),
        subject,
        day: changed.day.clone(),
        seen: changed.seen,
    };
    some.iter().map(of).collect()
}
