//! Links: one for each advocate × content × channel.

use std::collections::HashSet;

use super::*;
use crate::model::SpaceId;

fn asked(content: ContentId, advocate: AdvocateId, channel: &str) -> LinkFields {
    LinkFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&advocate.to_string()),
        channel: text(channel),
        vanity: Field::Absent,
    }
}

async fn issue(fixture: &Fixture, fields: LinkFields) -> Result<IssuedLink, Error> {
    let mut work = fixture.programme.work().await?;
    let issued = work.issue_link(fixture.space.id, fields, None).await?;
    work.commit().await?;
    Ok(issued)
}

#[tokio::test]
async fn the_same_three_have_one_link() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    let first = issue(&fixture, asked(content, advocate, "linkedin")).await.expect("a link");
    let again = issue(&fixture, asked(content, advocate, "linkedin")).await.expect("the link");
    let other = issue(&fixture, asked(content, advocate, "email")).await.expect("another link");
    assert!(first.created && !again.created && other.created);
    assert_eq!(first.shown, again.shown);
    assert_ne!(first.shown.link.code, other.shown.link.code);
    let link = &first.shown.link;
    assert_eq!(first.shown.short_url, format!("https://go.acme.test/{}", link.code));
    assert_eq!(
        first.shown.destination,
        format!("https://example.com/a?b=1&utm_content={content}&utm_medium=employee-advocacy&utm_source=linkedin#top")
    );
    assert_eq!(fixture.programme.link(fixture.space.id, link.id).await.expect("reads"), first.shown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_who_ask_at_once_get_one_link() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    // Half of them over connections of their own, as another process would have.
    let elsewhere = fixture.home.open(Clock::system()).await;
    let elsewhere = Programme::new(elsewhere, "https://relais.test").expect("a base URL");
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let programme = if n % 2 == 0 { fixture.programme.clone() } else { elsewhere.clone() };
            let (space, fields) = (fixture.space.id, asked(content, advocate, "x"));
            tokio::spawn(async move {
                let mut work = programme.work().await?;
                let issued = work.issue_link(space, fields, None).await?;
                work.commit().await?;
                Ok::<_, Error>(issued)
            })
        })
        .collect();
    let mut created = 0;
    let mut codes = HashSet::new();
    for task in tasks {
        let issued = task.await.expect("the task ends").expect("a link");
        created += u32::from(issued.created);
        codes.insert(issued.shown.link.code);
    }
    assert_eq!((created, codes.len()), (1, 1));
    let told = fixture.store.changes_since(0, 100).await.expect("changes");
    assert_eq!(told.iter().filter(|change| change.entity.kind() == "link").count(), 1);
}

#[tokio::test]
async fn each_item_of_a_bulk_stands_or_falls_alone() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    let before = issue(&fixture, asked(content, advocate, "email")).await.expect("a link");
    let nobody = AdvocateId::from_bits(1);
    let items = vec![
        asked(content, advocate, "linkedin"),
        asked(content, nobody, "linkedin"),
        asked(content, advocate, "email"),
        asked(content, advocate, "linkedin"),
        asked(content, advocate, "Not A Channel"),
        LinkFields::default(),
    ];
    let mut work = fixture.programme.work().await.expect("work");
    let outcomes = work.issue_links(fixture.space.id, &items, None).await.expect("a bulk");
    work.commit().await.expect("a commit");
    let issued = |n: usize| outcomes[n].as_ref().expect("a link");
    let refused = |n: usize| problems(outcomes[n].as_ref().expect_err("refused"));
    assert!(issued(0).created && !issued(2).created && !issued(3).created);
    assert_eq!(issued(2).shown, before.shown);
    assert_eq!(issued(3).shown, issued(0).shown);
    assert_eq!(refused(1), [("advocate_id", "advocate")]);
    assert_eq!(refused(4), [("channel", "invalid")]);
    assert_eq!(refused(5), [("content_id", "required"), ("advocate_id", "required"), ("channel", "required")]);
}

#[tokio::test]
async fn a_vanity_code_is_given_once_in_the_installation() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    let vain = |channel, vanity| LinkFields { vanity: text(vanity), ..asked(content, advocate, channel) };
    let first = issue(&fixture, vain("x", "summer-26")).await.expect("a link");
    assert_eq!(first.shown.link.code.as_str(), "summer-26");
    assert!(!issue(&fixture, vain("x", "summer-26")).await.expect("the same").created);
    assert!(!issue(&fixture, asked(content, advocate, "x")).await.expect("the same").created);
    let refused = async |fields| problems(&issue(&fixture, fields).await.expect_err("refused")).concat_owned();
    assert_eq!(refused(vain("email", "summer-26")).await, "vanity code_taken");
    assert_eq!(refused(vain("x", "winter-26")).await, "vanity link_exists");
    assert_eq!(refused(vain("qr", "metrics")).await, "vanity reserved");
    assert_eq!(refused(vain("qr", "Ab")).await, "vanity invalid");
}

