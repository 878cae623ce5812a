//! What pages say when there is nothing, when something is missing or failed, and while something takes long.

use super::kpis::{bundle, counted};
use super::said::Said;
use super::*;
use crate::kpi::oracle::bundle::Bundle;
use crate::model::programme::PrivacyMode;
use crate::programme::TeamFields;
use crate::programme::tests::text;

const WEEK: &str = "from=2026-03-02&to=2026-03-08";

fn is_of_nothing(message: &str) -> bool {
    let is_told = |end: &str| ["", "-next", "-title"].iter().any(|part| message.ends_with(&format!("{end}{part}")));
    is_told("-empty") || is_told("-none-found") || is_told("-alone")
}

#[tokio::test]
async fn every_page_that_can_be_empty_says_so_and_what_comes_next() {
    let mut said = Said::default();
    let nothing = Bundle { clicks: Vec::new(), applications: Vec::new(), ..bundle() };
    let (portal, _scene) = counted(&nothing, PrivacyMode::Standard).await;
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
    let webhook = portal.webhook(space, "share.created").await;
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
        ("/marketing/charter", vec!["charter-read-empty", "charter-read-empty-next"]),
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
    let campaign = admin.post_proven("/marketing/campaigns/new", &[("name", "Spring")]).await.location().to_owned();
    let nothing = ["campaign-no-dates", "campaign-objective-none", "campaign-objective-set", "campaign-no-contents"];
    said.on(&mut admin, &campaign, &nothing).await;
    let feed = [("url", "https://news.acme.test/feed"), ("publish", "review"), ("interval_minutes", "60")];
    admin.post_proven("/marketing/feeds/new", &feed).await.location();
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
    let campaign = admin.post_proven("/marketing/campaigns/new", &campaign).await.location().to_owned();
    admin.post_proven("/marketing/objectives/set", &[("quarter", "2026-Q1"), ("clicks", "9")]).await.location();
    for (path, messages) in [
        ("/kpis", vec!["kpis-away", "kpis-away-title", "kpis-reload"]),
        ("/kpis/clicks", vec!["kpis-away", "kpis-away-title", "kpis-reload"]),
        ("/kpis/live", vec!["kpis-away", "kpis-away-title", "kpis-reload"]),
        ("/team", vec!["team-away"]),
        ("/figures", vec!["figures-away"]),
        ("/recruiting/jobs", vec!["jobs-away"]),
        ("/recruiting/rule?days=7", vec!["rule-away"]),
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
    let (portal, scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let mut browser = portal.signed_in(Role::Marketing).await;
    let page = format!("/kpis/clicks?{WEEK}&by=channel");
    let file = |format| format!("/kpis/clicks/export?{WEEK}&by=channel&format={format}");

    // One row more than a sheet takes, its header counted.
    scene.replace("figure_clicks", "SELECT * FROM {view} ARRAY JOIN range(1048576) AS copy").await;
    let too_many = ["kpis-too-many", "kpis-too-many-title", "kpis-back"];
    said.of(&mut browser, &too_many, failing(&file("xlsx"), 422)).await;

    // What ClickHouse answers when a query reaches its bound: TIMEOUT_EXCEEDED.
    let bound = "SELECT * FROM {view} WHERE NOT throwIf(1, 'it takes too long', 159::Int16) \
                 SETTINGS allow_custom_error_code_in_throwif = 1";
    scene.replace("figure_clicks", bound).await;
    said.on(&mut browser, &page, &["kpis-too-long", "kpis-too-long-title", "kpis-reload"]).await;
    let too_long = ["kpis-too-long", "kpis-too-long-title", "kpis-back"];
    said.of(&mut browser, &too_long, failing(&file("csv"), 504)).await;

    scene.warehouse.execute("DROP VIEW figure_clicks").await.expect("dropped");
    for path in [&page, &file("csv")] {
        said.of(&mut browser, &["failed-title", "failed-text"], failing(path, 500)).await;
    }
    said.assert_whole(|message| message.starts_with("kpis-too-") || message.starts_with("failed-"));
}

/// Asks for a page that comes with this status.
fn failing(path: &str, status: u16) -> impl AsyncFn(&mut Browser) -> Answer {
    async move |browser: &mut Browser| {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, status, "{answer:?}");
        answer
    }
}

#[tokio::test]
async fn a_period_that_is_none_is_said_beside_the_usual_one() {
    let mut said = Said::default();
    let portal = Portal::new().await;
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
