//! What the store keeps beyond the nouns of the model.

use crate::model::{
    Advocate, AdvocateId, AdvocateKind, CampaignId, Channel, Code, ContentId, ContentKind, LinkId, Role, Scope,
    SpaceId, Team, TeamId, TokenId,
};

/// An advocate with what must not leave the control plane: its name and its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvocateRecord {
    /// The facts that travel.
    pub advocate: Advocate,
    /// In lower case; unique in the space. None once the person is erased.
    pub email: Option<String>,
    /// As the person writes it.
    pub name: Option<String>,
    /// Version of the charter that was accepted last.
    pub charter_accepted: Option<u32>,
    /// When that was.
    pub charter_accepted_at_ms: Option<i64>,
    /// The name of the advocate's team; read with the row, written through the team.
    pub team_name: Option<String>,
}

impl AdvocateRecord {
    /// An employee of whom nothing is known yet.
    pub fn blank(id: AdvocateId, space: SpaceId) -> Self {
        Self {
            advocate: Advocate {
                id,
                space,
                external_id: None,
                kind: AdvocateKind::Employee,
                team: TeamId::NONE,
                location: None,
                language: None,
                cohort: None,
                skills: Vec::new(),
                invited_on: None,
                registered_at_ms: None,
                left_on: None,
            },
            email: None,
            name: None,
            charter_accepted: None,
            charter_accepted_at_ms: None,
            team_name: None,
        }
    }
}

/// A team with those who manage it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRecord {
    /// The facts that travel.
    pub team: Team,
    /// Advocates of its space, in the order of their ids.
    pub managers: Vec<AdvocateId>,
}

/// A credential of a program or a person's script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its id.
    pub id: TokenId,
    /// The only space that it opens.
    pub space: SpaceId,
    /// What it may do there.
    pub role: Role,
    /// What it is for, in its maker's words.
    pub name: String,
    /// What its role is narrowed to; none: not at all.
    pub scopes: Option<Vec<Scope>>,
    /// Whose it is, for the role `advocate`.
    pub advocate: Option<AdvocateId>,
    /// SHA-256 of the whole token.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at_ms: i64,
    /// From then on it is refused.
    pub expires_at_ms: Option<i64>,
    /// Last use, to the hour.
    pub last_used_at_ms: Option<i64>,
    /// When somebody took it back.
    pub revoked_at_ms: Option<i64>,
}

/// The answer that an idempotency key was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// SHA-256 of the request that it answered.
    pub request_hash: [u8; 32],
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub answer: String,
}

/// A slice of a list in the order of creation.
#[derive(Debug, Clone, Copy)]
pub struct Page<Id> {
    /// Entities created after this one.
    pub after: Option<Id>,
    /// At most so many.
    pub limit: u32,
}

/// Which advocates a list shows; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct AdvocateFilter {
    /// Exactly this one.
    pub id: Option<AdvocateId>,
    /// This address, in lower case.
    pub email: Option<String>,
    /// This key of the company's system.
    pub external_id: Option<String>,
    /// Of this team itself, not of those below it.
    pub team: Option<TeamId>,
    /// Of this kind.
    pub kind: Option<AdvocateKind>,
    /// Of this wave.
    pub cohort: Option<String>,
    /// Gone, or still there.
    pub left: Option<Left>,
}

/// Whether advocates have left, on a day.
#[derive(Debug, Clone)]
pub struct Left {
    /// Those who have, or those who have not.
    pub yes: bool,
    /// The local date: whoever has an earlier last day has left.
    pub today: String,
}

/// Which campaigns a list shows; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct CampaignFilter {
    /// With this slug.
    pub slug: Option<String>,
    /// This key of the company's system.
    pub external_id: Option<String>,
    /// Paused, or running.
    pub paused: Option<bool>,
}

/// Which shares a list shows; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct ShareFilter {
    /// Of this link.
    pub link: Option<LinkId>,
    /// Of this content.
    pub content: Option<ContentId>,
    /// By this person.
    pub advocate: Option<AdvocateId>,
    /// On this channel.
    pub channel: Option<Channel>,
}

/// Which contents a list shows; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct ContentFilter {
    /// Of this kind.
    pub kind: Option<ContentKind>,
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// This key of the company's system.
    pub external_id: Option<String>,
    /// Published at or before this instant.
    pub published_by_ms: Option<i64>,
}

/// Which links a list shows; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct LinkFilter {
    /// Of this person.
    pub advocate: Option<AdvocateId>,
    /// To this content.
    pub content: Option<ContentId>,
    /// For this channel.
    pub channel: Option<Channel>,
    /// With this code.
    pub code: Option<Code>,
}
