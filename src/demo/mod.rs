//! Half a year of three made-up programmes, for somebody who looks at Relais for the first time.
//!
//! A bank that invited everybody at once, a software firm that trains people wave by wave, a retailer whose shops,
//! franchisees and customers share offers: [`story`] holds what is told of them, as tables; [`draw`] makes people,
//! contents, shares and clicks of a table, the same ones for the same instant; [`fill`](mod@fill) brings them in as an
//! exchange bundle and through the programme's own operations, so that no rule is passed by. Brands, people and texts
//! are invented, addresses end in `.example`, and nothing is fetched.
//!
//! The figures are meant to lie where the study of `kpis.md` found real programmes, each space in another corner of
//! it. The tests of this room say in which.

pub mod draw;
pub mod fill;
pub mod story;

mod bundle;
mod charter;
mod feeds;
mod pictures;

#[cfg(test)]
mod tests;

pub use draw::{Plan, last_thirty_days};
pub use fill::{Error, Filled, Installation, fill};
pub use story::{Common, Story, common, stories};
