//! What drives webhooks: three loops, each of which may be killed anywhere.
//!
//! [`tell`] turns changes and publications into deliveries, [`tell_clicks`] does so with clicks, [`send`] posts what
//! is due.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::api::ClickView;
use crate::kpi::clicks::ClickPlace;
use crate::kpi::{ClickLog, LogError};
use crate::model::{SpaceId, WebhookId};
use crate::outbound::Poster;
use crate::programme::Programme;
use crate::programme::webhooks::clicks::{SegmentKey, TellableClick, intervals};
use crate::programme::webhooks::deliver::{Attempt, CLICKS_ARRIVE_WITHIN_MS, Claimed};
use crate::programme::webhooks::sign::signature;

/// How often is looked for what no change announces: publications, changes of other processes, what is due again.
const LOOK: Duration = Duration::from_secs(1);
/// How long is waited for more once something changed: one transaction tells of many changes.
const GATHER: Duration = Duration::from_millis(100);
/// How often clicks are looked for.
const LOOK_FOR_CLICKS: Duration = Duration::from_secs(2);
/// Old deliveries go this often.
const PRUNE: Duration = Duration::from_secs(3600);
/// The pause after something failed.
const PAUSE: Duration = Duration::from_secs(10);
/// Requests on their way at the same time, at most.
const IN_FLIGHT: usize = 16;
/// Requests to one webhook at the same time before it counts as busy.
const BUSY: usize = 4;
/// A usual look for clicks goes back so far in the time of batches, in milliseconds …
const RECENT_MS: i64 = 600_000;
/// … and one for those that came late, this often, goes back as far as clicks may be late.
const LOOK_FOR_LATE_CLICKS: Duration = Duration::from_secs(600);
/// Records of one transaction, at most.
const RECORDS_AT_ONCE: u32 = 5_000;

/// What the loops work with.
#[derive(Clone)]
pub(super) struct Webhooks {
    pub(super) programme: Programme,
    pub(super) log: ClickLog,
    pub(super) poster: Poster,
    /// Moves when something changed.
    pub(super) latest: watch::Receiver<u64>,
}

impl Webhooks {
    /// Runs until `shutdown`.
    pub(super) fn start(self, shutdown: &CancellationToken) {
        tokio::spawn(tell(self.clone(), shutdown.clone()));
        tokio::spawn(tell_clicks(self.clone(), shutdown.clone()));
        tokio::spawn(send(self, shutdown.clone()));
    }
}

