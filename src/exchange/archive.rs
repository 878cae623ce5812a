//! A bundle as one file: a zip archive of its CSV files.
//!
//! Whoever sends one decides what stands in it, so nothing of it is believed: names are looked up in our own list, and
//! never joined to a path; sizes are counted while unpacking, because an archive of a kilobyte may hold gigabytes.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Error;
use super::refusal::shown;
use crate::model::transfer::BUNDLE_FILES;

/// Most bytes of an archive, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 8 << 30;
/// Most entries that are looked at, folders and what systems add included.
const MOST_ENTRIES: usize = 200;
/// Bytes that are copied at once.
const BUFFER_BYTES: usize = 1 << 18;

/// Unpacks the bundle in `archive` into `folder`, which is made. Folders inside the archive are looked over.
///
/// # Errors
/// [`Error::Archive`] says what is wrong with it; [`Error::File`] when the disk fails.
pub fn unpack(archive: &Path, folder: &Path) -> Result<(), Error> {
    unpack_at_most(archive, folder, MAX_UNPACKED_BYTES)
}

fn unpack_at_most(archive: &Path, folder: &Path, max_bytes: u64) -> Result<(), Error> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at(folder))?;
    let opened = BufReader::new(File::open(archive).map_err(at(archive))?);
    let mut entries = ZipArchive::new(opened).map_err(|error| unusable(archive, error))?;
    if entries.len() > MOST_ENTRIES {
        return Err(Error::Archive(format!("it has more than {MOST_ENTRIES} entries: a bundle has eight files")));
    }
    let mut room = max_bytes;
    let mut unpacked = HashSet::new();
    for index in 0..entries.len() {
        let entry = entries.by_index(index).map_err(|error| unusable(archive, error))?;
        let whole = entry.name().map_err(|error| unusable(archive, error))?.into_owned();
        let name = whole.rsplit('/').next().unwrap_or_default();
        // What a Mac adds beside each file.
        if entry.is_dir() || name.starts_with('.') || whole.starts_with("__MACOSX/") {
            continue;
        }
        let Some(ours) = BUNDLE_FILES.into_iter().find(|ours| *ours == name) else {
            let known = BUNDLE_FILES.join(", ");
            return Err(Error::Archive(format!("{} is no file of a bundle: they are {known}", shown(name))));
        };
        if !unpacked.insert(ours) {
            return Err(Error::Archive(format!("{ours} stands twice in it")));
        }
        let path = folder.join(ours);
        let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(at(&path))?;
        let copied = copy(entry, made, room).map_err(|failed| match failed {
            Failed::Read(error) => Error::Archive(format!("{ours} in it is damaged: {error}")),
            Failed::Written(source) => Error::File { path: path.clone(), source },
        })?;
        room = room.checked_sub(copied).ok_or_else(|| {
            Error::Archive(format!("it unpacks to more than {} MB: import it in several bundles", max_bytes >> 20))
        })?;
    }
    Ok(())
}

fn unusable(archive: &Path, error: ZipError) -> Error {
    match error {
        ZipError::Io(source) if source.kind() != io::ErrorKind::UnexpectedEof && source.raw_os_error().is_some() => {
            Error::File { path: archive.to_owned(), source }
        }
        error => Error::Archive(error.to_string()),
    }
}

enum Failed {
    Read(io::Error),
    Written(io::Error),
}

/// Copies at most one byte more than `room`, which tells that there is more.
fn copy(entry: impl Read, into: File, room: u64) -> Result<u64, Failed> {
    let mut entry = entry.take(room.saturating_add(1));
    let mut into = into;
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut copied = 0;
    loop {
        let read = entry.read(&mut buffer).map_err(Failed::Read)?;
        if read == 0 {
            return Ok(copied);
        }
        into.write_all(&buffer[..read]).map_err(Failed::Written)?;
        copied += read as u64;
    }
}

