//! `relais demo`.

use std::io::IsTerminal;
use std::process::ExitCode;

use super::{output, runtime};
use crate::app::serve::{Addresses, everything};
use crate::app::{demo, programme};
use crate::config::Settings;
use crate::model::Role;
use crate::telemetry::log;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Demo {}

impl Demo {
    /// Fills the data directory when it is empty, serves it, and says what to open.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        log::init(std::io::stderr().is_terminal());
        runtime::block_on(async {
            let opened = programme::open(&settings, &runtime::folder(&settings)?).await?;
            let demo = demo::fill(&opened).await?;
            let token = opened.auth.create_token(demo.space, Role::Admin, None, None).await?;
            opened.store.close().await;
            let shown = settings.clone();
            everything(settings, move |addresses, _| tell(&demo, &shown, &addresses, token.token.expose())).await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

fn tell(demo: &demo::Demo, settings: &Settings, addresses: &Addresses, token: &str) {
    let (people, contents, links) = demo.counts;
    let (Some(redirect), Some(portal)) = (addresses.redirect, addresses.portal) else { return };
    let link = format!("http://{redirect}/{}", demo.shown.code);
    let folder = settings.data_dir.join("clickhouse");
    let password = folder.join("password");
    let lines = demo.sign_ins.iter().map(|way| {
        let role = if way.role == "advocate" { "employee" } else { way.role };
        format!("  As {role:<17} {}\n                      signs in {}, once, today\n", way.address, way.name)
    });
    let sign_ins: String = lines.collect();
    let ports = folder.join("ports");
    output::line(&format!(
        "
{} is served: {people} people, {contents} contents, {links} personal links.

  A personal link     {link}
                      {} would share “{}” on LinkedIn
  Where it leads      {link}+
  Its QR code         {link}/qr.svg

{sign_ins}
  The API             http://{}/api/v1/contents
                      curl -H 'Authorization: Bearer {token}' http://{}/api/v1/contents
  Metrics             http://{}/metrics

Open the personal link, then look at your click in ClickHouse:

  curl -s \"http://127.0.0.1:$(awk '/^http/ {{ print $2 }}' {})/\" -u \"relais:$(cat {})\" --data-binary \\
    'SELECT clicked_at, channel, class, class_reason, device, os, browser, network, country
     FROM relais.clicks FINAL ORDER BY clicked_at DESC LIMIT 5 FORMAT PrettyCompact'

Stop with Ctrl-C; the next start finds everything as it was.",
        demo.name,
        demo.shown.advocate,
        demo.shown.title,
        portal,
        portal,
        addresses.operations,
        ports.display(),
        password.display(),
    ));
    output::line("ready");
}
