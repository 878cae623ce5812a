//! Contents.

use super::*;
use crate::model::{Campaign, CampaignId};
use crate::programme::contents::{Audience, Caption};

async fn create(fixture: &Fixture, fields: &ContentFields) -> Result<crate::model::Content, Error> {
    let mut work = fixture.programme.work().await?;
    let content = work.create_content(fixture.space.id, fields).await?;
    work.commit().await?;
    Ok(content)
}

#[tokio::test]
async fn kind_title_and_url_must_be_given() {
    let fixture = Fixture::new().await;
    let error = create(&fixture, &ContentFields::default()).await.expect_err("refused");
    assert_eq!(problems(&error), [("kind", "required"), ("title", "required"), ("url", "required")]);
    let emptied = ContentFields { title: text(" "), url: Field::Null, kind: Field::Null, ..ContentFields::default() };
    let error = create(&fixture, &emptied).await.expect_err("refused");
    assert_eq!(problems(&error), [("kind", "required"), ("title", "required"), ("url", "required")]);
}

#[tokio::test]
async fn where_links_lead_is_checked_wherever_it_stands() {
    let fixture = Fixture::new().await;
    let hostile = ContentFields {
        url: text("javascript:alert(1)"),
        fallback_url: text("https://go.acme.test/loop"),
        image_url: text("//example.com/a.png"),
        ..content("")
    };
    let error = create(&fixture, &hostile).await.expect_err("refused");
    assert_eq!(problems(&error), [("url", "invalid_url"), ("fallback_url", "own_host"), ("image_url", "invalid_url")]);

    let id = fixture.content().await;
    for url in ["https://relais.test/x", "data:text/html,x", "https://a@b.test/", "https://x.test/\n"] {
        let mut work = fixture.programme.work().await.expect("work");
        let change = ContentFields { url: text(url), ..ContentFields::default() };
        assert!(work.update_content(fixture.space.id, id, &change).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn security_4_a_host_of_any_space_is_no_destination() {
    let fixture = Fixture::new().await;
    let hosts = SpaceFields { hosts: Field::Value(vec!["go.other.test".to_owned()]), ..SpaceFields::default() };
    fixture.programme.create_or_update_space("other", &hosts).await.expect("a space");
    let error = create(&fixture, &content("https://go.other.test/abc")).await.expect_err("refused");
    assert_eq!(problems(&error), [("url", "own_host")]);
}

#[tokio::test]
async fn security_2_the_spaces_domains_bound_its_destinations() {
    let fixture = Fixture::new().await;
    let domains =
        SpaceFields { destination_domains: Field::Value(vec!["acme.com".to_owned()]), ..SpaceFields::default() };
    fixture.programme.create_or_update_space("acme", &domains).await.expect("the space");
    let error = create(&fixture, &content("https://example.com/")).await.expect_err("refused");
    assert_eq!(problems(&error), [("url", "domain_not_allowed")]);
    create(&fixture, &content("https://www.acme.com/")).await.expect("a content");
}

#[tokio::test]
async fn times_audience_and_captions_are_checked() {
    let fixture = Fixture::new().await;
    let audience = Audience { kinds: vec!["robot".to_owned()], teams: vec![String::new()], ..Audience::default() };
    let caption = |language: &str, channel: &str, text: &str| Caption {
        language: Some(language.to_owned()),
        channel: Some(channel.to_owned()),
        text: text.to_owned(),
    };
    let fields = ContentFields {
        published_at: text("2026-03-02T10:00:00Z"),
        expires_at: text("2026-03-02T10:00:00Z"),
        audience: Field::Value(audience),
        captions: Field::Value(vec![caption("fr", "linkedin", "Venez\nvite !"), caption("?", "LinkedIn", "")]),
        ..content("https://example.com/")
    };
    let error = create(&fixture, &fields).await.expect_err("refused");
    let expected = [
        ("audience.teams[0]", "required"),
        ("audience.kinds[0]", "invalid"),
        ("captions[1].text", "required"),
        ("captions[1].channel", "invalid"),
        ("captions[1].language", "invalid"),
        ("expires_at", "invalid"),
    ];
    assert_eq!(problems(&error), expected);
}

#[tokio::test]
async fn the_campaign_is_the_spaces_own_and_names_itself_in_destinations() {
    let fixture = Fixture::new().await;
    let campaign = Campaign {
        id: CampaignId::from_bits(5),
        space: fixture.space.id,
        external_id: None,
        name: "Summer".to_owned(),
        slug: "summer".to_owned(),
        starts_on: None,
        ends_on: None,
        objective: None,
        paused: false,
    };
    let mut writing = fixture.store.write().await.expect("a transaction");
    writing.put_campaign(&campaign).await.expect("a campaign");
    writing.commit().await.expect("a commit");

    let unknown = ContentFields { campaign_id: text("cmp_0000000000009"), ..content("https://example.com/") };
    assert_eq!(problems(&create(&fixture, &unknown).await.expect_err("refused")), [("campaign_id", "campaign")]);
    let fields = ContentFields {
        campaign_id: text(&campaign.id.to_string()),
        external_id: text("spring sale"),
        ..content("https://example.com/")
    };
    let content = create(&fixture, &fields).await.expect("a content");
    assert_eq!(content.campaign, campaign.id);

    let advocate = fixture.advocate().await;
    let fields = LinkFields {
        content_id: text(&content.id.to_string()),
        advocate_id: text(&advocate.to_string()),
        channel: text("x"),
        ..LinkFields::default()
    };
    let mut work = fixture.programme.work().await.expect("work");
    let issued = work.issue_link(fixture.space.id, fields, None).await.expect("a link");
    assert_eq!(
        issued.shown.destination,
        "https://example.com/?utm_campaign=summer&utm_content=spring%20sale&utm_medium=employee-advocacy&utm_source=x"
    );
}

#[tokio::test]
async fn a_key_belongs_to_one_content() {
    let fixture = Fixture::new().await;
    let keyed = ContentFields { external_id: text("c-1"), ..content("https://example.com/") };
    create(&fixture, &keyed).await.expect("a content");
    assert_eq!(problems(&create(&fixture, &keyed).await.expect_err("refused")), [("external_id", "external_id_taken")]);
}
