//! Chosen codes, numbered above the issued ones.

use std::collections::HashMap;

use super::record::FIRST_VANITY;

/// Both ways, because a code is looked up by its text and given up by its number. They are few
/// beside issued codes, so two texts each are no matter.
#[derive(Debug)]
pub(super) struct Vanity {
    numbers: HashMap<Box<str>, u64>,
    names: HashMap<u64, Box<str>>,
    next: u64,
}

impl Default for Vanity {
    fn default() -> Self {
        Self { numbers: HashMap::new(), names: HashMap::new(), next: FIRST_VANITY }
    }
}

impl Vanity {
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.numbers.get(name).copied()
    }

    pub(super) fn name(&self, number: u64) -> Option<&str> {
        self.names.get(&number).map(|name| &**name)
    }

    /// The number of `name`, a new one if it has none.
    pub(super) fn number_or_new(&mut self, name: &str) -> u64 {
        if let Some(known) = self.number(name) {
            return known;
        }
        let number = self.next;
        self.next += 1;
        self.restore(name.into(), number);
        number
    }

    /// Forgets a number; it is not given to another name.
    pub(super) fn remove(&mut self, number: u64) {
        if let Some(name) = self.names.remove(&number) {
            self.numbers.remove(&name);
        }
    }

    pub(super) fn all(&self) -> Vec<(Box<str>, u64)> {
        self.numbers.iter().map(|(name, number)| (name.clone(), *number)).collect()
    }

    /// Puts back what [`Self::all`] listed.
    pub(super) fn restore(&mut self, name: Box<str>, number: u64) {
        self.next = self.next.max(number + 1);
        self.names.insert(number, name.clone());
        self.numbers.insert(name, number);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let texts: usize = self.numbers.keys().map(|name| 2 * name.len()).sum();
        texts + 2 * self.numbers.capacity() * (size_of::<(Box<str>, u64)>() + 1) * 8 / 7
    }
}
