//! What a click is recorded with, and what happens when it cannot be.

use super::*;
use crate::model::programme::PrivacyMode;
use crate::model::{AdvocateId, Answer, Campaign, CampaignId, Content, LinkId, Space, SpaceId, TeamId, click_id};
use crate::redirect::fixtures::{advocate, campaign, content, link, space};
use crate::spool::Spool;

fn programme() -> Vec<Entity> {
    let tracked = Content { tracks_conversions: true, ..content(2, 1) };
    let forwarding = Content { forward_query: true, ..content(3, 1) };
    let strict = Space { privacy_mode: PrivacyMode::Strict, ..space(2) };
    vec![
        Entity::Space(space(1)),
        Entity::Space(strict),
        Entity::Campaign(Campaign { slug: "spring".into(), ..campaign(1, 1) }),
        Entity::Content(Content { campaign: CampaignId::from_bits(1), ..content(1, 1) }),
        Entity::Content(tracked.clone()),
        Entity::Content(forwarding),
        Entity::Content(Content { id: crate::model::ContentId::from_bits(4), space: SpaceId::from_bits(2), ..tracked }),
        Entity::Advocate(advocate(1, 1)),
        Entity::Link(link(1, 1, 1, 1, "linkedin", "plain")),
        Entity::Link(link(2, 1, 2, 1, "linkedin", "tracked")),
        Entity::Link(link(3, 1, 3, 1, "linkedin", "forwarding")),
        Entity::Link(link(4, 2, 4, 1, "linkedin", "strict")),
    ]
}

const FULL: [(&str, &str); 5] = [
    ("User-Agent", "Mozilla/5.0 (Test)"),
    ("Accept-Language", "fr-FR,fr;q=0.9"),
    ("Referer", "https://www.linkedin.com/feed/?trk=secret"),
    ("Sec-Purpose", "prefetch"),
    ("Cookie", "session=secret"),
];

#[tokio::test]
async fn a_click_holds_what_was_observed_and_nothing_more() {
    let log = MemoryLog::default();
    let node = node(programme(), log.clone(), Options::default());
    let before = now_ms();
    node.ask("GET", "/plain?utm_source=a%20b&x=secret&relais-self=1", &FULL).await;
    let after = now_ms();
    log.clicks(|_, click| {
        // The worker's clock is carried on by the monotonic one between two readings.
        assert!((before - 50..=after + 50).contains(&click.clicked_at_ms), "{before} {} {after}", click.clicked_at_ms);
        assert!([60, 120].contains(&click.utc_offset_minutes));
        assert_eq!((click.space, click.link), (SpaceId::from_bits(1), LinkId::from_bits(1)));
        assert_eq!((click.advocate, click.team), (AdvocateId::from_bits(1), TeamId::from_bits(101)));
        assert_eq!((click.campaign, click.cohort), (CampaignId::from_bits(1), "wave-1"));
        assert_eq!((click.code, click.channel), ("plain", "linkedin"));
        assert_eq!((click.answer, click.status), (Answer::Content, 302));
        assert_eq!((click.prefetch, click.own, click.head, click.strict_privacy), (true, true, false, false));
        assert_eq!((click.utm.source, click.utm.medium), (&b"a b"[..], &b""[..]));
        assert_eq!(click.referrer_host, b"www.linkedin.com");
        assert_eq!(click.user_agent, b"Mozilla/5.0 (Test)");
        assert_eq!(click.accept_language, b"fr-FR,fr;q=0.9");
    });
    let bytes = log.records.lock().concat();
    assert!(!bytes.windows(6).any(|part| part == b"secret"));
    assert!(!bytes.windows(4).any(|part| part == [127, 0, 0, 1]), "the address is sealed");
}

#[tokio::test]
async fn without_the_day_s_key_a_click_has_no_address() {
    let log = MemoryLog::default();
    let node = node(programme(), log.clone(), Options::default());
    node.keys.replace(BTreeMap::new());
    node.get("/plain").await;
    assert_eq!(log.clicks(|_, click| click.address), [None]);
}

#[tokio::test]
async fn texts_are_cut_at_their_bounds() {
    let log = MemoryLog::default();
    let node = node(programme(), log.clone(), Options::default());
    let long = "x".repeat(3000);
    let headers = [("User-Agent", long.as_str()), ("Accept-Language", &long)];
    node.ask("GET", &format!("/plain?utm_term={long}"), &headers).await;
    let lens = log.clicks(|_, click| (click.user_agent.len(), click.accept_language.len(), click.utm.term.len()));
    assert_eq!(lens, [(512, 64, 100)]);
}

