//! Tokens, and spaces that are closed.

use super::*;
use crate::model::{Role, Scope, TokenId};

fn fields() -> TokenFields {
    TokenFields {
        role: text("marketing"),
        name: text("The intranet"),
        expires_at: text("2026-09-01T00:00:00Z"),
        ..TokenFields::default()
    }
}

async fn create(fixture: &Fixture, fields: TokenFields, n: u8, maker: TokenId) -> Result<TokenRecord, Error> {
    let mut work = fixture.programme.work().await?;
    let record = work.create_token(fixture.space.id, &fields, [n; 32], maker).await?;
    work.commit().await?;
    Ok(record)
}

#[tokio::test]
async fn a_token_reads_back_and_is_gone_once_it_is_revoked() {
    let fixture = Fixture::new().await;
    let scopes = Field::Value(vec!["links".to_owned(), "read".to_owned(), "links".to_owned()]);
    let record = create(&fixture, TokenFields { scopes, ..fields() }, 1, TokenId::NONE).await.expect("a token");
    assert_eq!((record.role, record.scopes.as_deref()), (Role::Marketing, Some(&[Scope::Links, Scope::Read][..])));
    assert_eq!(fixture.programme.token(fixture.space.id, record.id).await.expect("reads"), record);
    let all = Page { after: None, limit: 10 };
    assert_eq!(fixture.programme.tokens(fixture.space.id, all).await.expect("reads"), std::slice::from_ref(&record));
    let elsewhere = fixture.other_space().await;
    for (space, outcome) in [(elsewhere, false), (fixture.space.id, true), (fixture.space.id, false)] {
        let mut work = fixture.programme.work().await.expect("work");
        assert_eq!(work.revoke_token(space, record.id).await.is_ok(), outcome);
        work.commit().await.expect("a commit");
    }
    assert_eq!(fixture.programme.tokens(fixture.space.id, all).await.expect("reads"), []);
}

#[tokio::test]
async fn what_a_token_lacks_is_told_at_once() {
    let fixture = Fixture::new().await;
    let error = create(&fixture, TokenFields::default(), 1, TokenId::NONE).await.expect_err("refused");
    assert_eq!(problems(&error), [("role", "required"), ("name", "required"), ("expires_at", "required")]);
    let ada = fixture.advocate().await;
    for (given, expected) in [
        (TokenFields { role: text("advocate"), ..fields() }, ("advocate_id", "required")),
        (TokenFields { advocate_id: text(&ada.to_string()), ..fields() }, ("advocate_id", "invalid")),
        (TokenFields { scopes: Field::Value(vec!["all".to_owned()]), ..fields() }, ("scopes[0]", "invalid")),
        (TokenFields { scopes: Field::Value(Vec::new()), ..fields() }, ("scopes", "required")),
        (TokenFields { expires_at: text("2026-03-02T10:00:00Z"), ..fields() }, ("expires_at", "invalid")),
        (
            TokenFields { role: text("advocate"), advocate_id: text("adv_0000000000009"), ..fields() },
            ("advocate_id", "advocate"),
        ),
    ] {
        assert_eq!(problems(&create(&fixture, given, 1, TokenId::NONE).await.expect_err("refused")), [expected]);
    }
    let left = AdvocateFields { left_on: text("2026-03-01"), ..AdvocateFields::default() };
    let mut work = fixture.programme.work().await.expect("work");
    work.update_advocate(fixture.space.id, ada, &left).await.expect("an advocate");
    work.commit().await.expect("a commit");
    let acting = TokenFields { role: text("advocate"), advocate_id: text(&ada.to_string()), ..fields() };
    let error = create(&fixture, acting, 1, TokenId::NONE).await.expect_err("refused");
    assert_eq!(problems(&error), [("advocate_id", "advocate_left")]);
}

#[tokio::test]
async fn a_token_does_not_outlive_its_maker() {
    let fixture = Fixture::new().await;
    let maker = create(&fixture, TokenFields { role: text("admin"), ..fields() }, 1, TokenId::NONE).await;
    let maker = maker.expect("a token").id;
    let later = TokenFields { expires_at: text("2026-09-01T00:00:01Z"), ..fields() };
    let error = create(&fixture, later, 2, maker).await.expect_err("refused");
    assert_eq!(problems(&error), [("expires_at", "invalid")]);
    create(&fixture, fields(), 2, maker).await.expect("as long as its maker");
}

#[tokio::test]
async fn a_closed_space_changes_in_nothing_until_it_is_opened_again() {
    let fixture = Fixture::new().await;
    let closed = |closed: bool| SpaceFields { closed: Field::Value(closed), ..SpaceFields::default() };
    let id = fixture.space.id;
    let change = async |fields: &SpaceFields| {
        let mut work = fixture.programme.work().await?;
        let space = work.update_space(id, fields).await?;
        work.commit().await?;
        Ok::<_, Error>(space)
    };
    assert!(change(&closed(true)).await.expect("the space").closed);
    let before = fixture.store.latest_seq().await.expect("reads");
    let mut work = fixture.programme.work().await.expect("work");
    let refused = [
        work.create_advocate(id, &advocate("ada@acme.test")).await.map(drop),
        work.create_content(id, &content("https://example.com/")).await.map(drop),
        work.create_team(id, &TeamFields { name: text("Sales"), ..TeamFields::default() }).await.map(drop),
        work.create_campaign(id, &CampaignFields { name: text("Summer"), ..CampaignFields::default() }).await.map(drop),
        work.create_token(id, &fields(), [1; 32], TokenId::NONE).await.map(drop),
        work.issue_link(id, LinkFields::default(), None).await.map(drop),
        work.note_share(id, &ShareFields::default(), None).await.map(drop),
        work.update_space(id, &SpaceFields { name: text("Acme"), ..SpaceFields::default() }).await.map(drop),
    ];
    drop(work);
    assert!(refused.iter().all(|outcome| matches!(outcome, Err(Error::Closed))), "{refused:?}");
    let (same, _) = fixture.programme.create_or_update_space("acme", &SpaceFields::default()).await.expect("the space");
    assert!(same.closed, "asking for nothing changes nothing");
    assert_eq!(fixture.store.latest_seq().await.expect("reads"), before);
    let named = SpaceFields { name: text("Acme"), ..closed(false) };
    assert_eq!(change(&named).await.expect("the space").name, "Acme");
    fixture.advocate().await;
}
