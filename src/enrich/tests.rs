//! The room as its callers see it, on the shared corpus.

use proptest::prelude::*;

use super::corpus::{ROBOTS, crawlers, people};
use super::*;
use crate::model::{AdvocateId, Answer, CampaignId, Class, ContentId, ContentKind, LinkId, SpaceId, TeamId, Utm};

fn click<'a>(user_agent: &'a [u8]) -> Click<'a> {
    Click {
        clicked_at_ms: 1_772_000_000_123,
        utc_offset_minutes: 60,
        space: SpaceId::from_bits(1),
        link: LinkId::from_bits(2),
        content: ContentId::from_bits(3),
        campaign: CampaignId::NONE,
        advocate: AdvocateId::from_bits(5),
        team: TeamId::from_bits(6),
        kind: ContentKind::Job,
        answer: Answer::Content,
        status: 302,
        head: false,
        prefetch: false,
        own: false,
        strict_privacy: false,
        address: None,
        code: "aB3dE5gH7",
        channel: "linkedin",
        cohort: "",
        accept_language: b"fr-FR,fr;q=0.9",
        utm: Utm::default(),
        referrer_host: b"www.linkedin.com",
        user_agent,
    }
}

fn enricher() -> Enricher {
    Enricher::new(&Config::default()).expect("no geo database")
}

/// Every user agent of the corpus.
fn all_agents() -> impl Iterator<Item = &'static str> {
    let robots = ROBOTS.iter().map(|(_, _, agent)| *agent);
    people().map(|(.., agent)| agent).chain(crawlers().map(|(_, agent)| agent)).chain(robots)
}

/// Collects every complaint, so that one run shows them all.
fn assert_none(complaints: impl Iterator<Item = String>) {
    let complaints: Vec<String> = complaints.collect();
    assert!(complaints.is_empty(), "{} wrong:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn people_are_people() {
    assert!(people().count() >= 140);
    assert_none(people().filter_map(|(.., agent)| {
        let found = classify(&click(agent.as_bytes()));
        (found.class != Class::Human).then(|| format!("{} {}: {agent}", found.class, found.reason))
    }));
}

#[test]
fn people_have_the_device_system_and_browser_they_say() {
    let enricher = enricher();
    assert_none(people().filter_map(|(device, os, browser, agent)| {
        let facts = enricher.facts(&click(agent.as_bytes()), None, None);
        let found = (facts.device(), facts.os(), facts.browser());
        (found != (device, os, browser)).then(|| format!("{found:?} for {device} {os} {browser}: {agent}"))
    }));
}

#[test]
fn robots_have_their_class_and_reason() {
    assert_none(ROBOTS.iter().filter_map(|(class, reason, agent)| {
        let found = classify(&click(agent.as_bytes()));
        (found != Verdict { class: *class, reason }).then(|| format!("{found:?} for {class} {reason}: {agent}"))
    }));
}

#[test]
fn no_user_agent_of_the_crawler_list_is_a_person() {
    assert!(crawlers().count() >= 250);
    assert_none(crawlers().filter_map(|(_, agent)| {
        let facts = enricher_facts(agent);
        (facts.class == Class::Human || facts.device() != "bot").then(|| format!("{}: {agent}", facts.class_reason))
    }));
}

fn enricher_facts(agent: &str) -> Facts {
    thread_local!(static ENRICHER: Enricher = enricher());
    ENRICHER.with(|enricher| enricher.facts(&click(agent.as_bytes()), None, None))
}

/// What the crawler list calls a preview and we do not: crawlers of content, image proxies,
/// counters of shares, and what is no robot of a network that people post on.
const NO_CARD: &[&str] = &[
    "TweetmemeBot",
    "AddThis",
    "BingPreview",
    "Jetslide",
    "NewShareCounts",
    "meta-externalagent",
    "meta-webindexer",
    "TikTokSpider",
    "AASA-Bot",
    "Supabase",
    "FastmailUA",
    "github-camo",
    "GoogleImageProxy",
    "(dbot)",
    "Shortwave Image Fetcher",
    "TwilioProxy",
    "YahooMailProxy",
    "ListGemBot",
    "9bot",
];

#[test]
fn what_the_crawler_list_calls_a_preview_gets_a_card() {
    let previews = crawlers().filter(|(tag, _)| *tag == "preview").map(|(_, agent)| agent);
    let wanted = previews.filter(|agent| !NO_CARD.iter().any(|name| agent.contains(name)));
    assert_none(wanted.filter(|agent| !is_preview_agent(agent.as_bytes())).map(str::to_owned));
}

#[test]
fn the_redirects_question_and_the_classifier_agree_on_the_corpus() {
    assert_none(all_agents().filter_map(|agent| {
        let class = classify(&click(agent.as_bytes())).class;
        (is_preview_agent(agent.as_bytes()) != (class == Class::Preview)).then(|| format!("{class}: {agent}"))
    }));
}

#[test]
fn evidence_alone_gives_the_same_verdict_for_every_request() {
    let enricher = enricher();
    for agent in all_agents() {
        for bits in 0..16_u8 {
            let click = Click {
                head: bits & 1 != 0,
                prefetch: bits & 2 != 0,
                own: bits & 4 != 0,
                answer: if bits & 8 != 0 { Answer::Card } else { Answer::Content },
                ..click(agent.as_bytes())
            };
            let facts = enricher.facts(&click, None, None);
            let verdict = Verdict { class: facts.class, reason: facts.class_reason };
            assert_eq!(reclassify(facts.evidence(), facts.evidence_flags), verdict, "{agent}");
            assert_eq!(classify(&click), verdict, "{agent}");
            assert!(facts.evidence().len() <= evidence::Evidence::MAX && facts.evidence().is_ascii(), "{agent}");
        }
    }
}

#[test]
fn evidence_of_people_has_few_values() {
    let distinct: std::collections::HashSet<String> =
        people().map(|(.., agent)| evidence::Evidence::of(agent.as_bytes()).as_str().to_owned()).collect();
    let digits = distinct.iter().filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())).count();
    assert!(distinct.len() * 10 < people().count() * 8, "{} of {}", distinct.len(), people().count());
    assert_eq!(digits, 0, "a digit may tell one phone from another");
}

