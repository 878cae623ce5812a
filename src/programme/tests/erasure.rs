//! Forgetting a person.

use super::*;
use crate::model::{Entity, TokenId};

#[tokio::test]
async fn an_erased_person_is_nowhere_and_its_links_and_shares_are_nobodys() {
    let fixture = Fixture::new().await;
    let space = fixture.space.id;
    let content = fixture.content().await;
    let mut work = fixture.programme.work().await.expect("work");
    let fields = AdvocateFields {
        name: text("Ada Lovelace"),
        external_id: text("hr-4711"),
        team: text("Engines"),
        ..advocate("ada@acme.test")
    };
    let ada = work.create_advocate(space, &fields).await.expect("an advocate").advocate;
    let managed = TeamFields { manager_ids: Field::Value(vec![ada.id.to_string()]), ..TeamFields::default() };
    work.update_team(space, ada.team, &managed).await.expect("a team");
    let asked = LinkFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&ada.id.to_string()),
        channel: text("x"),
        ..LinkFields::default()
    };
    let link = work.issue_link(space, asked, None).await.expect("a link").shown.link;
    let share = ShareFields { link_id: text(&link.id.to_string()), source: text("copy"), shared_at: Field::Absent };
    let share = work.note_share(space, &share, None).await.expect("a share").0;
    let token = TokenFields {
        role: text("advocate"),
        advocate_id: text(&ada.id.to_string()),
        name: text("phone"),
        expires_at: text("2026-09-01T00:00:00Z"),
        ..TokenFields::default()
    };
    let token = work.create_token(space, &token, [1; 32], TokenId::NONE).await.expect("a token");
    let others = TokenFields {
        role: text("admin"),
        name: text("HR"),
        expires_at: text("2026-09-01T00:00:00Z"),
        ..TokenFields::default()
    };
    let others = work.create_token(space, &others, [2; 32], TokenId::NONE).await.expect("a token");
    let answer = format!("{{\"id\":\"{}\",\"name\":\"Ada Lovelace\"}}", ada.id);
    let kept = KeptAnswer { request_hash: [3; 32], status: 201, answer };
    work.keep_answer(space, others.id, "k-1", &kept).await.expect("an answer");
    work.commit().await.expect("a commit");

    let mut work = fixture.programme.work().await.expect("work");
    work.erase_advocate(space, ada.id).await.expect("it is forgotten");
    work.commit().await.expect("a commit");

    let programme = &fixture.programme;
    assert!(matches!(programme.advocate(space, ada.id).await, Err(Error::NotFound { .. })));
    assert!(matches!(programme.token(space, token.id).await, Err(Error::NotFound { .. })));
    assert_eq!(programme.team(space, ada.team).await.expect("reads").managers, []);
    assert!(programme.link(space, link.id).await.expect("it goes on").link.advocate.is_none());
    let all = Page { after: None, limit: 10 };
    let shares = programme.shares(space, &ShareFilter::default(), all).await.expect("reads");
    assert_eq!(
        shares.iter().map(|share| (share.id, share.advocate)).collect::<Vec<_>>(),
        [(share.id, AdvocateId::NONE)]
    );
    let mut work = programme.work().await.expect("work");
    assert!(work.kept_answer(space, others.id, "k-1", &[3; 32]).await.expect("reads").is_none());
    assert!(matches!(work.erase_advocate(space, ada.id).await, Err(Error::NotFound { .. })));
    drop(work);

    let told = fixture.store.changes_since(0, 100).await.expect("changes");
    assert_eq!(told.last().map(|change| &change.entity), Some(&Entity::AdvocateRemoved(ada.id)));
    let text = serde_json::to_string(&told).expect("JSON");
    assert!(!text.contains("hr-4711"), "{text}");
    let again = AdvocateFields { external_id: super::text("hr-4711"), ..advocate("ada@acme.test") };
    let mut work = programme.work().await.expect("work");
    work.create_advocate(space, &again).await.expect("the address is free again");
}

#[tokio::test]
async fn nobody_of_another_space_is_forgotten() {
    let fixture = Fixture::new().await;
    let ada = fixture.advocate().await;
    let elsewhere = fixture.other_space().await;
    let mut work = fixture.programme.work().await.expect("work");
    assert_eq!(problems(&work.erase_advocate(elsewhere, ada).await.expect_err("refused")), [("", "advocate")]);
    work.commit().await.expect("a commit");
    fixture.programme.advocate(fixture.space.id, ada).await.expect("still there");
}