/// Packs the files in `folder`, in the order of a bundle, into the new file `archive`; answers its size in bytes.
///
/// # Errors
/// [`Error::File`].
pub fn pack(folder: &Path, archive: &Path) -> Result<u64, Error> {
    let failed = |source| Error::File { path: archive.to_owned(), source };
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(archive).map_err(failed)?;
    let mut writer = ZipWriter::new(BufWriter::with_capacity(BUFFER_BYTES, made));
    // A file of clicks may be longer than 4 GiB.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(3))
        .unix_permissions(0o600)
        .large_file(true);
    for name in BUNDLE_FILES {
        let path = folder.join(name);
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened.map_err(|source| Error::File { path, source })?,
        };
        writer.start_file(name, options).map_err(|error| failed(error.into()))?;
        io::copy(&mut file, &mut writer).map_err(failed)?;
    }
    let written = writer.finish().map_err(|error| failed(error.into()))?;
    let file = written.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(file.metadata().map_err(failed)?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zipped(folder: &Path, entries: &[(&str, &[u8])]) -> std::path::PathBuf {
        let path = folder.join(format!("{:x}.zip", rand::random::<u64>()));
        let mut writer = ZipWriter::new(File::create(&path).expect("a file"));
        for (name, bytes) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
            writer.write_all(bytes).expect("written");
        }
        writer.finish().expect("whole");
        path
    }

    fn refused(entries: &[(&str, &[u8])], max_bytes: u64) -> String {
        let scratch = tempfile::tempdir().expect("a folder");
        let archive = zipped(scratch.path(), entries);
        unpack_at_most(&archive, &scratch.path().join("out"), max_bytes).expect_err("refused").to_string()
    }

    #[test]
    fn what_was_packed_unpacks_to_the_same_bytes() {
        let scratch = tempfile::tempdir().expect("a folder");
        let (from, to) = (scratch.path().join("from"), scratch.path().join("to"));
        fs::create_dir(&from).expect("a folder");
        fs::write(from.join("clicks.csv"), "a,b\n".repeat(10_000)).expect("written");
        fs::write(from.join("advocates.csv"), "").expect("written");
        let archive = scratch.path().join("x.zip");
        let size = pack(&from, &archive).expect("packed");
        assert!(size > 100 && size < 10_000, "{size}");
        unpack(&archive, &to).expect("unpacked");
        for name in ["clicks.csv", "advocates.csv"] {
            assert_eq!(fs::read(from.join(name)).expect("there"), fs::read(to.join(name)).expect("there"));
        }
        assert_eq!(fs::read_dir(&to).expect("there").count(), 2);
    }

    #[test]
    fn folders_and_what_a_mac_adds_are_looked_over() {
        let scratch = tempfile::tempdir().expect("a folder");
        let entries: [(&str, &[u8]); 3] =
            [("mine/clicks.csv", b"x"), ("__MACOSX/mine/._clicks.csv", b"y"), ("mine/.DS_Store", b"z")];
        let out = scratch.path().join("out");
        unpack(&zipped(scratch.path(), &entries), &out).expect("unpacked");
        assert_eq!(fs::read(out.join("clicks.csv")).expect("there"), b"x");
        assert_eq!(fs::read_dir(&out).expect("there").count(), 1);
    }

    #[test]
    fn security_22_an_archive_leads_nowhere_else_and_does_not_fill_the_disk() {
        for name in ["../../evil.csv", "/etc/passwd"] {
            assert!(refused(&[(name, b"x")], 100).contains("is no file of a bundle"), "{name:?}");
        }
        for name in ["../../clicks.csv", "/clicks.csv", "..\\clicks.csv", "clicks.csv\0.txt"] {
            let scratch = tempfile::tempdir().expect("a folder");
            let (inner, out) = (scratch.path().join("inner"), scratch.path().join("inner/out"));
            fs::create_dir(&inner).expect("a folder");
            // Taken or refused: what is written lies in `out` and is called as we call it.
            let _either = unpack(&zipped(scratch.path(), &[(name, b"x")]), &out);
            for entry in fs::read_dir(&out).expect("a folder") {
                assert_eq!(entry.expect("an entry").file_name(), "clicks.csv", "{name:?}");
            }
            assert_eq!(fs::read_dir(&inner).expect("a folder").count(), 1, "{name:?}");
            assert_eq!(fs::read_dir(scratch.path()).expect("a folder").count(), 2, "{name:?}");
        }
        let bomb = vec![0; 1 << 20];
        assert!(refused(&[("clicks.csv", &bomb)], 1 << 16).contains("unpacks to more than"));
        assert!(refused(&[("clicks.csv", b"12345"), ("shares.csv", b"67890")], 9).contains("unpacks to more than"));
        assert!(refused(&[("clicks.csv", b"x"), ("a/clicks.csv", b"y")], 100).contains("stands twice"));
    }

    #[test]
    fn what_is_no_archive_is_refused_in_words() {
        let scratch = tempfile::tempdir().expect("a folder");
        let path = scratch.path().join("x.zip");
        for bytes in [&b""[..], b"a,b\n1,2\n", b"PK\x03\x04 and then nothing"] {
            fs::write(&path, bytes).expect("written");
            let error = unpack(&path, &scratch.path().join("out")).expect_err("refused").to_string();
            assert!(error.starts_with("the archive cannot be used: "), "{error}");
        }
    }
}
