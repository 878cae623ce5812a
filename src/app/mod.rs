//! The composition root: builds the rooms, hands them to each other, and ends them in order.
//!
//! [`serve`] holds the recipes: everything in one process, a redirect node, a control node. The rest
//! are the pieces that belong to no room because they stand between two: the store as a link table's
//! feed, the web as the programme asks for it, a ClickHouse that may be a child of this process, the
//! files of the day's keys, and the socket by which other commands speak to a running server.

mod folder;

pub mod serve;

mod control_plane;
mod data_plane;
mod ports;
mod redirects;
mod shipping;

pub mod clickhouse;
pub mod control;
pub mod programme;

pub mod demo;

mod errands;

mod day_keys;
mod erased;
mod facts;
mod feed;
mod feeds;
mod figures;
mod housekeeping;
mod keeping;
mod mail;
mod referrals;
pub mod rollups;
mod transfers;
mod web;
mod webhooks;

mod stop;

pub use folder::Folder;
pub use stop::on_signal as stop_on_signal;
