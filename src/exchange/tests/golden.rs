//! The bundles that every part of the house agrees on. They stand beside the repository; a clone without
//! them leaves these tests out, and says so.

use super::*;
use crate::exchange::bundle::FILES;

fn golden() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    above.map(|folder| folder.join("shared/golden")).find(|folder| folder.is_dir())
}

async fn comes_back(room: &Room, slug: &str, zone: &str, folder: &Path) {
    let place = room.space(slug, zone).await;
    let first = take(&place, folder).await;
    assert!(moved(&first) > 0);
    let seq = place.store.latest_seq().await.expect("reads");
    let export = room.export(&place).await;
    for file in FILES.iter().filter(|file| folder.join(file.name).exists()) {
        assert_eq!(rows(&export, file), rows(folder, file), "{slug}: {}", file.name);
    }
    for again in [folder, &export] {
        let second = take(&place, again).await;
        assert_eq!(moved(&second), 0, "{slug}: {second:?}");
        assert_eq!(place.store.latest_seq().await.expect("reads"), seq, "the feed stands still");
    }
    let later = room.export(&place).await;
    for file in FILES.iter().filter(|file| export.join(file.name).exists()) {
        assert_eq!(lines(&later, file.name), lines(&export, file.name), "{slug}: {}", file.name);
    }
}

#[tokio::test]
async fn the_golden_bundles_come_back_as_they_were_and_change_nothing_the_second_time() {
    let Some(golden) = golden() else {
        eprintln!("left out: there is no shared/golden beside the repository");
        return;
    };
    let room = Room::new().await;
    comes_back(&room, "worked", "Europe/Paris", &golden.join("worked-example")).await;
    comes_back(&room, "edges", "Europe/Paris", &golden.join("edges")).await;
    comes_back(&room, "second", "America/New_York", &golden.join("edges/second-space")).await;
}
