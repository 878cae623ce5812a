//! Random ids and codes.

use rand::Rng as _;

use crate::model::Code;

/// 63 random bits, never 0, from the thread's generator, which the operating system seeds. An id
/// is unguessable and still checked wherever it is used.
pub fn random_bits() -> u64 {
    rand::rng().random_range(1..=i64::MAX.cast_unsigned())
}

/// Ids for rows that are written together: each at most 2³² behind the one before it. A table is kept in the order of
/// its ids, so a thousand such rows touch some forty pages of it; with ids from all over, they would touch a thousand,
/// each of which is written to the log and folded into the file.
#[derive(Debug)]
pub struct Neighbours {
    last: u64,
}

impl Neighbours {
    /// Ids of a place of their own, with room for 2³⁰ of them.
    pub fn anywhere() -> Self {
        Self { last: rand::rng().random_range(0..1 << 62) }
    }

    /// The next one; never 0, and at most 63 bits long.
    pub fn draw(&mut self) -> u64 {
        self.last += rand::rng().random_range(1..=1 << 32);
        self.last
    }
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
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_and_codes_are_not_drawn_twice() {
        let ids: HashSet<u64> = (0..1000).map(|_| random_bits()).collect();
        let codes: HashSet<Code> = (0..1000).map(|_| random_code()).collect();
        assert_eq!((ids.len(), codes.len()), (1000, 1000));
        let run = || {
            let mut ids = Neighbours::anywhere();
            std::iter::repeat_with(|| ids.draw()).take(1000).collect::<Vec<u64>>()
        };
        let (run, other) = (run(), run());
        assert!(run.is_sorted_by(|one, next| one < next), "no id twice");
        assert!(run.iter().all(|id| (1..=i64::MAX.cast_unsigned()).contains(id)));
        assert!(run.iter().zip(&other).all(|(one, other)| one != other), "no run like another");
        assert!(!ids.contains(&0) && ids.iter().all(|id| *id <= i64::MAX.cast_unsigned()));
    }

    #[test]
    fn every_character_of_the_alphabet_is_drawn() {
        let seen: HashSet<u8> = (0..2000).flat_map(|_| random_code().as_str().as_bytes().to_vec()).collect();
        assert_eq!(seen, Code::ALPHABET.iter().copied().collect());
    }
}
