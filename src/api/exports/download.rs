//! The archive of an export on its way to whoever asked.

use std::io;
use std::path::Path;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::BytesMut;
use futures_util::stream;
use http::{StatusCode, header};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use crate::api::problem::Problem;
use crate::programme::Transfer;
use crate::programme::times::format_instant;

/// Bytes that are read at once.
const PIECE_BYTES: usize = 64 << 10;

/// Streams the file at `path`.
///
/// # Errors
/// 409 when it is not there.
pub(super) async fn archive(path: &Path, slug: &str, export: &Transfer) -> Result<Response, Problem> {
    let opened = async {
        let file = File::open(path).await?;
        let size = file.metadata().await?.len();
        Ok::<_, io::Error>((file, size))
    };
    let (file, size) = opened.await.map_err(|error| {
        tracing::error!(export = %export.id, %error, "the file of an export is not where it was written");
        Problem::new(StatusCode::CONFLICT, "transfer_over", "its files are gone: ask for a new export")
    })?;
    let day = format_instant(export.created_at_ms);
    let day = day.split('T').next().unwrap_or_default();
    let name = format!("attachment; filename=\"relais-{slug}-{}-{day}.zip\"", export.kind.what());
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(pieces(file))).into_response())
}

fn pieces(file: File) -> impl futures_util::Stream<Item = io::Result<bytes::Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (piece.freeze(), file)))
    })
}
