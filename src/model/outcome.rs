//! What became of a request to a link.

use super::kind::words;

words! {
    /// Who asked. Only `human` requests that were sent on to the content count in a KPI.
    Class {
        /// A person, as far as anybody can tell.
        Human = "human" / 1,
        /// A network or a messenger unfurls the link.
        Preview = "preview" / 2,
        /// A crawler, a monitor, a library.
        Bot = "bot" / 3,
        /// Mail or link security.
        Scanner = "scanner" / 4,
        /// A browser fetches ahead of a person's decision.
        Prefetch = "prefetch" / 5,
        /// A HEAD request.
        Head = "head" / 6,
        /// The advocate's own test click.
        Own = "self" / 7,
    }
}

words! {
    /// What the requester was given.
    Answer {
        /// A redirect to the content itself.
        Content = "content" / 1,
        /// A redirect to the content's or the space's fallback.
        Fallback = "fallback" / 2,
        /// The preview card.
        Card = "card" / 3,
        /// 410: nothing to send anybody to.
        Gone = "gone" / 4,
    }
}
