//! A small faulty proxy between Relais and ClickHouse: it forwards HTTP/1.1 requests, and does to
//! chosen inserts what networks and dying servers do.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

/// What happens to an insert on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// ClickHouse commits; Relais is told 500.
    ErrorAfterCommit,
    /// ClickHouse commits; the connection closes before a byte of the answer.
    AnswerLost,
    /// The request's body ends after this many bytes, and so does the connection.
    BodyCut(usize),
    /// ClickHouse gets nothing; Relais is told that the data is bad.
    Refused,
    /// ClickHouse gets the insert twice, the second time after Relais had its answer.
    LateDuplicate,
}

/// Chooses the fault of the n-th insert (from 0), given its body's length.
pub type Plan = Box<dyn Fn(usize, usize) -> Fault + Send + Sync>;

struct Shared {
    upstream: SocketAddr,
    plan: Plan,
    inserts: AtomicUsize,
    happened: Mutex<Vec<Fault>>,
    late: Mutex<Sender<Vec<u8>>>,
}

/// The running proxy; it ends with the test process.
pub struct Proxy {
    /// Where Relais should look for ClickHouse.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Listens on loopback and forwards to `upstream`.
    pub fn start(upstream: SocketAddr, plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let (late, duplicates) = channel::<Vec<u8>>();
        let shared = Arc::new(Shared {
            upstream,
            plan,
            inserts: AtomicUsize::new(0),
            happened: Mutex::default(),
            late: Mutex::new(late),
        });
        std::thread::spawn(move || {
            for request in duplicates {
                let _answer = exchange(upstream, &request);
            }
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&accepting);
                std::thread::spawn(move || while serve_one(&shared, &stream).unwrap_or(false) {});
            }
        });
        Self { address, shared }
    }

    /// The faults that happened so far, in order.
    pub fn happened(&self) -> Vec<Fault> {
        self.shared.happened.lock().expect("no panic while it is held").clone()
    }
}

/// Forwards one request; `false` when the connection is over.
fn serve_one(shared: &Shared, stream: &TcpStream) -> std::io::Result<bool> {
    let mut reader = BufReader::new(stream);
    let Some((head, body)) = read_message(&mut reader)? else { return Ok(false) };
    let request = assemble(&head, &body);
    // The statement stands in the address, the rows in the body.
    let insert = head.lines().next().is_some_and(|line| line.contains("INSERT") && line.contains("clicks"));
    let fault =
        if insert { (shared.plan)(shared.inserts.fetch_add(1, Ordering::SeqCst), body.len()) } else { Fault::None };
    if fault != Fault::None {
        shared.happened.lock().expect("no panic while it is held").push(fault);
    }
    let mut stream = stream;
    match fault {
        Fault::BodyCut(bytes) => {
            let upstream = TcpStream::connect(shared.upstream)?;
            (&upstream).write_all(&request[..request.len() - body.len() + bytes.min(body.len())])?;
            upstream.shutdown(Shutdown::Both)?;
            stream.shutdown(Shutdown::Both)?;
            return Ok(false);
        }
        Fault::AnswerLost => {
            exchange(shared.upstream, &request)?;
            stream.shutdown(Shutdown::Both)?;
            return Ok(false);
        }
        Fault::ErrorAfterCommit => {
            exchange(shared.upstream, &request)?;
            stream.write_all(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 6\r\n\r\nbroken")?;
        }
        Fault::Refused => {
            let answer = "Code: 117. DB::Exception: refused by a test. (INCORRECT_DATA)";
            write!(stream, "HTTP/1.1 400 Bad Request\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())?;
        }
        Fault::LateDuplicate => {
            stream.write_all(&exchange(shared.upstream, &request)?)?;
            shared.late.lock().expect("no panic while it is held").send(request).expect("the sender thread lives");
        }
        Fault::None => stream.write_all(&exchange(shared.upstream, &request)?)?,
    }
    Ok(true)
}

/// Sends a whole request on a connection of its own and returns the whole answer.
fn exchange(upstream: SocketAddr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let stream = TcpStream::connect(upstream)?;
    (&stream).write_all(request)?;
    let (head, body) = read_message(&mut BufReader::new(&stream))?.unwrap_or_default();
    Ok(assemble(&head, &body))
}

/// Reads head and body of a message, whether chunked or of a given length; `None` at the end.
fn read_message(reader: &mut impl BufRead) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut head = String::new();
    loop {
        let before = head.len();
        if reader.read_line(&mut head)? == 0 {
            return Ok(None);
        }
        if &head[before..] == "\r\n" {
            break;
        }
    }
    let header = |name: &str| {
        head.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
    };
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(std::io::Error::other)?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk)?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else if let Some(length) = header("content-length") {
        body.resize(length.parse().map_err(std::io::Error::other)?, 0);
        reader.read_exact(&mut body)?;
    }
    Ok(Some((head, body)))
}

/// Head and body as one message whose length is stated.
fn assemble(head: &str, body: &[u8]) -> Vec<u8> {
    let mut message: String = head
        .lines()
        .filter(|line| {
            let name = line.split(':').next().unwrap_or_default();
            !["transfer-encoding", "content-length", "expect"].iter().any(|drop| name.eq_ignore_ascii_case(drop))
        })
        .filter(|line| !line.is_empty())
        .map(|line| format!("{line}\r\n"))
        .collect();
    message.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut bytes = message.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
