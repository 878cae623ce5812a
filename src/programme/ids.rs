//! Random ids and codes.

use rand::Rng as _;

use crate::model::Code;

/// 63 random bits, never 0, from the thread's generator, which the operating system seeds. An id
/// is unguessable and still checked wherever it is used.
pub fn random_bits() -> u64 {
    rand::rng().random_range(1..=i64::MAX.cast_unsigned())
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
        assert!(!ids.contains(&0) && ids.iter().all(|id| *id <= i64::MAX.cast_unsigned()));
    }

    #[test]
    fn every_character_of_the_alphabet_is_drawn() {
        let seen: HashSet<u8> = (0..2000).flat_map(|_| random_code().as_str().as_bytes().to_vec()).collect();
        assert_eq!(seen, Code::ALPHABET.iter().copied().collect());
    }
}
