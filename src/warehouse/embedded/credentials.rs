//! The engine's accounts.
//!
//! | account | who | may |
//! | --- | --- | --- |
//! | `default` | the engine itself | open its ports; nobody else gets in, see `users_xml` |
//! | `relais`, or the configured name | Relais | everything |
//! | `relais_reader` | Grafana, analysts | read the `kpi_*` views |

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::model::hex;
use crate::warehouse::config::Config;

/// The account of Relais when the configured one is `default`.
pub const ENGINE_USER: &str = "relais";
/// The account that reads views and nothing else.
pub const READER_USER: &str = "relais_reader";

/// The name of Relais's account at the embedded engine.
pub fn user(config: &Config) -> &str {
    if config.user == "default" { ENGINE_USER } else { &config.user }
}

/// Relais's password: the configured one, else that of `password`, which is generated when there is none.
///
/// # Errors
/// When the file can be neither read nor written.
pub(super) fn password(config: &Config, directory: &Path) -> io::Result<SecretString> {
    if config.password.expose_secret().is_empty() {
        kept_secret(&directory.join("password"))
    } else {
        Ok(config.password.clone())
    }
}

/// The reader's password, from `reader-password`, generated when there is none.
///
/// # Errors
/// When the file can be neither read nor written.
pub(super) fn reader_password(directory: &Path) -> io::Result<SecretString> {
    kept_secret(&directory.join("reader-password"))
}

/// The accounts in the engine's own form. It holds hashes only.
///
/// The local server signs in as `default` with an empty password, whatever it is told. So `default` has
/// no password, and is limited to one session at a time: the engine's own, which is open before
/// the ports are and as long as they are. It may do nothing but what that session does.
pub(super) fn users_xml(config: &Config, password: &SecretString, reader_password: &SecretString) -> String {
    let user = user(config);
    let database = &config.database;
    let password = hash(password);
    let reader_password = hash(reader_password);
    format!(
        "<clickhouse>
  <profiles>
    <default/>
    <engine><max_sessions_for_user>1</max_sessions_for_user></engine>
    <relais><do_not_merge_across_partitions_select_final>1</do_not_merge_across_partitions_select_final></relais>
    <reader>
      <readonly>1</readonly>
      <max_execution_time>30</max_execution_time>
      <do_not_merge_across_partitions_select_final>1</do_not_merge_across_partitions_select_final>
      <constraints><max_execution_time><changeable_in_readonly/></max_execution_time></constraints>
    </reader>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <no_password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>engine</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT READ ON FILE</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
    <{user}>
      <password_sha256_hex>{password}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>relais</profile>
      <quota>default</quota>
      <access_management>1</access_management>
    </{user}>
    <{READER_USER}>
      <password_sha256_hex>{reader_password}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>reader</profile>
      <quota>default</quota>
      <grants><query>GRANT SELECT ON {database}.kpi_*</query></grants>
    </{READER_USER}>
  </users>
</clickhouse>
"
    )
}

/// Replaces `path` with `text`, readable by this account alone.
///
/// # Errors
/// The file system's.
pub(super) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

fn kept_secret(path: &Path) -> io::Result<SecretString> {
    match fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().into()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let secret = hex(&rand::random::<[u8; 16]>());
    write_private(path, &format!("{secret}\n"))?;
    Ok(secret.into())
}

fn hash(secret: &SecretString) -> String {
    hex(&Sha256::digest(secret.expose_secret().as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_password_is_generated_once_and_only_the_owner_reads_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let first = password(&Config::default(), directory.path()).expect("generated");
        let second = password(&Config::default(), directory.path()).expect("read");
        assert_eq!(first.expose_secret(), second.expose_secret());
        assert_eq!(first.expose_secret().len(), 32);
        let mode = fs::metadata(directory.path().join("password")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_ne!(reader_password(directory.path()).expect("generated").expose_secret(), first.expose_secret());
    }

    #[test]
    fn a_configured_password_is_written_nowhere() {
        let directory = tempfile::tempdir().expect("a directory");
        let config = Config { password: "s3cret & <more>".into(), ..Config::default() };
        let password = password(&config, directory.path()).expect("given");
        assert!(!directory.path().join("password").exists());
        assert!(!users_xml(&config, &password, &password).contains("s3cret"));
    }
}
