//! What a figure can be split by.

use crate::model::kind::words;

words! {
    /// What a figure is split by.
    Dimension {
        /// Local days: `2026-03-02`.
        Day = "day" / 1,
        /// ISO weeks: `2026-W53`.
        Week = "week" / 2,
        /// Months: `2026-03`.
        Month = "month" / 3,
        /// Quarters: `2026-Q1`.
        Quarter = "quarter" / 4,
        /// Teams, by name.
        Team = "team" / 5,
        /// Places of work.
        Location = "location" / 6,
        /// Languages of people.
        Language = "language" / 7,
        /// Groups that joined together.
        Cohort = "cohort" / 8,
        /// `employee`, `partner`, `customer`, `influencer`.
        AdvocateKind = "advocate_kind" / 9,
        /// Single people, by external id where there is one, else by id.
        Advocate = "advocate" / 10,
        /// Single contents, by external id where there is one, else by id.
        Content = "content" / 11,
        /// `article`, `campaign`, `job`, `video`, `event`.
        ContentKind = "content_kind" / 12,
        /// Campaigns, by external id where there is one, else by id.
        Campaign = "campaign" / 13,
        /// Where a link was shared.
        Channel = "channel" / 14,
        /// Where a click came from: ISO 3166 codes.
        Country = "country" / 15,
    }
}

impl Dimension {
    /// True for a split into periods.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month | Self::Quarter)
    }

    /// True for a split into groups of people.
    pub const fn is_people(self) -> bool {
        matches!(self, Self::Team | Self::Location | Self::Language | Self::Cohort | Self::AdvocateKind)
    }
}
