//! The receipt of every outcome.

use super::*;
use crate::kpi::tests::{BARE, ClickRow, Log, id};
use crate::programme::referrals::{HandFields, Reason};

#[tokio::test]
async fn a_receipt_says_why_for_every_outcome() {
    let scene = Scene::new().await;
    let hour = 3_600_000;
    let click = |change: fn(&mut CreditClick)| {
        let mut click = scene.click(NOW_MS - 2 * hour);
        change(&mut click);
        click
    };
    let told = async |reason: Reason| {
        let message = |clicked: &CreditClick| by_click("A-1", "applied", clicked, NOW_MS - hour);
        let with = async |clicked: CreditClick| scene.tell(message(&clicked), Some(clicked)).await;
        let late = async |message: Message| {
            let first = scene.tell(message.clone(), None).await;
            assert_eq!(first.reason, "pending", "a click may still be on its way");
            scene.portal.pass_ms(25 * hour);
            let again = scene.tell(message, None).await;
            scene.portal.pass_ms(-25 * hour);
            again
        };
        match reason {
            Reason::LastClick => with(click(|_| {})).await,
            Reason::Declared => scene.tell(declared("A-2", &scene), None).await,
            Reason::Pending => scene.tell(by_code("A-3", "applied", &scene.ada, NOW_MS), None).await,
            Reason::NotApplied => scene.tell(by_code("A-4", "started", &scene.ada, NOW_MS), None).await,
            Reason::NoEvidence => {
                let at = Field::Value(times::format_instant(NOW_MS));
                let (external_id, stage) = (text("A-5"), text("applied"));
                let fields = HandFields { external_id, stage, occurred_at: at, ..HandFields::default() };
                scene.tell(fields.message(NOW_MS).expect("a message"), None).await
            }
            Reason::UnknownClick => late(by_click("A-6", "applied", &click(|_| {}), NOW_MS)).await,
            Reason::NoClick => late(by_code("A-7", "applied", &scene.ada, NOW_MS)).await,
            Reason::NotHuman => {
                let robot = click(|click| click.class = Class::Bot);
                scene.tell(by_click("A-8", "applied", &robot, NOW_MS), Some(robot)).await
            }
            Reason::NotContent => {
                let gone = click(|click| click.answer = Sent::Fallback);
                scene.tell(by_click("A-9", "applied", &gone, NOW_MS), Some(gone)).await
            }
            Reason::OtherContent => {
                let clicked = click(|click| click.content = ContentId::from_bits(7));
                let started = by_code("A-10", "started", &scene.ada, NOW_MS - 1);
                scene.tell(started, None).await;
                scene.tell(by_click("A-10", "applied", &clicked, NOW_MS), Some(clicked)).await
            }
            Reason::AfterApplied => {
                let after = click(|click| click.clicked_at_ms = NOW_MS + 1);
                scene.tell(by_click("A-11", "applied", &after, NOW_MS), Some(after)).await
            }
            Reason::OutsideWindow => {
                let old = click(|click| click.clicked_at_ms = NOW_MS - 181 * DAY_MS);
                scene.tell(by_click("A-12", "applied", &old, NOW_MS), Some(old)).await
            }
            Reason::NoAdvocate => {
                let left = click(|click| click.advocate = AdvocateId::NONE);
                scene.tell(by_click("A-13", "applied", &left, NOW_MS), Some(left)).await
            }
            // Comes with a bundle.
            Reason::Imported => scene.credited("A-14", "applied", 1).await,
        }
    };
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    for reason in Reason::ALL.iter().copied().filter(|reason| *reason != Reason::Imported) {
        let application = told(reason).await;
        assert_eq!(application.reason, reason.as_str());
        let page = recruiter.get(&format!("{BOARD}/{}", application.id)).await;
        page.assert_page();
        let verdict = match reason {
            Reason::LastClick | Reason::Declared | Reason::Imported => "Credited to Ada Lovelace",
            Reason::Pending | Reason::NotApplied => "Not decided yet",
            _ => "Credited to nobody",
        };
        assert!(page.body.contains(verdict), "{reason}: {}", page.body);
        let texts = crate::portal::texts::TEXTS.of(Language::English);
        let why = texts.say(&format!("credit-{}", reason.as_str().replace('_', "-")));
        assert!(page.body.contains(&why), "{reason}: {}", page.body);
        let number = format!("{}-", application.id);
        for said in [number.as_str(), "180 days", &application.external_id, "data-print"] {
            assert!(page.body.contains(said), "{reason} {said}: {}", page.body);
        }
        // Nothing of the visit beyond time, place, content and class.
        for never in ["visitor", "203.0.113", "click_id", "019 1d6e8"] {
            assert!(!page.body.contains(never), "{reason} {never}: {}", page.body);
        }
    }
    for language in LANGUAGES {
        recruiter.language = language.to_owned();
        assert!(recruiter.get(BOARD).await.assert_page().body.contains("A-13"));
    }
}

#[tokio::test]
async fn a_receipt_tells_of_the_click_that_counts_and_of_who_told_each_stage() {
    let scene = Scene::new().await;
    let application = scene.credited("A-1", "applied", 2).await;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let csrf = recruiter.get("/account").await.field("csrf");
    let path = format!("{BOARD}/{}", application.id);
    recruiter.post(&format!("{path}/stage"), &[("csrf", &csrf), ("stage", "hired")]).await.location();
    let page = recruiter.get(&path).await;
    let places: Vec<_> = ["Click that counts", "Applied</strong>", "Hired</strong>"]
        .iter()
        .map(|said| page.body.find(said).unwrap_or_else(|| panic!("{said}: {}", page.body)))
        .collect();
    assert!(places.is_sorted(), "in the order of time");
    for said in ["Shared on LinkedIn", "By a person", "Told over the API (Operator)", "Told by hand (Ada Lovelace)"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(page.body.contains(&format!("{}-2", application.id)), "two facts, the second receipt");
}

#[tokio::test]
async fn a_receipt_shows_the_robots_click_that_did_not_count() {
    let mut scene = Scene::new().await;
    let log = Log::new().await;
    let (auth, programme) = (scene.portal.auth.clone(), scene.portal.fixture.programme.clone());
    let state = PortalState::new(auth, programme, kpis(&scene.portal.fixture), None).with_clicks(log.log.clone());
    scene.portal.router = router(state);
    let row = ClickRow {
        clicked_at_ms: NOW_MS - 3_600_000,
        space_id: scene.portal.fixture.space.id,
        link_id: scene.ada.id,
        content_id: scene.job,
        advocate_id: scene.ada.advocate,
        channel: "linkedin",
        class: Class::Bot,
        ..BARE
    };
    log.store(NOW_MS, std::slice::from_ref(&row)).await;
    let mut click = scene.click(row.clicked_at_ms);
    (click.click, click.class) = (id(&row), Class::Bot);
    let application = scene.tell(by_click("A-1", "applied", &click, NOW_MS), Some(click)).await;
    assert_eq!(application.reason, "not_human");
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let page = recruiter.get(&format!("{BOARD}/{}", application.id)).await;
    page.assert_page();
    for said in ["Click that does not count", "A robot, no person", "Shared on LinkedIn", "Credited to nobody"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
}
