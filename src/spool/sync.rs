//! Group syncs: everything that any lane has committed is carried to the disk together.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::core::Core;
use super::live::Live;
use super::writer::SyncError;

impl Core {
    /// Syncs every segment that has something new, and tells those who wait. Returns the first error.
    pub(super) fn sync_once(&self) -> Result<(), SyncError> {
        // One at a time: progress is told in the order in which it was made.
        let _turn = self.syncing.lock();
        let living = self.living.snapshot();
        let mut result = Ok(());
        for lane in 0..=u8::MAX {
            let of_lane: Vec<_> = living.iter().filter(|live| live.key.lane == lane).collect();
            if !of_lane.is_empty() {
                result = result.and(self.sync_lane(lane, &of_lane));
            }
        }
        result
    }

    fn sync_lane(&self, lane: u8, oldest_first: &[&Arc<Live>]) -> Result<(), SyncError> {
        let mut result = Ok(());
        for live in oldest_first {
            if !live.is_abandoned() {
                result = result.and(self.sync_segment(lane, live));
            }
            // Progress in a newer segment says that the older one is done. So the newer waits until the writer has
            // left the older one and nothing of that is missing; `is_finished` is asked first for that reason.
            let done = live.is_finished() && !live.is_dirty();
            if !done && !live.is_abandoned() {
                break;
            }
        }
        result
    }

    fn sync_segment(&self, lane: u8, live: &Live) -> Result<(), SyncError> {
        // A writer that leaves while the sync runs leaves its seal, which a second round covers.
        for _round in 0..2 {
            if !live.is_dirty() {
                break;
            }
            crate::failpoint::reach("spool-before-sync");
            if let Err(error) = live.sync() {
                tracing::error!(%error, segment = live.key.segment, lane, "a sync failed; going on in a new segment");
                self.counts.abandoned_segments.fetch_add(1, Ordering::Relaxed);
                self.tell(lane, |progress| progress.fail(live.key.segment, live.synced_count(), &error));
                return Err(SyncError::Disk { code: error.raw_os_error() });
            }
            self.tell(lane, |progress| progress.reached(live.key.segment, live.synced_count()));
        }
        Ok(())
    }

    fn tell(&self, lane: u8, change: impl FnOnce(&mut super::lane::Progress)) {
        if let Some(lane) = self.lanes.lock().get(&lane) {
            lane.progress.send_modify(change);
        }
    }
}
