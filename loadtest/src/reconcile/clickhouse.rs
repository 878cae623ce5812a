//! As much of ClickHouse's HTTP interface as it takes to read rows while they arrive.

use std::str::FromStr;

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Longest row that is read, in bytes: `utm_content` is never longer than 100, a message is cut.
const MAX_ROW: usize = 64 * 1024;

/// Where the clicks are, and who asks.
#[derive(Debug, Clone)]
pub(super) struct Server {
    host: String,
    port: u16,
    user: String,
}

/// A server, and the password of its user.
#[derive(Debug)]
pub(super) struct ClickHouse {
    pub(super) server: Server,
    pub(super) password: String,
    pub(super) database: String,
}

impl ClickHouse {
    /// Runs a query and hands each row of one text column to `visit`.
    ///
    /// # Errors
    /// ClickHouse's own message, also when it breaks off between two rows.
    pub(super) async fn rows(
        &self,
        query: String,
        mut visit: impl FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Server { host, port, user } = &self.server;
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), *port))
            .await
            .with_context(|| format!("ClickHouse does not answer at {host}:{port}"))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let driver = tokio::spawn(connection);
        let request = Request::post(format!("/?database={}&default_format=TabSeparated", self.database))
            .header("host", format!("{host}:{port}"))
            .header("x-clickhouse-user", user)
            .header("x-clickhouse-key", &self.password)
            .body(Full::new(Bytes::from(query)))
            .context("the user, the password or the database holds characters that no header may hold")?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let mut body = answer.into_body();
        let mut rest = Vec::new();
        let mut failure = None;
        while let Some(frame) = body.frame().await {
            let frame = match frame {
                Err(_) if failure.is_some() => break, // it closes the connection behind its message
                frame => frame.context("ClickHouse broke off its answer")?,
            };
            let Ok(data) = frame.into_data() else { continue };
            rest.extend_from_slice(&data);
            if status.is_success() {
                let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                for row in rest[..whole].split_inclusive(|byte| *byte == b'\n') {
                    let row = String::from_utf8_lossy(&row[..row.len() - 1]);
                    if failure.is_none() && !begins_failure(&row) {
                        visit(&row)?;
                    } else if !failure.as_ref().is_some_and(|known: &String| known.starts_with("Code: ")) {
                        failure = Some(row.trim().to_owned());
                    }
                }
                rest.drain(..whole);
            }
            ensure!(rest.len() <= MAX_ROW, "ClickHouse's answer holds a row of more than {MAX_ROW} bytes");
        }
        driver.abort();
        if !status.is_success() {
            bail!("ClickHouse refused the query ({status}): {}", String::from_utf8_lossy(&rest).trim());
        }
        if let Some(failure) = failure {
            bail!("ClickHouse broke off between two rows: {failure}");
        }
        ensure!(rest.is_empty(), "ClickHouse broke off within a row: {}", String::from_utf8_lossy(&rest).trim());
        Ok(())
    }
}

/// A query that fails when rows have left already goes on with its message: as a row of its own in
/// older versions, behind an empty line and `__exception__` in newer ones. No row that is asked for
/// here looks like either.
fn begins_failure(row: &str) -> bool {
    row.trim().is_empty() || row.starts_with("__exception__") || row.starts_with("Code: ")
}

impl FromStr for Server {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it like http://default@127.0.0.1:8123".to_owned();
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let authority = uri.authority().filter(|_| uri.scheme_str() == Some("http")).ok_or_else(wrong)?;
        let user = authority.as_str().rsplit_once('@').map_or("default", |(user, _)| user);
        if user.is_empty() || user.contains(':') {
            return Err("the password belongs in --password-file, where no process list shows it".to_owned());
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(wrong());
        }
        Ok(Self {
            host: authority.host().to_owned(),
            port: authority.port_u16().unwrap_or(8123),
            user: user.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_stands_in_the_address_and_the_password_may_not() {
        let server: Server = "http://ada@127.0.0.1:9000".parse().expect("a server");
        assert_eq!((server.user.as_str(), server.host.as_str(), server.port), ("ada", "127.0.0.1", 9000));
        let server: Server = "http://127.0.0.1".parse().expect("a server");
        assert_eq!((server.user.as_str(), server.port), ("default", 8123));
        for text in [
            "http://ada:secret@127.0.0.1",
            "https://127.0.0.1",
            "127.0.0.1:8123",
            "http://a.example/x",
            "http://@a.example",
        ] {
            assert!(text.parse::<Server>().is_err(), "{text}");
        }
    }
}