#[tokio::test]
async fn in_one_bulk_a_taken_vanity_spoils_its_own_item_only() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    let vain = |channel, vanity| LinkFields { vanity: text(vanity), ..asked(content, advocate, channel) };
    let items =
        vec![vain("x", "jobs"), vain("email", "jobs"), asked(content, advocate, "email"), vain("email", "jobs")];
    let mut work = fixture.programme.work().await.expect("work");
    let outcomes = work.issue_links(fixture.space.id, &items, None).await.expect("a bulk");
    let codes: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().map(|issued| issued.created).ok()).collect();
    assert_eq!(codes, [Some(true), None, Some(true), None]);
}

#[tokio::test]
async fn who_has_left_keeps_links_and_gets_no_new_ones() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    issue(&fixture, asked(content, advocate, "x")).await.expect("a link");
    let leaves = async |date: &str| {
        let fields = AdvocateFields { left_on: text(date), ..AdvocateFields::default() };
        let mut work = fixture.programme.work().await.expect("work");
        work.update_advocate(fixture.space.id, advocate, &fields).await.expect("an advocate");
        work.commit().await.expect("a commit");
    };
    leaves("2026-03-02").await;
    issue(&fixture, asked(content, advocate, "email")).await.expect("the last day counts");
    leaves("2026-03-01").await;
    assert!(!issue(&fixture, asked(content, advocate, "x")).await.expect("the old one").created);
    let error = issue(&fixture, asked(content, advocate, "qr")).await.expect_err("refused");
    assert_eq!(problems(&error), [("advocate_id", "advocate_left")]);
}

#[tokio::test]
async fn a_content_has_links_before_its_publication_and_no_new_ones_after_its_end() {
    let fixture = Fixture::new().await;
    let advocate = fixture.advocate().await;
    let planned = ContentFields { published_at: text("2027-01-01T00:00:00Z"), ..content("https://example.com/") };
    let planned = fixture.content_with(planned).await;
    issue(&fixture, asked(planned, advocate, "x")).await.expect("a link");
    for end in [
        ContentFields { expires_at: text("2026-03-02T10:00:00Z"), ..content("https://example.com/") },
        ContentFields { closed_at: text("2026-03-02T09:00:00Z"), ..content("https://example.com/") },
    ] {
        let over = fixture.content_with(end).await;
        let error = issue(&fixture, asked(over, advocate, "x")).await.expect_err("refused");
        assert_eq!(problems(&error), [("content_id", "content_over")]);
    }
}

#[tokio::test]
async fn another_spaces_content_or_advocate_does_not_exist() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    let link = issue(&fixture, asked(content, advocate, "x")).await.expect("a link").shown.link;
    let elsewhere = fixture.other_space().await;
    let mut work = fixture.programme.work().await.expect("work");
    let error = work.issue_link(elsewhere, asked(content, advocate, "x"), None).await.expect_err("refused");
    assert_eq!(problems(&error), [("content_id", "content")]);
    let error = work.set_link_disabled(elsewhere, link.id, true, None).await.expect_err("refused");
    assert_eq!(problems(&error), [("", "link")]);
    drop(work);
    assert!(matches!(fixture.programme.link(elsewhere, link.id).await, Err(Error::NotFound { .. })));
    assert!(matches!(fixture.programme.link(SpaceId::from_bits(1), link.id).await, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn disabling_is_told_once() {
    let fixture = Fixture::new().await;
    let (content, advocate) = (fixture.content().await, fixture.advocate().await);
    let link = issue(&fixture, asked(content, advocate, "x")).await.expect("a link").shown.link;
    let before = fixture.store.latest_seq().await.expect("reads");
    for _ in 0..2 {
        let mut work = fixture.programme.work().await.expect("work");
        let shown = work.set_link_disabled(fixture.space.id, link.id, true, None).await.expect("the link");
        work.commit().await.expect("a commit");
        assert!(shown.link.disabled);
    }
    assert_eq!(fixture.store.latest_seq().await.expect("reads"), before + 1);
}

trait Concat {
    fn concat_owned(&self) -> String;
}

impl Concat for Vec<(&str, &str)> {
    fn concat_owned(&self) -> String {
        self.iter().map(|(field, code)| format!("{field} {code}")).collect::<Vec<_>>().join(", ")
    }
}
