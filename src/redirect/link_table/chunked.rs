//! A vector of which a changed copy shares what did not change.

use std::sync::Arc;

const CHUNK: usize = 256;

/// A clone costs one pointer per 256 elements; a change to a clone copies one chunk.
#[derive(Debug)]
pub(super) struct Chunked<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: u32,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Clone for Chunked<T> {
    fn clone(&self) -> Self {
        Self { chunks: self.chunks.clone(), len: self.len }
    }
}

impl<T: Clone> Chunked<T> {
    pub(super) fn get(&self, index: u32) -> Option<&T> {
        self.chunks.get(index as usize / CHUNK)?.get(index as usize % CHUNK)
    }

    /// The element, for changing it; copies its chunk when somebody shares it.
    ///
    /// # Panics
    /// When there is no such element.
    pub(super) fn get_mut(&mut self, index: u32) -> &mut T {
        &mut Arc::make_mut(&mut self.chunks[index as usize / CHUNK])[index as usize % CHUNK]
    }

    /// Appends and returns the index.
    pub(super) fn push(&mut self, value: T) -> u32 {
        let index = self.len;
        if (index as usize).is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
        }
        let last = self.chunks.last_mut().expect("a chunk was just made");
        Arc::make_mut(last).push(value);
        self.len += 1;
        index
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Bytes of the vectors, without what elements own.
    pub(super) fn memory_bytes(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<T>() + 40).sum();
        chunks + self.chunks.capacity() * size_of::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_changes_leaves_the_original_alone() {
        let mut original = Chunked::default();
        for value in 0..1000 {
            assert_eq!(original.push(value), value);
        }
        let mut copy = original.clone();
        *copy.get_mut(700) = 1;
        copy.push(1000);
        assert_eq!(original.get(700), Some(&700));
        assert_eq!(original.get(1000), None);
        assert_eq!(copy.get(700), Some(&1));
        assert_eq!(copy.iter().count(), 1001);
        let shared = original.chunks.iter().zip(&copy.chunks).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
        assert_eq!(shared, 2, "chunks without a change are not copied");
    }
}
