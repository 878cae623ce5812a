//! One link in 24 bytes.

/// "No advocate": a link without a person.
pub(super) const NOBODY: u32 = u32::MAX;

/// Numbers of issued codes end below 56⁹, so 53 bits hold them and leave room above for vanity
/// codes, which are numbered upwards from here.
pub(super) const FIRST_VANITY: u64 = 56u64.pow(9);

const NUMBER_BITS: u64 = (1 << 53) - 1;
const DISABLED: u64 = 1 << 63;
/// Eight bits that say during or after which rebuild a link was put. Not one: a rebuild that broke
/// off leaves links of its own generation behind, which the next must tell from its own.
const GENERATION_SHIFT: u32 = 53;
/// Numbers of no code, for slots without a link.
const FREE: u64 = u64::MAX;
const REMOVED: u64 = u64::MAX - 1;

/// What the table keeps of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    number_and_flags: u64,
    link: u64,
    /// Index of content × channel.
    pub(super) target: u32,
    /// Index of the advocate, or [`NOBODY`].
    pub(super) advocate: u32,
}

impl Record {
    /// Bytes of a record, in memory and in the snapshot.
    pub(super) const BYTES: usize = 24;

    pub(super) fn new(number: u64, link: u64, target: u32, advocate: u32, disabled: bool, generation: u8) -> Self {
        debug_assert!(number < NUMBER_BITS - 1, "codes are numbered below 2^53, and two numbers are no code's");
        let flags = (u64::from(disabled) * DISABLED) | (u64::from(generation) << GENERATION_SHIFT);
        Self { number_and_flags: number | flags, link, target, advocate }
    }

    /// A slot that never held a link.
    pub(super) const FREE: Self = Self { number_and_flags: FREE, link: 0, target: 0, advocate: 0 };
    /// A slot whose link was removed.
    pub(super) const REMOVED: Self = Self { number_and_flags: REMOVED, ..Self::FREE };

    pub(super) fn is_free(self) -> bool {
        self.number_and_flags == FREE
    }

    /// Whether this is a link's record.
    pub(super) fn is_link(self) -> bool {
        self.number_and_flags < REMOVED
    }

    /// The number of the code.
    pub(super) fn number(self) -> u64 {
        self.number_and_flags & NUMBER_BITS
    }

    /// The link's id.
    pub(super) fn link(self) -> u64 {
        self.link
    }

    pub(super) fn is_disabled(self) -> bool {
        self.number_and_flags & DISABLED != 0
    }

    pub(super) fn generation(self) -> u8 {
        (self.number_and_flags >> GENERATION_SHIFT) as u8
    }

    /// Little endian, in the order of the fields.
    pub(super) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut out = [0; Self::BYTES];
        out[..8].copy_from_slice(&self.number_and_flags.to_le_bytes());
        out[8..16].copy_from_slice(&self.link.to_le_bytes());
        out[16..20].copy_from_slice(&self.target.to_le_bytes());
        out[20..].copy_from_slice(&self.advocate.to_le_bytes());
        out
    }

    /// What [`Self::to_bytes`] wrote.
    pub(super) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let (number, rest) = bytes.split_first_chunk::<8>().expect("24 bytes");
        let (link, rest) = rest.split_first_chunk::<8>().expect("16 bytes");
        let (target, advocate) = rest.split_first_chunk::<4>().expect("8 bytes");
        Self {
            number_and_flags: u64::from_le_bytes(*number),
            link: u64::from_le_bytes(*link),
            target: u32::from_le_bytes(*target),
            advocate: u32::from_le_bytes(advocate.try_into().expect("4 bytes")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_takes_24_bytes_and_reads_back() {
        assert_eq!(size_of::<Record>(), Record::BYTES);
        let record = Record::new(FIRST_VANITY + 7, i64::MAX as u64, 3, NOBODY, true, 255);
        assert_eq!(Record::from_bytes(&record.to_bytes()), record);
        assert_eq!((record.number(), record.link()), (FIRST_VANITY + 7, i64::MAX as u64));
        assert_eq!((record.is_disabled(), record.generation()), (true, 255));
        assert!(record.is_link() && !record.is_free());
        assert!(!Record::FREE.is_link() && !Record::REMOVED.is_link() && !Record::REMOVED.is_free());
    }
}
