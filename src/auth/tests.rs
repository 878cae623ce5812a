//! Credentials on a real store.

mod oidc;
pub(crate) mod provider;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::store::{Clock, tests as samples};

const NOW_MS: i64 = 1_772_445_600_000;

struct Case {
    now: Arc<AtomicI64>,
    home: samples::Home,
    store: Store,
    space: SpaceId,
    auth: Auth,
}

impl Case {
    async fn new() -> Self {
        let now = Arc::new(AtomicI64::new(NOW_MS));
        let clock = {
            let now = Arc::clone(&now);
            Clock::from_fn(move || now.load(Ordering::SeqCst))
        };
        let (home, store) = samples::store(clock).await;
        let space = samples::fill(&store, 1).await;
        let auth = Auth::new(store.clone());
        Self { now, home, store, space, auth }
    }

    async fn present(&self, token: &str) -> Result<Principal, AuthError> {
        self.auth.authenticate(Some(&format!("Bearer {token}"))).await
    }
}

#[tokio::test]
async fn security_18_a_token_opens_its_space_in_its_role_until_it_expires() {
    let case = Case::new().await;
    let space = case.space;
    let new = case.auth.create_token(space, Role::Marketing, None, Some(NOW_MS + 1000)).await.expect("a token");
    let principal = case.present(new.token.expose()).await.expect("it is accepted");
    assert_eq!(
        principal,
        Principal { space, role: Role::Marketing, scopes: Scopes::ALL, advocate: None, token: new.id }
    );
    case.now.fetch_add(1000, Ordering::SeqCst);
    assert!(matches!(case.present(new.token.expose()).await, Err(AuthError::Expired)));
}

#[tokio::test]
async fn a_revoked_token_looks_like_one_that_never_was() {
    let case = Case::new().await;
    let space = case.space;
    let new = case.auth.create_token(space, Role::Admin, None, None).await.expect("a token");
    let elsewhere = samples::fill(&case.store, 2).await;
    assert!(!case.auth.revoke_token(elsewhere, new.id).await.expect("the store works"));
    assert!(case.present(new.token.expose()).await.is_ok());
    assert!(case.auth.revoke_token(space, new.id).await.expect("the store works"));
    assert!(matches!(case.present(new.token.expose()).await, Err(AuthError::Unknown)));
    assert!(matches!(case.present(Token::draw().expose()).await, Err(AuthError::Unknown)));
}

#[tokio::test]
async fn what_is_no_token_is_refused_before_the_store_is_asked() {
    let case = Case::new().await;
    case.store.close().await;
    assert!(matches!(case.auth.authenticate(None).await, Err(AuthError::Missing)));
    assert!(matches!(case.auth.authenticate(Some("Basic YTpi")).await, Err(AuthError::Missing)));
    assert!(matches!(case.present("rls_short").await, Err(AuthError::Malformed)));
    assert!(matches!(case.present(Token::draw().expose()).await, Err(AuthError::Store(_))));
}

#[tokio::test]
async fn an_advocates_token_names_an_advocate_of_the_space() {
    let case = Case::new().await;
    let (space, advocate) = (case.space, AdvocateId::from_bits(1));
    let elsewhere = samples::fill(&case.store, 2).await;
    let create = |space, role, advocate| case.auth.create_token(space, role, advocate, None);
    assert!(matches!(create(space, Role::Advocate, None).await, Err(CreateTokenError::AdvocateNeeded)));
    assert!(matches!(create(space, Role::Admin, Some(advocate)).await, Err(CreateTokenError::AdvocateGiven)));
    assert!(matches!(create(elsewhere, Role::Advocate, Some(advocate)).await, Err(CreateTokenError::Advocate)));
    let nowhere = SpaceId::from_bits(3);
    assert!(matches!(create(nowhere, Role::Admin, None).await, Err(CreateTokenError::Space)));
    let new = create(space, Role::Advocate, Some(advocate)).await.expect("a token");
    let principal = case.present(new.token.expose()).await.expect("it is accepted");
    assert_eq!(principal.only(), Some(advocate));
}

#[tokio::test]
async fn security_18_the_store_keeps_no_token_and_notes_its_use_once_an_hour() {
    let case = Case::new().await;
    let new = case.auth.create_token(case.space, Role::Admin, None, None).await.expect("a token");
    let hash = new.token.hash();
    let used = async || {
        let mut reading = case.store.read().await.expect("the store works");
        let record = reading.token_of_hash(&hash).await.expect("the store works");
        record.expect("the token is kept").last_used_at_ms
    };
    assert_eq!(used().await, None);
    for (later, noted) in [(0, 0), (1000, 0), (3_600_000, 3_600_000)] {
        case.now.store(NOW_MS + later, Ordering::SeqCst);
        case.present(new.token.expose()).await.expect("it is accepted");
        assert_eq!(used().await, Some(NOW_MS + noted));
    }
    case.store.close().await;
    for file in std::fs::read_dir(case.home.path()).expect("the folder") {
        let bytes = std::fs::read(file.expect("an entry").path()).expect("a file");
        let secret = new.token.expose().as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "the token is on disk");
    }
}

#[tokio::test]
async fn somebody_who_writes_for_long_keeps_nobody_out() {
    let case = Case::new().await;
    let new = case.auth.create_token(case.space, Role::Admin, None, None).await.expect("a token");
    let writing = case.store.write().await.expect("a transaction");
    let principal = case.present(new.token.expose()).await.expect("it is accepted");
    assert_eq!(principal.token, new.id);
    drop(writing);
}
