//! The folder of mails that no server takes: what in it has to go.
//!
//! Such a mail names a person and lets it sign in for some minutes. It is there for whoever tries Relais out, so nobody
//! misses an old one.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::time::SystemTime;

/// Longest head of a mail that is read, in lines; our own have eight.
const MOST_LINES: usize = 64;

/// Removes the mails to an address that `is_wanted` says yes to. Answers how many there were; a folder that is not
/// there holds none.
///
/// # Errors
/// When the folder or a file cannot be read or removed.
pub fn remove_mails_to(outbox: &Path, is_wanted: impl Fn(&str) -> bool) -> io::Result<u64> {
    remove(outbox, |path| {
        let lines = BufReader::new(fs::File::open(path)?).lines().take(MOST_LINES);
        for line in lines.map_while(Result::ok).take_while(|line| !line.trim_end().is_empty()) {
            if let Some(address) = line.strip_prefix("To: ") {
                return Ok(is_wanted(address.trim()));
            }
        }
        Ok(false)
    })
}

/// Removes the mails that were written before `before`. Answers how many there were.
///
/// # Errors
/// As [`remove_mails_to`].
pub fn remove_mails_before(outbox: &Path, before: SystemTime) -> io::Result<u64> {
    remove(outbox, |path| Ok(fs::metadata(path)?.modified()? < before))
}

fn remove(outbox: &Path, goes: impl Fn(&Path) -> io::Result<bool>) -> io::Result<u64> {
    let mut removed = 0;
    let entries = match fs::read_dir(outbox) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        // Somebody may tidy up at the same time.
        let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        match goes(&path).and_then(|goes| if goes { fs::remove_file(&path).map(|()| true) } else { Ok(false) }) {
            Ok(true) => removed += 1,
            Err(error) if !gone(&error) => return Err(error),
            Ok(false) | Err(_) => {}
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn mails_go_by_address_and_by_age_and_the_rest_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let outbox = folder.path().join("outbox");
        assert_eq!(remove_mails_to(&outbox, |_| true).expect("there is none"), 0);
        fs::create_dir(&outbox).expect("a folder");
        for (name, text) in [
            ("1.eml", "From: a@b.c\r\nTo: ada@acme.test\r\n\r\nhello"),
            ("2.eml", "From: ada@acme.test\r\nTo: bob@acme.test\r\n\r\nTo: ada@acme.test"),
            ("3.eml", "no head"),
        ] {
            fs::write(outbox.join(name), text).expect("a mail");
        }
        assert_eq!(remove_mails_to(&outbox, |to| to == "ada@acme.test").expect("removed"), 1);
        assert!(!outbox.join("1.eml").exists() && outbox.join("2.eml").exists());
        let hour = Duration::from_secs(3600);
        assert_eq!(remove_mails_before(&outbox, SystemTime::now() - hour).expect("looked"), 0);
        assert_eq!(remove_mails_before(&outbox, SystemTime::now() + hour).expect("removed"), 2);
    }
}
