//! What a list of people changes, person by person, for whoever looks before it is done.

use crate::exchange::times::{self, Zone};
use crate::model::transfer::PEOPLE_COLUMNS;
use crate::model::{FieldChange, PersonChange};
use crate::programme::AdvocateRecord;

/// How somebody stands and shall stand.
pub(super) fn of(line: u64, before: Option<&AdvocateRecord>, after: &AdvocateRecord, zone: &Zone) -> PersonChange {
    let stands = before.map(|before| values(before, zone)).unwrap_or_default();
    let fields = PEOPLE_COLUMNS.iter().zip(stands).zip(values(after, zone));
    let other = fields.filter(|((_, before), after)| before != after);
    PersonChange {
        line,
        advocate_id: before.map(|before| before.advocate.id),
        external_id: after.advocate.external_id.clone(),
        fields: other
            .map(|((field, before), after)| FieldChange { field: (*field).to_owned(), before, after })
            .collect(),
    }
}

/// In the order of [`PEOPLE_COLUMNS`].
fn values(record: &AdvocateRecord, zone: &Zone) -> [Option<String>; PEOPLE_COLUMNS.len()] {
    let advocate = &record.advocate;
    [
        advocate.external_id.clone(),
        record.email.clone(),
        record.name.clone(),
        Some(advocate.kind.as_str().to_owned()),
        record.team_name.clone(),
        advocate.location.clone(),
        advocate.language.clone(),
        advocate.cohort.clone(),
        advocate.invited_on.clone(),
        advocate.registered_at_ms.map(|at_ms| times::write(at_ms, "", zone)),
        advocate.left_on.clone(),
    ]
}
