//! Tokens, as their space's administrator makes and takes them back.
//!
//! The credential itself is `auth`'s: only its digest comes here. Whether its maker may give away
//! that much is `auth`'s question too.

use serde::Deserialize;
use serde_json::json;

use super::fields::{Check, Field, MAX_LIST};
use super::shapes::{FullLine, GivenAdvocateId, GivenRole, Instant};
use super::{Error, Page, Programme, TokenRecord, Work, ids, times};
use crate::model::{AdvocateId, ParseIdError, Role, Scope, SpaceId, TokenId};

/// A token as it is asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenFields {
    /// `advocate`, `marketing`, `recruiter` or `admin`; must be given.
    #[serde(default)]
    #[schema(value_type = GivenRole, required = true)]
    pub role: Field<String>,
    /// Whom it acts for: for the role `advocate`, and no other.
    #[serde(default)]
    #[schema(value_type = Option<GivenAdvocateId>)]
    pub advocate_id: Field<String>,
    /// What it is for; must be given.
    #[serde(default)]
    #[schema(value_type = FullLine, required = true)]
    pub name: Field<String>,
    /// What its role is narrowed to; left out: not at all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Scope>>)]
    pub scopes: Field<Vec<String>>,
    /// From then on it is refused; must be given, and not outlive the token that makes it.
    #[serde(default)]
    #[schema(value_type = Instant, required = true)]
    pub expires_at: Field<String>,
}

impl Programme {
    /// A token that nobody took back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn token(&self, space: SpaceId, id: TokenId) -> Result<TokenRecord, Error> {
        self.store.read().await?.token(space, id).await?.ok_or(MISSING)
    }

    /// Tokens that nobody took back, in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no token of the space.
    pub async fn tokens(&self, space: SpaceId, page: Page<TokenId>) -> Result<Vec<TokenRecord>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.token(space, after).await?.ok_or(Error::NotFound { what: "token", field: Some("after") })?;
        }
        Ok(reading.list_tokens(space, page).await?)
    }
}

impl Work {
    /// Adds the token whose text has the digest `hash`, for the holder of `maker`.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for the advocate; [`Error::Conflict`]
    /// `advocate_left`.
    pub async fn create_token(
        &mut self,
        space: SpaceId,
        fields: &TokenFields,
        hash: [u8; 32],
        maker: TokenId,
    ) -> Result<TokenRecord, Error> {
        let space = self.open_space(space).await?;
        let now_ms = self.writing.at_ms();
        let outlived_by = self.writing.token(space.id, maker).await?.and_then(|maker| maker.expires_at_ms);
        let mut check = Check::default();
        let role = check.required_word::<Role>("role", &fields.role);
        let mut advocate = None;
        check.optional("advocate_id", &fields.advocate_id, &mut advocate, |check, text| {
            let parsed: Result<AdvocateId, ParseIdError> = text.parse();
            parsed.map_err(|error| check.refuse("advocate_id", "invalid", error.to_string())).ok()
        });
        match (role, &fields.advocate_id) {
            (Some(Role::Advocate), Field::Absent | Field::Null) => {
                check.refuse("advocate_id", "required", "a token of the role advocate acts for one: name it");
            }
            (Some(Role::Marketing | Role::Recruiter | Role::Admin | Role::Operator), Field::Value(_)) => {
                check.refuse("advocate_id", "invalid", "only a token of the role advocate acts for one");
            }
            _ => {}
        }
        let mut name = String::new();
        check.required_text("name", &fields.name, &mut name);
        let scopes = scopes(&mut check, &fields.scopes);
        let mut expires_at_ms = None;
        check.optional_instant("expires_at", &fields.expires_at, &mut expires_at_ms);
        match (expires_at_ms, outlived_by) {
            (None, _) if matches!(fields.expires_at, Field::Absent | Field::Null) => {
                check.refuse("expires_at", "required", "expires_at must be given");
            }
            (Some(at), _) if at <= now_ms => {
                check.refuse("expires_at", "invalid", "expires_at must lie in the future");
            }
            (Some(at), Some(last)) if at > last => {
                let last = times::format_instant(last);
                check.refuse(
                    "expires_at",
                    "invalid",
                    format!("the token that makes this one expires before it, at {last}"),
                );
            }
            _ => {}
        }
        check.finish()?;
        let (Some(role), Some(expires_at_ms)) = (role, expires_at_ms) else {
            return Err(Error::field("expires_at", "required", "role and expires_at must be given"));
        };

        if let Some(advocate) = advocate {
            let missing = Error::NotFound { what: "advocate", field: Some("advocate_id") };
            let record = self.writing.advocate(space.id, advocate).await?.ok_or(missing)?;
            let today = times::date_in(&space.time_zone, now_ms).unwrap_or_default();
            if record.advocate.left_on.is_some_and(|left| left < today) {
                return Err(Error::Conflict {
                    code: "advocate_left",
                    field: Some("advocate_id"),
                    message: "this advocate has left the programme and gets no token".to_owned(),
                });
            }
        }
        let record = TokenRecord {
            id: TokenId::from_bits(ids::random_bits()),
            space: space.id,
            role,
            name,
            scopes,
            advocate,
            hash,
            created_at_ms: now_ms,
            expires_at_ms: Some(expires_at_ms),
            last_used_at_ms: None,
            revoked_at_ms: None,
        };
        self.writing.insert_token(&record).await?;
        let details = json!({"role": role, "advocate_id": advocate, "expires_at_ms": expires_at_ms});
        self.note(space.id, "token.created", &record.id.to_string(), details).await?;
        Ok(record)
    }

    /// Takes a token back at once.
    ///
    /// # Errors
    /// [`Error::NotFound`], also when it was taken back before.
    pub async fn revoke_token(&mut self, space: SpaceId, id: TokenId) -> Result<(), Error> {
        self.open_space(space).await?;
        if !self.writing.revoke_token(space, id).await? {
            return Err(MISSING);
        }
        self.note(space, "token.revoked", &id.to_string(), json!({})).await
    }
}

const MISSING: Error = Error::NotFound { what: "token", field: None };

fn scopes(check: &mut Check, given: &Field<Vec<String>>) -> Option<Vec<Scope>> {
    let mut scopes = Vec::new();
    check.list("scopes", given, &mut scopes, MAX_LIST, |check, name, word| {
        word.parse::<Scope>().map_err(|error| check.refuse(name, "invalid", error.to_string())).ok()
    });
    match given {
        Field::Absent | Field::Null => None,
        Field::Value(words) => {
            if words.is_empty() {
                check.refuse(
                    "scopes",
                    "required",
                    "a token without any scope may do nothing: leave scopes out, or name some",
                );
            }
            Some(scopes)
        }
    }
}
