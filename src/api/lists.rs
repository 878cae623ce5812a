//! Lists: `?limit=`, `?after=`, and the answer's form.

use std::str::FromStr;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::programme::{FieldProblem, Page};

/// Entries of a page, at most.
pub(super) const MAX_LIMIT: u32 = 200;
/// Entries of a page, when the caller does not say.
const LIMIT: u32 = 50;

/// A page of a list, in the order of creation. `next` is the `after` of the following page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Listed<T> {
    /// At most as many as `limit` says.
    items: Vec<T>,
    /// Null on the last page.
    next: Option<String>,
}

impl<T> Listed<T> {
    /// Takes one entry more than the page has (see [`page`]), which tells whether there is another
    /// page.
    pub(super) fn new<E>(mut entries: Vec<E>, limit: u32, id: impl Fn(&E) -> String, show: impl Fn(E) -> T) -> Self {
        let more = entries.len() > limit as usize;
        entries.truncate(limit as usize);
        let next = entries.last().filter(|_| more).map(id);
        Self { items: entries.into_iter().map(show).collect(), next }
    }
}

impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// Checks a page's parameters; the page asks for one entry more than the limit that it answers.
///
/// # Errors
/// 422 for a limit outside 1 to 200, or an `after` that is no id.
pub(super) fn page<Id>(limit: Option<u32>, after: Option<&str>) -> Result<(Page<Id>, u32), Problem>
where
    Id: FromStr<Err: std::fmt::Display>,
{
    let limit = limit.unwrap_or(LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid("limit", format!("limit is 1 to {MAX_LIMIT}")));
    }
    Ok((Page { after: parsed("after", after)?, limit: limit + 1 }, limit))
}

/// Reads a parameter.
///
/// # Errors
/// 422 that names it.
pub(super) fn parsed<T>(field: &str, given: Option<&str>) -> Result<Option<T>, Problem>
where
    T: FromStr<Err: std::fmt::Display>,
{
    given.map(|text| text.parse().map_err(|error: T::Err| invalid(field, error.to_string()))).transpose()
}

fn invalid(field: &str, message: String) -> Problem {
    Problem::fields(vec![FieldProblem { field: field.to_owned(), code: "invalid", message }])
}
