//! The table of what each role may do.

use crate::model::{ContentKind, Role, Scope};

/// Something that a caller wants to do in its space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Read the space's settings.
    ReadSpace,
    /// Change them.
    ChangeSpace,
    /// See and change every space of the installation.
    EverySpace,
    /// Read advocates; an advocate reads itself.
    ReadAdvocates,
    /// Add and change advocates.
    WriteAdvocates,
    /// Read contents; an advocate reads published ones.
    ReadContents,
    /// Add and change contents of this kind.
    WriteContents(ContentKind),
    /// Set up feeds of contents of this kind, and decide on what they propose.
    Feeds(ContentKind),
    /// Read links; an advocate reads its own.
    ReadLinks,
    /// Issue links and switch them off and on; an advocate its own.
    WriteLinks,
    /// Read the click log; an advocate its own clicks.
    ReadClicks,
    /// See in it whose links were clicked, and ask by that: a right of its own.
    ReadNamedClicks,
    /// Read figures with small groups withheld; an advocate its own.
    ReadKpis,
    /// Read figures of single people: a right of its own.
    ReadNamedKpis,
    /// Read applications; an advocate those that are credited to it.
    ReadReferrals,
    /// See whom they are credited to.
    ReadNamedReferrals,
    /// Tell of applications.
    WriteReferrals,
    /// Say who else is told of what happens.
    ManageWebhooks,
    /// See and end one's own sessions.
    OwnSessions,
    /// See what people are beside being advocates.
    ReadMembers,
    /// Make people marketing, recruiter or admin, and sign them out.
    WriteMembers,
    /// Read who changed what.
    ReadAudit,
    /// Read teams.
    ReadTeams,
    /// Add and change teams.
    WriteTeams,
    /// Read campaigns.
    ReadCampaigns,
    /// Add, change, pause and resume campaigns.
    WriteCampaigns,
    /// Read shares; an advocate reads its own.
    ReadShares,
    /// Note shares; an advocate its own.
    WriteShares,
    /// List tokens.
    ReadTokens,
    /// Make and revoke tokens.
    WriteTokens,
    /// Bring in bundles and lists of people.
    Import,
    /// Take everything out, names included.
    Export,
}

impl Action {
    /// The scope that it belongs to, and whether it changes nothing.
    pub(super) fn scope(self) -> (Scope, bool) {
        match self {
            Self::ReadSpace | Self::EverySpace => (Scope::Space, true),
            Self::ChangeSpace => (Scope::Space, false),
            Self::ReadAdvocates | Self::ReadTeams => (Scope::People, true),
            Self::WriteAdvocates | Self::WriteTeams => (Scope::People, false),
            Self::ReadContents | Self::ReadCampaigns => (Scope::Contents, true),
            Self::WriteContents(_) | Self::WriteCampaigns => (Scope::Contents, false),
            Self::ReadLinks | Self::ReadShares => (Scope::Links, true),
            Self::WriteLinks | Self::WriteShares => (Scope::Links, false),
            Self::OwnSessions => (Scope::Space, true),
            Self::ReadMembers => (Scope::People, true),
            Self::WriteMembers => (Scope::People, false),
            Self::ReadAudit => (Scope::Space, true),
            Self::Feeds(_) => (Scope::Contents, false),
            Self::ReadClicks | Self::ReadNamedClicks => (Scope::Links, true),
            Self::ReadKpis | Self::ReadNamedKpis => (Scope::Links, true),
            Self::ReadReferrals | Self::ReadNamedReferrals => (Scope::Referrals, true),
            Self::WriteReferrals => (Scope::Referrals, false),
            Self::ManageWebhooks => (Scope::Webhooks, false),
            Self::ReadTokens => (Scope::Tokens, true),
            Self::WriteTokens => (Scope::Tokens, false),
            // Not for those who only read: an export is the whole space at once.
            Self::Import | Self::Export => (Scope::Exchange, false),
        }
    }
}

/// Whether a role may make a token of another: an administrator of all that its space has.
pub(super) fn may_give(maker: Role, role: Role) -> bool {
    maker == Role::Admin && role != Role::Operator
}

