//! A form with a file.

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::Response;

use super::super::PortalState;
use super::{Failure, FormData, Person};

/// A form with one file, of a signed-in person; it proves as every form does that a page of this site made it. The
/// proof comes before the file, as pages have it, so that nobody's megabytes are read for nothing.
pub(in crate::portal) struct SentFile {
    /// Who sent it.
    pub(in crate::portal) person: Person,
    /// What was sent beside the file, without the proof.
    pub(in crate::portal) form: FormData,
    /// The file; empty when none was chosen.
    pub(in crate::portal) file: Vec<u8>,
    /// What it was called where it came from.
    pub(in crate::portal) file_name: String,
}

/// The file and every other field are no longer than the route's limit of bodies allows.
impl FromRequest<PortalState> for SentFile {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, state).await?;
        let malformed = || Response::from(Failure::Malformed);
        let request = Request::from_parts(parts, body);
        let mut fields = Multipart::from_request(request, state).await.map_err(|_| malformed())?;
        let mut sent = Self { person, form: FormData::default(), file: Vec::new(), file_name: String::new() };
        let mut is_proven = false;
        while let Some(field) = fields.next_field().await.map_err(|_| malformed())? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "csrf" {
                is_proven = sent.person.visitor.is_csrf(&text(field).await?);
            } else if !is_proven {
                return Err(Failure::Unproven.into());
            } else if let Some(file_name) = field.file_name() {
                sent.file_name = file_name.to_owned();
                sent.file = field.bytes().await.map_err(|_| malformed())?.to_vec();
            } else {
                sent.form = std::mem::take(&mut sent.form).with(&name, text(field).await?);
            }
        }
        if is_proven { Ok(sent) } else { Err(Failure::Unproven.into()) }
    }
}

async fn text(field: Field<'_>) -> Result<String, Response> {
    field.text().await.map_err(|_| Failure::Malformed.into())
}
