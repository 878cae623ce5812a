//! The oracle against the golden bundles.

use super::golden::{self, BUNDLES, Golden};
use super::*;

/// What differs, in words: nothing when `found` is `expected`.
pub(crate) fn difference(expected: &Figures, found: &Figures) -> Vec<String> {
    let keys: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    let close = |one: Option<f64>, other: Option<f64>| match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(1.0),
        (one, other) => one == other,
    };
    let same = |one: &Numbers, other: &Numbers| {
        close(one.numerator, other.numerator)
            && close(one.denominator, other.denominator)
            && close(one.value, other.value)
    };
    let differs = |key: &&_| match (expected.get(*key), found.get(*key)) {
        (Some(one), Some(other)) => !same(one, other),
        _ => true,
    };
    let differing = keys.into_iter().filter(differs);
    differing.map(|key| format!("{key:?}: expected {:?}, found {:?}", expected.get(key), found.get(key))).collect()
}

#[test]
fn the_golden_bundles_are_computed_as_expected() {
    let Some(folder) = golden::folder() else { return };
    for name in BUNDLES {
        let golden = Golden::read(&folder.join(name));
        for (period, by, expected) in &golden.cases {
            let mut found = every(&golden.bundle, *period, *by);
            // The bundles have no rates.
            found.retain(|(name, _, _), _| name != "earned_media_value");
            let difference = difference(expected, &found);
            assert!(difference.is_empty(), "{name} {period} by {by:?}:\n{}", difference.join("\n"));
        }
    }
}
