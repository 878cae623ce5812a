//! `RELAIS_SECTION__KEY` variables as a layer of the configuration.
//!
//! A variable's text takes the type of the setting that it replaces, so nothing is guessed: lists
//! are JSON arrays, numbers are numbers, and the text `5` stays a text where a text is wanted.

use config::{Config, Map, Source, Value, ValueKind};

const PREFIX: &str = "RELAIS_";
/// Sections stand apart from keys by this.
const SEPARATOR: &str = "__";
/// The one setting outside every section.
const TOP_LEVEL: &str = "RELAIS_DATA_DIR";

/// Values by their dotted key, each with its variable as origin.
#[derive(Debug, Clone)]
pub(super) struct Overrides(Map<String, Value>);

impl Source for Overrides {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self.0.clone())
    }
}

/// Takes the variables that are settings and types them after `known`.
///
/// `RELAIS_LOG` and other names without a section are not settings and are left alone.
pub(super) fn read(
    known: &Config,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Overrides, String> {
    let mut values = Map::new();
    for (name, text) in environment {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        if !rest.contains(SEPARATOR) && name != TOP_LEVEL {
            if let Some(meant) = meant(known, rest) {
                return Err(format!("the environment variable {name} stands for no setting: {meant} does"));
            }
            continue;
        }
        let key = rest.split(SEPARATOR).map(str::to_ascii_lowercase).collect::<Vec<_>>().join(".");
        let Ok(default) = known.get::<Value>(&key) else {
            return Err(format!("the environment variable {name} stands for no setting"));
        };
        let kind = typed(&default.kind, &text).map_err(|wanted| format!("{name} must be {wanted}, not {text:?}"))?;
        values.insert(key, Value::new(Some(&name), kind));
    }
    Ok(Overrides(values))
}

/// The variable of a setting whose section and key were put together with one underscore for two.
fn meant(known: &Config, rest: &str) -> Option<String> {
    let (section, key) = rest.split_once('_')?;
    let is_setting = known.get::<Value>(&format!("{section}.{key}").to_ascii_lowercase()).is_ok();
    is_setting.then(|| format!("{PREFIX}{section}{SEPARATOR}{key}"))
}

fn typed(default: &ValueKind, text: &str) -> Result<ValueKind, &'static str> {
    Ok(match default {
        ValueKind::Boolean(_) => ValueKind::Boolean(text.parse().map_err(|_| "true or false")?),
        ValueKind::I64(_) | ValueKind::U64(_) | ValueKind::I128(_) | ValueKind::U128(_) => {
            ValueKind::I64(text.parse().map_err(|_| "a whole number")?)
        }
        ValueKind::Float(_) => ValueKind::Float(text.parse().map_err(|_| "a number")?),
        ValueKind::Array(_) => {
            let items: Vec<String> =
                serde_json::from_str(text).map_err(|_| "a JSON array of texts, such as [\"a\", \"b\"]")?;
            ValueKind::Array(items.into_iter().map(|item| Value::new(None, item)).collect())
        }
        ValueKind::Table(_) => return Err("a key of this section, as in RELAIS_SECTION__KEY"),
        ValueKind::Nil | ValueKind::String(_) => ValueKind::String(text.to_owned()),
    })
}
