//! Downloads of the click log, in bounded memory.
//!
//! A task reads rows and fills pieces of a body; it waits while the reader is slow, and ends when the reader goes. A
//! failure in the middle cuts the connection: a download that ends well is whole.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header;
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::view::ClickView;
use crate::kpi::sheet::defused;
use crate::kpi::{ClickRows, LogError};

/// Size at which a piece is sent, in bytes.
const PIECE_BYTES: usize = 64 << 10;
/// Pieces that wait for the reader, at most.
const PIECES: usize = 4;
/// How long a reader may take for the whole.
const WITHIN: Duration = Duration::from_secs(900);

/// How a download is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// RFC 4180 with a header; cells that a spreadsheet would take for a formula are defused.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// The answer; its body follows as rows arrive.
pub(super) fn download(format: Format, rows: ClickRows) -> Response {
    let (sender, receiver) = mpsc::channel(PIECES);
    tokio::spawn(async move {
        let poured = tokio::time::timeout(WITHIN, pour(format, rows, &sender)).await;
        if let Err(error) = poured.unwrap_or(Err(LogError::TooLong)) {
            tracing::warn!(%error, "a download of clicks was cut");
            // Nobody may be there to hear it.
            let _gone = sender.send(Err(error)).await;
        }
    });
    let kind = match format {
        Format::Csv => "text/csv; charset=utf-8; header=present",
        Format::Ndjson => "application/x-ndjson",
    };
    let name = match format {
        Format::Csv => "attachment; filename=\"clicks.csv\"",
        Format::Ndjson => "attachment; filename=\"clicks.ndjson\"",
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::new(Pieces(receiver))).into_response()
}

type Sender = mpsc::Sender<Result<Bytes, LogError>>;

/// Ends early, without an error, when the reader is gone.
async fn pour(format: Format, mut rows: ClickRows, sender: &Sender) -> Result<(), LogError> {
    let mut piece = Vec::with_capacity(PIECE_BYTES + 4096);
    if format == Format::Csv {
        write_record(&mut piece, ClickView::COLUMNS.iter().map(|name| (*name).to_owned()));
    }
    while let Some(click) = rows.next().await? {
        let view = ClickView::from(click);
        match format {
            Format::Csv => write_record(&mut piece, view.cells().into_iter().map(defused)),
            Format::Ndjson => {
                serde_json::to_writer(&mut piece, &view).expect("texts and numbers have a JSON form");
                piece.push(b'\n');
            }
        }
        if piece.len() >= PIECE_BYTES && sender.send(Ok(Bytes::from(std::mem::take(&mut piece)))).await.is_err() {
            return Ok(());
        }
    }
    let _gone = sender.send(Ok(Bytes::from(piece))).await;
    Ok(())
}

fn write_record(piece: &mut Vec<u8>, cells: impl Iterator<Item = String>) {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(piece);
    writer.write_record(cells).expect("memory takes bytes, and every record has the same cells");
    writer.flush().expect("memory takes bytes");
}

/// A body of pieces.
struct Pieces(mpsc::Receiver<Result<Bytes, LogError>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = LogError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, LogError>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
