//! The body of an answer, as much of it as may be taken.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::error::FetchError;

/// At most `max_bytes` of a body, and whether that is all of it. Bytes beyond are not waited for.
///
/// The bound holds for what arrives and again for what it unpacks to: a kilobyte may unpack to a
/// gigabyte.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Incoming,
    max_bytes: usize,
    host: &str,
) -> Result<(Vec<u8>, bool), FetchError> {
    let packed = is_gzip(headers)?;
    let (bytes, whole) = receive(body, max_bytes).await.ok_or(FetchError::Unreachable { host: host.to_owned() })?;
    if packed { unpack(&bytes, whole, max_bytes) } else { Ok((bytes, whole)) }
}

fn is_gzip(headers: &HeaderMap) -> Result<bool, FetchError> {
    match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase()).as_deref() {
        None | Some(b"" | b"identity") => Ok(false),
        Some(b"gzip" | b"x-gzip") => Ok(true),
        Some(_) => Err(FetchError::Encoding),
    }
}

/// None when the other side breaks off.
async fn receive(mut body: Incoming, max_bytes: usize) -> Option<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        let room = max_bytes - bytes.len();
        if data.len() > room {
            bytes.extend_from_slice(&data[..room]);
            return Some((bytes, false));
        }
        bytes.extend_from_slice(&data);
    }
    Some((bytes, true))
}

fn unpack(packed: &[u8], whole: bool, max_bytes: usize) -> Result<(Vec<u8>, bool), FetchError> {
    let mut bytes = Vec::new();
    // One byte more tells whether there is more.
    let mut reader = MultiGzDecoder::new(packed).take(max_bytes as u64 + 1);
    let complete = match reader.read_to_end(&mut bytes) {
        Ok(_) => true,
        // What was cut off ends in the middle; what came before it is good.
        Err(_) if !whole => false,
        Err(_) => return Err(FetchError::Encoding),
    };
    let fits = bytes.len() <= max_bytes;
    bytes.truncate(max_bytes);
    Ok((bytes, whole && complete && fits))
}
