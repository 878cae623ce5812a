//! Reads the answers on one connection: as much HTTP/1.1 as it takes to know the status and where
//! the next answer begins.

use httparse::Status;

/// Longest head of an answer, in bytes; also what is read at a time.
const BUFFER: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// One connection's unread bytes and where in an answer they stand.
#[derive(Debug)]
pub(super) struct Answers {
    buffer: Box<[u8]>,
    filled: usize,
    part: Part,
    status: Option<u16>,
    keep: bool,
}

/// A whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The server will answer more on this connection.
    pub(super) keep: bool,
}

/// The bytes are no answer; the connection is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server's answer is no HTTP/1.1")]
pub(super) struct Malformed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Body { left: u64 },
    ChunkSize,
    Chunk { left: u64 },
    Trailer,
    UntilClose,
}

impl Answers {
    pub(super) fn new() -> Self {
        Self { buffer: vec![0; BUFFER].into(), filled: 0, part: Part::Head, status: None, keep: true }
    }

    /// Where the next bytes belong; never empty.
    pub(super) fn space(&mut self) -> &mut [u8] {
        &mut self.buffer[self.filled..]
    }

    /// Takes in `read` new bytes. `head`: they answer a HEAD request.
    pub(super) fn advance(&mut self, read: usize, head: bool) -> Result<Option<Answer>, Malformed> {
        self.filled += read;
        let mut at = 0;
        let whole = loop {
            let unread = &self.buffer[at..self.filled];
            match self.part {
                Part::Head => match read_head(unread, head)? {
                    None => break false,
                    Some(found) => {
                        at += found.len;
                        self.part = found.next;
                        self.keep = found.keep;
                        self.status = (found.next != Part::Head).then_some(found.status);
                    }
                },
                Part::Body { left: 0 } => break true,
                Part::Body { left } | Part::Chunk { left } if unread.is_empty() && left > 0 => break false,
                Part::Body { left } => {
                    let used = unread.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    at += used;
                    self.part = Part::Body { left: left - used as u64 };
                }
                Part::ChunkSize => match httparse::parse_chunk_size(unread).map_err(|_| Malformed)? {
                    Status::Partial => break false,
                    Status::Complete((used, 0)) => {
                        at += used;
                        self.part = Part::Trailer;
                    }
                    Status::Complete((used, size)) => {
                        at += used;
                        self.part = Part::Chunk { left: size.checked_add(2).ok_or(Malformed)? };
                    }
                },
                Part::Chunk { left: 0 } => self.part = Part::ChunkSize,
                Part::Chunk { left } => {
                    let used = unread.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    at += used;
                    self.part = Part::Chunk { left: left - used as u64 };
                }
                Part::Trailer => match unread.windows(2).position(|pair| pair == b"\r\n") {
                    None => break false,
                    Some(end) => {
                        at += end + 2;
                        if end == 0 {
                            self.part = Part::Body { left: 0 };
                        }
                    }
                },
                Part::UntilClose => {
                    at = self.filled;
                    break false;
                }
            }
        };
        self.buffer.copy_within(at..self.filled, 0);
        self.filled -= at;
        if !whole {
            // an element of the syntax that does not fit the buffer will never be complete
            return if self.filled == self.buffer.len() { Err(Malformed) } else { Ok(None) };
        }
        if self.filled > 0 {
            return Err(Malformed); // nothing was asked that this could answer
        }
        self.part = Part::Head;
        Ok(self.status.take().map(|status| Answer { status, keep: self.keep }))
    }

    /// The status of an answer that the connection's end cut short, or ended.
    pub(super) fn status_at_end(&self) -> Option<u16> {
        self.status
    }
}

/// A head that is complete.
struct Head {
    len: usize,
    status: u16,
    keep: bool,
    next: Part,
}

