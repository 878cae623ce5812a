//! The `[privacy]` section.

use serde::Deserialize;

/// How long clicks and figures are kept, and how small a group may be that figures name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Clicks are kept row by row for so many months: 1 to 120 (default 13). Changing it takes effect within two hours;
    /// what is gone does not come back.
    pub raw_retention_months: u16,
    /// Figures, sign-ins and the audit log are kept for so many months: `raw_retention_months` to 600 (default 25).
    pub aggregate_retention_months: u16,
    /// Named splits of fewer people than this are withheld from pages, API and Grafana: 1 (off) to 1,000 (default 5).
    pub minimum_cell: u16,
}

/// A value of the `[privacy]` section cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// `raw_retention_months` outside its bounds.
    #[error("privacy.raw_retention_months is {0}: give 1 to 120 months")]
    Raw(u16),
    /// `aggregate_retention_months` outside its bounds.
    #[error(
        "privacy.aggregate_retention_months is {aggregates}: give privacy.raw_retention_months ({raw}) to 600 months"
    )]
    Aggregates {
        /// As configured.
        aggregates: u16,
        /// `raw_retention_months` as configured.
        raw: u16,
    },
    /// `minimum_cell` outside its bounds.
    #[error("privacy.minimum_cell is {0}: give 1 to 1000 people")]
    MinimumCell(u16),
}

impl Default for Config {
    fn default() -> Self {
        Self { raw_retention_months: 13, aggregate_retention_months: 25, minimum_cell: 5 }
    }
}

impl Config {
    /// Says which value cannot work, if one cannot.
    ///
    /// # Errors
    /// The first key that is out of its bounds.
    pub fn check(&self) -> Result<(), ConfigError> {
        let Self { raw_retention_months: raw, aggregate_retention_months: aggregates, minimum_cell } = *self;
        if !(1..=120).contains(&raw) {
            return Err(ConfigError::Raw(raw));
        }
        if !(raw..=600).contains(&aggregates) {
            return Err(ConfigError::Aggregates { aggregates, raw });
        }
        if !(1..=1_000).contains(&minimum_cell) {
            return Err(ConfigError::MinimumCell(minimum_cell));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_the_contract_s_and_valid() {
        let config: Config = serde_json::from_str("{}").expect("every key has a default");
        assert_eq!(config, Config::default());
        assert_eq!((config.raw_retention_months, config.aggregate_retention_months, config.minimum_cell), (13, 25, 5));
        config.check().expect("valid");
    }

    #[test]
    fn figures_are_not_kept_for_less_than_their_clicks() {
        let refused = |config: Config| config.check().expect_err("refused").to_string();
        assert!(serde_json::from_str::<Config>(r#"{"raw_retention": 1}"#).is_err());
        assert!(refused(Config { raw_retention_months: 0, ..Config::default() }).contains("raw_retention_months is 0"));
        let short = Config { raw_retention_months: 24, aggregate_retention_months: 23, ..Config::default() };
        assert!(refused(short).contains("(24) to 600"));
        assert!(refused(Config { minimum_cell: 0, ..Config::default() }).contains("minimum_cell is 0"));
    }
}
