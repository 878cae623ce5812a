//! Campaigns.

use serde_json::json;

use super::*;
use crate::model::Campaign;
use crate::programme::campaigns::{KPIS, Objective};

async fn create(fixture: &Fixture, fields: CampaignFields) -> Result<Campaign, Error> {
    let mut work = fixture.programme.work().await?;
    let campaign = work.create_campaign(fixture.space.id, &fields).await?;
    work.commit().await?;
    Ok(campaign)
}

fn named(name: &str) -> CampaignFields {
    CampaignFields { name: text(name), ..CampaignFields::default() }
}

fn aiming(kpi: &str, target: f64) -> CampaignFields {
    let target = serde_json::Number::from_f64(target).expect("a finite number");
    CampaignFields { objective: Field::Value(Objective { kpi: kpi.to_owned(), target }), ..named("Summer") }
}

#[tokio::test]
async fn a_slug_is_made_of_the_name_and_of_the_next_free_number() {
    let fixture = Fixture::new().await;
    let slugs: [&str; 3] = ["ete-2026", "ete-2026-2", "ete-2026-3"];
    for slug in slugs {
        assert_eq!(create(&fixture, named("Été 2026")).await.expect("a campaign").slug, slug);
    }
    let chosen = CampaignFields { slug: text("ete-2026"), ..named("Another") };
    assert_eq!(problems(&create(&fixture, chosen).await.expect_err("refused")), [("slug", "slug_taken")]);
    let elsewhere = fixture.other_space().await;
    let mut work = fixture.programme.work().await.expect("work");
    let theirs = work.create_campaign(elsewhere, &named("Été 2026")).await.expect("another space is another world");
    assert_eq!(theirs.slug, "ete-2026");
}

#[tokio::test]
async fn a_campaign_reads_back_and_keeps_its_slug_when_it_is_renamed() {
    let fixture = Fixture::new().await;
    let fields = CampaignFields {
        starts_on: text("2026-06-01"),
        ends_on: text("2026-06-01"),
        external_id: text("crm-1"),
        ..aiming("clicks_per_share", 4.5)
    };
    let campaign = create(&fixture, fields).await.expect("a campaign");
    assert_eq!(campaign.objective, Some(json!({"kpi": "clicks_per_share", "target": 4.5})));
    let mut work = fixture.programme.work().await.expect("work");
    let renamed = work.update_campaign(fixture.space.id, campaign.id, &named("Winter")).await.expect("a campaign");
    work.commit().await.expect("a commit");
    assert_eq!(renamed, Campaign { name: "Winter".to_owned(), ..campaign });
    assert_eq!(fixture.programme.campaign(fixture.space.id, campaign.id).await.expect("reads"), renamed);
    let again = CampaignFields { external_id: text("crm-1"), ..named("Spring") };
    assert_eq!(problems(&create(&fixture, again).await.expect_err("refused")), [("external_id", "external_id_taken")]);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let fixture = Fixture::new().await;
    let fields = CampaignFields {
        name: text(" "),
        slug: text("Big Words"),
        starts_on: text("2026-06-02"),
        ends_on: text("2026-06-01"),
        ..aiming("likes", -1.0)
    };
    let expected = [
        ("name", "required"),
        ("slug", "invalid"),
        ("ends_on", "invalid"),
        ("objective.kpi", "invalid"),
        ("objective.target", "invalid"),
    ];
    assert_eq!(problems(&create(&fixture, fields).await.expect_err("refused")), expected);
    for kpi in KPIS {
        create(&fixture, aiming(kpi, 0.0)).await.expect("a defined KPI");
    }
}

#[tokio::test]
async fn pausing_twice_is_told_once() {
    let fixture = Fixture::new().await;
    let campaign = create(&fixture, named("Summer")).await.expect("a campaign");
    let before = fixture.store.latest_seq().await.expect("reads");
    for (paused, told) in [(true, 1), (true, 1), (false, 2), (false, 2)] {
        let mut work = fixture.programme.work().await.expect("work");
        let now = work.pause_campaign(fixture.space.id, campaign.id, paused).await.expect("a campaign");
        work.commit().await.expect("a commit");
        assert_eq!(now.paused, paused);
        assert_eq!(fixture.store.latest_seq().await.expect("reads"), before + told);
    }
}
