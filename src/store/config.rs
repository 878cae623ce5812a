//! Which engine holds the metadata, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::OpenError;

/// The `[store]` section of the configuration.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Empty: SQLite in a file `relais.sqlite3` inside `data_dir`. Or `sqlite:PATH`.
    pub url: String,
}

impl fmt::Debug for Config {
    /// Shows only what stands before the colon: the rest may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split(':').next().unwrap_or_default();
        f.debug_struct("Config").field("url", &format_args!("{scheme}:…")).finish()
    }
}

/// Name of the SQLite file in `data_dir`.
const FILE: &str = "relais.sqlite3";

impl Config {
    /// The SQLite file that this configuration means.
    ///
    /// # Errors
    /// [`OpenError::Engine`] when the URL names an engine that this build has not.
    pub(super) fn sqlite_file(&self, data_dir: &Path) -> Result<PathBuf, OpenError> {
        if self.url.is_empty() {
            return Ok(data_dir.join(FILE));
        }
        match self.url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest)) {
            Some(path) if !path.is_empty() => Ok(PathBuf::from(path)),
            // Only what stands before the colon: the rest may hold a password.
            _ => Err(OpenError::Engine { scheme: self.url.split(':').next().unwrap_or_default().to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_url_means_a_file_in_the_data_directory() {
        let file = Config::default().sqlite_file(Path::new("/data")).expect("the default works");
        assert_eq!(file, Path::new("/data/relais.sqlite3"));
        let own = Config { url: "sqlite:///srv/meta.db".to_owned() };
        assert_eq!(own.sqlite_file(Path::new("/data")).expect("a file"), Path::new("/srv/meta.db"));
    }

    #[test]
    fn a_refused_url_shows_no_password() {
        let config = Config { url: "mysql://root:hunter2@db/relais".to_owned() };
        let error = config.sqlite_file(Path::new("/data")).expect_err("no such engine").to_string();
        assert!(error.contains("mysql") && !error.contains("hunter2"), "{error}");
    }
}
