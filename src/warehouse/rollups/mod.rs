//! Marks: what tells the roll-ups that something behind them changed; and the rows by which they are kept.
//!
//! Whoever stores clicks or facts adds a mark once ClickHouse was seen to hold them, and forgets them only then. So a
//! crash between the two marks again, and none is lost. A mark is a random number that is added to the sum of its
//! subject (`schema/clickhouse/0004_rollups.sql`): marks have no order, may come twice, and need no clock.
//!
//! What is computed of them, and when, is `kpi::rollup`'s.

mod marks;
mod rows;
mod statement;

pub use marks::{Mark, Subject};
pub use rows::{Changed, Day, Done, Number, Sum, Zone};
