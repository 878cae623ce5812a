//! Who waits for whom.

use std::sync::Mutex;

use super::*;

#[tokio::test]
async fn a_single_change_waits_for_one_patient_writer_at_most() {
    let (_home, store) = store(Clock::system()).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let first = store.write_patiently().await.expect("a transaction");
    let note = |who: &'static str| {
        let order = Arc::clone(&order);
        move |writing: Writing| {
            order.lock().expect("no panic before").push(who);
            drop(writing);
        }
    };
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let (store, note) = (store.clone(), note("patient"));
        waiting.spawn(async move { note(store.write_patiently().await.expect("a transaction")) });
    }
    // On one thread each task runs until it has to wait.
    tokio::task::yield_now().await;
    let (single, note) = (store.clone(), note("single"));
    waiting.spawn(async move { note(single.write().await.expect("a transaction")) });
    tokio::task::yield_now().await;
    drop(first);
    waiting.join_all().await;
    let order = order.lock().expect("no panic before");
    let before = order.iter().position(|who| *who == "single");
    assert!(before.is_some_and(|before| before <= 1), "{order:?}");
    assert_eq!(order.len(), 4);
}
