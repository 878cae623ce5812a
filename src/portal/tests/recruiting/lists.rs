//! Stages by a list: what it would change, and what is refused.

use super::*;

pub(super) const LIST: &str = "/recruiting/referrals/list";
pub(super) const CONFIRM: &str = "/recruiting/referrals/list/confirm";

/// The hidden list of a page, as a browser reads it.
fn list_of(page: &Answer) -> String {
    let value = page.field("list");
    let text = value.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">");
    text.replace("&#38;", "&")
}

#[tokio::test]
async fn a_list_shows_what_it_would_change_and_then_changes_that_alone() {
    let scene = Scene::new().await;
    let standing = scene.credited("A-1", "applied", 3).await;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let page = recruiter.get(LIST).await;
    page.assert_page();
    let csrf = page.field("csrf");
    let list = format!(
        "Reference;Étape;Date;Lien\nA-1;Interview;2026-03-01;\nA-1;applied;2026-03-02;\nA-2;applied;2026-03-02T08:30;{}\n\
         A-3;hired;2026-03-01;\nA-4;applied;2026-03-01T09:00:00+01:00;abcdefghj\nA-5;promoted;soon;\n",
        scene.ada.code
    );
    let seen = recruiter.upload_proven(LIST, &[], ("file", list.as_bytes())).await;
    seen.assert_page();
    for said in ["<strong>1</strong> go on", "<strong>1</strong> new", "<strong>1</strong> known already"] {
        assert!(seen.body.contains(said), "{said}: {}", seen.body);
    }
    for said in ["<strong>1</strong> not from here", "<strong>2</strong> unreadable"] {
        assert!(seen.body.contains(said), "{said}: {}", seen.body);
    }
    for said in ["<td class=\"number\">6</td>", "<td class=\"number\">7</td>", "no such link", "none of the stages"] {
        assert!(seen.body.contains(said), "{said}: {}", seen.body);
    }
    let application = async |id| scene.portal.fixture.programme.application(scene.portal.fixture.space.id, id).await;
    assert_eq!(application(standing.id).await.expect("it").stage, Stage::Applied, "nothing has changed yet");

    let taken = list_of(&seen);
    let confirmed = recruiter.post(CONFIRM, &[("csrf", &csrf), ("list", &taken)]).await;
    assert_eq!(confirmed.location(), BOARD);
    assert!(recruiter.get(BOARD).await.body.contains("Lines taken: 2"));
    assert_eq!(application(standing.id).await.expect("it").stage, Stage::Interview);
    let programme = &scene.portal.fixture.programme;
    let space = scene.portal.fixture.space.id;
    let added = programme.application_named(space, "A-2").await.expect("reads").expect("it was added");
    let facts = programme.receipt(space, added).await.expect("a receipt").facts;
    assert_eq!((facts[0].source, facts[0].link), (FactSource::List, scene.ada.id));
    for id in ["A-3", "A-4", "A-5"] {
        assert_eq!(programme.application_named(space, id).await.expect("reads"), None, "{id}");
    }
    let again = recruiter.upload_proven(LIST, &[], ("file", list.as_bytes())).await;
    assert!(again.body.contains("<strong>0</strong> go on"), "{}", again.body);
    assert_eq!(recruiter.post(CONFIRM, &[("csrf", "guessed"), ("list", &taken)]).await.status, 403);
}

#[tokio::test]
async fn a_list_that_is_none_or_that_describes_candidates_is_refused_as_a_whole() {
    let scene = Scene::new().await;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let csrf = recruiter.get("/account").await.field("csrf");
    let long =
        format!("external_id,stage,occurred_at\n{}", "x".repeat(crate::programme::referrals::list::MAX_LIST_BYTES));
    let lines = format!("external_id,stage,occurred_at\n{}", "A-1,hired,2026-03-01\n".repeat(2_001));
    for (list, said) in [
        ("external_id,stage,occurred_at,candidate_name\nA-1,hired,2026-03-01,Grace Hopper\n", "describes candidates"),
        ("external_id,stage,occurred_at,Prénom\nA-1,hired,2026-03-01,Grace\n", "describes candidates"),
        ("external_id,stage,occurred_at,department\nA-1,hired,2026-03-01,R\n", "none of those below"),
        ("external_id,stage\nA-1,hired\n", "A column is missing"),
        ("external_id,stage,occurred_at,date\n", "none of those below"),
        ("", "not empty"),
        (long.as_str(), "too large"),
        (lines.as_str(), "too large"),
    ] {
        let answer = recruiter.upload_proven(LIST, &[], ("file", list.as_bytes())).await;
        assert_eq!(answer.status, 422, "{said}: {}", answer.body);
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
        assert!(!answer.body.contains("Hopper"), "{}", answer.body);
    }
    let named =
        "external_id,stage,occurred_at,trace\nGrace Hopper,hired,2026-03-01,\n<b>ada@example.com,hired,2026-03-01,\n";
    let seen = recruiter.upload_proven(LIST, &[], ("file", named.as_bytes())).await;
    seen.assert_page();
    assert_eq!(seen.body.matches("looks like a person").count(), 2, "{}", seen.body);
    assert!(!seen.body.contains("Hopper") && !seen.body.contains("ada@example"), "{}", seen.body);
    let forged = recruiter.post(CONFIRM, &[("csrf", &csrf), ("list", named)]).await;
    assert_eq!(forged.status, 400);
    assert_eq!(recruiter.upload(LIST, &[("csrf", "guessed")], ("file", named.as_bytes())).await.status, 403);
}
