//! The nouns of the house, and nothing else.
//!
//! Every other room speaks in these types. This one imports nothing of ours, reads no clock,
//! touches no file and no socket: what stands here can be built, compared and encoded in a test
//! without any set-up.
//!
//! Reading order: [`id`] names things, [`hex`](mod@hex) writes bytes, [`channel`] and [`kind`] classify them, [`programme`] holds
//! what the control plane knows, [`language`] which of our languages somebody reads, [`referral`] what
//! came of it for a job, [`quarter`](mod@quarter) when something is aimed at, [`proposal`] what others offer for it, [`picture`] how pictures are named,
//! [`look`] how a space's pages look, [`digest`] how often somebody wants a mail, [`report`] what strangers tell
//! of a link, [`host_proof`](mod@host_proof) how a host shows whose it is,
//! [`change`] how a change of it travels, [`transfer`] how files come in and go out,
//! [`destination`](mod@destination) where a link leads, [`click`] what a redirect observed,
//! [`click_id`](mod@click_id) how that is named for ever, [`outcome`] what became of a request, [`erased`] whose clicks are nobody's,
//! [`address`] how a client address is sealed until it is enriched, `schema` how ids and words look in the API's
//! description.
//!
//! Deliberately absent: anything computed from facts (that is `enrich` and `kpi`), and any text
//! meant for a person (that is `portal` and `redirect::pages`).

pub mod hex;
pub mod id;

pub mod channel;
pub mod code;
pub mod kind;

pub mod digest;
pub mod host_proof;
pub mod language;
pub mod look;
pub mod picture;
pub mod programme;
mod progress;
pub mod proposal;
pub mod quarter;
pub mod referral;
pub mod report;

pub mod change;
pub mod transfer;

pub mod destination;

pub mod address;
pub mod click;
pub mod click_id;
pub mod erased;
pub mod outcome;

pub(crate) mod schema;

pub use address::{DayKey, DayKeys, SealedAddress};
pub use change::{Change, Entity};
pub use channel::Channel;
pub use click::{Click, Utm};
pub use click_id::click_id;
pub use code::Code;
pub use destination::destination;
pub use erased::Erased;
pub use hex::{hex, unhex};
pub use host_proof::host_proof;
pub use id::{
    AdvocateId, ApplicationId, AuditId, CampaignId, ChallengeId, ContentId, DeliveryId, EventId, ExportId, FactId,
    FeedId, FeedItemId, ImportId, LinkId, MailId, ParseIdError, ReportId, SessionId, ShareId, SpaceId, TeamId, TokenId,
    WebhookId,
};
pub use kind::{AdvocateKind, ContentKind, ContentState, Role, Scope, ShareSource};
pub use look::{Color, InvalidColor, Look};
pub use outcome::{Answer, Class};
pub use picture::{Picture, PictureKey};
pub use programme::{Advocate, Campaign, Content, Link, Share, SignIn, Space, Team};
pub use progress::Progress;
pub use proposal::{ContentFeed, Draft, FeedItem, FeedKind, FeedStatus, ItemState, Publish, Visits};
pub use quarter::{InvalidQuarter, Quarter};
pub use referral::{Application, ClickQuestion, CreditClick, Evidence, FactSource, ReferralFact, Stage};
pub use transfer::{BadRow, Changes, FieldChange, PeopleMap, PersonChange, TransferId, TransferKind, TransferState};
