//! Who a figure is for.

use crate::model::AdvocateId;

/// Who a figure is for, and so what is withheld. Who somebody is, is `auth`'s business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever sits at the installation's command line: everything.
    Operator,
    /// Somebody with the right to named figures, which is noted in the audit log by whoever asks on its behalf:
    /// everything, unless the space is in works-council mode (`privacy_mode` `strict`), where it is [`Self::Aggregates`].
    Named,
    /// Anybody else: no figure of a single person, and none of a group smaller than the minimum cell.
    Aggregates,
    /// An advocate: what comes of its own shares, and nothing of others.
    Own(AdvocateId),
}
