use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn limits(config: LimitsConfig) -> Arc<Limits> {
    Arc::new(Limits::new(config))
}

#[test]
fn an_address_holds_its_connections_and_gets_them_back() {
    let limits = limits(LimitsConfig { connections_per_address: 2, ..LimitsConfig::OFF });
    let first = limits.admit(ip("192.0.2.1"), false).expect("the first");
    let _second = limits.admit(ip("::ffff:192.0.2.1"), false).expect("the second");
    assert_eq!(limits.admit(ip("192.0.2.1"), false).err(), Some(Refused::Address));
    assert!(limits.admit(ip("192.0.2.2"), false).is_ok());
    assert!(limits.admit(ip("192.0.2.1"), true).is_ok(), "a trusted proxy is exempt");
    drop(first);
    assert!(limits.admit(ip("192.0.2.1"), false).is_ok());
}

#[test]
fn security_9_everybody_together_is_bounded_too() {
    let limits = limits(LimitsConfig { max_connections: 2, ..LimitsConfig::OFF });
    let held: Vec<_> = (0..2).map(|_| limits.admit(ip("192.0.2.1"), true).expect("room")).collect();
    assert_eq!(limits.admit(ip("192.0.2.2"), true).err(), Some(Refused::Total));
    drop(held);
    assert!(limits.admit(ip("192.0.2.2"), true).is_ok());
}

#[test]
fn a_v6_subscriber_is_one_address_and_its_56_one_network() {
    assert_eq!(address_key(ip("2001:db8::1")), address_key(ip("2001:db8::ffff")));
    assert_ne!(address_key(ip("2001:db8:0:1::1")), address_key(ip("2001:db8::1")));
    assert_eq!(network_key(ip("2001:db8:0:ff::1")), network_key(ip("2001:db8::1")));
    assert_ne!(network_key(ip("2001:db8:0:100::1")), network_key(ip("2001:db8::1")));
    assert_eq!(network_key(ip("192.0.2.1")), network_key(ip("::ffff:192.0.2.254")));
}

#[test]
fn security_9_requests_beyond_a_second_are_told_when_to_come_back() {
    let limits = limits(LimitsConfig { requests_per_second_per_address: 5, ..LimitsConfig::OFF });
    let now = Instant::now();
    let client = limits.client(ip("192.0.2.1"), now);
    for _ in 0..5 {
        assert_eq!(limits.request(&client, now), Ok(()));
    }
    assert_eq!(limits.request(&client, now), Err(TooMany { retry_after_s: 1 }));
    assert_eq!(limits.request(&limits.client(ip("192.0.2.2"), now), now), Ok(()));
    assert_eq!(limits.request(&client, now + Duration::from_millis(200)), Ok(()));
}

#[test]
fn a_network_that_guesses_is_answered_nothing_for_a_while() {
    let limits = limits(LimitsConfig { misses_per_minute_per_network: 3, ..LimitsConfig::OFF });
    let now = Instant::now();
    let guesser = limits.client(ip("192.0.2.1"), now);
    for _ in 0..3 {
        assert_eq!(limits.request(&guesser, now), Ok(()));
        limits.miss(&guesser, now);
    }
    let neighbour = limits.client(ip("192.0.2.77"), now);
    assert_eq!(limits.request(&neighbour, now), Err(TooMany { retry_after_s: 20 }));
    assert_eq!(limits.request(&limits.client(ip("198.51.100.1"), now), now), Ok(()));
    assert_eq!(limits.request(&guesser, now + Duration::from_secs(20)), Ok(()));
}

#[test]
fn memory_stays_bounded_however_many_addresses_come() {
    let registry = Registry::<Address>::new(1024);
    for key in 0..100_000u128 {
        // None of them is idle: each has just taken a token.
        let _taken = registry.get(key, 0).requests.take(0, SECOND_US, SECOND_US);
    }
    assert!(registry.len() <= 1024 + 64, "{}", registry.len());
}

#[test]
fn an_entry_in_use_is_never_forgotten() {
    let registry = Registry::<Address>::new(64);
    let held = registry.get(7, 0);
    for key in 100..10_000u128 {
        registry.get(key, 0);
    }
    assert!(Arc::ptr_eq(&held, &registry.get(7, 0)));
}

proptest! {
    #[test]
    fn no_window_of_a_second_sees_more_than_twice_the_rate(
        gaps in proptest::collection::vec(0u64..400_000, 1..200),
        rate in 1u64..20,
    ) {
        let bucket = Bucket::default();
        let mut now = 0;
        let mut taken = Vec::new();
        for gap in gaps {
            now += gap;
            if bucket.take(now, SECOND_US / rate, SECOND_US).is_ok() {
                taken.push(now);
            }
        }
        for (index, start) in taken.iter().enumerate() {
            let within = taken[index..].iter().take_while(|at| **at < start + SECOND_US).count() as u64;
            // A full bucket at once, and what comes back within the same second.
            prop_assert!(within <= 2 * rate);
        }
    }
}