/// Whether a role may do it. What is narrowed to an advocate's own things is narrowed where they
/// are looked up: [`super::Principal::only`].
pub fn may(role: Role, action: Action) -> bool {
    use Action as A;
    match (role, action) {
        // Whoever sits at a browser.
        (_, A::OwnSessions) => true,
        // Sees itself, and shares.
        (
            Role::Advocate,
            A::ReadSpace
            | A::ReadAdvocates
            | A::ReadContents
            | A::ReadLinks
            | A::WriteLinks
            | A::ReadShares
            | A::WriteShares
            | A::ReadClicks
            | A::ReadKpis
            | A::ReadReferrals,
        ) => true,
        // Publishes, for anybody.
        (
            Role::Marketing,
            A::ReadSpace
            | A::ReadAdvocates
            | A::ReadTeams
            | A::ReadCampaigns
            | A::WriteCampaigns
            | A::ReadContents
            | A::WriteContents(_)
            | A::Feeds(_)
            | A::ReadLinks
            | A::WriteLinks
            | A::ReadShares
            | A::WriteShares
            | A::ReadClicks
            | A::ReadKpis
            | A::ReadReferrals,
        ) => true,
        // Publishes jobs, and knows what came of them.
        (
            Role::Recruiter,
            A::ReadSpace
            | A::ReadAdvocates
            | A::ReadTeams
            | A::ReadCampaigns
            | A::ReadContents
            | A::WriteContents(ContentKind::Job)
            | A::Feeds(ContentKind::Job)
            | A::ReadLinks
            | A::WriteLinks
            | A::ReadShares
            | A::WriteShares
            | A::ReadClicks
            | A::ReadKpis
            | A::ReadReferrals
            | A::ReadNamedReferrals
            | A::WriteReferrals,
        ) => true,
        // Sets the space up: everything in it.
        (Role::Admin, A::EverySpace) => false,
        (Role::Admin, _) => true,
        // Runs the installation: settings of every space, no person and nothing that is shared.
        (Role::Operator, A::ReadSpace | A::ChangeSpace | A::EverySpace) => true,
        (Role::Advocate | Role::Marketing | Role::Recruiter | Role::Operator, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_its_name_says_and_no_more() {
        let job = Action::WriteContents(ContentKind::Job);
        let article = Action::WriteContents(ContentKind::Article);
        let actions = [
            ("read space", Action::ReadSpace),
            ("change space", Action::ChangeSpace),
            ("every space", Action::EverySpace),
            ("read advocates", Action::ReadAdvocates),
            ("write advocates", Action::WriteAdvocates),
            ("read contents", Action::ReadContents),
            ("write jobs", job),
            ("write articles", article),
            ("feeds of jobs", Action::Feeds(ContentKind::Job)),
            ("feeds of articles", Action::Feeds(ContentKind::Article)),
            ("read links", Action::ReadLinks),
            ("write links", Action::WriteLinks),
            ("own sessions", Action::OwnSessions),
            ("read members", Action::ReadMembers),
            ("write members", Action::WriteMembers),
            ("read audit", Action::ReadAudit),
            ("read teams", Action::ReadTeams),
            ("write teams", Action::WriteTeams),
            ("read campaigns", Action::ReadCampaigns),
            ("write campaigns", Action::WriteCampaigns),
            ("read shares", Action::ReadShares),
            ("write shares", Action::WriteShares),
            ("read tokens", Action::ReadTokens),
            ("write tokens", Action::WriteTokens),
            ("read clicks", Action::ReadClicks),
            ("read named clicks", Action::ReadNamedClicks),
            ("read figures", Action::ReadKpis),
            ("read named figures", Action::ReadNamedKpis),
            ("read referrals", Action::ReadReferrals),
            ("read named referrals", Action::ReadNamedReferrals),
            ("write referrals", Action::WriteReferrals),
            ("manage webhooks", Action::ManageWebhooks),
            ("import", Action::Import),
            ("export", Action::Export),
        ];
        let allowed = |role| actions.iter().filter(move |(_, action)| may(role, *action)).map(|(name, _)| *name);
        let table: Vec<_> = Role::ALL.iter().map(|role| (role.as_str(), allowed(*role).collect::<Vec<_>>())).collect();
        let expect: Vec<(&str, Vec<&str>)> = vec![
            (
                "advocate",
                vec![
                    "read space",
                    "read advocates",
                    "read contents",
                    "read links",
                    "write links",
                    "own sessions",
                    "read shares",
                    "write shares",
                    "read clicks",
                    "read figures",
                    "read referrals",
                ],
            ),
            (
                "marketing",
                vec![
                    "read space",
                    "read advocates",
                    "read contents",
                    "write jobs",
                    "write articles",
                    "feeds of jobs",
                    "feeds of articles",
                    "read links",
                    "write links",
                    "own sessions",
                    "read teams",
                    "read campaigns",
                    "write campaigns",
                    "read shares",
                    "write shares",
                    "read clicks",
                    "read figures",
                    "read referrals",
                ],
            ),
            (
                "recruiter",
                vec![
                    "read space",
                    "read advocates",
                    "read contents",
                    "write jobs",
                    "feeds of jobs",
                    "read links",
                    "write links",
                    "own sessions",
                    "read teams",
                    "read campaigns",
                    "read shares",
                    "write shares",
                    "read clicks",
                    "read figures",
                    "read referrals",
                    "read named referrals",
                    "write referrals",
                ],
            ),
            ("admin", actions.iter().map(|(name, _)| *name).filter(|name| *name != "every space").collect()),
            ("operator", vec!["read space", "change space", "every space", "own sessions"]),
        ];
        assert_eq!(table, expect);
    }
}
