//! Roll-ups on a real ClickHouse equal what the raw rows say, whatever happens to either.

mod expected;
mod kept;
mod world;

use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;
use crate::warehouse::testing;
use expected::Figures;
use world::World;

/// Set for a process that shall make passes until it is killed; its value is the database.
const AS_NODE: &str = "RELAIS_TEST_ROLLUPS_IN";
/// Where that process finds the engine: URL, account, password.
const ENGINE: [&str; 3] = ["RELAIS_TEST_ROLLUPS_URL", "RELAIS_TEST_ROLLUPS_USER", "RELAIS_TEST_ROLLUPS_PASSWORD"];
/// How often things happen and a pass follows, in one story.
const ROUNDS: u32 = 6;
/// Stories that are told at the same time.
const AT_ONCE: usize = 4;
/// Stories of the long campaign that once ended badly.
///
/// 34: a pass ended between a day's rows and its note, and the space moved to a time zone in which that day has no click.
/// 299: a space moved while a content of it had no click and no share near its publication, whose day became another one.
const FOUND: &[u64] = &[34, 299];
/// Every named place of the module's header.
const PLACES: &[&str] = &[
    "rollup.marked",
    "rollup.aged",
    "rollup.shares",
    "rollup.contents",
    "rollup.read",
    "rollup.clicks",
    "rollup.visitors",
    "rollup.links",
    "rollup.landed",
    "rollup.month",
    "rollup.noted",
];

/// Not a test of its own: a node that makes passes until nothing is left, or dies on the way.
#[tokio::test]
async fn node_process() {
    let Ok(database) = std::env::var(AS_NODE) else { return };
    let access = ENGINE.map(|name| std::env::var(name).expect("the parent sets it"));
    let rollups = Rollups::new(testing::connect(access, &database));
    while rollups.pass(&Scope::default()).await.expect("a pass") != Pass::default() {}
}

/// Lets another process make passes and kills it at the `times`-th arrival at a place. False when it never came there.
async fn pass_and_die_at(world: &World, place: &str, times: u64) -> bool {
    let database = world.warehouse.database().to_owned();
    let failpoint = format!("{place}:{times}");
    let status = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(std::env::current_exe().expect("a test binary has a path"));
        command
            .args(["--exact", "kpi::rollup::tests::node_process", "--test-threads=1"])
            .env(AS_NODE, database)
            .env("RELAIS_FAILPOINT", failpoint)
            .stdout(Stdio::null());
        for (name, value) in ENGINE.iter().zip(testing::access_of_another_process()) {
            command.env(name, value);
        }
        command.status().expect("a process")
    });
    !status.await.expect("it ends").success()
}

async fn assert_equal(world: &World, story: &str) {
    let (kept, raw) = (Figures::kept(&world.warehouse).await, Figures::of_raw_rows(&world.warehouse).await);
    assert_maps_equal(&kept.counts, &raw.counts, story);
    assert_maps_equal(&kept.visitors, &raw.visitors, story);
    assert_maps_equal(&kept.shares, &raw.shares, story);
    assert_maps_equal(&kept.contents, &raw.contents, story);
}

/// Says which entries differ, rather than printing all.
fn assert_maps_equal<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    kept: &BTreeMap<K, V>,
    raw: &BTreeMap<K, V>,
    story: &str,
) {
    let keys: BTreeSet<&K> = kept.keys().chain(raw.keys()).collect();
    let different: Vec<_> =
        keys.into_iter().map(|key| (key, kept.get(key), raw.get(key))).filter(|(_, kept, raw)| kept != raw).collect();
    assert!(
        different.is_empty(),
        "{story}: {} differ (kept, raw): {:#?}",
        different.len(),
        &different[..different.len().min(5)]
    );
}

/// One story: things happen, passes are made, broken off and killed in between; in the end, and sometimes before, the
/// roll-ups are what the raw rows say. Answers how often a process was killed.
async fn tell(seed: u64) -> u32 {
    let mut world = World::new(seed).await;
    let mut killed = 0;
    for _ in 0..ROUNDS {
        for _ in 0..1 + world.pick(8) {
            world.happen().await;
        }
        match world.pick(6) {
            0 => {
                let place = PLACES[world.pick(PLACES.len() as u64) as usize];
                let times = 1 + world.pick(3);
                killed += u32::from(pass_and_die_at(&world, place, times).await);
            }
            1 => {
                // Given up anywhere; what was sent last may go on in ClickHouse.
                let patience = Duration::from_millis(world.pick(200));
                let _given_up = tokio::time::timeout(patience, world.pass()).await;
                // Nobody waits for the session that is still busy: the next pass is another node's.
                world.rollups = Rollups::new(world.warehouse.clone());
            }
            2 => {
                let other = Rollups::new(world.warehouse.clone());
                let everything = Scope::default();
                let (one, two) = tokio::join!(world.pass(), other.pass(&everything));
                two.unwrap_or(one);
            }
            3 => {
                world.settle().await;
                assert_equal(&world, &format!("seed {seed}, on the way")).await;
            }
            _ => {
                world.pass().await;
            }
        }
    }
    world.settle().await;
    assert_equal(&world, &format!("seed {seed}")).await;
    killed
}

#[allow(clippy::print_stdout, reason = "a campaign of hours says how far it is")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_roll_ups_equal_the_raw_rows() {
    let chaos = std::env::var_os("RELAIS_CHAOS").is_some();
    let seeds: Vec<u64> = if chaos { (0..1_000).collect() } else { (0..24).chain(FOUND.iter().copied()).collect() };
    let mut seeds = seeds.into_iter();
    let (mut killed, mut told) = (0, 0);
    let mut stories = tokio::task::JoinSet::new();
    seeds.by_ref().take(AT_ONCE).for_each(|seed| drop(stories.spawn(tell(seed))));
    while let Some(ended) = stories.join_next().await {
        killed += ended.expect("it ends well");
        told += 1;
        if chaos && told % 50 == 0 {
            println!("{told} stories, {killed} processes killed, 0 different");
        }
        seeds.by_ref().take(1).for_each(|seed| drop(stories.spawn(tell(seed))));
    }
    assert!(killed > 0, "no process was killed");
}
