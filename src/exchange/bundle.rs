//! The files of a bundle and their columns, as the contract names them.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::csv::{Columns, Reader};
use super::refusal::Refusals;
use crate::model::transfer::PEOPLE_COLUMNS;

/// A file of a bundle.
#[derive(Debug, PartialEq, Eq)]
pub struct FileOf {
    /// Its name in the folder.
    pub name: &'static str,
    /// A bundle without it is none.
    pub required: bool,
    /// Columns that its header must have, in the order of an export.
    pub columns: &'static [&'static str],
    /// Columns that it may have.
    pub optional: &'static [&'static str],
}

/// People.
pub const ADVOCATES: FileOf = FileOf { name: "advocates.csv", required: true, columns: PEOPLE_COLUMNS, optional: &[] };
/// Brackets around contents.
pub const CAMPAIGNS: FileOf = FileOf {
    name: "campaigns.csv",
    required: true,
    columns: &["external_id", "name", "starts_on", "ends_on"],
    optional: &[],
};
/// What is proposed for sharing.
pub const CONTENTS: FileOf = FileOf {
    name: "contents.csv",
    required: true,
    columns: &["external_id", "kind", "title", "url", "campaign", "published_at", "expires_at"],
    optional: &[],
};
/// Codes.
pub const LINKS: FileOf = FileOf {
    name: "links.csv",
    required: false,
    columns: &["code", "advocate", "content", "channel", "vanity", "disabled"],
    optional: &[],
};
/// Publications.
pub const SHARES: FileOf = FileOf {
    name: "shares.csv",
    required: true,
    columns: &["external_id", "advocate", "content", "channel", "shared_at"],
    optional: &[],
};
/// Visits of the portal.
pub const SIGN_INS: FileOf =
    FileOf { name: "sign_ins.csv", required: false, columns: &["advocate", "signed_in_at"], optional: &[] };
/// Stages of applications, one a row.
pub const APPLICATIONS: FileOf = FileOf {
    name: "applications.csv",
    required: true,
    columns: &["external_id", "advocate", "content", "channel", "stage", "occurred_at"],
    optional: &[],
};
/// Requests to links.
pub const CLICKS: FileOf = FileOf {
    name: "clicks.csv",
    required: true,
    columns: &["advocate", "content", "channel", "clicked_at", "class", "country", "device", "visitor"],
    optional: &["answer"],
};

/// Every file, in the order in which an import reads them: none refers to a later one.
pub const FILES: [&FileOf; 8] = [&ADVOCATES, &CAMPAIGNS, &CONTENTS, &LINKS, &SHARES, &SIGN_INS, &APPLICATIONS, &CLICKS];

impl FileOf {
    fn columns(&self) -> Columns {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Columns {
            required: owned(self.columns),
            optional: owned(self.optional),
            others: false,
            delimiter: b',',
            mark: false,
        }
    }

    /// Opens it in a bundle's folder. `None` when it is optional and not there, or cannot be used, which
    /// `refusals` says then.
    ///
    /// # Errors
    /// When reading fails.
    pub(super) fn open(
        &self,
        folder: &Path,
        read: &Arc<AtomicU64>,
        refusals: &mut Refusals,
    ) -> io::Result<Option<Reader<BufReader<File>>>> {
        match Reader::open(&folder.join(self.name), &self.columns(), Arc::clone(read), refusals) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if self.required {
                    refusals.add_broken(
                        self.name,
                        1,
                        "",
                        "the file is missing: a bundle has it, with a header at least",
                    );
                }
                Ok(None)
            }
            opened => opened,
        }
    }
}
