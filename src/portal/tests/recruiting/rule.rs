//! The rule of credit, and another one tried.

use super::*;
use crate::kpi::tests::{BARE, ClickRow, Log, id};

const RULE: &str = "/recruiting/rule";

/// A click on Ada's link as the log has it, and as a credit sees it.
async fn stored(scene: &Scene, log: &Log, clicked_at_ms: i64) -> CreditClick {
    let row = ClickRow {
        clicked_at_ms,
        space_id: scene.portal.fixture.space.id,
        link_id: scene.ada.id,
        content_id: scene.job,
        advocate_id: scene.ada.advocate,
        channel: "linkedin",
        ..BARE
    };
    log.store(NOW_MS, std::slice::from_ref(&row)).await;
    CreditClick { click: id(&row), ..scene.click(clicked_at_ms) }
}

#[tokio::test]
async fn another_window_is_tried_on_the_past_before_an_admin_sets_it() {
    let mut scene = Scene::new().await;
    let log = Log::new().await;
    let (auth, programme) = (scene.portal.auth.clone(), scene.portal.fixture.programme.clone());
    let state = PortalState::new(auth, programme, kpis(&scene.portal.fixture), None).with_clicks(log.log.clone());
    scene.portal.router = router(state);
    for (external_id, days) in [("A-1", 9), ("A-2", 2), ("A-3", 200)] {
        let click = stored(&scene, &log, NOW_MS - days * DAY_MS).await;
        scene.tell(by_click(external_id, "applied", &click, NOW_MS), Some(click)).await;
    }
    let space = scene.portal.fixture.space.id;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let page = recruiter.get(RULE).await;
    page.assert_page();
    assert!(page.body.contains("at most 180 days"), "{}", page.body);
    assert!(!page.body.contains("Change the window"), "a recruiter tries, and changes nothing: {}", page.body);

    let shorter = recruiter.get(&format!("{RULE}?days=7&period=90")).await;
    shorter.assert_page();
    for said in [
        "With 7 days",
        "<strong>2</strong> stay as they are",
        "One person would be credited less often",
        ">A-1</a>",
        "A colleague",
        "older than the window",
    ] {
        assert!(shorter.body.contains(said), "{said}: {}", shorter.body);
    }
    assert!(!shorter.body.contains(">A-2</a>") && !shorter.body.contains("ada@"), "{}", shorter.body);
    let longer = recruiter.get(&format!("{RULE}?days=365")).await;
    for said in
        ["<strong>1</strong> would be credited, and are not", "One person would be credited more often", ">A-3</a>"]
    {
        assert!(longer.body.contains(said), "{said}: {}", longer.body);
    }
    assert!(!scene.audit().await.iter().any(|entry| entry.action == "referrals.read_by_advocate"));
    let named = recruiter.get(&format!("{RULE}?days=365&names=yes")).await;
    assert!(!named.body.contains("A colleague<"), "{}", named.body);
    let looks = scene.audit().await;
    assert_eq!(looks.iter().filter(|entry| entry.action == "referrals.read_by_advocate").count(), 1);

    for nonsense in ["0", "731", "a week", "-1"] {
        let page = recruiter.get(&format!("{RULE}?days={}", nonsense.replace(' ', "+"))).await;
        page.assert_page();
        assert!(page.body.contains("from 1 to 730"), "{nonsense}: {}", page.body);
    }
    let mut marketing = scene.portal.signed_in(Role::Marketing).await;
    let unnamed = marketing.get(&format!("{RULE}?days=7&names=yes")).await;
    assert!(unnamed.body.contains("A colleague") && !unnamed.body.contains("Show who referred"), "{}", unnamed.body);

    let new = [("attribution_window_days", "7")];
    assert_eq!(recruiter.post_proven(RULE, &new).await.status, 403);
    let mut admin = scene.portal.signed_in(Role::Admin).await;
    for nonsense in ["", "0", "731", "soon"] {
        let refused = admin.post_proven(RULE, &[("attribution_window_days", nonsense)]).await;
        assert_eq!(refused.status, 422, "{nonsense}");
        assert!(refused.body.contains("Give a number of days from 1 to 730"), "{nonsense}: {}", refused.body);
    }
    assert_eq!(admin.post_proven(RULE, &new).await.location(), RULE);
    assert!(admin.get(RULE).await.body.contains("at most 7 days"));
    let space = scene.portal.fixture.programme.space(space).await.expect("the space");
    assert_eq!(space.attribution_window_days, 7);
}

#[tokio::test]
async fn without_a_click_log_the_page_says_so_and_shows_the_rule() {
    let scene = Scene::new().await;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let page = recruiter.get(&format!("{RULE}?days=7")).await;
    page.assert_page();
    for said in ["at most 180 days", "The click log cannot be asked at the moment"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let mut advocate = scene.portal.signed_in(Role::Advocate).await;
    assert_eq!(advocate.get(RULE).await.status, 403);
}
