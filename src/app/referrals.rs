//! Credits that wait for the click log.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::kpi::{ClickLog, LogError};
use crate::model::ApplicationId;
use crate::programme::Programme;

/// Pending credits are looked at this often: a click is in the log a second or two after it was made.
const LOOK: Duration = Duration::from_secs(2);
/// The longest wait between two questions for one application; doubled each time from [`LOOK`].
const LONGEST_WAIT: Duration = Duration::from_secs(900);
/// The longest pause after something failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Applications of one look at the store.
const AT_ONCE: u32 = 100;

/// When each pending application is asked for again, and how long was waited for that.
type Waits = HashMap<ApplicationId, (Instant, Duration)>;

/// Decides pending credits until `shutdown`, as soon as the click log can be asked.
pub(super) async fn settle(programme: Programme, log: ClickLog, shutdown: CancellationToken) {
    let mut pause = LOOK;
    let mut said = false;
    let mut waits = Waits::new();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        match settle_once(&programme, &log, &mut waits).await {
            Ok(()) => (pause, said) = (LOOK, false),
            Err(error) => {
                if !std::mem::replace(&mut said, true) {
                    tracing::warn!(%error, "credits of applications stay pending for the moment");
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

async fn settle_once(programme: &Programme, log: &ClickLog, waits: &mut Waits) -> anyhow::Result<()> {
    let mut after = ApplicationId::NONE;
    let mut still = HashSet::new();
    loop {
        let pending = programme.pending_referrals(after, AT_ONCE).await?;
        let Some((last, _)) = pending.last() else { break };
        after = last.id;
        for (application, questions) in &pending {
            still.insert(application.id);
            let now = Instant::now();
            let (next, wait) = waits.entry(application.id).or_insert((now, LOOK));
            if *next > now {
                continue;
            }
            let answers = match log.answer(application.space, questions).await {
                Ok(answers) => answers,
                // ClickHouse starts: nobody was asked, so nobody waits for longer.
                Err(LogError::Away) => return Ok(()),
                // This one link has very many clicks; the others may have fewer.
                Err(LogError::TooLong) => Vec::new(),
                Err(error) => return Err(error.into()),
            };
            (*next, *wait) = (now + *wait, (*wait * 2).min(LONGEST_WAIT));
            let mut work = programme.work().await?;
            work.settle_referral(application.space, application.id, &answers).await?;
            work.commit().await?;
        }
    }
    waits.retain(|id, _| still.contains(id));
    Ok(())
}
