//! The command line: one file a command.
//!
//! A command exits with 0 when it did what it was asked, 1 when it could not, 2 when it was asked
//! wrongly; an error is one line that says what to do next. Every command works beside a running
//! server on the same data directory (through the same stores) and without one.

mod audit;
mod beside;
mod clickhouse;
mod config;
mod demo;
mod erase;
mod export;
mod import;
mod kpi;
mod migrate;
mod output;
mod place;
mod progress;
mod reclassify;
mod rollup;
mod runtime;
mod serve;
mod sign_in_link;
mod space;
mod spool;
mod token;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::auth::CreateTokenError;
use crate::config::Loaded;
use crate::programme;
use serve::Serve;

/// Personal short links for employee advocacy: exact clicks, honest figures.
#[derive(Parser)]
#[command(name = "relais", version, about, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Example: relais demo")]
struct Cli {
    /// Settings in TOML; every key also as RELAIS_SECTION__KEY in the environment
    #[arg(long, global = true, value_name = "FILE", env = "RELAIS_CONFIG")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything in one process: redirects, API, delivery, and ClickHouse when none is configured
    #[command(after_help = "Example: relais serve --config relais.toml")]
    Serve,
    /// A redirect node alone: answers, keeps and ships clicks, and follows the control node
    #[command(
        after_help = "Example: RELAIS_CLUSTER__CONTROL_URL=https://control.example relais redirect --config node.toml"
    )]
    Redirect,
    /// The control node alone: API, portal, and the change feed of redirect nodes
    #[command(
        after_help = "Example: RELAIS_STORE__URL=postgres://relais@db/relais relais control --config relais.toml"
    )]
    Control,
    /// Fill an empty data directory with half a year of three made-up programmes, and serve it
    #[command(after_help = "Example: RELAIS_DATA_DIR=/tmp/demo relais demo")]
    Demo(demo::Demo),
    /// Bring the metadata store and ClickHouse to this version
    #[command(after_help = "Example: relais migrate --config relais.toml")]
    Migrate,
    /// Take an exchange bundle (a folder of CSV files), or a list of people, into a space
    #[command(after_help = "Example: relais import bundle --space acme --dry-run\n         \
                            relais import people.csv --map people.toml --space acme")]
    Import(import::Import),
    /// Write a space, or every space, as exchange bundles; this is the backup, too
    #[command(after_help = "Example: relais export bundle --space acme")]
    Export(export::Export),
    /// Compute the roll-ups that figures are read from once more, from the stored clicks
    #[command(after_help = "Example: relais rollup --space acme --from 2026-01-01 --to 2026-03-31")]
    Rollup(rollup::Rollup),
    /// Print the KPIs of a period, whole or split
    #[command(after_help = "Example: relais kpi --space acme --from 2026-03-01 --to 2026-03-31 --by team")]
    Kpi(kpi::Kpi),
    /// Compare what was answered with what ClickHouse holds; exit 1 on any difference
    #[command(after_help = "Example: relais audit --format json")]
    Audit(audit::Audit),
    /// Look at what this node's spool holds, and ship it again
    #[command(after_help = "Example: relais spool inspect")]
    Spool(spool::Spool),
    /// Set up spaces (a brand's programme each)
    #[command(after_help = "Example: relais space create acme --name Acme --host go.acme.example")]
    Space(space::Space),
    /// Issue API tokens
    #[command(after_help = "Example: relais token create --space acme --role admin")]
    Token(token::Token),
    /// Print an address that signs one person in, once, in any browser
    #[command(after_help = "Example: relais sign-in-link --space acme --advocate adv_0c3z9k2m4p6q8")]
    SignInLink(sign_in_link::SignInLink),
    /// Forget a person, everywhere, and print a receipt; there is no way back
    #[command(after_help = "Example: relais erase --advocate adv_0c3z9k2m4p6q8 --request 'letter of 3 May'")]
    Erase(erase::Erase),
    /// Judge stored clicks by this program's rules, after showing what that changes
    #[command(after_help = "Example: relais reclassify --classifier-version 1 --dry-run")]
    Reclassify(reclassify::Reclassify),
    /// Print the effective configuration, secrets masked, each value with its source
    #[command(after_help = "Example: RELAIS_REDIRECT__WORKERS=2 relais config")]
    Config,
    /// Run the embedded ClickHouse in the foreground, for any client on loopback
    #[command(after_help = "Example: relais clickhouse")]
    Clickhouse,
    /// The engine itself: what `serve` and `clickhouse` start as their child
    #[command(hide = true)]
    Engine(clickhouse::Engine),
}

/// Parses the arguments of the process, runs the command and returns its exit code.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    if let Command::Engine(engine) = cli.command {
        return engine.run();
    }
    let loaded = match crate::config::load(cli.config.as_deref(), std::env::vars()) {
        Ok(loaded) => loaded,
        Err(error) => {
            output::error(&error.into());
            return ExitCode::from(2);
        }
    };
    match dispatch(cli.command, loaded) {
        Ok(code) => code,
        Err(error) => {
            output::error(&error);
            ExitCode::from(if is_misuse(&error) { 2 } else { 1 })
        }
    }
}

/// Whether the arguments themselves were refused, by whoever knows their rules.
fn is_misuse(error: &anyhow::Error) -> bool {
    let of_programme = matches!(error.downcast_ref(), Some(programme::Error::Invalid(_)));
    let of_token = matches!(error.downcast_ref(), Some(CreateTokenError::AdvocateGiven));
    of_programme || of_token
}

/// Help and version as they are; a mistake in one line, like every other error.
fn misused(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if !error.use_stderr() || error.kind() == DisplayHelpOnMissingArgumentOrSubcommand {
        // A reader that went away is no error.
        let _reader_gone = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    let text = error.to_string();
    let said = text.lines().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let said = said.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    output::error(&anyhow::anyhow!("{said}; `--help` shows how it is meant, with an example"));
    ExitCode::from(2)
}

fn dispatch(command: Command, loaded: Loaded) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => Serve::Everything.run(loaded.settings),
        Command::Redirect => Serve::RedirectNode.run(loaded.settings),
        Command::Control => Serve::ControlNode.run(loaded.settings),
        Command::Demo(demo) => demo.run(loaded.settings),
        Command::Migrate => migrate::run(loaded.settings),
        Command::Import(import) => import.run(loaded.settings),
        Command::Export(export) => export.run(loaded.settings),
        Command::Rollup(rollup) => rollup.run(loaded.settings),
        Command::Kpi(kpi) => kpi.run(loaded.settings),
        Command::Audit(audit) => audit.run(loaded.settings),
        Command::Spool(spool) => spool.run(loaded.settings),
        Command::Space(space) => space.run(loaded.settings),
        Command::Token(token) => token.run(loaded.settings),
        Command::SignInLink(link) => link.run(loaded.settings),
        Command::Erase(erase) => erase.run(loaded.settings),
        Command::Reclassify(reclassify) => reclassify.run(loaded.settings),
        Command::Config => config::run(&loaded),
        Command::Clickhouse => clickhouse::run(loaded.settings),
        Command::Engine(engine) => Ok(engine.run()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(example.starts_with("Example: "), "{} has no example", command.get_name());
        }
    }
}
