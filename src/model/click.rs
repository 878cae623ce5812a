//! What a redirect observed, as bytes for the spool.
//!
//! A click carries every fact that it was answered under (space, content, advocate, team, …), so
//! that enriching it needs neither the link table nor the store: a link that was deleted since
//! still has its clicks, and a record enriched twice gives the same row key.
//!
//! # Layout, version 1 (little endian)
//! | bytes | field |
//! | --- | --- |
//! | 1 | version (1) |
//! | 1 | [`Answer`] number |
//! | 1 | [`ContentKind`] number |
//! | 1 | flags: 1 HEAD, 2 prefetch, 4 own test click, 8 address present, 16 strict privacy |
//! | 2 | HTTP status |
//! | 2 | offset from UTC of the space at that instant, in minutes (signed) |
//! | 8 | `clicked_at`, milliseconds since 1970 (signed) |
//! | 6 × 8 | space, link, content, campaign, advocate, team |
//! | 16 | sealed address |
//! | 3 × 1 | lengths of code, channel, cohort |
//! | 1 | length of accept-language |
//! | 5 × 1 | lengths of the five `utm_*` values |
//! | 1 | length of the referrer's host |
//! | 2 | length of the user agent |
//! | … | the texts in that order |

use super::address::SealedAddress;
use super::id::{AdvocateId, CampaignId, ContentId, LinkId, SpaceId, TeamId};
use super::kind::ContentKind;
use super::outcome::Answer;

/// The five campaign parameters of an incoming request, each at most [`Click::MAX_UTM`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Utm<'a> {
    /// `utm_source`
    pub source: &'a [u8],
    /// `utm_medium`
    pub medium: &'a [u8],
    /// `utm_campaign`
    pub campaign: &'a [u8],
    /// `utm_term`
    pub term: &'a [u8],
    /// `utm_content`
    pub content: &'a [u8],
}

/// One answered request to a link. Texts longer than their bound are cut when it is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Click<'a> {
    /// When the answer was made, milliseconds since 1970.
    pub clicked_at_ms: i64,
    /// Offset of the space's local time from UTC at that instant, in minutes.
    pub utc_offset_minutes: i16,
    /// The space whose link it is.
    pub space: SpaceId,
    /// The link.
    pub link: LinkId,
    /// The content behind the link.
    pub content: ContentId,
    /// The content's campaign, or none.
    pub campaign: CampaignId,
    /// Whose link it is; none for a link without a person.
    pub advocate: AdvocateId,
    /// The advocate's team at that time, or none.
    pub team: TeamId,
    /// The content's kind.
    pub kind: ContentKind,
    /// What was answered.
    pub answer: Answer,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The method was HEAD.
    pub head: bool,
    /// A browser said that it only fetches ahead.
    pub prefetch: bool,
    /// The advocate tries the own link.
    pub own: bool,
    /// The space keeps no visitor and nothing finer than the country.
    pub strict_privacy: bool,
    /// The client's address, sealed with the key of the UTC day of `clicked_at_ms`.
    pub address: Option<SealedAddress>,
    /// The code as it was asked for.
    pub code: &'a str,
    /// The link's channel.
    pub channel: &'a str,
    /// The advocate's cohort at that time, or empty.
    pub cohort: &'a str,
    /// The start of `Accept-Language`.
    pub accept_language: &'a [u8],
    /// `utm_*` of the request.
    pub utm: Utm<'a>,
    /// Host of the referrer; its path and query are never recorded.
    pub referrer_host: &'a [u8],
    /// The user agent; leaves the spool only as device, system, browser and class.
    pub user_agent: &'a [u8],
}

