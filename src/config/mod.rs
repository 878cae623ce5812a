//! Where every setting comes from: the defaults, one TOML file, the environment; the later wins.
//!
//! Each room owns the `Config` of its section; this room alone reads files and the environment,
//! and refuses a key that nobody knows, because a misspelled limit is a limit that is off.

mod environment;
mod settings;

use std::path::Path;

use config::builder::DefaultState;
use config::{Config, ConfigBuilder, File, FileFormat, Value, ValueKind};

pub use settings::Settings;

/// Every setting with its default and a word about it, as a TOML file.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// The effective configuration, and where each value of it comes from.
#[derive(Debug)]
pub struct Loaded {
    /// What the program runs with.
    pub settings: Settings,
    values: Config,
}

/// Why there is no usable configuration.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file that was named cannot be read.
    #[error("cannot read the configuration file {path}: {source}; check --config")]
    Unreadable {
        /// The file's path.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file or a variable has something that no setting is, or a value of the wrong form.
    #[error("{0}; `relais config` lists every key with its value")]
    Invalid(String),
}

/// Reads the defaults, then `file` if there is one, then `environment` (names and values).
///
/// # Errors
/// When the file cannot be read, a key is unknown or a value has the wrong form: in one line, with
/// the key and where it stands.
pub fn load(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Result<Loaded, LoadError> {
    let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file {
        let shown = path.display().to_string();
        std::fs::metadata(path).map_err(|source| LoadError::Unreadable { path: shown.clone(), source })?;
        builder = builder.add_source(File::new(&shown, FileFormat::Toml));
    }
    let build = |builder: &ConfigBuilder<DefaultState>| {
        builder.build_cloned().map_err(|error| LoadError::Invalid(one_line(&error)))
    };
    let overrides = environment::read(&build(&builder)?, environment).map_err(LoadError::Invalid)?;
    let values = build(&builder.add_source(overrides))?;
    let settings = settings(&values).map_err(LoadError::Invalid)?;
    Ok(Loaded { settings, values })
}

/// The days of a month, at most.
const LONGEST_MONTH_DAYS: u32 = 31;

/// The values as the rooms want them, each within its bounds.
fn settings(values: &Config) -> Result<Settings, String> {
    // By way of JSON, whose errors name the words that are right; those of `config` name Rust's types.
    let tree: serde_json::Value = values.clone().try_deserialize().map_err(|error| one_line(&error))?;
    let mut settings: Settings = serde_path_to_error::deserialize(tree).map_err(|error| {
        let key = error.path().to_string();
        format!("{key}{}: {}", place(values, &key), error.inner())
    })?;
    settings.spool.quarantine_days = u32::from(settings.privacy.raw_retention_months) * LONGEST_MONTH_DAYS;
    settings.spool.validate().map_err(|error| error.to_string())?;
    settings.ingest.check().map_err(|error| error.to_string())?;
    settings.privacy.check().map_err(|error| error.to_string())?;
    if !settings.oidc.issuer.is_empty() {
        settings.oidc.check().map_err(|error| error.to_string())?;
    }
    Ok(settings)
}

/// Where `key`, or a key below it, was set.
fn place(values: &Config, key: &str) -> String {
    let mut lines = Vec::new();
    flatten(&values.cache, String::new(), &mut lines);
    // The path of a list's item ends in its number.
    let key = key.split('[').next().unwrap_or(key);
    let line = lines
        .into_iter()
        .find(|line| line.key.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    line.map_or_else(String::new, |line| format!(" ({})", line.source))
}

fn one_line(error: &config::ConfigError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of `relais config`.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// `section.key`.
    pub key: String,
    /// The value as TOML, or `"***"` for a secret that is set.
    pub value: String,
    /// `default`, the file's path, or the environment variable.
    pub source: String,
}

impl Loaded {
    /// Every setting in alphabetical order, secrets masked.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        flatten(&self.values.cache, String::new(), &mut lines);
        lines.sort_by(|a, b| a.key.cmp(&b.key));
        lines
    }
}

fn flatten(value: &Value, key: String, lines: &mut Vec<Line>) {
    if let ValueKind::Table(table) = &value.kind {
        for (name, inner) in table {
            flatten(inner, if key.is_empty() { name.clone() } else { format!("{key}.{name}") }, lines);
        }
        return;
    }
    let source = value.origin().unwrap_or("default").to_owned();
    let is_masked = is_secret(&key) && matches!(&value.kind, ValueKind::String(text) if !text.is_empty());
    let value = if is_masked { format!("\"{MASK}\"") } else { shown(value, &key) };
    lines.push(Line { key, value, source });
}

/// What stands for a secret.
const MASK: &str = "***";

/// Whether what stands under this name, of a setting or of an address's parameter, is known to two only.
fn is_secret(key: &str) -> bool {
    ["password", "secret", "token"].iter().any(|word| key.to_ascii_lowercase().ends_with(word))
}

/// A value as TOML; credentials inside an address are masked.
fn shown(value: &Value, key: &str) -> String {
    match &value.kind {
        ValueKind::String(text) if key.ends_with("url") => format!("{:?}", without_password(text)),
        ValueKind::String(text) => format!("{text:?}"),
        ValueKind::Array(items) => {
            format!("[{}]", items.iter().map(|item| shown(item, key)).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn without_password(text: &str) -> String {
    let Ok(mut address) = url::Url::parse(text) else {
        // A password with signs that an address must encode makes it unreadable, but not unknown.
        return if text.contains('@') { MASK.to_owned() } else { text.to_owned() };
    };
    if address.password().is_some() {
        // Fails only for addresses that cannot have a password, and this one has.
        let _kept = address.set_password(Some(MASK));
    }
    let pairs: Vec<_> = address.query_pairs().into_owned().collect();
    if pairs.iter().any(|(name, _)| is_secret(name)) {
        let masked = pairs.iter().map(|(name, value)| (name, if is_secret(name) { MASK } else { value }));
        address.query_pairs_mut().clear().extend_pairs(masked);
    }
    // As it was written, where nothing was masked: an address would get a slash at its end.
    if address.as_str().contains(MASK) { address.to_string() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(file: &str, environment: &[(&str, &str)]) -> Result<Loaded, LoadError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("relais.toml");
        std::fs::write(&path, file).expect("writes");
        load(Some(&path), environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    /// The documented file is what runs; a room's own defaults serve its tests and its embedders.
    #[test]
    fn the_documented_defaults_are_those_of_the_rooms() {
        let settings = load(None, []).expect("loads").settings;
        assert_eq!(settings.redirect, Default::default());
        assert_eq!(settings.spool, Default::default());
        assert_eq!(settings.ingest, Default::default());
        assert_eq!(settings.store, Default::default());
        assert_eq!(settings.outbound, Default::default());
        assert_eq!(settings.sign_in, Default::default());
        assert_eq!(settings.mail, Default::default());
        assert_eq!(settings.privacy, Default::default());
        assert_eq!(format!("{:?}", settings.oidc), format!("{:?}", crate::auth::oidc::Config::default()));
        let clickhouse = crate::warehouse::Config::default();
        assert_eq!(format!("{:?}", settings.clickhouse), format!("{clickhouse:?}"));
        assert_eq!(format!("{:?}", settings.ops), format!("{:?}", crate::ops::Config::default()));
        assert_eq!(format!("{:?}", settings.portal), format!("{:?}", crate::api::Config::default()));
        assert_eq!(format!("{:?}", settings.enrich), format!("{:?}", crate::enrich::Config::default()));
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
        let loaded = with(
            "data_dir = \"from-file\"\n[redirect]\nworkers = 3\nlisten = \"127.0.0.1:1\"",
            &[("RELAIS_REDIRECT__WORKERS", "5"), ("RELAIS_REDIRECT__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]")],
        )
        .expect("loads");
        assert_eq!(loaded.settings.data_dir, Path::new("from-file"));
        assert_eq!(loaded.settings.redirect.workers, 5);
        assert_eq!(loaded.settings.redirect.trusted_proxies.len(), 1);
        let sources: Vec<(String, String)> = loaded
            .lines()
            .into_iter()
            .filter(|line| line.key.starts_with("redirect.") || line.key == "data_dir")
            .map(|line| (line.key, line.source))
            .collect();
        let source = |key: &str| sources.iter().find(|(name, _)| name == key).map(|(_, source)| source.as_str());
        assert_eq!(source("redirect.workers"), Some("RELAIS_REDIRECT__WORKERS"));
        assert!(source("data_dir").is_some_and(|source| source.ends_with("relais.toml")));
        assert_eq!(source("redirect.base_url"), Some("default"));
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_name_and_its_place() {
        let error = with("[redirect]\nlisen = \"127.0.0.1:1\"", &[]).expect_err("refused").to_string();
        assert!(error.contains("lisen"), "{error}");
        assert!(!error.contains('\n'), "{error}");
        let error = with("", &[("RELAIS_REDIRCT__LISTEN", "127.0.0.1:1")]).expect_err("refused").to_string();
        assert!(error.contains("RELAIS_REDIRCT__LISTEN"), "{error}");
        let error = with("", &[("RELAIS_REDIRECT_LISTEN", "127.0.0.1:1")]).expect_err("refused").to_string();
        assert!(error.contains("RELAIS_REDIRECT__LISTEN does"), "{error}");
        with("", &[("RELAIS_LOG", "debug"), ("RELAIS_HOME", "/srv")]).expect("names of others");
    }

    #[test]
    fn a_value_of_the_wrong_form_names_the_variable() {
        for (name, value) in [
            ("RELAIS_REDIRECT__WORKERS", "many"),
            ("RELAIS_REDIRECT__TRUSTED_PROXIES", "10.0.0.0/8"),
            ("RELAIS_REDIRECT__LISTEN", "nowhere"),
        ] {
            let error = with("", &[(name, value)]).expect_err("refused").to_string();
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn secrets_are_masked() {
        let loaded =
            with("[clickhouse]\npassword = \"hunter2\"\n[store]\nurl = \"postgres://me:hunter2@db/relais\"", &[])
                .expect("loads");
        let all = format!("{:?}{:?}", loaded.lines(), loaded.settings);
        assert!(!all.contains("hunter2"), "{all}");
        for url in ["postgres://me:hunt#er2@db/relais", "postgres://db/relais?user=me&password=hunt%23er2"] {
            let lines = with("", &[("RELAIS_STORE__URL", url)]).expect("loads").lines();
            let shown = &lines.iter().find(|line| line.key == "store.url").expect("it is one").value;
            assert!(shown.contains("***") && !shown.contains("er2"), "{shown}");
        }
    }

    #[test]
    fn what_is_no_secret_is_shown() {
        let lines =
            with("", &[("RELAIS_STORE__URL", "postgres://me@db/relais?sslmode=require")]).expect("loads").lines();
        let shown = |key: &str| lines.iter().find(|line| line.key == key).expect("it is one").value.clone();
        assert_eq!(shown("store.url"), "\"postgres://me@db/relais?sslmode=require\"");
        assert_ne!(shown("portal.requests_per_second_per_token"), "\"***\"");
    }
}
