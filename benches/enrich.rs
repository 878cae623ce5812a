//! What enriching a click costs. 150,000 clicks a second on two cores leave 13 µs for all that
//! happens to one, of which the enricher should take a small part: `hit` is the usual case.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};

use criterion::{Criterion, criterion_group, criterion_main};
use relais::enrich::user_agent::AgentFacts;
use relais::enrich::{Config, Enricher, is_preview_agent, reclassify};
use relais::model::{
    AdvocateId, Answer, CampaignId, Click, ContentId, ContentKind, DayKey, LinkId, SpaceId, TeamId, Utm,
};

const PHONE: &[u8] = b"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29.8962";
const ROBOT: &[u8] = b"LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)";

fn click(user_agent: &[u8]) -> Click<'_> {
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
        accept_language: b"fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7",
        utm: Utm::default(),
        referrer_host: b"www.linkedin.com",
        user_agent,
    }
}

fn enrich(criterion: &mut Criterion) {
    let enricher = Enricher::new(&Config::default()).expect("no geo database is configured");
    let key = DayKey::from_secret(&[7; 32]);
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
    let known = click(PHONE);
    let mut group = criterion.benchmark_group("enrich");
    group.bench_function("hit", |bencher| bencher.iter(|| enricher.facts(black_box(&known), None, None)));
    let bare = Click { referrer_host: b"", accept_language: b"", ..known };
    group.bench_function("hit_bare", |bencher| bencher.iter(|| enricher.facts(black_box(&bare), None, None)));
    group.bench_function("hit_with_visitor", |bencher| {
        bencher.iter(|| enricher.facts(black_box(&known), Some(address), Some(&key)));
    });
    group.bench_function("miss", |bencher| bencher.iter(|| AgentFacts::of(black_box(PHONE))));
    group.bench_function("reclassify", |bencher| {
        let facts = AgentFacts::of(PHONE);
        bencher.iter(|| reclassify(black_box(facts.evidence.as_str()), 0));
    });
    group.bench_function("is_preview_agent/person", |bencher| bencher.iter(|| is_preview_agent(black_box(PHONE))));
    group.bench_function("is_preview_agent/robot", |bencher| bencher.iter(|| is_preview_agent(black_box(ROBOT))));
    group.finish();
}

criterion_group!(benches, enrich);
criterion_main!(benches);