/// The bytes are no click of a version that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Fewer bytes than the layout wants.
    #[error("the record ends before its fields do")]
    Truncated,
    /// Made by a newer program.
    #[error("click record version {0} is newer than this program")]
    Version(u8),
    /// A number that stands for nothing.
    #[error("the record holds an unknown {0} number")]
    Number(&'static str),
    /// A text that must be UTF-8 is not.
    #[error("the record's {0} is not UTF-8")]
    Text(&'static str),
}

const VERSION: u8 = 1;
const FIXED: usize = 8 + 8 + 48 + 16 + 12;

impl<'a> Click<'a> {
    /// The parameter with which an advocate tries the own link: [`Self::own`].
    pub const OWN_PARAMETER: &'static str = "relais-self";
    /// Longest `utm_*` value kept, in bytes.
    pub const MAX_UTM: usize = 100;
    /// Longest user agent kept, in bytes.
    pub const MAX_USER_AGENT: usize = 512;
    /// Longest referrer host kept, in bytes.
    pub const MAX_REFERRER_HOST: usize = 253;
    /// Longest start of `Accept-Language` kept, in bytes.
    pub const MAX_ACCEPT_LANGUAGE: usize = 64;
    /// Longest cohort kept, in bytes.
    pub const MAX_COHORT: usize = 100;
    /// No click needs more bytes than this.
    pub const MAX_ENCODED: usize = FIXED
        + 64
        + 32
        + Self::MAX_COHORT
        + Self::MAX_ACCEPT_LANGUAGE
        + 5 * Self::MAX_UTM
        + Self::MAX_REFERRER_HOST
        + Self::MAX_USER_AGENT;

    /// Bytes that [`Self::encode`] will write.
    pub fn encoded_len(&self) -> usize {
        FIXED + self.texts().iter().map(|text| text.len()).sum::<usize>()
    }

    fn texts(&self) -> [&'a [u8]; 11] {
        let cut = |text: &'a [u8], most: usize| &text[..text.len().min(most)];
        let cut_text = |text: &'a str, most: usize| {
            let mut end = text.len().min(most);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            &text.as_bytes()[..end]
        };
        [
            cut_text(self.code, 64),
            cut_text(self.channel, 32),
            cut_text(self.cohort, Self::MAX_COHORT),
            cut(self.accept_language, Self::MAX_ACCEPT_LANGUAGE),
            cut(self.utm.source, Self::MAX_UTM),
            cut(self.utm.medium, Self::MAX_UTM),
            cut(self.utm.campaign, Self::MAX_UTM),
            cut(self.utm.term, Self::MAX_UTM),
            cut(self.utm.content, Self::MAX_UTM),
            cut(self.referrer_host, Self::MAX_REFERRER_HOST),
            cut(self.user_agent, Self::MAX_USER_AGENT),
        ]
    }

    /// Writes the click at the start of `out` and returns how many bytes it took.
    ///
    /// # Panics
    /// When `out` is shorter than [`Self::encoded_len`].
    pub fn encode(&self, out: &mut [u8]) -> usize {
        let texts = self.texts();
        let flags = u8::from(self.head)
            | u8::from(self.prefetch) << 1
            | u8::from(self.own) << 2
            | u8::from(self.address.is_some()) << 3
            | u8::from(self.strict_privacy) << 4;
        let (fixed, mut rest) = out.split_at_mut(FIXED);
        fixed[..4].copy_from_slice(&[VERSION, self.answer.number(), self.kind.number(), flags]);
        fixed[4..6].copy_from_slice(&self.status.to_le_bytes());
        fixed[6..8].copy_from_slice(&self.utc_offset_minutes.to_le_bytes());
        fixed[8..16].copy_from_slice(&self.clicked_at_ms.to_le_bytes());
        let ids = [
            self.space.bits(),
            self.link.bits(),
            self.content.bits(),
            self.campaign.bits(),
            self.advocate.bits(),
            self.team.bits(),
        ];
        for (slot, id) in fixed[16..64].chunks_exact_mut(8).zip(ids) {
            slot.copy_from_slice(&id.to_le_bytes());
        }
        fixed[64..80].copy_from_slice(&self.address.unwrap_or(SealedAddress::ABSENT).0);
        for (slot, text) in fixed[80..90].iter_mut().zip(texts) {
            *slot = text.len() as u8; // every bound but the last is below 256
        }
        fixed[90..92].copy_from_slice(&(texts[10].len() as u16).to_le_bytes());
        let mut written = FIXED;
        for text in texts {
            let (slot, after) = rest.split_at_mut(text.len());
            slot.copy_from_slice(text);
            rest = after;
            written += text.len();
        }
        written
    }

    /// Reads what [`Self::encode`] wrote. Bytes behind it are ignored.
    ///
    /// # Errors
    /// Says what is wrong with the bytes; never panics, whatever they are.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        match bytes.first() {
            None => return Err(DecodeError::Truncated),
            Some(&VERSION) => {}
            Some(&other) => return Err(DecodeError::Version(other)),
        }
        let (fixed, mut rest) = bytes.split_at_checked(FIXED).ok_or(DecodeError::Truncated)?;
        let answer = Answer::from_number(fixed[1]).ok_or(DecodeError::Number("answer"))?;
        let kind = ContentKind::from_number(fixed[2]).ok_or(DecodeError::Number("content kind"))?;
        let flags = fixed[3];
        let id =
            |index: usize| u64::from_le_bytes(fixed[16 + index * 8..24 + index * 8].try_into().expect("eight bytes"));
        let mut take = |len: usize| -> Result<&'a [u8], DecodeError> {
            let (text, after) = rest.split_at_checked(len).ok_or(DecodeError::Truncated)?;
            rest = after;
            Ok(text)
        };
        let text = |bytes: &'a [u8], name| std::str::from_utf8(bytes).map_err(|_| DecodeError::Text(name));
        let mut next = 80;
        let mut take_next = || {
            next += 1;
            take(usize::from(fixed[next - 1]))
        };
        let code = text(take_next()?, "code")?;
        let channel = text(take_next()?, "channel")?;
        let cohort = text(take_next()?, "cohort")?;
        let accept_language = take_next()?;
        let utm = Utm {
            source: take_next()?,
            medium: take_next()?,
            campaign: take_next()?,
            term: take_next()?,
            content: take_next()?,
        };
        let referrer_host = take_next()?;
        let user_agent = take(usize::from(u16::from_le_bytes([fixed[90], fixed[91]])))?;
        Ok(Self {
            clicked_at_ms: i64::from_le_bytes(fixed[8..16].try_into().expect("eight bytes")),
            utc_offset_minutes: i16::from_le_bytes([fixed[6], fixed[7]]),
            space: SpaceId::from_bits(id(0)),
            link: LinkId::from_bits(id(1)),
            content: ContentId::from_bits(id(2)),
            campaign: CampaignId::from_bits(id(3)),
            advocate: AdvocateId::from_bits(id(4)),
            team: TeamId::from_bits(id(5)),
            kind,
            answer,
            status: u16::from_le_bytes([fixed[4], fixed[5]]),
            head: flags & 1 != 0,
            prefetch: flags & 2 != 0,
            own: flags & 4 != 0,
            strict_privacy: flags & 16 != 0,
            address: (flags & 8 != 0).then(|| SealedAddress(fixed[64..80].try_into().expect("16 bytes"))),
            code,
            channel,
            cohort,
            accept_language,
            utm,
            referrer_host,
            user_agent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Click<'static> {
        Click {
            clicked_at_ms: 1_772_000_000_123,
            utc_offset_minutes: 60,
            space: SpaceId::from_bits(1),
            link: LinkId::from_bits(2),
            content: ContentId::from_bits(3),
            campaign: CampaignId::NONE,
            advocate: AdvocateId::from_bits(5),
            team: TeamId::from_bits(6),
            kind: ContentKind::Job,
            answer: Answer::Content,
            status: 302,
            head: false,
            prefetch: true,
            own: false,
            strict_privacy: true,
            address: Some(SealedAddress([9; 16])),
            code: "aB3dE5gH7",
            channel: "linkedin",
            cohort: "vague d’été",
            accept_language: b"fr-FR,fr;q=0.9",
            utm: Utm { content: b"nonce-1", ..Utm::default() },
            referrer_host: b"www.linkedin.com",
            user_agent: b"Mozilla/5.0",
        }
    }

    #[test]
    fn a_click_reads_back_as_written() {
        let click = sample();
        let mut bytes = vec![0; click.encoded_len()];
        assert_eq!(click.encode(&mut bytes), bytes.len());
        assert_eq!(Click::decode(&bytes), Ok(click));
    }

    #[test]
    fn every_truncation_is_an_error_and_no_panic() {
        let click = sample();
        let mut bytes = vec![0; click.encoded_len()];
        click.encode(&mut bytes);
        for len in 0..bytes.len() {
            assert_eq!(Click::decode(&bytes[..len]), Err(DecodeError::Truncated));
        }
    }

    #[test]
    fn texts_beyond_their_bound_are_cut_at_a_character() {
        let long = "é".repeat(300);
        let click = Click { cohort: &long, user_agent: &[b'x'; 4000], ..sample() };
        let mut bytes = vec![0; Click::MAX_ENCODED];
        let len = click.encode(&mut bytes);
        let back = Click::decode(&bytes[..len]).expect("a click");
        assert_eq!(back.cohort, "é".repeat(50));
        assert_eq!(back.user_agent.len(), Click::MAX_USER_AGENT);
    }
}
