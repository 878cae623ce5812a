//! Which engine holds the metadata, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::OpenError;

/// The `[store]` section of the configuration.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Empty: SQLite in a file `relais.sqlite3` inside `data_dir`. Or `sqlite:PATH`, or `postgres://…`.
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

/// Where the metadata is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In an SQLite file.
    File(PathBuf),
    /// In a PostgreSQL database, by its URL.
    Database(String),
}

impl Config {
    /// The place that this configuration means.
    ///
    /// # Errors
    /// [`OpenError::Engine`] when the URL names an engine that this build has not.
    pub(super) fn place(&self, data_dir: &Path) -> Result<Place, OpenError> {
        if self.url.is_empty() {
            return Ok(Place::File(data_dir.join(FILE)));
        }
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            return Ok(Place::Database(self.url.clone()));
        }
        match self.url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest)) {
            Some(path) if !path.is_empty() => Ok(Place::File(PathBuf::from(path))),
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
        let place = Config::default().place(Path::new("/data")).expect("the default works");
        assert_eq!(place, Place::File("/data/relais.sqlite3".into()));
        let own = Config { url: "sqlite:///srv/meta.db".to_owned() };
        assert_eq!(own.place(Path::new("/data")).expect("a file"), Place::File("/srv/meta.db".into()));
    }

    #[test]
    fn a_refused_url_shows_no_password() {
        let config = Config { url: "mysql://root:hunter2@db/relais".to_owned() };
        let error = config.place(Path::new("/data")).expect_err("no such engine").to_string();
        assert!(error.contains("mysql") && !error.contains("hunter2"), "{error}");
    }
}
