//! Who asks for which link: the codes of a run, how popular each is, the visitors, and all of it
//! as the bytes of a request.

mod codes;
mod nonce;
mod request;
mod visitors;

pub(crate) use codes::{Code, read_codes};
pub(crate) use nonce::Nonces;
pub(crate) use request::{Mix, Requests};
