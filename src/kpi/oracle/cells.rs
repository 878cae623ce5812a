//! The minimum cell: which groups of people are too small to be shown.

use std::collections::{BTreeMap, BTreeSet};

use super::bundle::{Bundle, Key};
use crate::kpi::dimension::Dimension;
use crate::kpi::period::Period;

/// The groups of a split by people that are withheld in a period: those of fewer registered people than `minimum`, of
/// nobody too, and then the next smallest until those withheld are together as many people.
pub(crate) fn withheld(bundle: &Bundle, period: Period, by: Dimension, minimum: u16) -> BTreeSet<Key> {
    withheld_in(bundle, period, by, minimum, |_| true)
}

/// The same in a bucket of a series, which tells whether a group has figures: one of nobody that has none hides nothing.
pub(crate) fn withheld_in(
    bundle: &Bundle,
    period: Period,
    by: Dimension,
    minimum: u16,
    has_figures: impl Fn(&Key) -> bool,
) -> BTreeSet<Key> {
    let mut withheld = BTreeSet::new();
    if minimum <= 1 {
        return withheld;
    }
    let mut sizes: BTreeMap<Key, u16> = BTreeMap::new();
    for (at, person) in bundle.people.iter().enumerate() {
        let group = bundle.key_of_person(by, Some(at)).expect("a split by people");
        let has_come = person.registered_ms.is_some_and(|at| at < bundle.calendar.end_ms(period));
        let has_left = person.left_on.is_some_and(|left| left < period.from());
        *sizes.entry(group).or_default() += u16::from(has_come && !has_left);
    }
    let mut groups: Vec<(u16, Key)> = sizes.into_iter().map(|(group, size)| (size, group)).collect();
    groups.sort();
    let (mut together, mut is_hidden) = (0, false);
    for (size, group) in groups {
        let is_found = is_hidden && together < minimum;
        if size < minimum || is_found {
            together += size;
            is_hidden |= size > 0 || has_figures(&group);
            withheld.insert(group);
        }
    }
    withheld
}

#[test]
fn a_group_of_nobody_is_withheld_and_the_next_one_with_it() {
    let week = Period::parse("2026-03-02", "2026-03-08").expect("a period");
    let named = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect::<BTreeSet<Key>>();
    let mut bundle = super::teams::with_invited();
    assert_eq!(withheld(&bundle, week, Dimension::Team, 5), named(&["B", "C", "D", "E"]));
    assert_eq!(withheld(&bundle, week, Dimension::Team, 1), named(&[]));
    bundle.people.retain(|person| !matches!(person.team.as_deref(), Some("C" | "D")));
    assert_eq!(withheld(&bundle, week, Dimension::Team, 5), named(&["B", "E"]));
    assert_eq!(withheld_in(&bundle, week, Dimension::Team, 5, |_| false), named(&["E"]));
    bundle.people.retain(|person| person.team.as_deref() != Some("E"));
    assert_eq!(withheld(&bundle, week, Dimension::Team, 5), named(&[]));
}
