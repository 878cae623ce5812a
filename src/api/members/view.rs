//! A member as the API shows it.

use serde::Serialize;

use crate::model::{AdvocateId, Role};
use crate::programme::Member;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MemberView {
    advocate_id: AdvocateId,
    name: Option<String>,
    email: Option<String>,
    /// `advocate`, `marketing`, `recruiter` or `admin`.
    role: Role,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        let Member { advocate, name, email, role } = member;
        Self { advocate_id: advocate, name, email, role }
    }
}
