//! How a redirect node asks its control node.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::time::timeout;

use super::Config;
use crate::model::address::Day;
use crate::model::{Change, Entity, unhex};
use crate::outbound::{OwnClient, own_client};
use crate::redirect::link_table::{ChangeFeed, FeedError, FeedFuture};

/// How long the control node may take to begin an answer, and between two parts of one.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer but for a snapshot, and largest line of one, in bytes: 2,000 long contents fit.
const MOST_BYTES: usize = 64 << 20;

/// The control node. Cheap to clone.
#[derive(Clone)]
pub struct Remote(Arc<Inner>);

struct Inner {
    client: OwnClient<Empty<Bytes>>,
    base: String,
    token: SecretString,
}

impl Remote {
    /// Asks nothing yet.
    ///
    /// # Errors
    /// When `[cluster]` does not say where to ask, and with which token.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        if config.control_url.is_empty() {
            bail!(
                "cluster.control_url is empty: a redirect node follows the control node's portal port, such as https://control.example.com"
            );
        }
        super::check(&config.token)?;
        let base = config.control_url.trim_end_matches('/').to_owned();
        let uri: Uri = base.parse().context("cluster.control_url is no address")?;
        if uri.host().is_none() || !matches!(uri.scheme_str(), Some("http" | "https")) {
            bail!("cluster.control_url must begin with http:// or https:// and name a host");
        }
        Ok(Self(Arc::new(Inner { client: own_client(), base, token: config.token.clone() })))
    }

    /// The secrets of today and tomorrow.
    ///
    /// # Errors
    /// [`FeedError::Away`].
    pub async fn day_keys(&self) -> Result<BTreeMap<Day, [u8; 32]>, FeedError> {
        let told: BTreeMap<Day, String> = self.json("/internal/v1/day-keys").await?;
        told.into_iter().map(|(day, hex)| Ok((day, unhex(&hex).ok_or_else(|| away("a key is damaged"))?))).collect()
    }

    async fn get(&self, path: &str) -> Result<Incoming, FeedError> {
        let Inner { client, base, token } = &*self.0;
        let request = Request::get(format!("{base}{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", token.expose_secret()))
            .body(Empty::new())
            .map_err(away)?;
        let answer = timeout(PATIENCE, client.request(request)).await.map_err(away)?.map_err(away)?;
        match answer.status() {
            StatusCode::OK => Ok(answer.into_body()),
            StatusCode::GONE => Err(FeedError::TooOld),
            StatusCode::UNAUTHORIZED => Err(away("it does not know cluster.token")),
            other => Err(away(format!("it answered {other}"))),
        }
    }

    async fn json<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, FeedError> {
        let body = http_body_util::Limited::new(self.get(path).await?, MOST_BYTES);
        let bytes = timeout(PATIENCE, body.collect()).await.map_err(away)?.map_err(away)?.to_bytes();
        serde_json::from_slice(&bytes).map_err(away)
    }
}

#[derive(Deserialize)]
struct Changes {
    changes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Part(Vec<Entity>),
    End { seq: u64 },
}

impl ChangeFeed for Remote {
    fn since(&self, seq: u64, limit: usize) -> FeedFuture<'_, Vec<Change>> {
        Box::pin(async move {
            let told: Changes = self.json(&format!("/internal/v1/changes?after={seq}&limit={limit}")).await?;
            Ok(told.changes)
        })
    }

    fn snapshot<'f>(&'f self, visit: &'f mut (dyn FnMut(Vec<Entity>) + Send)) -> FeedFuture<'f, u64> {
        Box::pin(async move {
            let mut body = self.get("/internal/v1/snapshot").await?;
            let mut waiting = Vec::new();
            while let Some(frame) = timeout(PATIENCE, body.frame()).await.map_err(away)? {
                let Ok(data) = frame.map_err(away)?.into_data() else { continue };
                let searched = waiting.len();
                waiting.extend_from_slice(&data);
                let mut taken = 0;
                let ends = waiting[searched..].iter().enumerate().filter(|(_, byte)| **byte == b'\n');
                for end in ends.map(|(at, _)| searched + at).collect::<Vec<_>>() {
                    match serde_json::from_slice(&waiting[taken..end]).map_err(away)? {
                        Line::Part(part) => visit(part),
                        Line::End { seq } => return Ok(seq),
                    }
                    taken = end + 1;
                }
                waiting.drain(..taken);
                if waiting.len() > MOST_BYTES {
                    return Err(away("a line of its snapshot is too long"));
                }
            }
            Err(away("its snapshot broke off"))
        })
    }
}

fn away(what: impl std::fmt::Display) -> FeedError {
    FeedError::Away(what.to_string())
}
