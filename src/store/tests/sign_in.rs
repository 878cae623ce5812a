//! What is kept about people at a browser, and the audit log.

use serde_json::json;

use super::*;
use crate::model::{AuditId, ChallengeId, MailId, Role, SessionId};

const NOW_MS: i64 = 1_772_445_600_000;

fn session(n: u64) -> SessionRecord {
    SessionRecord {
        id: SessionId::from_bits(n),
        space: SpaceId::from_bits(n),
        advocate: AdvocateId::from_bits(n),
        hash: [u8::try_from(n).expect("a small number"); 32],
        created_at_ms: NOW_MS,
        seen_at_ms: NOW_MS,
        ends_at_ms: NOW_MS + 1_000,
    }
}

fn challenge(n: u64) -> ChallengeRecord {
    ChallengeRecord {
        id: ChallengeId::from_bits(n),
        space: SpaceId::from_bits(n),
        email: Some("ada@example.com".to_owned()),
        advocate: None,
        browser: Some([7; 32]),
        code: None,
        link: None,
        next: "/me".to_owned(),
        attempts: 0,
        created_at_ms: NOW_MS,
        ends_at_ms: NOW_MS + 1_000,
    }
}

#[tokio::test]
async fn people_at_a_browser_read_back_and_nothing_crosses_a_space() {
    let (_home, store) = store(Clock::from_fn(|| NOW_MS)).await;
    let (one, two) = (fill(&store, 1).await, fill(&store, 2).await);
    let (ada, eve) = (AdvocateId::from_bits(1), AdvocateId::from_bits(2));
    let mut writing = store.write().await.expect("a transaction");
    writing.put_role(one, ada, Some(Role::Marketing)).await.expect("a role");
    writing.put_role(one, ada, Some(Role::Admin)).await.expect("another role");
    writing.insert_session(&session(1)).await.expect("a session");
    writing.insert_challenge(&challenge(1)).await.expect("a challenge");
    let mail = MailRecord {
        id: MailId::from_bits(1),
        space: one,
        challenge: ChallengeId::from_bits(1),
        language: Language::French,
        attempts: 0,
        due_at_ms: NOW_MS,
    };
    writing.insert_mail(&mail).await.expect("a mail");
    let identity =
        IdentityRecord { space: one, issuer: "https://id.test".to_owned(), subject: "s".to_owned(), advocate: ada };
    writing.insert_identity(&identity).await.expect("an identity");
    writing.commit().await.expect("a commit");

    let mut reading = store.read().await.expect("a transaction");
    assert_eq!(reading.role_of(one, ada).await.expect("reads"), Some(Role::Admin));
    assert_eq!(reading.role_of(two, ada).await.expect("reads"), None);
    let open = reading.session_of_hash(&[1; 32]).await.expect("reads").expect("a session");
    assert_eq!((open.session, open.role, open.time_zone.as_str()), (session(1), Some(Role::Admin), "Europe/Paris"));
    assert_eq!(reading.sessions_of(two, ada, NOW_MS).await.expect("reads"), []);
    assert_eq!(reading.challenge(one, ChallengeId::from_bits(1)).await.expect("reads"), Some(challenge(1)));
    assert_eq!(reading.challenge(two, ChallengeId::from_bits(1)).await.expect("reads"), None);
    assert_eq!(reading.count_challenges(one, "ada@example.com", NOW_MS).await.expect("reads"), 1);
    assert_eq!(reading.count_challenges(two, "ada@example.com", NOW_MS).await.expect("reads"), 0);
    assert_eq!(reading.due_mails(NOW_MS, 10).await.expect("reads"), [mail]);
    assert_eq!(reading.identity_of(one, "https://id.test", "s").await.expect("reads"), Some(ada));
    assert_eq!(reading.identity_of(two, "https://id.test", "s").await.expect("reads"), None);
    let page = Page { after: None, limit: 10 };
    let members = reading.list_members(one, page).await.expect("reads");
    assert_eq!(members.iter().map(|member| (member.advocate, member.role)).collect::<Vec<_>>(), [(ada, Role::Admin)]);
    assert_eq!(reading.list_members(two, page).await.expect("reads"), []);
    drop(reading);

    let mut writing = store.write().await.expect("a transaction");
    assert!(!writing.end_session(two, ada, SessionId::from_bits(1)).await.expect("runs"));
    assert!(!writing.end_session(one, eve, SessionId::from_bits(1)).await.expect("runs"));
    assert!(!writing.take_challenge(two, ChallengeId::from_bits(1)).await.expect("runs"));
    assert!(writing.take_challenge(one, ChallengeId::from_bits(1)).await.expect("runs"));
    assert_eq!(writing.due_mails(NOW_MS, 10).await.expect("reads"), [], "a mail goes with its challenge");
    assert!(writing.put_role(one, eve, Some(Role::Admin)).await.is_err(), "a stranger is nobody's member");
}

