//! Chance from a seed: the same story at the same instant is drawn the same everywhere.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rand_distr::{Distribution as _, Exp, LogNormal, Poisson};
use sha2::{Digest as _, Sha256};

/// A source of chance of its own for each part of a story, so that tuning one part leaves the others as they were.
pub(in crate::demo) struct Chance(StdRng);

impl Chance {
    /// For this part of this story.
    pub(in crate::demo) fn of(story: &str, part: &str) -> Self {
        Self::seeded(&format!("{story}/{part}"))
    }

    /// From any text.
    pub(in crate::demo) fn seeded(text: &str) -> Self {
        Self(StdRng::from_seed(Sha256::digest(text).into()))
    }

    /// True in this part of all cases.
    pub(in crate::demo) fn happens(&mut self, part: f64) -> bool {
        self.0.random::<f64>() < part
    }

    /// Evenly between two bounds.
    pub(in crate::demo) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// A whole number below `bound`, which is at least 1.
    pub(in crate::demo) fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound)
    }

    /// 64 bits.
    pub(in crate::demo) fn bits(&mut self) -> u64 {
        self.0.random()
    }

    /// How many of something that happens `mean` times in the mean.
    pub(in crate::demo) fn count(&mut self, mean: f64) -> u32 {
        if mean <= 0.0 {
            return 0;
        }
        let drawn = Poisson::new(mean.min(1e6)).map_or(0.0, |poisson| poisson.sample(&mut self.0));
        drawn as u32
    }

    /// A wait of `mean` in the mean, most of them shorter.
    pub(in crate::demo) fn wait(&mut self, mean: f64) -> f64 {
        Exp::new(1.0 / mean.max(1e-9)).map_or(mean, |exp| exp.sample(&mut self.0))
    }

    /// A factor of 1 in the mean, with a heavy tail.
    pub(in crate::demo) fn factor(&mut self, spread: f64) -> f64 {
        LogNormal::new(-spread * spread / 2.0, spread).map_or(1.0, |normal| normal.sample(&mut self.0))
    }

    /// A place in a list of weights; none when all are zero.
    pub(in crate::demo) fn pick(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let mut rest = self.between(0.0, total);
        for (index, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return Some(index);
            }
        }
        weights.iter().rposition(|weight| *weight > 0.0)
    }

    /// A key of a table of weights; empty when all are zero.
    pub(in crate::demo) fn key<'t>(&mut self, table: &'t BTreeMap<String, f64>) -> &'t str {
        let weights: Vec<f64> = table.values().copied().collect();
        self.pick(&weights).and_then(|index| table.keys().nth(index)).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_another_part_another() {
        let draw = |part| {
            let mut chance = Chance::of("bank", part);
            (0..20).map(|_| chance.bits()).collect::<Vec<_>>()
        };
        assert_eq!(draw("people"), draw("people"));
        assert_ne!(draw("people"), draw("clicks"));
    }

    #[test]
    fn means_are_what_they_are_called() {
        let mut chance = Chance::seeded("means");
        let mean = |of: &mut dyn FnMut() -> f64| (0..20_000).map(|_| of()).sum::<f64>() / 20_000.0;
        assert!((mean(&mut || f64::from(chance.count(3.0))) - 3.0).abs() < 0.1);
        assert!((mean(&mut || chance.wait(3.0)) - 3.0).abs() < 0.1);
        assert!((mean(&mut || chance.factor(1.0)) - 1.0).abs() < 0.1);
        assert!((mean(&mut || f64::from(u8::from(chance.happens(0.3)))) - 0.3).abs() < 0.02);
        let heads = mean(&mut || chance.pick(&[1.0, 0.0, 3.0]).map_or(9.0, |index| index as f64));
        assert!((heads - 1.5).abs() < 0.05);
        assert_eq!(chance.pick(&[0.0, 0.0]), None);
    }
}
