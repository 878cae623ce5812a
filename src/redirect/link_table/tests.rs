mod follow;
mod model;
mod snapshot;

use crate::model::{AdvocateId, CampaignId, ContentId, LinkId, SpaceId};
use crate::redirect::fixtures::{advocate, campaign, changes, content, link, space};

use super::*;

const CODE: &str = "aB3dE5gH7";

/// A table with one space, campaign, content, advocate and link, at change 5.
fn table() -> Arc<LinkTable> {
    let table = LinkTable::new();
    table.apply(&changes(
        1,
        [
            Entity::Space(space(1)),
            Entity::Campaign(campaign(1, 1)),
            Entity::Content(crate::model::Content { campaign: CampaignId::from_bits(1), ..content(1, 1) }),
            Entity::Advocate(advocate(1, 1)),
            Entity::Link(link(1, 1, 1, 1, "linkedin", CODE)),
        ],
    ));
    Arc::new(table)
}

use crate::model::Entity;

/// Where a code leads: `Some("")` for gone, `None` for unknown.
fn leads(table: &Arc<LinkTable>, host: &str, code: &str, now_ms: i64) -> Option<String> {
    let mut reader = table.reader();
    let found = reader.resolve(host.as_bytes(), code.as_bytes(), now_ms)?;
    Some(match &found.destination {
        Destination::Content(location) => location.to_str().expect("ASCII").to_owned(),
        Destination::Fallback(location) => location.to_str().expect("ASCII").to_owned(),
        Destination::Gone => String::new(),
    })
}

const TO_CONTENT: &str = "https://example.com/1?utm_campaign=campaign-1&utm_content=content-1\
     &utm_medium=employee-advocacy&utm_source=linkedin";

#[test]
fn a_link_leads_to_its_content_with_the_space_s_parameters() {
    assert_eq!(leads(&table(), "localhost", CODE, 0).as_deref(), Some(TO_CONTENT));
    assert_eq!(leads(&table(), "localhost", "aB3dE5gH8", 0), None);
}

#[test]
fn a_click_is_told_everything_it_is_recorded_with() {
    let table = table();
    let mut reader = table.reader();
    let found = reader.resolve(b"", CODE.as_bytes(), 0).expect("a link");
    assert_eq!(found.link, LinkId::from_bits(1));
    assert_eq!(found.space.entity.id, SpaceId::from_bits(1));
    assert_eq!(found.content.entity.id, ContentId::from_bits(1));
    assert_eq!(found.campaign, CampaignId::from_bits(1));
    assert_eq!(found.advocate.id, AdvocateId::from_bits(1));
    assert_eq!(found.advocate.cohort.as_deref(), Some("wave-1"));
    assert_eq!(found.channel, "linkedin");
}