#[test]
fn the_requests_own_facts_come_before_its_user_agent() {
    let human = people().next().expect("a person").3.as_bytes();
    let robot = b"LinkedInBot/1.0".as_slice();
    let verdict = |click: Click<'_>| {
        let found = classify(&click);
        (found.class, found.reason)
    };
    for agent in [human, robot] {
        assert_eq!(verdict(Click { own: true, head: true, ..click(agent) }), (Class::Own, "own-test"));
        assert_eq!(verdict(Click { head: true, prefetch: true, ..click(agent) }), (Class::Head, "head"));
        assert_eq!(verdict(Click { prefetch: true, ..click(agent) }), (Class::Prefetch, "purpose-header"));
    }
    assert_eq!(verdict(Click { answer: Answer::Card, ..click(human) }), (Class::Preview, "card"));
    assert_eq!(verdict(Click { answer: Answer::Card, ..click(robot) }), (Class::Preview, "agent:linkedinbot"));
    assert_eq!(verdict(click(human)), (Class::Human, "browser"));
}

#[test]
fn bytes_that_no_record_keeps_change_nothing() {
    let browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) ".to_owned();
    let long = browser.clone() + &"x".repeat(Click::MAX_USER_AGENT - browser.len()) + " LinkedInBot/1.0";
    assert!(!is_preview_agent(long.as_bytes()));
    assert_eq!(classify(&click(long.as_bytes())).class, Class::Human);
    assert_eq!(enricher_facts(&long).class, Class::Human);
    assert_eq!(user_agent::AgentFacts::of(long.as_bytes()).verdict.class, Class::Human);
}

#[test]
fn a_click_keeps_network_language_and_a_visitor_for_the_day() {
    let enricher = enricher();
    let agent = people().next().expect("a person").3.as_bytes();
    let key = DayKey::from_secret(&[3; 32]);
    let address = Some("192.0.2.7".parse().expect("an address"));
    let facts = enricher.facts(&click(agent), address, Some(&key));
    assert_eq!((facts.network, facts.language.as_str()), ("linkedin", "fr"));
    assert_eq!(facts.visitor.as_str().len(), 11);
    assert_eq!(facts.classifier_version, CLASSIFIER_VERSION);
    assert_eq!(facts, enricher.facts(&click(agent), address, Some(&key)));
    for (address, key) in [(None, Some(&key)), (address, None)] {
        assert_eq!(enricher.facts(&click(agent), address, key).visitor.as_str(), "");
    }
}

#[test]
fn an_app_without_a_referrer_says_where_the_click_came_from() {
    let agent = b"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 [LinkedInApp]";
    let facts = enricher().facts(&Click { referrer_host: b"", ..click(agent) }, None, None);
    assert_eq!(facts.network, "linkedin");
}

#[test]
fn every_network_of_an_app_is_one_of_a_site_too() {
    for (.., agent) in people() {
        let Some(network) = user_agent::AgentFacts::of(agent.as_bytes()).platform.app_network else { continue };
        let host = format!("{network}.com");
        let known = network::network(host.as_bytes(), None);
        assert!(
            known == network || ["telegram", "line", "kakaotalk", "teams"].contains(&network),
            "{network}: {known}"
        );
    }
}