#[tokio::test]
async fn a_tracked_destination_carries_the_id_of_its_own_click() {
    let log = MemoryLog::default();
    let node = node(programme(), log.clone(), Options::default());
    let location = node.get("/tracked?rid=forged").await.header("location").to_owned();
    let times = log.clicks(|_, click| click.clicked_at_ms);
    let expected = click_id(7, 1, 2, 0, times[0]);
    assert!(location.ends_with(&format!("&rid={expected}")), "{location}");
    let strict = node.get("/strict").await.header("location").to_owned();
    assert!(!strict.contains("rid="), "{strict}");
    assert_eq!(log.clicks(|_, click| click.strict_privacy), [false, true]);
}

#[tokio::test]
async fn only_a_content_that_says_so_passes_the_query_on() {
    let node = node(programme(), MemoryLog::default(), Options::default());
    let kept = node.get("/plain?utm_source=mine&q=1").await;
    assert!(!kept.header("location").contains("q=1") && !kept.header("location").contains("mine"));
    let passed = node.get("/forwarding?q=%0d%0a1&utm_source=mine").await.header("location").to_owned();
    assert!(passed.ends_with("utm_source=linkedin&q=%0d%0a1"), "{passed}");
}

#[tokio::test]
async fn a_full_spool_redirects_or_refuses_as_it_was_told_and_counts() {
    for (when_full, status) in [(WhenFull::Redirect, 302), (WhenFull::Refuse, 503)] {
        let log = MemoryLog::default();
        let policy = Policy { acknowledge: Acknowledge::Os, when_full };
        let node = node(programme(), log.clone(), Options { policy, ..Options::default() });
        *log.refuses.lock() = Some(AppendError::Full);
        let reply = node.get("/tracked").await;
        assert_eq!(reply.status, status);
        assert!(!reply.header("location").contains("rid="), "a click that is nowhere has no id");
        *log.refuses.lock() = Some(AppendError::Io);
        node.get("/plain").await;
        *log.refuses.lock() = None;
        assert_eq!(node.get("/plain").await.status, 302);
        let metrics = node.drain().await;
        let counted = |reason: &str| metrics.clicks_unrecorded.with_label_values(&[reason]).get();
        let refused = metrics.redirects.with_label_values(&["refused"]).get();
        match when_full {
            WhenFull::Redirect => {
                assert_eq!((counted("full"), counted("io"), refused), (1, 1, 0));
                assert_eq!(*log.unrecorded.lock(), [Unrecorded::Full, Unrecorded::Io]);
            }
            WhenFull::Refuse => {
                assert_eq!((counted("full"), counted("io"), refused), (0, 0, 2));
                assert_eq!(reply.header("retry-after"), "5");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_waits_for_the_disk_is_refused_when_the_disk_fails() {
    for (fails, when_full, status) in
        [(false, WhenFull::Refuse, 302), (true, WhenFull::Refuse, 503), (true, WhenFull::Redirect, 302)]
    {
        let log = MemoryLog { fails_to_sync: fails, ..MemoryLog::default() };
        let policy = Policy { acknowledge: Acknowledge::Disk, when_full };
        let node = node(programme(), log, Options { policy, ..Options::default() });
        assert_eq!(node.get("/plain").await.status, status);
    }
}

#[tokio::test]
async fn what_was_answered_is_in_the_spool() {
    for acknowledge in [Acknowledge::Os, Acknowledge::Disk] {
        let folder = tempfile::tempdir().expect("a folder");
        let config = crate::spool::Config { acknowledge, segment_bytes: 64 << 10, ..crate::spool::Config::default() };
        let files = Arc::new(crate::spool::filesystem::Disk);
        let spool = Spool::open(folder.path(), config, files, Arc::new(Metrics::new())).expect("a spool");
        let writer = spool.writer(0).expect("a lane");
        let policy = Policy { acknowledge, when_full: WhenFull::Redirect };
        let node = node(programme(), writer, Options { policy, ..Options::default() });
        for code in ["/plain", "/tracked", "/plain"] {
            assert_eq!(node.get(code).await.status, 302);
        }
        let reader = spool.reader();
        let mut codes = Vec::new();
        for range in reader.pending() {
            let visit = &mut |_, bytes: &[u8]| codes.push(Click::decode(bytes).expect("a click").code.to_owned());
            reader.read(&range, visit).expect("readable");
        }
        assert_eq!(codes, ["plain", "tracked", "plain"]);
    }
}

#[tokio::test]
async fn every_answer_is_counted_once() {
    let node = node(programme(), MemoryLog::default(), Options::default());
    for target in ["/plain", "/plain", "/never-was", "/plain+", "/robots.txt"] {
        node.get(target).await;
    }
    let metrics = node.drain().await;
    let counted = |outcome: &str| metrics.redirects.with_label_values(&[outcome]).get();
    assert_eq!((counted("content"), counted("unknown"), counted("page")), (2, 1, 2));
    assert_eq!(metrics.redirect_duration.get_sample_count(), 5);
}
