//! Forms: what was sent, and what is wrong with it.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::Response;
use http::{HeaderMap, header};

use super::super::PortalState;
use super::{Failure, Person};
use crate::auth::session::CSRF_HEADER;
use crate::programme::{Error, Field, FieldProblem};
use crate::texts::Texts;

/// The fields of a form, in the order in which they were sent; a name may come several times.
#[derive(Debug, Clone, Default)]
pub(in crate::portal) struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads `application/x-www-form-urlencoded`, as a body or a query.
    pub(in crate::portal) fn read(bytes: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The same with a value of ours, to begin a form with.
    #[must_use]
    pub(in crate::portal) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// The same with one value of this name in the place of all.
    #[must_use]
    pub(in crate::portal) fn replaced(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.retain(|(key, _)| key != name);
        self.with(name, value)
    }

    /// The first value of this name; empty when there is none.
    pub(in crate::portal) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All values of this name.
    pub(in crate::portal) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether this name was sent with this value, as of a ticked box.
    pub(in crate::portal) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).contains(&value)
    }

    /// The first value as the programme takes it: absent when the form has no such field.
    pub(in crate::portal) fn field(&self, name: &str) -> Field<String> {
        Field::given(self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()))
    }

    /// The first value as a word of a list, an id, a number; none for anything else.
    pub(in crate::portal) fn parsed<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).trim().parse().ok()
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(at).1)
    }
}

/// A form as its page shows it: with what was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(in crate::portal) struct FormState {
    data: FormData,
    problems: BTreeMap<String, String>,
}

impl FormState {
    /// A form that begins with these values.
    pub(in crate::portal) fn new(data: FormData) -> Self {
        Self { data, problems: BTreeMap::new() }
    }

    /// The form again, with the programme's reasons for refusing it.
    ///
    /// # Errors
    /// The failure, when it is none of the fields' fault.
    pub(in crate::portal) fn refused(data: FormData, error: Error, texts: &Texts) -> Result<Self, Failure> {
        let mut form = Self::new(data);
        match error {
            Error::Invalid(problems) => {
                for problem in problems {
                    form.refuse(&problem.field.clone(), reason(texts, problem));
                }
            }
            Error::Conflict { field: Some(field), code, message } => {
                form.refuse(field, reason(texts, FieldProblem { field: field.to_owned(), code, message }));
            }
            Error::NotFound { what, field: Some(field) } => {
                let message = format!("there is no such {what}");
                form.refuse(field, reason(texts, FieldProblem { field: field.to_owned(), code: "not_found", message }));
            }
            other => return Err(other.into()),
        }
        Ok(form)
    }

    /// Notes what is wrong with a field, in the reader's language.
    pub(in crate::portal) fn refuse(&mut self, field: &str, problem: String) {
        // `captions[2].text` is shown at the field `captions`.
        let field = field.split(['[', '.']).next().unwrap_or(field);
        self.problems.entry(field.to_owned()).or_insert(problem);
    }

    /// Whether anything is wrong.
    pub(in crate::portal) fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }

    /// What was typed.
    pub(in crate::portal) fn value(&self, name: &str) -> &str {
        self.data.text(name)
    }

    /// Whether a box is ticked, or an entry chosen.
    pub(in crate::portal) fn has(&self, name: &str, value: &str) -> bool {
        self.data.has(name, value)
    }

    /// What is wrong with a field.
    pub(in crate::portal) fn problem(&self, name: &str) -> Option<&str> {
        self.problems.get(name).map(String::as_str)
    }

    /// Everything that is wrong: fields and problems.
    pub(in crate::portal) fn problems(&self) -> impl Iterator<Item = (&str, &str)> {
        self.problems.iter().map(|(field, problem)| (field.as_str(), problem.as_str()))
    }
}

/// The sentence for a problem: the field's own if there is one, else that of its kind. Where the messages lack both, which
/// tests exclude, a page has nothing but the English that programs are told.
pub(in crate::portal) fn reason(texts: &Texts, problem: FieldProblem) -> String {
    let FieldProblem { field, code, message } = problem;
    let kind = code.replace('_', "-");
    let of = field.split(['[', '.']).next().unwrap_or(&field).replace('_', "-");
    let said = texts.word_if_known("problem", &format!("{of}-{kind}"));
    match said.or_else(|| texts.word_if_known("problem", &kind)) {
        Some(said) => said,
        None if cfg!(test) => panic!("no words for what is wrong with {field}: {code}"),
        None => message,
    }
}

/// A form of a signed-in person that proves, by the session's token in its field `csrf` or in the
/// header that scripts send, that a page of this site made it. The origin was checked before
/// (`guard`).
pub(in crate::portal) struct Sent {
    /// Who sent it.
    pub(in crate::portal) person: Person,
    /// What was sent, without the proof.
    pub(in crate::portal) form: FormData,
    /// Whether a script asks, which wants JSON and no page.
    pub(in crate::portal) wants_json: bool,
}

impl FromRequest<PortalState> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, state).await?;
        let headers = parts.headers.clone();
        let bytes = Bytes::from_request(Request::from_parts(parts, body), state).await;
        let bytes = bytes.map_err(|_| Response::from(Failure::Malformed))?;
        let mut form = FormData::read(&bytes);
        let in_header = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let proof = form.take("csrf").or(in_header);
        if !proof.is_some_and(|proof| person.visitor.is_csrf(&proof)) {
            return Err(Failure::Unproven.into());
        }
        Ok(Self { person, form, wants_json: wants_json(&headers) })
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_says_in_the_readers_language_what_is_wrong() {
        let problem = |field: &str, code| FieldProblem { field: field.into(), code, message: "in English".into() };
        let data = FormData::read(b"title=&url=nonsense&kind=a&kind=b");
        let error = Error::Invalid(vec![problem("title", "required"), problem("captions[2].text", "too_long")]);
        let form = FormState::refused(data, error, TEXTS.of(Language::French)).expect("the fields' fault");
        assert_eq!((form.value("url"), form.has("kind", "b")), ("nonsense", true));
        assert_eq!(form.problem("title"), Some("À remplir."));
        assert_eq!(form.problem("captions"), Some("C’est trop long."));
        let gone = Error::NotFound { what: "content", field: None };
        let failure = FormState::refused(FormData::default(), gone, TEXTS.of(Language::English));
        assert!(matches!(failure, Err(Failure::Missing)));
    }
}
