//! How often somebody wants a mail of what is new.

use super::kind::words;

words! {
    /// How often; nobody is told anything that it did not ask for.
    Frequency {
        /// On each working day on which there is something new.
        Daily = "daily" / 1,
        /// On the first working day of a week.
        Weekly = "weekly" / 2,
    }
}
