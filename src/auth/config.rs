//! The `[sign_in]` section.

use serde::Deserialize;

const DAY_MS: i64 = 86_400_000;

/// How long a browser stays signed in, and how fast somebody may guess.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Days without use after which a session is over.
    pub session_idle_days: u32,
    /// Days after which a session is over however much it is used.
    pub session_max_days: u32,
    /// Askings to sign in and wrong codes per minute and /24 (IPv4) or /56 (IPv6); 0: off.
    pub attempts_per_minute_per_network: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { session_idle_days: 14, session_max_days: 90, attempts_per_minute_per_network: 60 }
    }
}

impl Config {
    /// Longest time without use, in milliseconds.
    pub fn idle_ms(&self) -> i64 {
        i64::from(self.session_idle_days.max(1)) * DAY_MS
    }

    /// Longest life, in milliseconds.
    pub fn max_ms(&self) -> i64 {
        i64::from(self.session_max_days.max(1)) * DAY_MS
    }
}
