//! A log of clicks that checks what is written to it.

use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};

use relais::model::Click;
use relais::redirect::ClickLog;
use relais::spool::{AppendError, RecordId, SyncError, Unrecorded};

/// Keeps the records of one run; clones share them.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Vec<u8>>>>);

impl Log {
    fn records(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().expect("one thread")
    }

    pub(crate) fn clear(&self) {
        self.records().clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.records().len()
    }

    /// Reads every click back and returns how many there are.
    pub(crate) fn check(&self) -> usize {
        let records = self.records();
        for record in records.iter() {
            let click = Click::decode(record).expect("what the redirect records is a click");
            assert_eq!(click.encoded_len(), record.len(), "nothing is behind it, and nothing of it is cut when read");
            assert!(matches!(click.status, 200 | 302 | 410), "status {}", click.status);
            assert!(!click.code.is_empty() && !click.channel.is_empty() && click.address.is_some());
            let utm = click.utm;
            for value in [utm.source, utm.medium, utm.campaign, utm.term, utm.content] {
                assert!(value.len() <= Click::MAX_UTM && !value.iter().any(u8::is_ascii_control), "{value:?}");
            }
        }
        records.len()
    }
}

impl ClickLog for Log {
    type Ticket = ();
    type Durable = Ready<Result<(), SyncError>>;

    fn append(&mut self, at_most: usize, fill: impl FnOnce(RecordId, &mut [u8]) -> usize) -> Result<(), AppendError> {
        assert!(at_most <= Click::MAX_ENCODED);
        let mut records = self.records();
        let mut room = vec![0; at_most];
        let id = RecordId { spool_id: 7, lane: 0, segment: 1, record: records.len() as u32 };
        let length = fill(id, &mut room);
        room.truncate(length);
        records.push(room);
        Ok(())
    }

    fn durable(&self, (): ()) -> Self::Durable {
        ready(Ok(()))
    }

    fn unrecorded(&mut self, reason: Unrecorded) {
        panic!("the log takes everything, and yet {reason:?}");
    }
}