/// Reads a head, if all of it is there.
fn read_head(unread: &[u8], of_head_request: bool) -> Result<Option<Head>, Malformed> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Response::new(&mut headers);
    let Status::Complete(len) = parsed.parse(unread).map_err(|_| Malformed)? else { return Ok(None) };
    let status = parsed.code.filter(|status| (100..1000).contains(status)).ok_or(Malformed)?;
    let mut keep = parsed.version == Some(1);
    let mut length = None;
    let mut chunked = false;
    for header in parsed.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            let text = std::str::from_utf8(header.value).map_err(|_| Malformed)?;
            length = Some(text.trim().parse().map_err(|_| Malformed)?);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = header.value.to_ascii_lowercase().ends_with(b"chunked");
        } else if header.name.eq_ignore_ascii_case("connection") {
            let value = header.value.to_ascii_lowercase();
            keep = if keep { value != b"close" } else { value == b"keep-alive" };
        }
    }
    let next = match (status, chunked, length) {
        (100..=199, ..) => Part::Head, // an interim answer: the real one follows
        (204 | 304, ..) => Part::Body { left: 0 },
        _ if of_head_request => Part::Body { left: 0 },
        (_, true, _) => Part::ChunkSize,
        (_, false, Some(left)) => Part::Body { left },
        (_, false, None) => Part::UntilClose,
    };
    Ok(Some(Head { len, status, keep, next }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `bytes` in pieces of `step` and returns what came out of the last.
    fn feed(bytes: &[u8], step: usize, head: bool) -> Result<Option<Answer>, Malformed> {
        let mut answers = Answers::new();
        let mut last = Ok(None);
        for piece in bytes.chunks(step) {
            assert_eq!(last, Ok(None), "an answer before its end");
            answers.space()[..piece.len()].copy_from_slice(piece);
            last = answers.advance(piece.len(), head);
        }
        last
    }

    const REDIRECT: &[u8] = b"HTTP/1.1 302 Found\r\nlocation: https://a.example/\r\ncontent-length: 0\r\n\r\n";
    const CARD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    const CHUNKED: &[u8] =
        b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nA: b\r\n\r\n";
    const INTERIM: &[u8] =
        b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n";

    #[test]
    fn an_answer_is_read_alike_in_whatever_pieces_it_comes() {
        for (bytes, status) in [(REDIRECT, 302), (CARD, 200), (CHUNKED, 404), (INTERIM, 302)] {
            for step in 1..=bytes.len() {
                assert_eq!(feed(bytes, step, false), Ok(Some(Answer { status, keep: true })), "pieces of {step}");
            }
        }
    }

    #[test]
    fn the_answer_to_a_head_request_ends_with_its_head() {
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 812\r\n\r\n";
        assert_eq!(feed(bytes, 7, true), Ok(Some(Answer { status: 200, keep: true })));
    }

    #[test]
    fn a_server_that_will_close_is_believed() {
        for bytes in [
            &b"HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"[..],
            b"HTTP/1.0 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n",
        ] {
            assert_eq!(feed(bytes, bytes.len(), false), Ok(Some(Answer { status: 429, keep: false })));
        }
    }

    #[test]
    fn the_status_of_an_answer_that_is_cut_off_is_kept() {
        let mut answers = Answers::new();
        for (piece, known) in [(&CARD[..20], None), (&CARD[20..CARD.len() - 1], Some(200))] {
            answers.space()[..piece.len()].copy_from_slice(piece);
            assert_eq!(answers.advance(piece.len(), false), Ok(None));
            assert_eq!(answers.status_at_end(), known);
        }
    }

    #[test]
    fn a_body_without_length_lasts_until_the_close() {
        let mut answers = Answers::new();
        let bytes = b"HTTP/1.1 200 OK\r\n\r\nwhatever";
        answers.space()[..bytes.len()].copy_from_slice(bytes);
        assert_eq!(answers.advance(bytes.len(), false), Ok(None));
        assert_eq!(answers.status_at_end(), Some(200));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert_eq!(feed(b"SSH-2.0-OpenSSH_9.2\r\n", 30, false), Err(Malformed));
        assert_eq!(feed(&[REDIRECT, REDIRECT].concat(), 1000, false), Err(Malformed));
        let endless = [b"HTTP/1.1 200 OK\r\nX: ".as_slice(), &[b'a'; BUFFER]].concat();
        assert_eq!(feed(&endless[..BUFFER], BUFFER, false), Err(Malformed));
    }
}
