//! Finds `libchdb.so`, the engine's library.

use std::path::{Path, PathBuf};

/// The npm packages that hold the library, one a platform; the name that npm gives to this platform.
const PACKAGE: Option<&str> = if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
    Some("lib-linux-x64-gnu")
} else if cfg!(all(target_os = "linux", target_arch = "aarch64", target_env = "gnu")) {
    Some("lib-linux-arm64-gnu")
} else if cfg!(all(target_os = "macos", target_arch = "x86_64")) {
    Some("lib-darwin-x64")
} else if cfg!(all(target_os = "macos", target_arch = "aarch64")) {
    Some("lib-darwin-arm64")
} else {
    None
};

/// The library's file name, the same on every platform.
const FILE: &str = "libchdb.so";

/// Where a system keeps libraries that no package manager of a language brought.
const SYSTEM: &[&str] = &["/usr/local/lib", "/usr/lib", "/usr/lib64", "/opt/homebrew/lib"];

/// There is no engine to run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// The configured path leads to no file.
    #[error(
        "clickhouse.embedded.library is {0}, and there is no such file: correct it, or leave it empty to have it looked up"
    )]
    Configured(PathBuf),
    /// It is in none of the usual places.
    #[error(
        "the embedded ClickHouse ({FILE}) is not installed: run `npm install` beside Relais, or name the file in \
         clickhouse.embedded.library, or use a ClickHouse of your own with clickhouse.url"
    )]
    Absent,
}

/// The library to load: `configured` when it is not empty, else the first that exists of the npm
/// package below the working directory, below the executable's directory and its parents, and of
/// the system's library directories.
///
/// # Errors
/// Says what to install or to set.
pub fn find(configured: &Path) -> Result<PathBuf, LibraryError> {
    if !configured.as_os_str().is_empty() {
        let absolute = std::path::absolute(configured).unwrap_or_else(|_| configured.to_owned());
        return if absolute.is_file() { Ok(absolute) } else { Err(LibraryError::Configured(absolute)) };
    }
    let working_directory = std::env::current_dir().ok();
    let executable = std::env::current_exe().ok();
    let beside = executable.iter().flat_map(|path| path.ancestors().skip(1)).map(Path::to_owned);
    search(working_directory.into_iter().chain(beside), SYSTEM.iter().map(PathBuf::from)).ok_or(LibraryError::Absent)
}

fn search(roots: impl Iterator<Item = PathBuf>, system: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    let packaged = PACKAGE
        .into_iter()
        .zip(std::iter::once(roots))
        .flat_map(|(package, roots)| roots.map(move |root| root.join("node_modules/@chdb").join(package).join(FILE)));
    packaged.chain(system.map(|directory| directory.join(FILE))).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configured_path_is_taken_at_its_word() {
        let error = find(Path::new("/nowhere/libchdb.so")).expect_err("there is no such file");
        assert_eq!(error, LibraryError::Configured("/nowhere/libchdb.so".into()));
        assert!(error.to_string().contains("clickhouse.embedded.library"));
    }

    #[test]
    fn the_nearest_installation_wins_and_the_system_comes_last() {
        let directory = tempfile::tempdir().expect("a directory");
        let package = PACKAGE.expect("the tests run where the engine does");
        let install = |root: &str| {
            let path = directory.path().join(root).join("node_modules/@chdb").join(package);
            std::fs::create_dir_all(&path).expect("made");
            std::fs::write(path.join(FILE), "").expect("written");
            path.join(FILE)
        };
        let system = directory.path().join("lib");
        std::fs::create_dir_all(&system).expect("made");
        std::fs::write(system.join(FILE), "").expect("written");
        let look = || {
            let roots = ["near", "far"].map(|root| directory.path().join(root));
            search(roots.into_iter(), std::iter::once(system.clone()))
        };
        assert_eq!(look(), Some(system.join(FILE)));
        let far = install("far");
        assert_eq!(look(), Some(far));
        let near = install("near");
        assert_eq!(look(), Some(near));
    }

    #[test]
    fn its_absence_says_what_to_do() {
        assert_eq!(search(std::iter::empty(), std::iter::empty()), None);
        assert!(LibraryError::Absent.to_string().contains("npm install"));
    }
}
