//! What this room promises, on a real engine.

mod delivery;
mod encoding;
mod engine;
mod volume;
