//! What Relais says to people, in the languages that it speaks.
//!
//! A room that talks keeps its messages in `messages/{en,fr}/*.ftl` (Fluent), names the files in one
//! [`Catalogue`], and asks it for the [`Texts`] of a language. Everything is compiled in. Numbers in
//! messages, dates and figures are written as the language writes them ([`format`]).
//!
//! Deliberately absent: which language somebody reads (`model::language`), and what is said.

mod catalogue;
pub mod format;

#[cfg(test)]
pub(crate) mod testing;

pub use catalogue::{Argument, Catalogue, Source, Texts};
