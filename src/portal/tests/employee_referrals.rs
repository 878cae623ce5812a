//! What somebody sees of those who applied through its links.

use super::recruiting::{Scene, by_click};
use super::said::Said;
use super::*;
use crate::portal::texts::TEXTS;
use crate::programme::referrals::Reason;

const PATH: &str = "/referrals";

#[tokio::test]
async fn somebody_sees_its_own_referrals_each_in_one_word_and_why() {
    let scene = Scene::new().await;
    let mut ada = scene.portal.browser();
    scene.portal.sign_in(&mut ada, "ada@acme.test").await.location();
    let empty = ada.get(PATH).await;
    empty.assert_page();
    assert!(empty.body.contains("/?kind=job"), "an empty page says what to do: {}", empty.body);

    let hired = scene.credited("SECRET-1", "hired", 4).await;
    scene.credited("SECRET-2", "rejected", 4).await;
    let list = ada.get(PATH).await;
    list.assert_page();
    for said in ["Welder in Lyon", "Hired", "Not kept", "LinkedIn"] {
        assert!(list.body.contains(said), "{said}: {}", list.body);
    }
    let page = ada.get(&format!("{PATH}/{}", hired.id)).await;
    page.assert_page();
    for said in ["Welder in Lyon", "Applied", "Hired", "180 days", "LinkedIn"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    // The applicant system's id leads to a candidate.
    for body in [&list.body, &page.body] {
        assert!(!body.contains("SECRET"), "{body}");
    }
}

#[tokio::test]
async fn what_is_credited_to_somebody_else_or_to_nobody_is_not_there() {
    let scene = Scene::new().await;
    let hers = scene.credited("A-1", "hired", 4).await;
    let mut robot = scene.click(NOW_MS - 1_000);
    robot.class = crate::model::Class::Bot;
    let nobodys = scene.tell(by_click("A-2", "applied", &robot, NOW_MS), Some(robot)).await;
    let mut grace = scene.portal.browser();
    scene.portal.invite("grace@acme.test").await;
    scene.portal.sign_in(&mut grace, "grace@acme.test").await.location();
    assert!(!grace.get(PATH).await.body.contains("Welder"), "an empty list");
    for id in [hers.id.to_string(), nobodys.id.to_string(), "nonsense".to_owned()] {
        assert_eq!(grace.get(&format!("{PATH}/{id}")).await.status, 404, "{id}");
    }
    assert_eq!(grace.get(&format!("{PATH}?after=nonsense")).await.status, 404);
    let mut stranger = scene.portal.browser();
    assert!(stranger.get(&format!("{PATH}/{}", hers.id)).await.location().starts_with("/sign-in?next="));
}

#[tokio::test]
async fn a_long_list_goes_on_on_another_page() {
    let scene = Scene::new().await;
    for number in 0..31 {
        scene.credited(&format!("A-{number}"), "applied", 4).await;
    }
    let mut ada = scene.portal.browser();
    scene.portal.sign_in(&mut ada, "ada@acme.test").await.location();
    let first = ada.get(PATH).await;
    assert_eq!(first.assert_page().body.matches("Welder in Lyon").count(), 30);
    let (_, rest) = first.body.split_once(&format!("href=\"{PATH}?after=")).expect("a next page");
    let next = rest.split('"').next().expect("an id");
    let second = ada.get(&format!("{PATH}?after={next}")).await;
    assert_eq!(second.assert_page().body.matches("Welder in Lyon").count(), 1);
}

#[tokio::test]
async fn a_referral_whose_clicks_are_looked_at_again_says_so() {
    let scene = Scene::new().await;
    scene.credited("A-1", "applied", 4).await;
    // The log does not have this click, or cannot be asked.
    let mut other = scene.click(NOW_MS - 1_000);
    other.click = uuid::Uuid::from_u128(other.click.as_u128() + 1);
    let open = scene.tell(by_click("A-1", "interview", &other, NOW_MS), None).await;
    assert_eq!((open.reason.as_str(), open.advocate), (Reason::Pending.as_str(), scene.ada.advocate));
    let mut ada = scene.portal.browser();
    scene.portal.sign_in(&mut ada, "ada@acme.test").await.location();
    Said::default().on(&mut ada, &format!("{PATH}/{}", open.id), &["reason-pending"]).await;
    // Whatever somebody's own referral can rest on.
    for reason in [Reason::LastClick, Reason::Declared, Reason::Imported, Reason::Pending] {
        let name = reason.as_str().replace('_', "-");
        let is_said = |language: &Language| TEXTS.of(*language).word_if_known("reason", &name).is_some();
        assert!(Language::ALL.iter().all(is_said), "{reason}");
    }
}
