//! The files of an import, streamed from the request to the disk.
//!
//! What arrives is counted and digested on its way and never held; names come from our own list. An upload that
//! breaks off leaves nothing behind.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use sha2::Digest as _;
use tokio::io::AsyncWriteExt as _;
use utoipa::ToSchema;

use super::Kind;
use crate::api::ApiState;
use crate::api::given::{self, Repeat};
use crate::api::problem::Problem;
use crate::model::PeopleMap;
use crate::model::transfer::{BUNDLE_FILES, PEOPLE_FILE};
use crate::programme::FieldProblem;
use crate::programme::transfers::MAX_UPLOAD_BYTES;
use crate::programme::transfers::depot::Upload;

/// How an archive is called on the disk.
pub(super) const ARCHIVE: &str = "bundle.zip";
/// Longest map, in bytes.
const MAX_MAP_BYTES: usize = 64 << 10;

/// An upload that is whole.
pub(super) struct Received {
    pub(super) upload: Upload,
    pub(super) map: Option<PeopleMap>,
    pub(super) repeat: Option<Repeat>,
}

/// The parts of an import's form.
#[derive(Deserialize, ToSchema)]
#[schema(as = ImportForm)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read part by part")]
pub(super) struct Form {
    /// A file: of a list of people, the list; of a bundle, its archive or one of its CSV files, each in a part of its
    /// own whose file name says which it is.
    #[schema(content_media_type = "application/octet-stream")]
    file: String,
    /// Of a list of people: which column is what, as JSON.
    map: Option<PeopleMap>,
}

/// Reads the request to its end.
pub(super) async fn receive(state: &ApiState, kind: Kind, request: Request) -> Result<Received, Problem> {
    let key = given::idempotency_key(request.headers())?;
    let mut digest = sha2::Sha256::new();
    digest.update(request.method().as_str());
    digest.update([0]);
    digest.update(request.uri().to_string());
    let upload = state.depot.receive().map_err(|error| disk(&error))?;
    let mut reading = Reading { state, upload, digest, map: None, files: 0, archives: 0 };
    match (declared(request.headers()).as_str(), kind) {
        ("application/zip" | "application/x-zip-compressed", Kind::Bundle) => {
            reading.archive(request.into_body()).await?;
        }
        ("multipart/form-data", _) => {
            let form = Multipart::from_request(request, state).await.map_err(|error| {
                Problem::new(StatusCode::BAD_REQUEST, "body_unreadable", format!("the form cannot be read: {error}"))
            })?;
            reading.form(kind, form).await?;
        }
        _ => {
            let detail = "send multipart/form-data, or a bundle as application/zip";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_an_upload", detail));
        }
    }
    let Reading { upload, digest, map, .. } = reading;
    let repeat = key.map(|key| Repeat { key, request_hash: digest.finalize().into() });
    Ok(Received { upload, map, repeat })
}

fn declared(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

struct Reading<'s> {
    state: &'s ApiState,
    upload: Upload,
    /// Of what was sent, not of how its form was written: a second try has other boundaries.
    digest: sha2::Sha256,
    map: Option<PeopleMap>,
    files: usize,
    archives: usize,
}

