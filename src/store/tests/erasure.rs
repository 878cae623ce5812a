//! Forgetting a person leaves nothing behind, in no table.

use super::*;
use crate::model::Entity;

/// Runs a statement on whichever engine it is; answers how many rows it touched.
async fn run(writing: &mut Writing, statement: &'static str) -> u64 {
    let done = match &mut writing.transaction {
        Transaction::Sqlite(open) => sqlx::query(statement).execute(&mut **open).await.map(|it| it.rows_affected()),
        Transaction::Postgres(open) => sqlx::query(statement).execute(&mut **open).await.map(|it| it.rows_affected()),
    };
    done.unwrap_or_else(|error| panic!("{statement}: {error}"))
}

/// Each gives what names advocate 1 (key `hr-1`) a new value, so the rows touched are those that do.
const TRACES: &[&str] = &[
    "UPDATE advocates SET kind = kind WHERE id = 1 OR external_id = 'hr-1'",
    "UPDATE team_managers SET space_id = space_id WHERE advocate_id = 1",
    "UPDATE links SET disabled = disabled WHERE advocate_id = 1",
    "UPDATE shares SET source = source WHERE advocate_id = 1 OR advocate_key = 'hr-1'",
    "UPDATE sign_ins SET space_id = space_id WHERE advocate_id = 1",
    "UPDATE referral_facts SET stage = stage WHERE advocate_key = 'hr-1'",
    "UPDATE tokens SET name = name WHERE advocate_id = 1",
    "UPDATE idempotency_keys SET status = status WHERE answer LIKE '%adv_0000000000001%'",
    "UPDATE changes SET at_ms = at_ms WHERE payload LIKE '%hr-1%'",
];

#[tokio::test]
async fn security_29_every_trace_of_a_person_goes_and_its_links_and_shares_stay() {
    let (home, store) = store(Clock::from_fn(|| 42)).await;
    let space = fill(&store, 1).await;
    let mut writing = store.write().await.expect("a transaction");
    writing.put_team(&team(1)).await.expect("a team");
    let managed = TeamRecord { team: team(1), managers: vec![AdvocateId::from_bits(1)] };
    writing.set_managers(&managed).await.expect("a manager");
    writing.insert_share(&share(1)).await.expect("a share");
    let token = TokenRecord {
        id: crate::model::TokenId::from_bits(1),
        space,
        role: crate::model::Role::Admin,
        name: "HR".to_owned(),
        scopes: None,
        advocate: None,
        hash: [1; 32],
        created_at_ms: 42,
        expires_at_ms: None,
        last_used_at_ms: None,
        revoked_at_ms: None,
    };
    writing.insert_token(&token).await.expect("a token");
    let own = TokenRecord {
        id: crate::model::TokenId::from_bits(2),
        role: crate::model::Role::Advocate,
        advocate: Some(AdvocateId::from_bits(1)),
        hash: [2; 32],
        ..token.clone()
    };
    writing.insert_token(&own).await.expect("a token");
    let answer = r#"{"id":"adv_0000000000001","name":"Ada Lovelace"}"#.to_owned();
    let kept = KeptAnswer { request_hash: [3; 32], status: 201, answer };
    for token in [token.id, own.id] {
        writing.keep_answer(space, token, "k", &kept).await.expect("an answer");
    }
    for statement in [
        "INSERT INTO sign_ins (advocate_id, signed_in_at_ms, space_id) VALUES (1, 7, 1)",
        "UPDATE shares SET advocate_key = 'hr-1'",
        "INSERT INTO shares (id, space_id, content_id, advocate_key, channel, source, shared_at_ms, created_at_ms)
             VALUES (2, 1, 1, 'hr-1', 'x', 'import', 1, 1)",
        "INSERT INTO applications (id, space_id, external_id, reason, stage, reached, created_at_ms, updated_at_ms)
             VALUES (1, 1, 'a-1', 'first', 'applied', '{}', 1, 1)",
        "INSERT INTO referral_facts (id, space_id, application_id, stage, occurred_at_ms, received_at_ms, evidence,
             advocate_key) VALUES (1, 1, 1, 'applied', 1, 1, 'import', 'hr-1')",
    ] {
        run(&mut writing, statement).await;
    }
    for trace in TRACES {
        assert!(run(&mut writing, trace).await > 0, "the test leaves no trace for {trace}");
    }
    let erasure = writing.erase_advocate(&advocate(1), "operator", "letter of 3 May").await.expect("it is forgotten");
    assert_eq!((erasure.found["shares"], erasure.found["links"], erasure.found["sign-ins"]), (2, 1, 1));
    for trace in TRACES {
        assert_eq!(run(&mut writing, trace).await, 0, "{trace}");
    }
    writing.commit().await.expect("a commit");

    let mut reading = store.read().await.expect("a transaction");
    let link = reading.link(space, LinkId::from_bits(1)).await.expect("reads").expect("it stays");
    assert_eq!(link, Link { advocate: AdvocateId::NONE, ..super::link(1, 1) });
    let share = reading.share(space, ShareId::from_bits(1)).await.expect("reads").expect("it stays");
    assert_eq!(share, Share { advocate: AdvocateId::NONE, ..super::share(1) });
    let changes = store.changes_since(0, 100).await.expect("no gap");
    let removed = Entity::AdvocateRemoved(AdvocateId::from_bits(1));
    assert_eq!(changes.iter().filter(|change| change.entity == removed).count(), 2, "its past too");
    drop(reading);
    store.forget_old_pages().await.expect("nobody reads");
    for file in std::fs::read_dir(home.path()).expect("the folder") {
        let bytes = std::fs::read(file.expect("an entry").path()).expect("a file");
        for secret in ["Lovelace", "ada@example.com", "hr-1"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} is on disk");
        }
    }
}
