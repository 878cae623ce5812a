//! Keeps one connection open, whatever the server does, and hands its answers to the lane.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::answer::Answers;
use super::lane::Lane;

/// Pauses between tries double from the first to the longest: short enough that a restarted server
/// has its load back at once, long enough not to keep a core busy while it is away.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Opens a connection for `seat`, again whenever it ends, until the task is dropped.
pub(super) async fn keep(lane: Rc<Lane>, seat: usize, target: SocketAddr) {
    let mut pause = FIRST_PAUSE;
    loop {
        if let Ok(Ok(stream)) = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(target)).await
            && converse(&lane, seat, stream).await
        {
            pause = FIRST_PAUSE;
            continue;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Reads answers until the connection ends. Says whether there was any: a server that closes after
/// an answer is asked again at once, one that only accepts is not.
async fn converse(lane: &Lane, seat: usize, stream: TcpStream) -> bool {
    // without it a request is only later, never wrong
    let _ = stream.set_nodelay(true);
    let (mut reader, writer) = stream.into_split();
    lane.opened(seat, writer);
    let mut answers = Answers::new();
    let mut any = false;
    while let Ok(read @ 1..) = reader.read(answers.space()).await {
        match answers.advance(read, lane.asked_head(seat)) {
            Ok(None) => {}
            Ok(Some(answer)) => {
                any = true;
                if !lane.answered(seat, answer.status, answer.keep) || !answer.keep {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    lane.ended(seat, answers.status_at_end());
    any
}
