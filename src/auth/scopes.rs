//! What a token's role is narrowed to.

use super::roles::{Action, may_give};
use crate::model::{Role, Scope};

/// A set of scopes. A scope opens its own things, for reading and changing; `read` opens all things
/// for reading. None of them opens more than the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Not narrowed.
    pub const ALL: Self = Self(u16::MAX);

    /// What a token names; all when it names none.
    pub fn of(named: Option<&[Scope]>) -> Self {
        named.map_or(Self::ALL, |scopes| Self(scopes.iter().fold(0, |bits, scope| bits | Self::bit(*scope))))
    }

    /// Whether they allow it to a role that may do it.
    pub fn allow(self, action: Action) -> bool {
        let (scope, only_reads) = action.scope();
        self.has(scope) || (only_reads && self.has(Scope::Read))
    }

    /// Whether each scope of `other` is one of these.
    fn contain(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    fn has(self, scope: Scope) -> bool {
        self.0 & Self::bit(scope) != 0
    }

    const fn bit(scope: Scope) -> u16 {
        1 << scope.number()
    }
}

impl super::Principal {
    /// Whether its role and its scopes allow it.
    pub fn may(&self, action: Action) -> bool {
        super::may(self.role, action) && self.scopes.allow(action)
    }

    /// Whether it may make a token of this role and these scopes: never one that may more than
    /// itself.
    pub fn may_give(&self, role: Role, scopes: Option<&[Scope]>) -> bool {
        self.may(Action::WriteTokens) && may_give(self.role, role) && self.scopes.contain(Scopes::of(scopes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ContentKind;

    #[test]
    fn a_scope_opens_its_own_things_and_read_opens_all_for_reading() {
        let read = Scopes::of(Some(&[Scope::Read]));
        let links = Scopes::of(Some(&[Scope::Links]));
        assert!(read.allow(Action::ReadLinks) && !read.allow(Action::WriteLinks));
        assert!(links.allow(Action::ReadLinks) && links.allow(Action::WriteShares));
        assert!(!links.allow(Action::ReadContents) && !links.allow(Action::WriteContents(ContentKind::Job)));
        assert!(Scopes::of(None).allow(Action::WriteTokens) && !Scopes::of(Some(&[])).allow(Action::ReadSpace));
    }

    #[test]
    fn a_wider_set_is_not_contained() {
        let two = Scopes::of(Some(&[Scope::Read, Scope::Tokens]));
        assert!(two.contain(Scopes::of(Some(&[Scope::Read]))) && Scopes::ALL.contain(two));
        assert!(!two.contain(Scopes::ALL) && !two.contain(Scopes::of(Some(&[Scope::Links]))));
    }
}
