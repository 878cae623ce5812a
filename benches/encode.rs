//! What a click costs the shipper: decode, open the address, enrich, encode. 150,000 clicks a second on
//! two cores that ClickHouse shares leave 6.7 µs of one core, all included; this should take a small part.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use relais::enrich::{Config, Enricher};
use relais::ingest::row;
use relais::model::{
    AdvocateId, Answer, CampaignId, Click, ContentId, ContentKind, DayKey, LinkId, SpaceId, TeamId, Utm,
};
use relais::spool::RecordId;

/// User agents that take turns; most are remembered, as in life.
const AGENTS: &[&[u8]] = &[
    b"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29.8962",
    b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    b"LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
];
/// Clicks of one measurement.
const CLICKS: u32 = 10_000;

fn id(record: u32) -> RecordId {
    RecordId { spool_id: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef, lane: 1, segment: 7, record }
}

fn recorded(key: &DayKey, record: u32) -> Vec<u8> {
    let address = IpAddr::V4(Ipv4Addr::from_bits(0xc000_0200 + record % 251));
    let click = Click {
        clicked_at_ms: 1_772_000_000_123 + i64::from(record),
        utc_offset_minutes: 60,
        space: SpaceId::from_bits(1),
        link: LinkId::from_bits(2 + u64::from(record % 100)),
        content: ContentId::from_bits(3 + u64::from(record % 10)),
        campaign: CampaignId::from_bits(4),
        advocate: AdvocateId::from_bits(5 + u64::from(record % 50)),
        team: TeamId::from_bits(6),
        kind: ContentKind::Job,
        answer: Answer::Content,
        status: 302,
        head: false,
        prefetch: false,
        own: false,
        strict_privacy: false,
        address: Some(key.seal(address, 1, 7, record)),
        code: "aB3dE5gH7",
        channel: "linkedin",
        cohort: "2026-q1",
        accept_language: b"fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7",
        utm: Utm { source: b"newsletter", ..Utm::default() },
        referrer_host: b"www.linkedin.com",
        user_agent: AGENTS[record as usize % AGENTS.len()],
    };
    let mut bytes = vec![0; click.encoded_len()];
    click.encode(&mut bytes);
    bytes
}

fn encode(criterion: &mut Criterion) {
    let enricher = Enricher::new(&Config::default()).expect("no geo database is configured");
    let key = DayKey::from_secret(&[7; 32]);
    let records: Vec<_> = (0..CLICKS).map(|record| recorded(&key, record)).collect();
    let mut out = Vec::new();
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Elements(CLICKS.into()));
    group.bench_function("clicks", |bencher| {
        bencher.iter(|| {
            out.clear();
            for (bytes, record) in records.iter().zip(0..) {
                let id = id(record);
                let click = Click::decode(black_box(bytes)).expect("just encoded");
                let address = click.address.map(|sealed| key.open(sealed, id.lane, id.segment, id.record));
                let facts = enricher.facts(&click, address, Some(&key));
                row::encode(&id, &click, &facts, 1, &mut out);
            }
            black_box(out.len())
        });
    });
    group.finish();
}

criterion_group!(benches, encode);
criterion_main!(benches);