async fn tell(mut webhooks: Webhooks, shutdown: CancellationToken) {
    loop {
        let told = tell_all(&webhooks.programme).await;
        let pause = if let Err(error) = &told {
            tracing::warn!(%error, "webhooks are told a little later");
            PAUSE
        } else {
            LOOK
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            changed = webhooks.latest.changed() => match changed {
                Ok(()) => tokio::time::sleep(GATHER).await,
                Err(_the_store_is_gone) => return,
            },
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn tell_all(programme: &Programme) -> anyhow::Result<()> {
    while programme.tell_changes().await? {}
    while programme.tell_publications().await? {}
    Ok(())
}

async fn tell_clicks(webhooks: Webhooks, shutdown: CancellationToken) {
    // The first look is one for late clicks: nobody knows how long this program was away.
    let mut late_at = Instant::now();
    let mut said = false;
    loop {
        let late = Instant::now() >= late_at;
        match look_for_clicks(&webhooks, late).await {
            Ok(looked) => {
                if late && looked {
                    late_at = Instant::now() + LOOK_FOR_LATE_CLICKS;
                }
                said = false;
            }
            Err(error) => {
                if !std::mem::replace(&mut said, true) {
                    tracing::warn!(%error, "webhooks are told of clicks a little later");
                }
                // What is missed meanwhile is found by a look that goes further back.
                late_at = Instant::now();
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(if said { PAUSE } else { LOOK_FOR_CLICKS }) => {}
        }
    }
}

/// False when there was nobody to look for, or no ClickHouse to look into.
async fn look_for_clicks(webhooks: &Webhooks, late: bool) -> anyhow::Result<bool> {
    let Webhooks { programme, log, .. } = webhooks;
    let Some(audience) = programme.click_audience().await? else { return Ok(false) };
    let now_ms = programme.now_ms();
    let oldest_ms = audience.since_ms.max(now_ms - CLICKS_ARRIVE_WITHIN_MS);
    let cut_from_ms = if late { oldest_ms } else { now_ms - RECENT_MS };
    let places = match log.places(cut_from_ms, oldest_ms).await {
        Ok(places) => places,
        Err(LogError::Away) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    for place in &places {
        tell_place(programme, log, place, &audience.spaces).await?;
    }
    Ok(true)
}

async fn tell_place(
    programme: &Programme,
    log: &ClickLog,
    place: &ClickPlace,
    spaces: &[SpaceId],
) -> anyhow::Result<()> {
    let key = SegmentKey { spool_id: place.spool_id, lane: place.lane, segment: place.segment };
    let whole = vec![(place.first, place.last + 1)];
    let new = programme.untold(key, &whole).await?;
    if new.is_empty() {
        return Ok(());
    }
    let is_whole = place.records == u64::from(place.last - place.first) + 1;
    let new = if is_whole { new } else { programme.untold(key, &intervals(&log.records_of(place).await?)).await? };
    for (first, end) in new {
        for first in (first..end).step_by(RECORDS_AT_ONCE as usize) {
            let records = (first, end.min(first + RECORDS_AT_ONCE));
            let clicks = log.clicks_of(place, (records.0, records.1 - 1), spaces).await?;
            let clicks = clicks.into_iter().filter_map(|click| {
                let (record, clicked_at_ms) = (click.record, click.clicked_at_ms);
                let space = click.space_id.parse().ok()?;
                let view = serde_json::to_value(ClickView::from(click)).ok()?;
                Some(TellableClick { space, record, clicked_at_ms, view })
            });
            let mut work = programme.work().await?;
            work.tell_clicks(key, &[records], clicks.collect()).await?;
            work.commit().await?;
        }
    }
    Ok(())
}

async fn send(webhooks: Webhooks, shutdown: CancellationToken) {
    let mut running: JoinSet<WebhookId> = JoinSet::new();
    let mut of_webhook: HashMap<WebhookId, usize> = HashMap::new();
    let mut prune_at = Instant::now();
    loop {
        let mut pause = LOOK;
        if let Err(error) = begin(&webhooks, &mut running, &mut of_webhook, &mut prune_at).await {
            tracing::warn!(%error, "webhooks wait for the store");
            pause = PAUSE;
        }
        tokio::select! {
            // What is on its way is cut; its lease ends, and the next start sends it again.
            () = shutdown.cancelled() => return,
            Some(done) = running.join_next() => match done {
                Ok(webhook) => {
                    of_webhook.entry(webhook).and_modify(|count| *count -= 1);
                    of_webhook.retain(|_, count| *count > 0);
                }
                Err(error) => {
                    tracing::error!(%error, "sending to a webhook panicked");
                    // Whose it was is not known: all count as free, and leases keep order.
                    of_webhook.clear();
                    running.abort_all();
                    running = JoinSet::new();
                }
            },
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Sends what is due and fits.
async fn begin(
    webhooks: &Webhooks,
    running: &mut JoinSet<WebhookId>,
    of_webhook: &mut HashMap<WebhookId, usize>,
    prune_at: &mut Instant,
) -> anyhow::Result<()> {
    if Instant::now() >= *prune_at {
        webhooks.programme.prune_deliveries().await?;
        *prune_at = Instant::now() + PRUNE;
    }
    let room = IN_FLIGHT.saturating_sub(running.len());
    if room == 0 {
        return Ok(());
    }
    let busy: Vec<_> = of_webhook.iter().filter(|(_, count)| **count >= BUSY).map(|(id, _)| *id).collect();
    for claimed in webhooks.programme.claim_deliveries(room as u32, &busy).await? {
        let id = claimed.webhook.id;
        *of_webhook.entry(id).or_default() += 1;
        let (programme, poster) = (webhooks.programme.clone(), webhooks.poster.clone());
        running.spawn(async move {
            let attempt = post(&poster, &claimed, programme.now_ms()).await;
            if let Err(error) = programme.note_attempt(&claimed, &attempt).await {
                tracing::warn!(%error, delivery = %claimed.delivery.id, "a delivery is sent once more");
            }
            id
        });
    }
    Ok(())
}

async fn post(poster: &Poster, claimed: &Claimed, now_ms: i64) -> Attempt {
    let started = Instant::now();
    let Claimed { delivery, webhook } = claimed;
    let answered = match webhook.url.parse::<Url>() {
        Ok(url) => {
            let headers = headers(claimed, now_ms);
            let body = Bytes::from(delivery.body.clone());
            poster.post(&url, headers, body).await.map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    Attempt {
        status: answered.as_ref().ok().map(|answered| answered.status.as_u16()),
        error: answered.err(),
        duration_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
    }
}

fn headers(claimed: &Claimed, now_ms: i64) -> HeaderMap {
    let Claimed { delivery, webhook } = claimed;
    let texts = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::USER_AGENT, concat!("relais/", env!("CARGO_PKG_VERSION")).to_owned()),
        (HeaderName::from_static("relais-event"), delivery.event.clone()),
        (HeaderName::from_static("relais-event-id"), delivery.event_id.to_string()),
        (HeaderName::from_static("relais-delivery"), delivery.id.to_string()),
        (HeaderName::from_static("relais-attempt"), (delivery.attempts + 1).to_string()),
        (HeaderName::from_static("relais-signature"), signature(&webhook.secret, now_ms, &delivery.body)),
    ];
    let value = |text: String| HeaderValue::try_from(text).expect("ids, numbers and names of events are ASCII");
    texts.into_iter().map(|(name, text)| (name, value(text))).collect()
}

#[cfg(test)]
mod tests;
