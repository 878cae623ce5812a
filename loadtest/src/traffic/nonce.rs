//! The mark by which a request is found again among the stored clicks.

/// The nonces of one run: `n-<run, 16 hexadecimal digits>-<request, decimal>`.
///
/// A nonce travels in `utm_content`, which Relais records with the click: at most 39 of its 100 bytes.
#[derive(Debug, Clone)]
pub(crate) struct Nonces {
    prefix: String,
}

impl Nonces {
    pub(crate) fn new(run: u64) -> Self {
        Self { prefix: format!("n-{run:016x}-") }
    }

    /// What every nonce of the run begins with, and no nonce of another.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The request that a nonce stands for; `None` when this run cannot have made it.
    pub(crate) fn request(&self, nonce: &str) -> Option<u64> {
        let digits = nonce.strip_prefix(&self.prefix)?;
        // `parse` alone would take `+7` and `007`, which no run writes
        let plain = digits == "0" || digits.bytes().next().is_some_and(|first| (b'1'..=b'9').contains(&first));
        if plain { digits.parse().ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_run_wrote_is_one_of_its_nonces() {
        let nonces = Nonces::new(0xabc);
        assert_eq!(nonces.request("n-0000000000000abc-17"), Some(17));
        assert_eq!(nonces.request("n-0000000000000abc-0"), Some(0));
        for other in ["n-0000000000000abd-17", "n-0000000000000abc-", "n-0000000000000abc-+7", "n-0000000000000abc-007"]
        {
            assert_eq!(nonces.request(other), None, "{other}");
        }
    }
}
