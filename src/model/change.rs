//! How a change of the programme travels: to the link tables of every node, and to ClickHouse.
//!
//! A change is written in the same transaction as what it tells of. It carries the whole entity
//! as it stands afterwards, so a reader that sees a later one needs no earlier one.

use serde::{Deserialize, Serialize};

use super::id::{AdvocateId, CampaignId, ContentId, LinkId, SpaceId};
use super::programme::{Advocate, Campaign, Content, Link, Share, SignIn, Space, Team};
use super::referral::Application;

/// One committed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its number: from 1, without gaps for a reader, in the order of commits.
    pub seq: u64,
    /// When it was committed, milliseconds since 1970.
    pub at_ms: i64,
    /// What stands now.
    pub entity: Entity,
}

/// An entity after a change, or its key when it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// A space was created or changed.
    Space(Space),
    /// An advocate was created or changed.
    Advocate(Advocate),
    /// A campaign was created or changed.
    Campaign(Campaign),
    /// A content was created or changed.
    Content(Content),
    /// A link was created or changed.
    Link(Link),
    /// A team was created or changed.
    Team(Team),
    /// A share was noted.
    Share(Share),
    /// An advocate signed in.
    SignIn(SignIn),
    /// An application was heard of, or went on.
    Application(Application),
    /// A space was removed with all that it held.
    SpaceRemoved(SpaceId),
    /// An advocate was erased; its links keep redirecting without a person.
    AdvocateRemoved(AdvocateId),
    /// A campaign was removed; its contents stay.
    CampaignRemoved(CampaignId),
    /// A content was removed; its links answer as unknown.
    ContentRemoved(ContentId),
    /// A link was removed; its code answers as unknown.
    LinkRemoved(LinkId),
}

impl Entity {
    /// The word that names the kind of entity in the store's `changes` table.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Space(_) | Self::SpaceRemoved(_) => "space",
            Self::Advocate(_) | Self::AdvocateRemoved(_) => "advocate",
            Self::Campaign(_) | Self::CampaignRemoved(_) => "campaign",
            Self::Content(_) | Self::ContentRemoved(_) => "content",
            Self::Link(_) | Self::LinkRemoved(_) => "link",
            Self::Team(_) => "team",
            Self::Share(_) => "share",
            Self::SignIn(_) => "sign_in",
            Self::Application(_) => "application",
        }
    }
}