#[test]
fn changes_of_what_links_share_reach_every_link() {
    let table = table();
    let with_template = crate::model::Space { utm_template: [("a".into(), "{campaign}".into())].into(), ..space(1) };
    table.apply(&changes(6, [Entity::Space(with_template.clone())]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some("https://example.com/1?a=campaign-1"));
    let renamed = crate::model::Campaign { slug: "b".into(), ..campaign(1, 1) };
    table.apply(&changes(7, [Entity::Campaign(renamed.clone())]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some("https://example.com/1?a=b"));
    table.apply(&changes(8, [Entity::Campaign(crate::model::Campaign { paused: true, ..renamed })]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some(""));
    let with_fallback = crate::model::Space { fallback_url: Some("https://example.com/jobs".into()), ..with_template };
    table.apply(&changes(9, [Entity::Space(with_fallback)]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some("https://example.com/jobs"));
}

#[test]
fn a_content_is_over_from_the_instant_it_expires_or_closes() {
    let table = table();
    let over = crate::model::Content {
        expires_at_ms: Some(1000),
        fallback_url: Some("https://example.com/next".into()),
        ..content(1, 1)
    };
    table.apply(&changes(6, [Entity::Content(over.clone())]));
    assert!(leads(&table, "", CODE, 999).expect("known").starts_with("https://example.com/1?"));
    assert_eq!(leads(&table, "", CODE, 1000).as_deref(), Some("https://example.com/next"));
    table.apply(&changes(7, [Entity::Content(crate::model::Content { closed_at_ms: Some(10), ..over })]));
    assert_eq!(leads(&table, "", CODE, 10).as_deref(), Some("https://example.com/next"));
}

#[test]
fn a_job_that_is_over_leads_to_the_newest_similar_one_that_is_open() {
    let table = table();
    let similar = [2, 3, 4].map(ContentId::from_bits).to_vec();
    let over = crate::model::Content {
        closed_at_ms: Some(10),
        fallback_url: Some("https://example.com/next".into()),
        similar,
        ..content(1, 1)
    };
    let planned = crate::model::Content { published_at_ms: Some(50), ..content(2, 1) };
    let ending = crate::model::Content { expires_at_ms: Some(100), ..content(3, 1) };
    let elsewhere = content(4, 2);
    table.apply(&changes(6, [Entity::Content(over), Entity::Space(space(2))]));
    let to = |now_ms| leads(&table, "", CODE, now_ms).expect("known");
    assert!(to(9).starts_with("https://example.com/1?"));
    assert_eq!(to(10), "https://example.com/next", "nobody has heard of the others yet");
    table.apply(&changes(8, [planned, ending, elsewhere].map(Entity::Content)));
    let utm = |n: u64| {
        format!("https://example.com/{n}?utm_content=content-{n}&utm_medium=employee-advocacy&utm_source=linkedin")
    };
    assert_eq!(to(10), utm(3), "the newest is not published yet");
    assert_eq!(to(50), utm(2));
    table.apply(&changes(11, [Entity::ContentRemoved(ContentId::from_bits(2))]));
    assert_eq!(to(99), utm(3));
    assert_eq!(to(100), "https://example.com/next", "another space's job is none of ours");
    let paused = crate::model::Campaign { paused: true, ..campaign(2, 1) };
    let in_it = crate::model::Content { campaign: CampaignId::from_bits(2), ..content(3, 1) };
    table.apply(&changes(12, [Entity::Content(in_it), Entity::Campaign(paused.clone())]));
    assert_eq!(to(100), "https://example.com/next");
    table.apply(&changes(14, [Entity::Campaign(crate::model::Campaign { paused: false, ..paused })]));
    assert!(to(100).contains("utm_campaign=campaign-2"));
    let off = crate::model::Link { disabled: true, ..link(1, 1, 1, 1, "linkedin", CODE) };
    table.apply(&changes(15, [Entity::Link(off)]));
    assert_eq!(to(100), "https://example.com/next", "a link that is off is not about the job");
}

#[test]
fn a_closed_space_answers_with_its_fallback() {
    let table = table();
    let closed = crate::model::Space { closed: true, ..space(1) };
    table.apply(&changes(6, [Entity::Space(closed.clone())]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some(""));
    let fallback = Some("https://example.com/bye".to_owned());
    table.apply(&changes(7, [Entity::Space(crate::model::Space { fallback_url: fallback, ..closed })]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some("https://example.com/bye"));
    table.apply(&changes(8, [Entity::Space(space(1))]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some(TO_CONTENT));
}

#[test]
fn security_5_a_disabled_link_never_serves_its_target() {
    let table = table();
    let off = crate::model::Link { disabled: true, ..link(1, 1, 1, 1, "linkedin", CODE) };
    table.apply(&changes(6, [Entity::Link(off)]));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some(""));
}

#[test]
fn a_host_of_one_space_knows_no_code_of_another() {
    let table = table();
    let mine = crate::model::Space { hosts: vec!["go.one.example".into()], ..space(1) };
    let other = crate::model::Space { hosts: vec!["go.two.example".into()], ..space(2) };
    table.apply(&changes(6, [Entity::Space(mine), Entity::Space(other)]));
    assert!(leads(&table, "go.one.example", CODE, 0).is_some());
    assert!(leads(&table, "GO.ONE.example:8080", CODE, 0).is_some());
    assert!(leads(&table, "localhost:8080", CODE, 0).is_some());
    assert_eq!(leads(&table, "go.two.example", CODE, 0), None);
    table.apply(&changes(8, [Entity::Space(space(2))]));
    assert!(leads(&table, "go.two.example", CODE, 0).is_some(), "a host that was given back is anybody's");
}

#[test]
fn an_erased_advocate_s_links_go_on_without_a_person() {
    let table = table();
    table.apply(&changes(6, [Entity::AdvocateRemoved(AdvocateId::from_bits(1))]));
    let mut reader = table.reader();
    let found = reader.resolve(b"", CODE.as_bytes(), 0).expect("a link");
    assert_eq!(found.advocate.id, AdvocateId::NONE);
    assert!(matches!(found.destination, Destination::Content(_)));
}

#[test]
fn a_code_that_changes_leaves_the_old_one_unknown() {
    let table = table();
    table.apply(&changes(6, [Entity::Link(link(1, 1, 1, 1, "linkedin", "my-job"))]));
    assert_eq!(leads(&table, "", CODE, 0), None);
    assert!(leads(&table, "", "my-job", 0).is_some());
    table.apply(&changes(7, [Entity::LinkRemoved(LinkId::from_bits(1))]));
    assert_eq!(leads(&table, "", "my-job", 0), None);
    assert!(table.is_empty());
}

#[test]
fn changes_seen_before_change_nothing() {
    let table = table();
    let old = changes(1, [Entity::LinkRemoved(LinkId::from_bits(1))]);
    table.apply(&old);
    assert_eq!(table.seq(), 5);
    assert!(leads(&table, "", CODE, 0).is_some());
}

#[test]
fn the_qr_link_of_the_same_person_and_content_is_found() {
    let table = table();
    assert_eq!(table.reader().qr_code(CODE.as_bytes()), None);
    let qr = link(2, 1, 1, 1, "qr", "qqqqqqqqq");
    table.apply(&changes(6, [Entity::Link(qr.clone()), Entity::Link(link(3, 1, 1, 2, "qr", "other-qr"))]));
    assert_eq!(table.reader().qr_code(CODE.as_bytes()).as_deref(), Some("qqqqqqqqq"));
    assert_eq!(table.reader().qr_code(b"other-qr").as_deref(), Some("other-qr"));
    table.apply(&changes(8, [Entity::Link(crate::model::Link { disabled: true, ..qr })]));
    assert_eq!(table.reader().qr_code(CODE.as_bytes()), None);
}

#[test]
fn a_removed_content_takes_its_links_along() {
    let table = table();
    table.apply(&changes(6, [Entity::ContentRemoved(ContentId::from_bits(1))]));
    assert_eq!(leads(&table, "", CODE, 0), None);
    assert!(table.is_empty());
}

#[test]
fn a_rebuild_removes_what_it_was_not_told_of_and_a_broken_one_nothing() {
    let table = table();
    table.apply(&changes(6, [Entity::Link(link(2, 1, 1, 1, "x", "bbbbbbbbb"))]));
    let mut broken = table.rebuild();
    broken.list(&[Entity::Link(link(9, 1, 1, 1, "x", "ccccccccc"))]);
    drop(broken);
    assert!(leads(&table, "", CODE, 0).is_some() && leads(&table, "", "bbbbbbbbb", 0).is_some());
    let mut rebuild = table.rebuild();
    rebuild.list(&[Entity::Link(link(1, 1, 1, 1, "linkedin", CODE))]);
    rebuild.list(&[Entity::Content(content(1, 1)), Entity::Space(space(1))]);
    rebuild.finish(20);
    assert_eq!(table.seq(), 20);
    assert!(leads(&table, "", CODE, 0).is_some());
    assert_eq!(leads(&table, "", "bbbbbbbbb", 0), None);
    assert_eq!(leads(&table, "", "ccccccccc", 0), None);
    assert_eq!(table.len(), 1);
}

#[test]
fn a_million_links_take_at_most_64_bytes_each() {
    let table = table();
    let (contents, people) = (200u64, 1000u64);
    let mut seq = 10;
    let mut apply = |entities: Vec<Entity>| {
        let batch = changes(seq, entities);
        seq += batch.len() as u64;
        table.apply(&batch);
    };
    apply((1..=contents).map(|id| Entity::Content(content(id, 1))).collect());
    apply((1..=people).map(|id| Entity::Advocate(advocate(id, 1))).collect());
    for content in 1..=contents {
        let links = (1..=people).flat_map(|person| ["linkedin", "x", "email", "qr", "whatsapp"].map(|c| (person, c)));
        apply(
            links
                .enumerate()
                .map(|(index, (person, channel))| {
                    let id = content * 100_000 + index as u64;
                    let code = String::from_utf8(crate::model::code::unpack(id * 4_000_003 % 56u64.pow(9)).into());
                    Entity::Link(link(id * 77_777_777, 1, content, person, channel, &code.expect("ASCII")))
                })
                .collect(),
        );
    }
    assert_eq!(table.len(), 1_000_001);
    let each = table.memory_bytes() as f64 / table.len() as f64;
    assert!(each <= 64.0, "{each:.1} bytes a link");
}
