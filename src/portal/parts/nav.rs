//! Where one can go, by role.

use super::super::texts::msg;
use super::super::{admin, employee, kpis, marketing, recruiting, team};
use crate::auth::{Action, may};
use crate::model::Role;

/// A part of the portal with a navigation of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::portal) enum Area {
    /// Everybody's: share, own figures.
    Share,
    /// Those who publish and steer.
    Marketing,
    /// Teams as wholes: managers', and those who see every team.
    Team,
    /// The programme's figures: those who steer it.
    Figures,
    /// Jobs and applications: recruiters' and administrators'.
    Recruiting,
    /// The administrator's.
    Admin,
}

/// A place in an area.
#[derive(Debug, Clone, Copy)]
pub(in crate::portal) struct Entry {
    /// Its page.
    pub(in crate::portal) path: &'static str,
    /// Its name: a message, marked by [`msg`].
    pub(in crate::portal) name: &'static str,
    /// Its icon in the sprite.
    pub(in crate::portal) icon: &'static str,
}

impl Area {
    /// All of them, in the order of the header.
    pub(in crate::portal) const ALL: &'static [Self] =
        &[Self::Share, Self::Marketing, Self::Figures, Self::Team, Self::Recruiting, Self::Admin];

    /// Whether somebody of a role, who may manage a team too, finds it in the header. What it may do there, each page
    /// asks for itself.
    pub(in crate::portal) fn is_open_to(self, role: Role, manages: bool) -> bool {
        match self {
            Self::Share => true,
            Self::Marketing => may(role, Action::WriteCampaigns),
            Self::Team => manages || may(role, Action::ReadTeams),
            // Advocates have their own, in the first area.
            Self::Figures => role != Role::Advocate && may(role, Action::ReadKpis),
            Self::Recruiting => may(role, Action::WriteReferrals),
            Self::Admin => may(role, Action::ChangeSpace),
        }
    }

    /// Its name: a message.
    pub(in crate::portal) fn name(self) -> &'static str {
        match self {
            Self::Share => msg("area-share"),
            Self::Marketing => msg("area-marketing"),
            Self::Team => msg("area-team"),
            Self::Figures => msg("area-kpis"),
            Self::Recruiting => msg("area-recruiting"),
            Self::Admin => msg("area-admin"),
        }
    }

    /// Its places; the first is where the header leads.
    pub(in crate::portal) fn entries(self) -> &'static [Entry] {
        match self {
            Self::Share => employee::ENTRIES,
            Self::Marketing => marketing::ENTRIES,
            Self::Team => team::ENTRIES,
            Self::Figures => kpis::ENTRIES,
            Self::Recruiting => recruiting::ENTRIES,
            Self::Admin => admin::ENTRIES,
        }
    }
}
