//! A set of rules with its version, so that clicks of the past can be judged by another one.

use super::classify::{CLASSIFIER_VERSION, Verdict, reclassify};

/// Rules that judge what was kept of a click: its `evidence` and `evidence_flags`.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    version: u16,
    judge: fn(&str, u8) -> Verdict,
}

impl Rules {
    /// The rules that new clicks are judged by.
    pub const CURRENT: Self = Self::new(CLASSIFIER_VERSION, reclassify);

    /// Rules of a version, which a click's row keeps. The same evidence must always get the same verdict.
    pub const fn new(version: u16, judge: fn(&str, u8) -> Verdict) -> Self {
        Self { version, judge }
    }

    /// Their version.
    pub const fn version(&self) -> u16 {
        self.version
    }

    /// Who asked, and why that is believed.
    pub fn judge(&self, evidence: &str, flags: u8) -> Verdict {
        (self.judge)(evidence, flags)
    }
}