#[test]
fn strict_privacy_keeps_the_country_and_no_visitor() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("geo.mmdb");
    std::fs::write(&path, geo::tests::nested()).expect("a file");
    let enricher =
        Enricher::new(&Config { geo_database: path.to_string_lossy().into_owned() }).expect("a sound geo database");
    let address = Some("81.2.69.142".parse().expect("an address"));
    let key = DayKey::from_secret(&[3; 32]);
    let open = enricher.facts(&click(b"Mozilla/5.0"), address, Some(&key));
    assert_eq!((open.country(), open.region(), open.city()), ("FR", "FR-IDF", "Paris"));
    let strict = enricher.facts(&Click { strict_privacy: true, ..click(b"Mozilla/5.0") }, address, Some(&key));
    assert_eq!((strict.country(), strict.region(), strict.city(), strict.visitor.as_str()), ("FR", "", "", ""));
}

#[test]
fn a_configured_geo_database_may_be_missing_but_not_broken() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("geo.mmdb");
    let config = Config { geo_database: path.to_string_lossy().into_owned() };
    let enricher = Enricher::new(&config).expect("missing is fine");
    assert_eq!(enricher.geo_is_missing(), Some(path.as_path()));
    std::fs::write(&path, b"broken").expect("a file");
    assert!(matches!(Enricher::new(&config), Err(GeoError::Broken { .. })));
    assert!(matches!(enricher.refresh_geo(), Err(GeoError::Broken { .. })));
    std::fs::write(&path, geo::tests::nested()).expect("a file");
    assert!(matches!(enricher.refresh_geo(), Ok(GeoRefresh::Loaded { .. })));
    assert_eq!(enricher.geo_is_missing(), None);
    assert_eq!(super::tests::enricher().refresh_geo().expect("off"), GeoRefresh::Off);
}

#[test]
fn the_local_day_is_that_of_the_space() {
    let at = |clicked_at_ms, utc_offset_minutes| local_day(&Click { clicked_at_ms, utc_offset_minutes, ..click(b"") });
    let midnight = 20_000 * 86_400_000;
    assert_eq!(at(midnight, 0), 20_000);
    assert_eq!(at(midnight - 1, 0), 19_999);
    assert_eq!(at(midnight - 1, 60), 20_000);
    assert_eq!(at(midnight, -300), 19_999);
    assert_eq!(at(i64::MAX, 840), i32::MAX);
}

/// User agents made of what decides: names of robots and browsers, joined in every way.
fn composed() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = agents::AGENTS.iter().map(|agent| agent.needle).collect();
    let part = prop_oneof![
        proptest::sample::select(names).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "Mozilla/5.0",
            "Googlebot/2.1",
            "XSlackbot",
            "Chrome/131.0",
            "compatible",
            "(",
            ")",
            "[",
            "MSIE 7"
        ])
        .prop_map(str::to_owned),
        proptest::sample::select(vec![
            "Safari/537.36",
            "+http://a.b/c",
            "Viber",
            "a@b",
            "-",
            "_",
            "é",
            "9",
            "wv)",
            "someBot",
            "https://x"
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9/;.() ]{0,12}",
    ];
    let glue = proptest::sample::select(vec!["", " ", "/", "; ", "-"]);
    proptest::collection::vec((part, glue), 0..12)
        .prop_map(|parts| parts.into_iter().map(|(part, glue)| format!("{part}{glue}")).collect())
}

fn check(user_agent: &[u8]) -> Result<(), TestCaseError> {
    let facts = user_agent::AgentFacts::of(user_agent);
    let evidence = facts.evidence.as_str();
    prop_assert!(evidence.len() <= evidence::Evidence::MAX && evidence.is_ascii());
    let click = click(user_agent);
    prop_assert_eq!(reclassify(evidence, flags_of(&click)), facts.verdict);
    prop_assert_eq!(is_preview_agent(user_agent), facts.verdict.class == Class::Preview, "{:?}", facts);
    Ok(())
}

proptest! {
    #[test]
    fn composed_user_agents_agree_with_their_evidence_and_the_redirect(user_agent in composed()) {
        check(user_agent.as_bytes())?;
    }

    #[test]
    fn any_bytes_are_enriched(user_agent in proptest::collection::vec(any::<u8>(), 0..700)) {
        check(&user_agent)?;
    }

    #[test]
    fn any_text_is_enriched(user_agent in "\\PC{0,200}") {
        check(user_agent.as_bytes())?;
    }

    #[test]
    fn any_evidence_is_classified(evidence in "\\PC{0,200}", flags in any::<u8>()) {
        prop_assert!(!reclassify(&evidence, flags).reason.is_empty());
    }
}
