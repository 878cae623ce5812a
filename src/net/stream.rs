//! A TCP stream for hyper: without the C library on its way, and with a peer that must read.
//!
//! `hyper_util`'s `TokioIo` over tokio's `TcpStream` was turned down for two reasons. The C
//! library's `recv` and `send` are cancellation points: in a process with threads each call pays
//! two locked instructions that a redirect has no use for (a twentieth of its time in user space);
//! `rustix` calls the kernel directly. And hyper has a timeout for the request head only: a client
//! that never reads its answer would keep its connection for ever.
//!
//! Answers are small, so it does not offer vectored writes: hyper then copies head and body into
//! one buffer and sends that.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use rustix::net::{RecvFlags, SendFlags};
use tokio::io::{AsyncWrite, Interest};
use tokio::net::TcpStream;

use super::watch::Watch;

/// How long a write may be blocked by a peer that does not read, in milliseconds.
const WRITE_STALL_MS: u64 = 30_000;

/// See the module.
pub(super) struct Stream {
    tcp: TcpStream,
    watch: Arc<Watch>,
    blocked: bool,
    /// The runtime wakes this connection's task once there is something to read.
    listening: bool,
}

impl Stream {
    pub(super) fn new(tcp: TcpStream, watch: Arc<Watch>) -> Self {
        Self { tcp, watch, blocked: false, listening: false }
    }

    /// Reads once it can; how many bytes.
    ///
    /// hyper asks several times a request, and mostly in vain. Asking the runtime to be woken takes a lock, so it is
    /// asked once: while it says that there is nothing, it has not woken anybody either, and still will.
    fn receive(&mut self, cx: &mut Context<'_>, into: &mut [MaybeUninit<u8>]) -> Poll<io::Result<usize>> {
        loop {
            let mut short = None;
            let mut asked = false;
            let outcome = self.tcp.try_io(Interest::READABLE, || {
                asked = true;
                let wanted = into.len();
                let (_, received) = rustix::net::recv(&self.tcp, &mut *into, RecvFlags::empty())?;
                if (1..wanted).contains(&received) {
                    // Fewer bytes than there was room for: the socket is empty. Said now, it saves
                    // the call that would only find this out (tokio's own reads do the same).
                    short = Some(received);
                    return Err(io::ErrorKind::WouldBlock.into());
                }
                Ok(received)
            });
            self.listening &= !asked;
            match (short, outcome) {
                (Some(received), _) => return Poll::Ready(Ok(received)),
                (None, Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.listening {
                        return Poll::Pending;
                    }
                    self.listening = true;
                    ready!(self.tcp.poll_read_ready(cx))?;
                    self.listening = false;
                }
                (None, Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                (None, outcome) => return Poll::Ready(outcome),
            }
        }
    }

    fn send(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            // A peer that is gone is an error to be returned, not a signal.
            let send = || Ok(rustix::net::send(&self.tcp, bytes, SendFlags::NOSIGNAL)?);
            match self.tcp.try_io(Interest::WRITABLE, send) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready!(self.tcp.poll_write_ready(cx))?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => return Poll::Ready(outcome),
            }
        }
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // SAFETY: `receive` writes received bytes there and nothing else, so none becomes uninitialized.
        let room = unsafe { buffer.as_mut() };
        let received = ready!(self.receive(cx, room))?;
        // SAFETY: `received` is what the kernel says that it has written to the start of `room`.
        unsafe { buffer.advance(received) };
        Poll::Ready(Ok(()))
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = self.send(cx, bytes);
        if outcome.is_pending() {
            self.watch.end_head_deadline();
            if !self.blocked {
                self.blocked = true;
                self.watch.start_write_deadline(WRITE_STALL_MS);
            } else if self.watch.write_is_late() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        } else {
            self.watch.start_head_deadline();
            if self.blocked {
                self.blocked = false;
                self.watch.end_write_deadline();
            }
        }
        outcome
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
