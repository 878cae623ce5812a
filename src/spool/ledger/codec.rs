//! Bytes of ledger entries: little-endian integers, lengths before lists and text.

/// Appends values to a buffer.
#[derive(Default)]
pub(super) struct Encoder(pub(super) Vec<u8>);

macro_rules! integers {
    ($($name:ident: $type:ty),+) => {
        impl Encoder {
            $(pub(super) fn $name(&mut self, value: $type) -> &mut Self {
                self.0.extend_from_slice(&value.to_le_bytes());
                self
            })+
        }
        impl Decoder<'_> {
            $(pub(super) fn $name(&mut self) -> Option<$type> {
                Some(<$type>::from_le_bytes(self.take(size_of::<$type>())?.try_into().ok()?))
            })+
        }
    };
}

integers!(u8: u8, u16: u16, u32: u32, u64: u64, u128: u128);

impl Encoder {
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.u32(text.len() as u32);
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    pub(super) fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut one: impl FnMut(&mut Self, T)) {
        self.u32(items.len() as u32);
        items.for_each(|item| one(self, item));
    }
}

/// Takes values from bytes; `None` when they do not hold such a value.
pub(super) struct Decoder<'a>(pub(super) &'a [u8]);

impl<'a> Decoder<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.u32()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    pub(super) fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()?;
        // Not reserved in advance: the count is only as trustworthy as the checksum around it.
        (0..count).map(|_| one(self)).collect()
    }
}