impl Reading<'_> {
    async fn archive(&mut self, body: Body) -> Result<(), Problem> {
        let mut pieces = body.into_data_stream();
        let mut file = self.file(ARCHIVE, "")?;
        while let Some(piece) = self.within_time(pieces.next()).await? {
            let piece = piece.map_err(|_| unreadable("the body ended before it was complete: send it again"))?;
            self.write(&mut file, &piece).await?;
        }
        end(file).await
    }

    async fn form(&mut self, kind: Kind, mut form: Multipart) -> Result<(), Problem> {
        while let Some(field) = self.within_time(form.next_field()).await?.map_err(broken)? {
            let part = field.name().unwrap_or_default().to_owned();
            match (field.file_name().map(str::to_owned), part.as_str()) {
                (_, "map") if kind == Kind::People => self.read_map(field).await?,
                (Some(theirs), part) => {
                    let ours = self.name(kind, &theirs, part)?;
                    self.read_file(ours, part, field).await?;
                }
                (None, part) => return Err(refused(part, "unknown_field", "there is no such part: see /api/docs")),
            }
        }
        if self.files == 0 {
            return Err(refused("file", "required", "the form has no file: add a part with a file name"));
        }
        if kind == Kind::People && self.map.is_none() {
            return Err(refused("map", "required", "say which column is what: {\"columns\": {\"email\": \"E-mail\"}}"));
        }
        Ok(())
    }

    /// What we call a file that they call so.
    fn name(&mut self, kind: Kind, theirs: &str, part: &str) -> Result<&'static str, Problem> {
        let name = theirs.rsplit(['/', '\\']).next().unwrap_or_default();
        self.files += 1;
        let ours = match kind {
            Kind::People => PEOPLE_FILE,
            Kind::Bundle if name.to_ascii_lowercase().ends_with(".zip") => ARCHIVE,
            Kind::Bundle => BUNDLE_FILES.into_iter().find(|ours| *ours == name).ok_or_else(|| {
                let known = BUNDLE_FILES.join(", ");
                refused(part, "invalid", &format!("a file of a bundle is called one of: {known}; or send its archive"))
            })?,
        };
        self.archives += usize::from(ours == ARCHIVE);
        if self.archives > 0 && self.files > 1 {
            return Err(refused(part, "invalid", "send an archive alone, or the files of a bundle"));
        }
        Ok(ours)
    }

    async fn read_file(&mut self, ours: &str, part: &str, mut field: Field<'_>) -> Result<(), Problem> {
        let mut file = self.file(ours, part)?;
        while let Some(piece) = self.within_time(field.chunk()).await?.map_err(broken)? {
            self.write(&mut file, &piece).await?;
        }
        end(file).await
    }

    async fn read_map(&mut self, mut field: Field<'_>) -> Result<(), Problem> {
        let mut text = Vec::new();
        while let Some(piece) = self.within_time(field.chunk()).await?.map_err(broken)? {
            if text.len() + piece.len() > MAX_MAP_BYTES {
                return Err(refused("map", "too_long", "a map has at most 64 KiB"));
            }
            text.extend_from_slice(&piece);
        }
        self.digest.update(&text);
        let read = serde_json::from_slice(&text);
        if self.map.replace(read.map_err(|error| refused("map", "invalid", &error.to_string()))?).is_some() {
            return Err(refused("map", "duplicate_field", "the form has two maps"));
        }
        Ok(())
    }

    fn file(&mut self, name: &str, part: &str) -> Result<tokio::fs::File, Problem> {
        self.digest.update([0]);
        self.digest.update(name);
        self.digest.update([0]);
        match self.upload.file(name) {
            Ok(file) => Ok(tokio::fs::File::from_std(file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(refused(part, "duplicate_field", &format!("{name} was sent twice")))
            }
            Err(error) => Err(disk(&error)),
        }
    }

    async fn write(&mut self, file: &mut tokio::fs::File, piece: &Bytes) -> Result<(), Problem> {
        if self.upload.count(piece.len()) > MAX_UPLOAD_BYTES {
            return Err(too_large());
        }
        self.digest.update(piece);
        file.write_all(piece).await.map_err(|error| disk(&error))
    }

    /// The next piece, within the time that a body may pause.
    async fn within_time<T>(&self, piece: impl Future<Output = T>) -> Result<T, Problem> {
        let patience = self.state.patience.body;
        tokio::time::timeout(patience, piece).await.map_err(|_| given::late(patience))
    }
}

async fn end(mut file: tokio::fs::File) -> Result<(), Problem> {
    let ended = async {
        file.flush().await?;
        file.sync_all().await
    };
    ended.await.map_err(|error| disk(&error))
}

fn refused(field: &str, code: &'static str, message: &str) -> Problem {
    Problem::fields(vec![FieldProblem { field: field.to_owned(), code, message: message.to_owned() }])
}

fn broken(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unreadable(&error.body_text()) }
}

fn unreadable(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "body_unreadable", format!("the upload cannot be read: {detail}"))
}

fn too_large() -> Problem {
    let detail = format!("an upload has at most {} MiB: pack it, or send it in several parts", MAX_UPLOAD_BYTES >> 20);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

/// The disk takes nothing. Only an operator can use more than that.
pub(super) fn disk(error: &io::Error) -> Problem {
    tracing::error!(%error, "an upload cannot be written below data_dir/transfers");
    Problem::internal()
}
