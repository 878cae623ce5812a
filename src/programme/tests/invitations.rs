//! Inviting people.

use super::*;
use crate::model::programme::Language;
use std::sync::atomic::{AtomicI64, Ordering};

fn clock() -> (Clock, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(NOW_MS));
    let told = Arc::clone(&now);
    (Clock::from_fn(move || told.load(Ordering::SeqCst)), now)
}

async fn person(fixture: &Fixture, fields: AdvocateFields) -> AdvocateId {
    let mut work = fixture.programme.work().await.expect("work");
    let id = work.create_advocate(fixture.space.id, &fields).await.expect("an advocate").advocate.id;
    work.commit().await.expect("a commit");
    id
}

async fn invite(fixture: &Fixture, id: AdvocateId) -> Result<bool, Error> {
    let mut work = fixture.programme.work().await?;
    let queued = work.invite(fixture.space.id, id).await?;
    work.commit().await?;
    Ok(queued)
}

#[tokio::test]
async fn an_invitation_goes_out_until_it_was_sent() {
    let (clock, now) = clock();
    let fixture = Fixture::with_clock(clock).await;
    let ada = person(&fixture, AdvocateFields { language: text("fr-CA"), ..advocate("ada@acme.test") }).await;
    assert!(invite(&fixture, ada).await.expect("invited"));
    assert!(!invite(&fixture, ada).await.expect("one waits already"));
    let invited = fixture.programme.advocate(fixture.space.id, ada).await.expect("reads");
    assert_eq!(invited.advocate.invited_on.as_deref(), Some("2026-03-02"));
    let [due] = fixture.programme.due_invitations(10).await.expect("due")[..] else { panic!("one") };
    let made = fixture.programme.invitation(due).await.expect("made").expect("somebody to invite");
    assert_eq!(
        (made.email.as_str(), made.language, made.space.slug.as_str()),
        ("ada@acme.test", Language::French, "acme")
    );
    // Another node saw it as due as well; and its sender dies here.
    assert_eq!(fixture.programme.invitation(due).await.expect("asked"), None);
    assert!(fixture.programme.due_invitations(10).await.expect("due").is_empty());
    now.fetch_add(5_000, Ordering::SeqCst);
    let [again] = fixture.programme.due_invitations(10).await.expect("due")[..] else { panic!("one") };
    assert_eq!(again.attempts, 1);
    fixture.programme.invitation(again).await.expect("made").expect("somebody to invite");
    fixture.programme.invitation_sent(again).await.expect("sent");
    now.fetch_add(3_600_000, Ordering::SeqCst);
    assert!(fixture.programme.due_invitations(10).await.expect("due").is_empty());
}

#[tokio::test]
async fn nobody_is_invited_who_joined_left_or_has_no_address() {
    let fixture = Fixture::new().await;
    let joined = AdvocateFields { registered_at: text("2026-02-01T10:00:00Z"), ..advocate("a@acme.test") };
    let gone = AdvocateFields { left_on: text("2026-02-01"), ..advocate("b@acme.test") };
    let nameless = AdvocateFields { external_id: text("42"), ..AdvocateFields::default() };
    for (fields, code) in [(joined, "joined_already"), (gone, "advocate_left"), (nameless, "no_address")] {
        let id = person(&fixture, fields).await;
        let refused = invite(&fixture, id).await.expect_err("refused");
        assert!(matches!(&refused, Error::Conflict { code: found, .. } if *found == code), "{refused}");
    }
    assert!(fixture.programme.due_invitations(10).await.expect("due").is_empty());
}

#[tokio::test]
async fn who_joins_or_is_erased_before_the_mail_leaves_gets_none() {
    let fixture = Fixture::new().await;
    let (ada, eve) = (person(&fixture, advocate("a@acme.test")).await, person(&fixture, advocate("e@acme.test")).await);
    invite(&fixture, ada).await.expect("invited");
    invite(&fixture, eve).await.expect("invited");
    let mut work = fixture.programme.work().await.expect("work");
    let joined = AdvocateFields { registered_at: text("2026-03-02T09:00:00Z"), ..AdvocateFields::default() };
    work.update_advocate(fixture.space.id, ada, &joined).await.expect("joined");
    work.erase_advocate(fixture.space.id, eve).await.expect("erased");
    work.commit().await.expect("a commit");
    let [due] = fixture.programme.due_invitations(10).await.expect("due")[..] else { panic!("one") };
    assert_eq!(fixture.programme.invitation(due).await.expect("asked"), None);
    assert!(fixture.programme.due_invitations(10).await.expect("due").is_empty());
}

#[tokio::test]
async fn a_space_that_is_closed_before_the_mail_leaves_invites_nobody() {
    let fixture = Fixture::new().await;
    let ada = person(&fixture, advocate("a@acme.test")).await;
    invite(&fixture, ada).await.expect("invited");
    let mut work = fixture.programme.work().await.expect("work");
    let closed = SpaceFields { closed: Field::Value(true), ..SpaceFields::default() };
    work.update_space(fixture.space.id, &closed).await.expect("closed");
    work.commit().await.expect("a commit");
    let [due] = fixture.programme.due_invitations(10).await.expect("due")[..] else { panic!("one") };
    assert_eq!(fixture.programme.invitation(due).await.expect("asked"), None);
    assert!(fixture.programme.due_invitations(10).await.expect("due").is_empty());
}

#[tokio::test]
async fn everybody_who_never_was_is_invited_once() {
    let fixture = Fixture::new().await;
    person(&fixture, advocate("a@acme.test")).await;
    person(&fixture, advocate("b@acme.test")).await;
    person(&fixture, AdvocateFields { invited_on: text("2026-01-01"), ..advocate("c@acme.test") }).await;
    person(&fixture, AdvocateFields { external_id: text("42"), ..AdvocateFields::default() }).await;
    let mut work = fixture.programme.work().await.expect("work");
    assert_eq!(work.invite_the_uninvited(fixture.space.id).await.expect("invited"), (2, 0));
    assert_eq!(work.invite_the_uninvited(fixture.space.id).await.expect("nobody"), (0, 0));
    work.commit().await.expect("a commit");
    assert_eq!(fixture.programme.due_invitations(10).await.expect("due").len(), 2);
}
