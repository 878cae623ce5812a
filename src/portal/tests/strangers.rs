//! Pages for people who are not signed in.

use super::*;
use crate::model::report::{ReportReason, ReportState};
use crate::programme::tests::text;
use crate::programme::{LinkFields, Page as Slice};

async fn link(portal: &Portal) -> crate::model::Link {
    let (advocate, content) = (portal.fixture.advocate().await, portal.fixture.content().await);
    let mut work = portal.fixture.programme.work().await.expect("work");
    let fields = LinkFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&advocate.to_string()),
        channel: text("linkedin"),
        ..LinkFields::default()
    };
    let link = work.issue_link(portal.fixture.space.id, fields, None).await.expect("a link").shown.link;
    work.commit().await.expect("a commit");
    link
}

#[tokio::test]
async fn a_reported_link_reaches_those_who_run_the_programme_and_can_be_switched_off() {
    let portal = Portal::new().await;
    let link = link(&portal).await;
    let code = link.code.as_str();
    let mut stranger = portal.browser();
    let page = stranger.get(&format!("/report?space=acme&code={code}")).await;
    page.assert_page();
    assert_eq!(page.field("space"), "acme");
    let empty = stranger.post("/report", &[("space", "acme"), ("code", code)]).await;
    assert_eq!(empty.status, 422);
    assert!(
        empty.body.contains("Fill this in.") && empty.body.contains("aria-invalid")
            || empty.body.contains("class=\"problem\"")
    );
    let fields = [("space", "acme"), ("code", code), ("reason", "harmful"), ("note", "<script>alert(1)</script>")];
    let taken = stranger.post("/report", &fields).await;
    taken.assert_page();
    let unknown = [("space", "acme"), ("code", "zzzzzzzzz"), ("reason", "harmful")];
    assert_eq!(stranger.post("/report", &unknown).await.body, taken.body, "nobody finds out which codes exist");
    assert_eq!(stranger.post_from("cross-site", "/report", &fields).await.status, 403);

    let page = Slice { after: None, limit: 10 };
    let reports = portal.fixture.programme.reports(portal.fixture.space.id, None, page).await.expect("reports");
    let told: Vec<_> = reports.iter().map(|report| (report.link, report.reason, report.state)).collect();
    assert_eq!(told, [(link.id, ReportReason::Harmful, ReportState::Open)]);

    let mut marketing = portal.signed_in(Role::Marketing).await;
    let list = marketing.get("/reports").await;
    list.assert_page();
    assert!(list.body.contains("&#60;script&#62;alert(1)") && !list.body.contains("<script>alert"), "{}", list.body);
    let (csrf, id) = (list.field("csrf"), list.field("link"));
    assert_eq!(marketing.post("/reports/disable", &[("csrf", &csrf), ("link", &id)]).await.location(), "/reports");
    let list = marketing.get("/reports").await;
    assert!(list.body.contains("The link is off") && list.body.contains("Nothing was reported"), "{}", list.body);
    let standing = portal.fixture.programme.link(portal.fixture.space.id, link.id).await.expect("the link");
    assert!(standing.link.disabled);
}

#[tokio::test]
async fn very_many_reports_of_one_link_are_taken_and_not_kept() {
    let portal = Portal::new().await;
    let link = link(&portal).await;
    for number in 0..25 {
        let mut work = portal.fixture.programme.work().await.expect("work");
        let kept = work.report_link(portal.fixture.space.id, link.id, &text("other"), &Field::Absent).await;
        assert_eq!(kept.expect("taken"), number < 20);
        work.commit().await.expect("a commit");
    }
}

#[tokio::test]
async fn mails_stop_in_one_step_without_signing_in_and_no_get_stops_them() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    let csrf = browser.get("/account").await.field("csrf");
    browser.post("/account/digest", &[("csrf", &csrf), ("frequency", "weekly")]).await.location();
    portal.pass_ms(8 * 86_400_000);
    let due = portal.fixture.programme.due_digests(10).await.expect("digests").remove(0);
    let path = stop_path(&due.stop);
    let mut mail_program = portal.browser_at("198.51.100.9");
    for _ in 0..2 {
        mail_program.get(&path).await.assert_page();
    }
    assert_eq!(portal.fixture.programme.due_digests(10).await.expect("digests").len(), 1, "a scanner stops nothing");
    let request =
        http::Request::builder().method("POST").uri(&path).header("content-type", "application/x-www-form-urlencoded");
    let stopped = mail_program.send(request, axum::body::Body::from("List-Unsubscribe=One-Click")).await;
    assert_eq!(stopped.status, 200);
    assert!(stopped.body.contains("The mails are stopped"));
    assert!(portal.fixture.programme.due_digests(10).await.expect("digests").is_empty());
    let again = mail_program.post(&path, &[]).await;
    assert!(again.body.contains("The mails are stopped"), "and once more");
    assert!(browser.get("/account").await.body.contains("value=\"none\" checked"));
}
