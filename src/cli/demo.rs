//! `relais demo`.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::process::ExitCode;

use super::progress::{Unit, shown};
use super::{output, place, runtime};
use crate::app::serve::{Addresses, everything};
use crate::app::{Folder, demo, programme, rollups};
use crate::config::Settings;
use crate::exchange::Place;
use crate::kpi::rollup::Scope;
use crate::model::{Role, SpaceId};
use crate::telemetry::log;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Demo {
    /// Part of the people and contents, for a quick look on a slow machine: 0.02 to 1
    #[arg(long, value_name = "PART", default_value = "1", value_parser = part)]
    scale: f64,
}

fn part(text: &str) -> Result<f64, String> {
    let part = text.parse().ok().filter(|part| (0.02..=1.0).contains(part));
    part.ok_or_else(|| "expected a number from 0.02 to 1".to_owned())
}

impl Demo {
    /// Fills the data directory when it is empty, serves it, and says what to open.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        log::init(std::io::stderr().is_terminal());
        runtime::block_on(async {
            let folder = runtime::folder(&settings)?;
            let opened = programme::open(&settings, &folder).await?;
            let mark = demo::begin(&folder, &opened, self.scale).await?;
            if !mark.filled {
                fill(&settings, &folder, &mark).await?;
            }
            let demo = demo::show(&opened, &mark).await?;
            let token = opened.auth.create_token(demo.space, Role::Admin, None, None).await?;
            opened.store.close().await;
            let settings_shown = settings.clone();
            everything(settings, move |addresses, _| tell(&demo, &settings_shown, &addresses, token.token.expose()))
                .await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// Three spaces, one after the other, each with a bar or lines that say how far it is.
async fn fill(settings: &Settings, folder: &Folder, mark: &demo::Mark) -> anyhow::Result<()> {
    output::line("Making up half a year of three programmes; this is done once and takes less than a minute.");
    let opened = place::open(settings, SpaceId::NONE).await?;
    let scratch = demo::scratch(folder);
    for story in demo::stories() {
        let progress = demo::Progress::default();
        let work = demo::fill(&opened.place, &opened.programme, mark, &story, &scratch, &progress);
        let filled = shown(&story.name, Unit::Bytes, &progress, work).await?;
        output::line(&format!(
            "  {:<17} {:>5} people, {:>4} contents, {:>5} personal links, {:>6} clicks",
            story.name, filled.people, filled.contents, filled.links, filled.clicks,
        ));
    }
    let progress = demo::Progress::default();
    let Place { store, warehouse, .. } = &opened.place;
    let everywhere = Scope::default();
    let work = rollups::catch_up(store, warehouse, &everywhere, &progress);
    shown("roll-ups", Unit::Days, &progress, work).await?;
    opened.close().await;
    demo::finish(folder, mark)
}

fn tell(demo: &demo::Demo, settings: &Settings, addresses: &Addresses, token: &str) {
    let (Some(redirect), Some(portal)) = (addresses.redirect, addresses.portal) else { return };
    let link = format!("http://{redirect}/{}", demo.shown.code);
    let folder = settings.data_dir.join("clickhouse");
    let password = folder.join("password");
    let ports = folder.join("ports");
    let brands: Vec<&str> = demo.brands.iter().map(|(name, _)| name.as_str()).collect();
    let slugs: Vec<&str> = demo.brands.iter().map(|(_, slug)| slug.as_str()).collect();
    let [first, last] = &demo.month;
    let mut sign_ins = String::new();
    for way in &demo.sign_ins {
        let role = if way.role == Role::Advocate { "employee" } else { way.role.as_str() };
        let _string_takes_it = writeln!(
            sign_ins,
            "  As {role:<16} {}\n                      signs in {} of {}, once, today",
            way.address, way.name, way.space,
        );
    }
    output::line(&format!(
        "
{} are served.

  A personal link     {link}
                      {} shared “{}” on LinkedIn
  Where it leads      {link}+
  Its QR code         {link}/qr.svg

{sign_ins}
  The API             http://{}/api/v1/contents
                      curl -H 'Authorization: Bearer {token}' http://{}/api/v1/contents
  Metrics             http://{}/metrics
  For Grafana         ClickHouse on 127.0.0.1, HTTP port in {}, database relais,
                      user relais_reader, password in {}

The figures of a space in thirty days, here or in the API:

  relais kpi --space {} --from {first} --to {last}

Open the personal link, then look at your click in ClickHouse:

  curl -s \"http://127.0.0.1:$(awk '/^http/ {{ print $2 }}' {})/\" -u \"relais:$(cat {})\" --data-binary \\
    'SELECT clicked_at, channel, class, class_reason, device, os, browser, network, country
     FROM relais.clicks FINAL ORDER BY clicked_at DESC LIMIT 5 FORMAT PrettyCompact'

Stop with Ctrl-C; the next start finds everything as it was.",
        brands.join(", "),
        demo.shown.advocate,
        demo.shown.title,
        portal,
        portal,
        addresses.operations,
        ports.display(),
        folder.join("reader-password").display(),
        slugs.join(" | "),
        ports.display(),
        password.display(),
    ));
    output::line("ready");
}
