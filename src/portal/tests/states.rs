//! What pages say when there is nothing, when something is missing or failed, and while something takes long.

use super::kpis::{bundle, kpi};
use super::marketing::post;
use super::said::Said;
use super::*;
use crate::kpi::oracle::bundle::Bundle;
use crate::kpi::oracle::scene::Scene;
use crate::kpi::{Dimension, Kpis};
use crate::model::programme::PrivacyMode;
use crate::programme::TeamFields;
use crate::programme::tests::text;
use crate::programme::webhooks::WebhookFields;

const WEEK: &str = "from=2026-03-02&to=2026-03-08";

fn is_of_nothing(message: &str) -> bool {
    let is_told = |end: &str| ["", "-next", "-title"].iter().any(|part| message.ends_with(&format!("{end}{part}")));
    is_told("-empty") || is_told("-none-found") || is_told("-alone")
}

#[tokio::test]
async fn every_page_that_can_be_empty_says_so_and_what_comes_next() {
    let mut said = Said::default();
    let mut portal = Portal::new().await;
    let mut scene = Scene::on(portal.fixture.store.clone()).await;
    scene
        .put(
            portal.fixture.space.id,
            &Bundle { clicks: Vec::new(), applications: Vec::new(), ..bundle() },
            PrivacyMode::Standard,
        )
        .await;
    scene.roll_up().await;
    portal.show_figures_of(scene.kpis.clone());
    set_up(&portal, &mut said).await;
    publishing(&portal, &mut said).await;
    sharing(&portal, &mut said).await;
    said.assert_whole(is_of_nothing);
}

/// What an administrator finds who has just come.
async fn set_up(portal: &Portal, said: &mut Said) {
    let space = portal.fixture.space.id;
    let none = || Field::Value(Vec::new());
    let bare = SpaceFields { hosts: none(), email_domains: none(), ..SpaceFields::default() };
    let mut admin = portal.signed_in(Role::Admin).await;
    let mut work = portal.fixture.programme.work().await.expect("work");
    work.update_space(space, &bare).await.expect("a change");
    work.commit().await.expect("a commit");
    // The log is empty once its oldest line is older than what is kept.
    let mut writing = portal.fixture.store.write().await.expect("a transaction");
    writing.prune_audit(NOW_MS + 1).await.expect("pruned");
    writing.commit().await.expect("a commit");
    for (path, messages) in [
        ("/admin/audit", vec!["audit-empty", "audit-empty-next"]),
        ("/admin/hosts", vec!["hosts-empty"]),
        ("/admin/domains", vec!["domains-empty"]),
        ("/admin/charter", vec!["charter-admin-empty"]),
        ("/admin/people", vec!["people-alone", "people-alone-next"]),
        ("/admin/people?text=nobody", vec!["people-none-found", "people-none-found-next"]),
        ("/admin/teams", vec!["teams-empty", "teams-empty-next"]),
        ("/team", vec!["teams-empty", "team-empty-next"]),
        ("/admin/tokens", vec!["tokens-empty", "tokens-empty-next"]),
        ("/admin/webhooks", vec!["webhooks-empty", "webhooks-empty-next"]),
        ("/admin/data", vec!["data-no-exports", "data-no-imports"]),
    ] {
        said.on(&mut admin, path, &messages).await;
    }
    let webhook = WebhookFields {
        url: text("https://example.com/hook"),
        events: Field::Value(vec!["share.created".to_owned()]),
        ..WebhookFields::default()
    };
    let mut work = portal.fixture.programme.work().await.expect("work");
    let webhook = work.create_webhook(space, &webhook).await.expect("a webhook").id;
    work.commit().await.expect("a commit");
    said.on(&mut admin, &format!("/admin/webhooks/{webhook}"), &["deliveries-empty"]).await;
}

/// What marketing and recruiters find before the first content.
async fn publishing(portal: &Portal, said: &mut Said) {
    let mut admin = portal.browser();
    portal.pass_ms(180_000);
    portal.sign_in(&mut admin, "admin@acme.test").await.location();
    for (path, messages) in [
        ("/marketing/contents", vec!["contents-empty", "contents-empty-next"]),
        ("/marketing/contents?text=nothing", vec!["contents-none-found", "contents-none-found-next"]),
        ("/marketing/campaigns", vec!["campaigns-empty", "campaigns-empty-next"]),
        ("/marketing/feeds", vec!["feeds-empty", "feeds-empty-next"]),
        ("/marketing/feeds/sources", vec!["feeds-empty", "feeds-empty-next"]),
        ("/marketing/objectives", vec!["objectives-empty"]),
        ("/recruiting/jobs", vec!["jobs-empty", "jobs-empty-next"]),
        ("/recruiting/jobs?text=nothing", vec!["jobs-none-found", "jobs-none-found-next"]),
        ("/recruiting/referrals", vec!["board-empty", "board-empty-next"]),
        ("/recruiting/referrals?text=nothing", vec!["board-none-found", "board-none-found-next"]),
        ("/reports", vec!["reports-empty", "reports-empty-title"]),
        (&format!("/kpis?{WEEK}"), vec!["kpis-clicks-empty", "kpis-jobs-empty"]),
        (&format!("/kpis/clicks?{WEEK}&by=channel"), vec!["kpis-parts-empty"]),
    ] {
        said.on(&mut admin, path, &messages).await;
    }
    let campaign = post(&mut admin, "/marketing/campaigns/new", &[("name", "Spring")]).await.location().to_owned();
    let nothing = ["campaign-no-dates", "campaign-objective-none", "campaign-objective-set", "campaign-no-contents"];
    said.on(&mut admin, &campaign, &nothing).await;
    let feed = [("url", "https://news.acme.test/feed"), ("publish", "review"), ("interval_minutes", "60")];
    post(&mut admin, "/marketing/feeds/new", &feed).await.location();
    said.on(&mut admin, "/marketing/feeds", &["review-empty", "review-empty-next"]).await;
    said.on(&mut admin, "/marketing/feeds?state=rejected", &["review-none-found", "review-all"]).await;
}

