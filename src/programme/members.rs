//! Members: what people are beside being advocates.

use serde::Deserialize;
use serde_json::json;

use super::fields::Check;
use super::shapes::GivenRole;
use super::{Error, Field, Page, Programme, Work};
use crate::model::{AdvocateId, Role, SpaceId};
use crate::store::MemberRecord;

/// A member as it is given.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberFields {
    /// `advocate` (and nothing more), `marketing`, `recruiter` or `admin`.
    #[serde(default)]
    #[schema(value_type = GivenRole, required = true)]
    pub role: Field<String>,
}

/// A person and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub advocate: AdvocateId,
    /// As the person writes it.
    pub name: Option<String>,
    /// In lower case.
    pub email: Option<String>,
    /// `advocate` for somebody who is nothing more.
    pub role: Role,
}

impl Programme {
    /// People who are more than advocates, in the order of their ids, those after `page.after`.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no advocate of the space.
    pub async fn members(&self, space: SpaceId, page: Page<AdvocateId>) -> Result<Vec<Member>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.advocate(space, after).await?.ok_or(Error::NotFound { what: "advocate", field: Some("after") })?;
        }
        Ok(reading.list_members(space, page).await?.into_iter().map(Member::from).collect())
    }

    /// What a person is.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn member(&self, space: SpaceId, id: AdvocateId) -> Result<Member, Error> {
        let mut reading = self.store.read().await?;
        let record = reading.advocate(space, id).await?.ok_or(MISSING)?;
        let role = reading.role_of(space, id).await?.unwrap_or(Role::Advocate);
        Ok(Member { advocate: id, name: record.name, email: record.email, role })
    }
}

impl Work {
    /// Makes a person what `fields` say, at once in all its open sessions, and notes it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a role that no person has: an operator runs the
    /// installation with a token.
    pub async fn put_member(&mut self, space: SpaceId, id: AdvocateId, fields: &MemberFields) -> Result<Member, Error> {
        self.open_space(space).await?;
        let record = self.writing.advocate(space, id).await?.ok_or(MISSING)?;
        let mut check = Check::default();
        let role: Option<Role> = check.required_word("role", &fields.role);
        if role == Some(Role::Operator) {
            check.refuse("role", "invalid", "a person is an advocate, marketing, recruiter or admin");
        }
        check.finish()?;
        let role = role.unwrap_or(Role::Advocate);
        let former = self.writing.role_of(space, id).await?.unwrap_or(Role::Advocate);
        if role != former {
            self.writing.put_role(space, id, Some(role).filter(|role| *role != Role::Advocate)).await?;
            self.note(space, "member.role_changed", &id.to_string(), json!({"from": former, "to": role})).await?;
        }
        Ok(Member { advocate: id, name: record.name, email: record.email, role })
    }
}

const MISSING: Error = Error::NotFound { what: "advocate", field: None };

impl From<MemberRecord> for Member {
    fn from(record: MemberRecord) -> Self {
        let MemberRecord { advocate, name, email, role, .. } = record;
        Self { advocate, name, email, role }
    }
}
