//! What left on the wire, read again by another parser.

use http::{HeaderMap, StatusCode, Version};

use crate::REFUSALS;

/// An answer that was handed to hyper.
pub(crate) struct Sent {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body_bytes: u64,
    pub(crate) is_head: bool,
    pub(crate) is_click: bool,
    pub(crate) version: Version,
}

/// Reads `received` as exactly the answers of `sent`, and perhaps one refusal of hyper's own behind them. A client
/// that breaks off may miss the last ones.
pub(crate) fn check(sent: &[Sent], mut received: &[u8]) {
    let mut answers = sent.iter();
    while !received.is_empty() {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut head = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(length) = head.parse(received).expect("hyper writes HTTP") else {
            panic!("an answer's head is cut off: {}", received.escape_ascii());
        };
        received = &received[length..];
        let status = head.code.expect("a complete head has a status");
        let Some(answer) = answers.next() else {
            assert!(REFUSALS.contains(&status), "{status} comes from nobody");
            assert!(received.is_empty(), "something is behind a refusal");
            return;
        };
        assert_eq!(status, answer.status.as_u16());
        check_headers(head.headers, answer);
        let body = if answer.is_head { 0 } else { answer.body_bytes as usize };
        received = received.get(body..).expect("the whole body is there");
    }
}

/// Each header once as it was meant, and beside those only what hyper adds.
fn check_headers(received: &[httparse::Header<'_>], answer: &Sent) {
    for (name, value) in &answer.headers {
        let mut same = received.iter().filter(|header| header.name.eq_ignore_ascii_case(name.as_str()));
        assert_eq!(same.next().map(|header| header.value), Some(value.as_bytes()), "{name}");
        assert!(same.next().is_none(), "{name} stands twice");
    }
    for header in received {
        let added = ["date", "connection", "content-length"].iter().any(|own| header.name.eq_ignore_ascii_case(own));
        assert!(added || answer.headers.contains_key(header.name), "{} to a {:?}", header.name, answer.version);
    }
}