#[tokio::test]
async fn whatever_lets_a_person_sign_in_is_forgotten_at_once() {
    let (_home, store) = store(Clock::from_fn(|| NOW_MS)).await;
    let one = fill(&store, 1).await;
    let ada = AdvocateId::from_bits(1);
    let mut writing = store.write().await.expect("a transaction");
    writing.put_role(one, ada, Some(Role::Admin)).await.expect("a role");
    writing.insert_session(&session(1)).await.expect("a session");
    writing.insert_challenge(&challenge(1)).await.expect("a challenge");
    let printed = ChallengeRecord {
        id: ChallengeId::from_bits(3),
        email: None,
        advocate: Some(ada),
        browser: None,
        link: Some([9; 32]),
        ..challenge(1)
    };
    writing.insert_challenge(&printed).await.expect("a challenge");
    let (issuer, subject) = ("https://id.test".to_owned(), "s".to_owned());
    writing.insert_identity(&IdentityRecord { space: one, issuer, subject, advocate: ada }).await.expect("an identity");
    writing.forget_sign_in(one, ada, Some("ada@example.com")).await.expect("forgets");
    assert_eq!(writing.role_of(one, ada).await.expect("reads"), None);
    assert_eq!(writing.session_of_hash(&[1; 32]).await.expect("reads"), None);
    assert_eq!(writing.challenge(one, ChallengeId::from_bits(1)).await.expect("reads"), None);
    assert_eq!(writing.challenge_of_link(&[9; 32]).await.expect("reads"), None);
    assert_eq!(writing.identity_of(one, "https://id.test", "s").await.expect("reads"), None);
}

#[tokio::test]
async fn what_has_reached_its_end_is_removed() {
    let (_home, store) = store(Clock::from_fn(|| NOW_MS + 1_000)).await;
    let space = fill(&store, 1).await;
    let mut writing = store.write().await.expect("a transaction");
    writing.insert_challenge(&challenge(1)).await.expect("a challenge");
    writing.insert_session(&session(1)).await.expect("a session");
    writing.put_space(&super::space(2)).await.expect("a space");
    writing.put_advocate(&advocate(2)).await.expect("an advocate");
    let used = SessionRecord { seen_at_ms: NOW_MS + 900, ends_at_ms: NOW_MS + 2_000, ..session(2) };
    writing.insert_session(&used).await.expect("a session");
    writing.prune_sign_ins(NOW_MS + 500).await.expect("prunes");
    assert!(writing.challenge(space, ChallengeId::from_bits(1)).await.expect("reads").is_none());
    assert!(writing.session_of_hash(&[1; 32]).await.expect("reads").is_none());
    assert!(writing.session_of_hash(&[2; 32]).await.expect("reads").is_some());
    writing.prune_sign_ins(NOW_MS + 901).await.expect("prunes");
    assert!(writing.session_of_hash(&[2; 32]).await.expect("reads").is_none(), "nobody used it");
}

#[tokio::test]
async fn the_audit_log_is_added_to_and_never_changed() {
    let (_home, store) = store(Clock::from_fn(|| NOW_MS)).await;
    let (one, two) = (fill(&store, 1).await, fill(&store, 2).await);
    let mut writing = store.write().await.expect("a transaction");
    for target in ["a", "b"] {
        writing.append_audit(one, "operator", "thing.done", target, json!({"n": 1})).await.expect("a line");
    }
    writing.commit().await.expect("a commit");
    let mut reading = store.read().await.expect("a transaction");
    let page = Page { after: None, limit: 10 };
    let lines = reading.list_audit(one, page).await.expect("reads");
    let mut targets: Vec<_> = lines.iter().map(|line| line.target.as_str()).collect();
    targets.sort_unstable();
    assert_eq!(targets, ["a", "b"]);
    assert_eq!((lines[0].actor.as_str(), &lines[0].details), ("operator", &json!({"n": 1})));
    let rest = reading.list_audit(one, Page { after: Some(lines[0].id), limit: 10 }).await.expect("reads");
    assert_eq!(rest, lines[1..]);
    assert_eq!(reading.list_audit(two, page).await.expect("reads"), []);
    assert_eq!(reading.audit_entry(two, lines[0].id).await.expect("reads"), None);
    assert_eq!(reading.audit_entry(one, AuditId::from_bits(1)).await.expect("reads"), None);
    drop(reading);

    let mut writing = store.write().await.expect("a transaction");
    let forged = "UPDATE audit_log SET actor = 'nobody'";
    let outcome = match &mut writing.reading.transaction {
        Transaction::Sqlite(open) => sqlx::raw_sql(forged).execute(&mut **open).await.map(drop),
        Transaction::Postgres(open) => sqlx::raw_sql(forged).execute(&mut **open).await.map(drop),
    };
    let error = outcome.expect_err("refused by the engine itself").to_string();
    assert!(error.contains("never changed"), "{error}");
    drop(writing);
    let mut writing = store.write().await.expect("a transaction");
    writing.prune_audit(NOW_MS).await.expect("prunes");
    assert_eq!(writing.list_audit(one, page).await.expect("reads").len(), 2);
    writing.prune_audit(NOW_MS + 1).await.expect("prunes");
    assert_eq!(writing.list_audit(one, page).await.expect("reads").len(), 0);
}
