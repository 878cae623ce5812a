//! Drives the real program as its users do: commands, HTTP, signals, and files in a folder.

pub mod engine;
pub mod installation;
pub mod load;
pub mod process;
pub mod proxy;

pub use engine::Engine;
pub use installation::Installation;
pub use load::Load;
pub use process::{eventually, relais};
