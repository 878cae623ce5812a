//! A token as the API shows it: never the credential, but once.

use serde::Serialize;

use crate::model::{AdvocateId, Role, Scope, TokenId};
use crate::programme::TokenRecord;
use crate::programme::times::format_instant;

/// What is known of a token.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TokenView {
    id: TokenId,
    name: String,
    role: Role,
    /// Whom it acts for, for the role `advocate`.
    advocate_id: Option<AdvocateId>,
    /// What its role is narrowed to; null: not at all.
    scopes: Option<Vec<Scope>>,
    created_at: String,
    /// Null for one that an operator made without an end.
    expires_at: Option<String>,
    /// To the hour; null while it was never used.
    last_used_at: Option<String>,
}

/// A token that was just made, with the credential itself.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct NewTokenView<'t> {
    #[serde(flatten)]
    pub(super) record: &'t TokenView,
    /// Keep it: it is shown this once. Null when the request is repeated under its Idempotency-Key.
    pub(super) token: Option<&'t str>,
}

impl From<TokenRecord> for TokenView {
    fn from(record: TokenRecord) -> Self {
        Self {
            id: record.id,
            name: record.name,
            role: record.role,
            advocate_id: record.advocate,
            scopes: record.scopes,
            created_at: format_instant(record.created_at_ms),
            expires_at: record.expires_at_ms.map(format_instant),
            last_used_at: record.last_used_at_ms.map(format_instant),
        }
    }
}
