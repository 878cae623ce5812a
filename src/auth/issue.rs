//! Issuing and revoking tokens.

use rand::Rng as _;
use serde_json::json;

use super::{Auth, CreateTokenError, OPERATOR, Token};
use crate::model::{AdvocateId, Role, SpaceId, TokenId};
use crate::store::{StoreError, TokenRecord};

/// The name of a token that was not made over the API.
const BY_AN_OPERATOR: &str = "relais token create";

/// A token that was just issued.
#[derive(Debug)]
pub struct NewToken {
    /// Its id, for revoking it.
    pub id: TokenId,
    /// The credential itself. Show it once: nobody can read it again.
    pub token: Token,
}

impl Auth {
    /// Issues a token at the installation's command line: see [`Self::create_token_by`].
    ///
    /// # Errors
    /// The same.
    pub async fn create_token(
        &self,
        space: SpaceId,
        role: Role,
        advocate: Option<AdvocateId>,
        expires_at_ms: Option<i64>,
    ) -> Result<NewToken, CreateTokenError> {
        self.create_token_by(OPERATOR, space, role, advocate, expires_at_ms).await
    }

    /// Issues a token for a role in a space, `advocate` for the role `advocate` and no other, and
    /// says in the audit log that `actor` did.
    ///
    /// # Errors
    /// Says which of them does not fit.
    pub async fn create_token_by(
        &self,
        actor: &str,
        space: SpaceId,
        role: Role,
        advocate: Option<AdvocateId>,
        expires_at_ms: Option<i64>,
    ) -> Result<NewToken, CreateTokenError> {
        match (role, advocate) {
            (Role::Advocate, None) => return Err(CreateTokenError::AdvocateNeeded),
            (Role::Advocate, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(CreateTokenError::AdvocateGiven),
        }
        let mut writing = self.store.write().await?;
        if expires_at_ms.is_some_and(|expiry| expiry <= writing.at_ms()) {
            return Err(CreateTokenError::Expiry);
        }
        if writing.space(space).await?.is_none() {
            return Err(CreateTokenError::Space);
        }
        if let Some(advocate) = advocate
            && writing.advocate(space, advocate).await?.is_none()
        {
            return Err(CreateTokenError::Advocate);
        }
        let token = Token::draw();
        let id = TokenId::from_bits(rand::rng().random_range(1..=i64::MAX.cast_unsigned()));
        let hash = token.hash();
        let record = TokenRecord {
            id,
            space,
            role,
            name: BY_AN_OPERATOR.to_owned(),
            scopes: None,
            advocate,
            hash,
            created_at_ms: writing.at_ms(),
            expires_at_ms,
            last_used_at_ms: None,
            revoked_at_ms: None,
        };
        writing.insert_token(&record).await?;
        let details = json!({"role": role, "advocate_id": advocate, "expires_at_ms": expires_at_ms});
        writing.append_audit(space, actor, "token.created", &id.to_string(), details).await?;
        writing.commit().await?;
        Ok(NewToken { id, token })
    }

    /// Takes a token back at the installation's command line: see [`Self::revoke_token_by`].
    ///
    /// # Errors
    /// The same.
    pub async fn revoke_token(&self, space: SpaceId, id: TokenId) -> Result<bool, StoreError> {
        self.revoke_token_by(OPERATOR, space, id).await
    }

    /// Takes a token back at once, and says in the audit log that `actor` did; false when the space
    /// has none of this id, or it was taken back before.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn revoke_token_by(&self, actor: &str, space: SpaceId, id: TokenId) -> Result<bool, StoreError> {
        let mut writing = self.store.write().await?;
        let revoked = writing.revoke_token(space, id).await?;
        if revoked {
            writing.append_audit(space, actor, "token.revoked", &id.to_string(), json!({})).await?;
        }
        writing.commit().await?;
        Ok(revoked)
    }
}
