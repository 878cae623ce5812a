//! The code that a person types.

use pbkdf2::pbkdf2_hmac;
use rand::Rng as _;
use sha2::Sha256;

/// No `0 O 1 I L U`: what is read aloud or from paper stays what it is, and spells nothing.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 30⁸ ≈ 6.6 · 10¹¹.
const LEN: usize = 8;
/// So few random bits want a slow digest: who reads the store within a code's ten minutes would
/// have to compute 1.3 · 10¹⁶ hashes.
const ROUNDS: u32 = 20_000;

/// Eight characters. Its `Debug` shows nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; LEN]);

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

impl Code {
    pub(super) fn draw() -> Self {
        let mut random = rand::rng();
        Self(std::array::from_fn(|_| ALPHABET[random.random_range(0..ALPHABET.len())]))
    }

    /// The code that somebody typed, however it was spaced and whatever its case.
    pub(super) fn read(typed: &str) -> Option<Self> {
        let mut read = [0; LEN];
        let mut slots = read.iter_mut();
        for byte in typed.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-') {
            let byte = byte.to_ascii_uppercase();
            *slots.next()? = Some(byte).filter(|byte| ALPHABET.contains(byte))?;
        }
        slots.next().is_none().then_some(Self(read))
    }

    /// In two groups, as the mail shows it: `7QRT-2MKP`.
    pub fn shown(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        let (front, back) = text.split_at(LEN / 2);
        format!("{front}-{back}")
    }
}

/// What the store keeps of a code, different for each browser. Computed away from the threads that
/// answer: it takes some milliseconds.
pub(super) async fn digest_of(code: Option<Code>, browser: [u8; 32]) -> [u8; 32] {
    let work = move || {
        let mut digest = [0; 32];
        // Not a code: the digest of a text that none can be.
        let code = code.map_or([0; LEN], |code| code.0);
        pbkdf2_hmac::<Sha256>(&code, &browser, ROUNDS, &mut digest);
        digest
    };
    tokio::task::spawn_blocking(work).await.expect("the digest does not panic and the runtime runs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_14_a_code_has_eight_characters_that_are_not_mistaken_for_others() {
        let seen: std::collections::HashSet<u8> = (0..500).flat_map(|_| Code::draw().0).collect();
        assert_eq!(seen, ALPHABET.iter().copied().collect());
        let code = Code(*b"7QRT2MKP");
        assert_eq!(code.shown(), "7QRT-2MKP");
        for typed in ["7QRT-2MKP", "7qrt2mkp", " 7QRT 2MKP\n", "7-Q-R-T-2-M-K-P"] {
            assert_eq!(Code::read(typed), Some(code), "{typed}");
        }
        for wrong in ["", "7QRT-2MK", "7QRT-2MKPX", "7QRT-2MKO", "7QRT-2MK0", "7QRT-2MKé"] {
            assert_eq!(Code::read(wrong), None, "{wrong}");
        }
        assert!(!format!("{code:?}").contains("7QRT"));
    }

    #[tokio::test]
    async fn the_digest_is_that_of_pbkdf2_and_differs_between_browsers() {
        let code = Code(*b"7QRT2MKP");
        let here = digest_of(Some(code), [1; 32]).await;
        assert_eq!(here, digest_of(Some(code), [1; 32]).await);
        assert_ne!(here, digest_of(Some(code), [2; 32]).await);
        assert_ne!(here, digest_of(None, [1; 32]).await);
    }
}