/// What somebody finds who was invited before anything was published.
async fn sharing(portal: &Portal, said: &mut Said) {
    portal.pass_ms(180_000);
    let mut browser = portal.signed_in(Role::Advocate).await;
    for (path, messages) in [
        ("/", ["feed-empty", "feed-empty-title"]),
        ("/referrals", ["referrals-empty", "referrals-empty-title"]),
        ("/figures", ["figures-empty", "figures-empty-title"]),
    ] {
        said.on(&mut browser, path, &messages).await;
    }
}

#[tokio::test]
async fn every_page_that_needs_clickhouse_says_when_it_is_not_there() {
    let mut said = Said::default();
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let team = TeamFields { name: text("North"), ..TeamFields::default() };
    let mut work = portal.fixture.programme.work().await.expect("work");
    work.create_team(portal.fixture.space.id, &team).await.expect("a team");
    work.commit().await.expect("a commit");
    portal.job("Welder").await;
    let campaign = [("name", "Spring"), ("starts_on", "2026-01-01"), ("kpi", "clicks"), ("target", "9")];
    let campaign = post(&mut admin, "/marketing/campaigns/new", &campaign).await.location().to_owned();
    post(&mut admin, "/marketing/objectives/set", &[("quarter", "2026-Q1"), ("clicks", "9")]).await.location();
    for (path, messages) in [
        ("/kpis", vec!["kpis-away", "kpis-away-title", "kpis-reload"]),
        ("/kpis/clicks", vec!["kpis-away", "kpis-away-title", "kpis-reload"]),
        ("/kpis/live", vec!["kpis-away", "kpis-away-title", "kpis-reload"]),
        ("/team", vec!["team-away"]),
        ("/figures", vec!["figures-away"]),
        ("/recruiting/jobs", vec!["jobs-away"]),
        (&campaign, vec!["campaign-away"]),
        ("/marketing/objectives", vec!["campaign-away"]),
    ] {
        said.on(&mut admin, path, &messages).await;
    }
    said.assert_whole(|message| message.ends_with("-away"));
}

#[tokio::test]
async fn figures_that_take_too_long_that_no_file_holds_or_that_fail_say_what_to_do() {
    let mut said = Said::default();
    let mut portal = Portal::new().await;
    let mut scene = Scene::on(portal.fixture.store.clone()).await;
    scene.put(portal.fixture.space.id, &bundle(), PrivacyMode::Standard).await;
    scene.roll_up().await;
    portal.show_figures_of(scene.kpis.clone());
    let mut browser = portal.signed_in(Role::Marketing).await;
    let page = format!("/kpis/clicks?{WEEK}&by=channel");
    let file = |format| format!("/kpis/clicks/export?{WEEK}&by=channel&format={format}");
    assert!(kpi("clicks").possible().contains(&Dimension::Channel));

    // One row more than a sheet takes, its header counted.
    scene.replace("figure_clicks", "SELECT * FROM {view} ARRAY JOIN range(1048576) AS copy").await;
    for language in ["en", "fr"] {
        browser.language = language.to_owned();
        let refused = browser.get(&file("xlsx")).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        said.by(&refused, &["kpis-too-many", "kpis-too-many-title", "kpis-back"]);
    }

    // What ClickHouse answers when a query reaches its bound: TIMEOUT_EXCEEDED.
    let bound = "SELECT * FROM {view} WHERE NOT throwIf(1, 'it takes too long', 159::Int16) \
                 SETTINGS allow_custom_error_code_in_throwif = 1";
    scene.replace("figure_clicks", bound).await;
    said.on(&mut browser, &page, &["kpis-too-long", "kpis-too-long-title", "kpis-reload"]).await;
    for language in ["en", "fr"] {
        browser.language = language.to_owned();
        let refused = browser.get(&file("csv")).await;
        assert_eq!(refused.status, 504, "{refused:?}");
        said.by(&refused, &["kpis-too-long", "kpis-too-long-title", "kpis-back"]);
    }

    scene.warehouse.execute("DROP VIEW figure_clicks").await.expect("dropped");
    for language in ["en", "fr"] {
        browser.language = language.to_owned();
        for path in [&page, &file("csv")] {
            let failed = browser.get(path).await;
            assert_eq!(failed.status, 500, "{failed:?}");
            said.by(&failed, &["failed-title", "failed-text"]);
        }
    }
    said.assert_whole(|message| message.starts_with("kpis-too-") || message.starts_with("failed-"));
}

#[tokio::test]
async fn a_period_that_is_none_is_said_beside_the_usual_one() {
    let mut said = Said::default();
    let mut portal = Portal::new().await;
    let scene = Scene::on(portal.fixture.store.clone()).await;
    let figures: Kpis = scene.kpis.clone();
    portal.show_figures_of(figures);
    let mut browser = portal.signed_in(Role::Marketing).await;
    for (query, message) in [
        ("from=today&to=tomorrow", "kpis-problem-date"),
        ("from=2026-03-08&to=2026-03-02", "kpis-problem-backwards"),
        ("from=1990-01-01&to=2026-03-02", "kpis-problem-too-long"),
    ] {
        said.on(&mut browser, &format!("/kpis?{query}"), &[message]).await;
    }
    said.assert_whole(|message| message.starts_with("kpis-problem-"));
}
