//! Advocates.

use super::*;

async fn create(fixture: &Fixture, fields: AdvocateFields) -> Result<AdvocateRecord, Error> {
    let mut work = fixture.programme.work().await?;
    let record = work.create_advocate(fixture.space.id, &fields).await?;
    work.commit().await?;
    Ok(record)
}

#[tokio::test]
async fn an_advocate_is_kept_clean() {
    let fixture = Fixture::new().await;
    let fields = AdvocateFields {
        email: text(" Ada@Example.COM "),
        name: text("  Ada Lovelace "),
        kind: text("influencer"),
        team: text("Engines"),
        language: text("en-GB"),
        skills: Field::Value(vec!["maths".to_owned(), " maths ".to_owned(), "looms".to_owned()]),
        external_id: text(""),
        invited_on: text("2026-01-15"),
        registered_at: text("2026-01-16T10:00:00+01:00"),
        ..AdvocateFields::default()
    };
    let record = create(&fixture, fields).await.expect("an advocate");
    assert_eq!(record.email.as_deref(), Some("ada@example.com"));
    assert_eq!(record.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(record.advocate.skills, ["maths", "looms"]);
    assert_eq!(record.advocate.external_id, None);
    assert_eq!(record.team_name.as_deref(), Some("Engines"));
    let read = fixture.programme.advocate(fixture.space.id, record.advocate.id).await.expect("reads");
    assert_eq!(read, record);
}

#[tokio::test]
async fn one_team_of_a_name_and_an_id_names_it_too() {
    let fixture = Fixture::new().await;
    let in_team = |email: &str, team: &str| AdvocateFields { team: text(team), ..advocate(email) };
    let first = create(&fixture, in_team("a@example.com", "Sales")).await.expect("an advocate");
    let second = create(&fixture, in_team("b@example.com", "Sales")).await.expect("an advocate");
    let team = first.advocate.team;
    assert_eq!(second.advocate.team, team);
    let third = create(&fixture, in_team("c@example.com", &team.to_string())).await.expect("an advocate");
    assert_eq!((third.advocate.team, third.team_name.as_deref()), (team, Some("Sales")));
    let unknown = create(&fixture, in_team("d@example.com", "tem_0000000000001")).await.expect_err("refused");
    assert_eq!(problems(&unknown), [("team", "team")]);
}

#[tokio::test]
async fn all_problems_are_told_at_once() {
    let fixture = Fixture::new().await;
    let fields = AdvocateFields {
        email: text("not an address"),
        name: text("a\u{7}b"),
        kind: text("robot"),
        team: text(&"x".repeat(301)),
        language: text("english!"),
        skills: Field::Value(vec![" ".to_owned()]),
        invited_on: text("yesterday"),
        registered_at: text("2026-01-16"),
        left_on: text("2026-13-01"),
        ..AdvocateFields::default()
    };
    let error = create(&fixture, fields).await.expect_err("refused");
    let expected = [
        ("email", "invalid"),
        ("name", "invalid"),
        ("kind", "invalid"),
        ("language", "invalid"),
        ("skills[0]", "required"),
        ("invited_on", "invalid"),
        ("registered_at", "invalid"),
        ("left_on", "invalid"),
        ("team", "too_long"),
        ("email", "required"),
    ];
    assert_eq!(problems(&error), expected);
}

#[tokio::test]
async fn an_address_and_a_key_belong_to_one_advocate_of_a_space() {
    let fixture = Fixture::new().await;
    let keyed = |email: &str| AdvocateFields { external_id: text("hr-1"), ..advocate(email) };
    let first = create(&fixture, keyed("ada@example.com")).await.expect("an advocate");
    let double = create(&fixture, advocate("ADA@example.com")).await.expect_err("refused");
    assert_eq!(problems(&double), [("email", "email_taken")]);
    let double = create(&fixture, keyed("eve@example.com")).await.expect_err("refused");
    assert_eq!(problems(&double), [("external_id", "external_id_taken")]);

    let elsewhere = fixture.other_space().await;
    let mut work = fixture.programme.work().await.expect("work");
    work.create_advocate(elsewhere, &keyed("ada@example.com")).await.expect("another space is another world");
    let unchanged = work.update_advocate(fixture.space.id, first.advocate.id, &keyed("ada@example.com")).await;
    assert_eq!(unchanged.expect("its own address is not taken"), first);
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name_and_empties_what_is_null() {
    let fixture = Fixture::new().await;
    let fields = AdvocateFields { location: text("Lyon"), team: text("Sales"), ..advocate("ada@example.com") };
    let record = create(&fixture, fields).await.expect("an advocate");
    let change = AdvocateFields { location: Field::Null, cohort: text("spring"), ..AdvocateFields::default() };
    let mut work = fixture.programme.work().await.expect("work");
    let changed = work.update_advocate(fixture.space.id, record.advocate.id, &change).await.expect("an advocate");
    assert_eq!(changed.advocate.location, None);
    assert_eq!(changed.advocate.cohort.as_deref(), Some("spring"));
    assert_eq!((changed.email, changed.team_name), (record.email, record.team_name));
}
