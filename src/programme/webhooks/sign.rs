//! How a receiver knows that it was Relais: `Relais-Signature: t=<seconds>,v1=<hex>`, where the second is the
//! HMAC-SHA256, keyed with the webhook's secret as it was shown, of `<seconds>.<body>`.
//!
//! A receiver computes the same, compares in constant time, and refuses what is older than a few minutes.

use hmac::{Hmac, KeyInit, Mac};
use rand::Rng as _;
use sha2::Sha256;

use crate::model::hex;

/// What every secret begins with, so that scanners of repositories recognise one.
const PREFIX: &str = "rlswh_";

/// A new secret of 256 random bits.
pub(super) fn draw_secret() -> String {
    let bits: [u8; 32] = rand::rng().random();
    format!("{PREFIX}{}", hex(&bits))
}

/// The header's value for a body that is sent at this instant.
pub fn signature(secret: &str, at_ms: i64, body: &str) -> String {
    let seconds = at_ms.div_euclid(1000);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body.as_bytes());
    format!("t={seconds},v1={}", hex(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_openssl() {
        // printf '1772445600.{"a":1}' | openssl dgst -sha256 -hmac secret
        let expected = "t=1772445600,v1=2235e1eaebe27e5543cf4a2e961bc82b816d9acb874d46bebf64342326ae64f5";
        assert_eq!(signature("secret", 1_772_445_600_999, "{\"a\":1}"), expected);
    }

    #[test]
    fn secrets_are_drawn_once() {
        assert_ne!(draw_secret(), draw_secret());
        assert_eq!(draw_secret().len(), PREFIX.len() + 64);
    }
}
