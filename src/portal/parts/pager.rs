//! The way through a list that is longer than a page.

/// Links to the page before and the page after; drawn by `templates/parts/pager.html`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::portal) struct Pager {
    /// The address of the page before.
    pub(in crate::portal) previous: Option<String>,
    /// The address of the page after.
    pub(in crate::portal) next: Option<String>,
}

impl Pager {
    /// Of a list that is read by places: `page` counts from 1, `address` gives the address of a page.
    pub(in crate::portal) fn by_number(page: usize, pages: usize, address: impl Fn(usize) -> String) -> Self {
        Self { previous: (page > 1).then(|| address(page - 1)), next: (page < pages).then(|| address(page + 1)) }
    }

    /// Whether there is anywhere to go.
    pub(in crate::portal) fn is_needed(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}
