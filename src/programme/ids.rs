//! Random ids and codes.

use rand::Rng as _;
use rand::seq::SliceRandom as _;

use crate::model::Code;

/// 63 random bits, never 0, from the thread's generator, which the operating system seeds. An id
/// is unguessable and still checked wherever it is used.
pub fn random_bits() -> u64 {
    rand::rng().random_range(1..=i64::MAX.cast_unsigned())
}

/// Ids for so many rows that are written together: random ones that lie together, at most 2³² from one to the next, in
/// an order that says nothing. A table is kept in the order of its ids, so a thousand such rows touch some forty pages
/// of it; with ids from all over, they would touch a thousand, each of which is written to the log and folded into the
/// file.
pub fn neighbours(count: usize) -> Vec<u64> {
    let mut rng = rand::rng();
    // Room for 2³⁰ of them below the highest id.
    let mut last = rng.random_range(0..1 << 62);
    let mut draw = || {
        last += rng.random_range(1..=1 << 32);
        last
    };
    let mut ids: Vec<u64> = std::iter::repeat_with(&mut draw).take(count).collect();
    // People come in lists by name: the order of their links' ids must not tell their place in it.
    ids.shuffle(&mut rng);
    ids
}

/// Draws a code. Another link may have it already, with a chance of one in 56⁹ for each link that
/// there is: the store says so, and the caller draws again.
pub fn random_code() -> Code {
    // nanoid's default generator asks the operating system for a seed at every id (490 ns instead
    // of 49).
    let text = nanoid::format(nanoid::rngs::thread_local, &ALPHABET, Code::ISSUED_LEN);
    Code::issued(&text).expect("nanoid draws from the alphabet")
}

const ALPHABET: [char; Code::ALPHABET.len()] = {
    let mut characters = ['\0'; Code::ALPHABET.len()];
    let mut index = 0;
    while index < characters.len() {
        characters[index] = Code::ALPHABET[index] as char;
        index += 1;
    }
    characters
};

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;

    #[test]
    fn security_21_ids_and_codes_are_random_and_not_drawn_twice() {
        let ids: HashSet<u64> = (0..1000).map(|_| random_bits()).collect();
        let codes: HashSet<Code> = (0..1000).map(|_| random_code()).collect();
        assert_eq!((ids.len(), codes.len()), (1000, 1000));
        assert!(!ids.contains(&0) && ids.iter().all(|id| *id <= i64::MAX.cast_unsigned()));
        let (ones, zeros) = ids.iter().fold((0, u64::MAX), |(ones, zeros), id| (ones | id, zeros & id));
        assert_eq!((ones, zeros), (i64::MAX.cast_unsigned(), 0), "each of 63 bits is drawn");
    }

    #[test]
    fn neighbours_lie_together_in_an_order_that_says_nothing() {
        let (run, other) = (neighbours(1000), neighbours(1000));
        let sorted: BTreeSet<u64> = run.iter().copied().collect();
        assert_eq!(sorted.len(), 1000);
        assert!(run.iter().all(|id| (1..=i64::MAX.cast_unsigned()).contains(id)));
        assert!(sorted.last().zip(sorted.first()).is_some_and(|(last, first)| last - first < 1000 << 32), "together");
        assert!(!run.is_sorted(), "the order says nothing");
        assert!(other.iter().all(|id| !sorted.contains(id)), "no run like another");
    }

    #[test]
    fn every_character_of_the_alphabet_is_drawn() {
        let seen: HashSet<u8> = (0..2000).flat_map(|_| random_code().as_str().as_bytes().to_vec()).collect();
        assert_eq!(seen, Code::ALPHABET.iter().copied().collect());
    }
}
