//! Campaigns and their pause, feeds and what they propose, objectives by quarter, the charter.

use std::collections::BTreeMap;

use super::marketing::marketer;
use super::said::Said;
use super::*;
use crate::kpi::oracle::scene::Scene;
use crate::kpi::oracle::teams::teams;
use crate::model::programme::PrivacyMode;
use crate::model::{Campaign, CampaignId, Draft, FeedItem, ItemState, TeamId};
use crate::programme::tests::{content, text};
use crate::programme::{Audience, CampaignFields, ContentFields, FeedFields, ItemFilter, Page as Slice, TeamFields};

async fn campaign(portal: &Portal, path: &str) -> Campaign {
    let id: CampaignId = path.rsplit('/').next().expect("an id").parse().expect("a campaign's");
    portal.fixture.programme.campaign(portal.fixture.space.id, id).await.expect("reads")
}

#[tokio::test]
async fn a_campaign_is_made_changed_paused_and_resumed() {
    let portal = Portal::new().await;
    let mut browser = marketer(&portal).await;
    let fields = [
        ("name", "Spring <b>"),
        ("starts_on", "2026-03-01"),
        ("ends_on", "2026-05-31"),
        ("kpi", "content_usage_rate"),
        ("target", "80 %"),
    ];
    let path = browser.post_proven("/marketing/campaigns/new", &fields).await.location().to_owned();
    let made = campaign(&portal, &path).await;
    assert_eq!(made.slug, "spring-b");
    assert_eq!(made.objective, Some(json!({ "kpi": "content_usage_rate", "target": 0.8 })));
    let id = made.id.to_string();
    portal.fixture.content_with(ContentFields { campaign_id: text(&id), ..content("https://acme.test/a") }).await;
    let page = browser.get(&path).await;
    page.assert_page();
    assert!(page.body.contains("Spring &#60;b&#62;") && page.body.contains("to reach: 80%"), "{}", page.body);
    assert!(page.body.contains("cannot be had at the moment"), "no ClickHouse here: {}", page.body);
    assert!(page.body.contains(">A title</a>"), "its content: {}", page.body);

    let asked = browser.get(&format!("{path}/pause")).await;
    asked.assert_page();
    assert!(asked.body.contains("Every link to its one content stops"), "{}", asked.body);
    assert!(!campaign(&portal, &path).await.paused, "looking pauses nothing");
    browser.post_proven(&format!("{path}/pause"), &[]).await.location();
    assert!(campaign(&portal, &path).await.paused);
    let paused = browser.get(&path).await;
    assert!(paused.body.contains("Within two seconds") && paused.body.contains("Resume"), "{}", paused.body);
    browser.get(&format!("{path}/pause")).await.assert_page();

    // A pause is no change of what the form shows.
    let version = browser.get(&format!("{path}/edit")).await.field("version");
    browser.post_proven(&format!("{path}/resume"), &[]).await.location();
    let renamed = [("version", version.as_str()), ("name", "Summer"), ("slug", "spring-b")];
    browser.post_proven(&format!("{path}/edit"), &renamed).await.location();
    let now = campaign(&portal, &path).await;
    assert_eq!((now.name.as_str(), now.paused, now.objective), ("Summer", false, None));
    let list = browser.get("/marketing/campaigns").await;
    list.assert_page();
    assert!(list.body.contains(">Summer</a>"), "{}", list.body);

    let stale = browser.post_proven(&format!("{path}/edit"), &renamed).await;
    assert_eq!(stale.status, 409);
    assert!(stale.body.contains("Somebody else changed this campaign"), "{}", stale.body);
    let version = stale.field("version");
    let again = [("version", version.as_str()), ("name", "Autumn")];
    browser.post_proven(&format!("{path}/edit"), &again).await.location();
    assert_eq!(campaign(&portal, &path).await.name, "Autumn");
}

#[tokio::test]
async fn what_a_campaign_gets_wrong_is_said_in_place() {
    let portal = Portal::new().await;
    let mut browser = marketer(&portal).await;
    browser.post_proven("/marketing/campaigns/new", &[("name", "Spring")]).await.location();
    for (fields, said) in [
        (vec![("name", "")], "Fill this in."),
        (vec![("name", "A"), ("starts_on", "2026-05-01"), ("ends_on", "2026-04-01")], "earlier than the first day"),
        (vec![("name", "A"), ("starts_on", "soon")], "This is no date."),
        (vec![("name", "A"), ("slug", "Not a slug")], "63 characters at most"),
        (vec![("name", "A"), ("slug", "spring")], "Another campaign has this name"),
        (vec![("name", "A"), ("kpi", "clicks"), ("target", "many")], "Write a number, 0 or more."),
        (vec![("name", "A"), ("kpi", "clicks"), ("target", "")], "Write a number, 0 or more."),
        (vec![("name", "A"), ("kpi", "likes"), ("target", "9")], "Write a number, 0 or more."),
    ] {
        let refused = browser.post_proven("/marketing/campaigns/new", &fields).await;
        assert_eq!(refused.status, 422, "{fields:?}: {}", refused.body);
        assert!(refused.body.contains(said) && refused.body.contains("role=\"alert\""), "{fields:?}: {}", refused.body);
    }
}

/// What the feeds of the space proposed and is in this state, by name.
async fn waiting(portal: &Portal, state: ItemState) -> Vec<FeedItem> {
    let filter = ItemFilter { state: Some(state), ..ItemFilter::default() };
    let page = Slice { after: None, limit: 100 };
    let mut items = portal.fixture.programme.feed_items(portal.fixture.space.id, &filter, page).await.expect("items");
    items.sort_by(|a, b| a.draft.key.cmp(&b.draft.key));
    items
}

fn draft(name: &str) -> Draft {
    Draft {
        key: name.to_owned(),
        title: format!("Title of <{name}>"),
        url: format!("https://news.acme.test/{name}"),
        ..Draft::default()
    }
}

#[tokio::test]
async fn a_feed_is_added_visited_reviewed_paused_and_removed() {
    let portal = Portal::new().await.reaching_out();
    let mut browser = marketer(&portal).await;
    assert!(browser.get("/marketing/feeds").await.body.contains("No feed yet"));
    let fields = [
        ("url", "https://news.acme.test/feed"),
        ("publish", "review"),
        ("kind", "auto"),
        ("content_kind", ""),
        ("interval_minutes", "60"),
    ];
    let added = browser.post_proven("/marketing/feeds/new", &fields).await;
    assert_eq!(added.location(), "/marketing/feeds/sources");
    assert!(browser.get("/marketing/feeds/sources").await.body.contains("Not visited yet"));
    portal.web().says(["a", "b", "c", "d"].map(draft).into());
    let programme = portal.fixture.programme.clone().with_web(Arc::clone(&portal.web) as Arc<dyn Web>);
    assert!(programme.visit_due_feed().await.expect("a visit"));
    let items = waiting(&portal, ItemState::Proposed).await;
    assert_eq!(items.len(), 4);
    let (space, mut work) = (portal.fixture.space.id, portal.fixture.programme.work().await.expect("work"));
    let team = TeamFields { name: text("North"), ..TeamFields::default() };
    let team = work.create_team(space, &team).await.expect("a team").team.id;
    let aims = Field::Value(Audience { teams: vec!["north".to_owned()], ..Audience::default() });
    work.update_feed(space, items[0].feed, &FeedFields { audience: aims, ..FeedFields::default() }).await.expect("fed");
    work.commit().await.expect("a commit");
    let sources = browser.get("/marketing/feeds/sources").await;
    sources.assert_page();
    assert!(sources.body.contains("4 to review"), "{}", sources.body);

    let queue = browser.get("/marketing/feeds").await;
    queue.assert_page();
    assert!(queue.body.contains("Title of &#60;a&#62;"), "{}", queue.body);
    let ids: Vec<_> = items.iter().map(|item| item.id.to_string()).collect();
    let none = browser.post_proven("/marketing/feeds/decide", &[("do", "accept")]).await;
    assert_eq!(none.location(), "/marketing/feeds");
    assert!(browser.get("/marketing/feeds").await.body.contains("Tick what you decide on first."));
    let two = [("id", ids[0].as_str()), ("id", ids[1].as_str()), ("do", "accept")];
    browser.post_proven("/marketing/feeds/decide", &two).await.location();
    assert!(browser.get("/marketing/feeds").await.body.contains("Published: 2"));
    browser.post_proven("/marketing/feeds/decide", &[("id", ids[2].as_str()), ("do", "dismiss")]).await.location();
    assert_eq!(waiting(&portal, ItemState::Rejected).await.len(), 1);
    assert!(browser.get("/marketing/feeds?state=rejected").await.body.contains("Title of &#60;c&#62;"));
    // What is a content already stays one, and says so.
    let again = [("id", ids[0].as_str()), ("id", ids[2].as_str()), ("do", "accept")];
    browser.post_proven("/marketing/feeds/decide", &again).await.location();
    assert!(browser.get("/marketing/feeds").await.body.contains("Published: 1. The others need a look"));
    assert_eq!(browser.post_proven("/marketing/feeds/decide", &[("id", ids[3].as_str())]).await.status, 400);

    let path = format!("/marketing/feeds/proposals/{}", ids[3]);
    let form = browser.get(&path).await;
    form.assert_page();
    assert!(form.body.contains("value=\"Title of &#60;d&#62;\""), "{}", form.body);
    let chosen = format!("name=\"teams\" value=\"{team}\" checked");
    assert!(form.body.contains(&chosen), "what the feed aims at by name: {}", form.body);
    let refused = browser.post_proven(&path, &[("kind", "article"), ("title", ""), ("url", &items[3].draft.url)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Fill this in."), "{}", refused.body);
    let better = [("kind", "article"), ("title", "Better"), ("url", items[3].draft.url.as_str()), ("do", "save")];
    let content = browser.post_proven(&path, &better).await.location().to_owned();
    let page = browser.get(&content).await;
    assert!(page.body.contains("Saved as a draft: Better"), "{}", page.body);
    assert!(browser.get("/marketing/feeds").await.body.contains("Everything is decided"));

    let feed = format!("/marketing/feeds/{}", items[0].feed);
    browser.get(&feed).await.assert_page();
    let mut twice = fields.to_vec();
    twice[0].1 = "nonsense";
    let refused = browser.post_proven(&feed, &twice).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("This is no address"), "{}", refused.body);
    let taken = browser.post_proven("/marketing/feeds/new", &fields).await;
    assert!(taken.body.contains("You have a feed at this address already."), "{}", taken.body);
    let closes = [("url", "https://news.acme.test/other"), ("content_kind", "article"), ("close_missing", "yes")];
    let refused = browser.post_proven("/marketing/feeds/new", &closes).await;
    assert!(refused.body.contains("Only jobs can be closed"), "{}", refused.body);
    browser.post_proven(&format!("{feed}/pause"), &[("on", "yes")]).await.location();
    assert!(browser.get("/marketing/feeds/sources").await.body.contains("Resume"));
    portal.pass_ms(2 * 3_600_000);
    assert!(!programme.visit_due_feed().await.expect("no visit"), "nobody visits it");
    browser.post_proven(&format!("{feed}/pause"), &[("on", "no")]).await.location();
    // The world outside says nothing more: the next visit fails, in the reader's words.
    assert!(programme.visit_due_feed().await.expect("a visit"));
    for (language, why) in [("fr", "Le site ne répond pas."), ("en", "The site does not answer.")] {
        browser.language = language.to_owned();
        for path in ["/marketing/feeds/sources", &feed] {
            let failing = browser.get(path).await;
            assert!(failing.body.contains(why), "{path}: {}", failing.body);
        }
    }
    browser.post_proven(&format!("{feed}/remove"), &[]).await.location();
    assert!(browser.get("/marketing/feeds/sources").await.body.contains("No feed yet"));
    assert_eq!(browser.get(&content).await.status, 200, "what became a content stays");
}

#[tokio::test]
async fn objectives_are_set_by_quarter_for_the_programme_and_for_teams() {
    let portal = Portal::new().await;
    let north = team(&portal, "North", None).await.to_string();
    let mut browser = marketer(&portal).await;
    let empty = browser.get("/marketing/objectives").await;
    empty.assert_page();
    assert!(empty.body.contains("Nothing is aimed at in this quarter yet."), "{}", empty.body);
    let set = [("quarter", "2026-Q1"), ("active_sharer_ratio", "30"), ("clicks", "1,200"), ("hires", "")];
    assert_eq!(
        browser.post_proven("/marketing/objectives/set", &set).await.location(),
        "/marketing/objectives?quarter=2026-Q1"
    );
    let of_team = [("quarter", "2026-Q2"), ("team", north.as_str()), ("shares", "40"), ("clicks_per_content", "9")];
    browser.post_proven("/marketing/objectives/set", &of_team).await.location();
    let page = browser.get("/marketing/objectives?quarter=2026-Q1").await;
    page.assert_page();
    assert!(page.body.contains("to reach: 30%") && page.body.contains("to reach: 1,200"), "{}", page.body);
    let form = browser.get("/marketing/objectives/set?quarter=2026-Q1").await;
    form.assert_page();
    assert!(form.body.contains(
        "name=\"active_sharer_ratio\" type=\"text\" inputmode=\"decimal\" autocomplete=\"off\" value=\"30\""
    ));
    assert!(form.body.contains("30% in the mean, 66% at best"), "the study beside it: {}", form.body);
    let next = browser.get("/marketing/objectives?quarter=2026-Q2").await;
    next.assert_page();
    assert!(next.body.contains("This quarter is to come") && next.body.contains("to reach: 40"), "{}", next.body);
    let now = browser.get("/marketing/objectives?quarter=nonsense").await;
    assert!(now.body.contains("<strong>2026-Q1</strong>"), "{}", now.body);

    let wrong = [("quarter", "2026-Q1"), ("clicks", "many"), ("shares", "-3")];
    let refused = browser.post_proven("/marketing/objectives/set", &wrong).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.body.matches("<p class=\"problem\"").count(), 2, "{}", refused.body);
    assert!(refused.body.contains("value=\"many\""), "{}", refused.body);
    assert!(browser.get("/marketing/objectives").await.body.contains("to reach: 1,200"), "nothing changed");
    for quarter in ["2026-Q5", "2031-Q1", ""] {
        let fields = [("quarter", quarter), ("clicks", "9")];
        assert_eq!(browser.post_proven("/marketing/objectives/set", &fields).await.status, 404, "{quarter}");
    }
    browser.post_proven("/marketing/objectives/set", &[("quarter", "2026-Q1")]).await.location();
    assert!(browser.get("/marketing/objectives").await.body.contains("Nothing is aimed at any more."));
}

async fn team(portal: &Portal, name: &str, manager: Option<AdvocateId>) -> TeamId {
    let mut work = portal.fixture.programme.work().await.expect("work");
    let manager_ids = Field::Value(manager.into_iter().map(|id| id.to_string()).collect());
    let fields = TeamFields { name: text(name), manager_ids, ..TeamFields::default() };
    let team = work.create_team(portal.fixture.space.id, &fields).await.expect("a team").team.id;
    work.commit().await.expect("a commit");
    team
}

/// Thirteen people of the teams A (six), B (five), C and D (one each), each with a share and a click on 2026-03-03, in a
/// real ClickHouse.
#[tokio::test]
async fn actuals_stand_beside_objectives_and_small_teams_are_withheld_for_managers_too() {
    let mut portal = Portal::new().await;
    let space = portal.fixture.space.id;
    let mut scene = Scene::on(portal.fixture.store.clone()).await;
    scene.put(space, &teams(), PrivacyMode::Standard).await;
    scene.roll_up().await;
    let state = PortalState::new(portal.auth.clone(), portal.fixture.programme.clone(), scene.kpis.clone(), None);
    portal.router = router(state);

    let mia = portal.invite("mia@acme.test").await;
    let (a, c) = (team(&portal, "A", Some(mia)).await.to_string(), team(&portal, "C", Some(mia)).await.to_string());
    team(&portal, "B", None).await;
    let mut browser = marketer(&portal).await;
    for fields in [
        vec![("quarter", "2026-Q1"), ("clicks", "10"), ("shares", "26")],
        vec![("quarter", "2026-Q1"), ("team", a.as_str()), ("clicks", "12"), ("adoption_rate", "50")],
        vec![("quarter", "2026-Q1"), ("team", c.as_str()), ("clicks", "2")],
    ] {
        browser.post_proven("/marketing/objectives/set", &fields).await.location();
    }
    let page = browser.get("/marketing/objectives").await;
    page.assert_page();
    let whole = scope(&page.body, "The whole programme");
    assert!(whole.contains("<strong>13</strong>") && whole.contains("130% of the objective"), "{whole}");
    assert!(whole.contains("Reached") && whole.contains("50% of the objective"), "{whole}");
    let of_a = scope(&page.body, ">A<");
    assert!(of_a.contains("<strong>6</strong>") && of_a.contains("value=\"50\""), "{of_a}");
    let of_c = scope(&page.body, ">C<");
    assert!(of_c.contains("Too few") && !of_c.contains("<progress"), "{of_c}");

    portal.pass_ms(180_000);
    let mut manager = portal.browser();
    portal.sign_in(&mut manager, "mia@acme.test").await.location();
    manager.language = "en".to_owned();
    let page = manager.get("/team").await;
    page.assert_page();
    let aims = page.body.split("Objectives of the quarter").nth(1).expect("objectives");
    assert!(aims.contains("<h3>A</h3>") && aims.contains("<strong>6</strong>") && aims.contains("of 12"), "{aims}");
    assert!(aims.contains("<h3>C</h3>") && aims.contains("Too few"), "{aims}");
    assert!(!aims.contains("of 26") && !aims.contains("<form"), "their teams alone, and nothing to change: {aims}");
    assert_eq!(manager.get("/marketing/objectives").await.status, 403);
}

/// The part of a page about one scope, up to the next.
fn scope<'a>(body: &'a str, name: &str) -> &'a str {
    let at = body.find(name).unwrap_or_else(|| panic!("no {name}: {body}"));
    body[at..].split("</section>").next().unwrap_or_default()
}

#[tokio::test]
async fn a_campaigns_actual_stands_beside_its_objective() {
    let mut portal = Portal::new().await;
    let space = portal.fixture.space.id;
    let mut scene = Scene::on(portal.fixture.store.clone()).await;
    let mut bundle = teams();
    bundle.contents[0].campaign = Some("spring".to_owned());
    scene.put(space, &bundle, PrivacyMode::Standard).await;
    scene.roll_up().await;
    let state = PortalState::new(portal.auth.clone(), portal.fixture.programme.clone(), scene.kpis.clone(), None);
    portal.router = router(state);
    // The bundle's third of March is to come on the portal's clock.
    portal.pass_ms(3 * 86_400_000);
    let mut work = portal.fixture.programme.work().await.expect("work");
    let fields = CampaignFields {
        name: text("Spring"),
        external_id: text("spring"),
        starts_on: text("2026-03-01"),
        ..CampaignFields::default()
    };
    let made = work.create_campaign(space, &fields).await.expect("a campaign");
    let content = ContentFields {
        campaign_id: text(&made.id.to_string()),
        external_id: text("k"),
        published_at: text("2026-03-02T00:00:00Z"),
        ..content("https://acme.test/a")
    };
    work.create_content(space, &content).await.expect("a content");
    work.commit().await.expect("a commit");
    let mut browser = marketer(&portal).await;
    let path = format!("/marketing/campaigns/{}", made.id);
    let version = browser.get(&format!("{path}/edit")).await.field("version");
    let aims = [
        ("version", version.as_str()),
        ("name", "Spring"),
        ("external_id", "spring"),
        ("starts_on", "2026-03-01"),
        ("kpi", "clicks"),
        ("target", "26"),
    ];
    browser.post_proven(&format!("{path}/edit"), &aims).await.location();
    let page = browser.get(&format!("{path}?figures=yes")).await;
    page.assert_page();
    assert!(page.body.contains("<strong>13</strong>") && page.body.contains("50% of the objective"), "{}", page.body);
    assert!(page.body.contains("<dt>Shares</dt><dd>13</dd>"), "of its content: {}", page.body);
    assert!(browser.get("/marketing/campaigns").await.body.contains("50% of the objective"));
    let list = browser.get("/marketing/contents?figures=yes").await;
    assert!(list.body.contains("<dt>Clicks</dt><dd>13</dd>"), "{}", list.body);
    let plain = browser.get("/marketing/contents").await;
    let address = "/marketing/contents?page=1&#38;figures=yes";
    assert!(plain.body.contains(&format!("<a href=\"{address}\"")), "whoever wants them says so: {}", plain.body);
    assert!(!plain.body.contains("<dt>Clicks</dt>"), "{}", plain.body);
}

#[tokio::test]
async fn the_charters_versions_are_read_and_not_changed() {
    const CHARTER: &str = "/marketing/charter";
    let portal = Portal::new().await;
    for text in ["We share <b>freely</b>.", "We share when we like."] {
        let mut work = portal.fixture.programme.work().await.expect("work");
        let texts = BTreeMap::from([(Language::English, text.to_owned())]);
        work.publish_charter(portal.fixture.space.id, &texts).await.expect("a charter");
        work.commit().await.expect("a commit");
    }
    let mut browser = marketer(&portal).await;
    assert!(browser.get("/marketing/contents").await.body.contains(&format!("href=\"{CHARTER}\"")));
    Said::default().on(&mut browser, CHARTER, &["charter-admin-title", "charter-read-lead"]).await;
    browser.language = "en".to_owned();
    let body = browser.get(CHARTER).await.body;
    for said in ["Version 1, of", "Version 2, of", "We share &#60;b&#62;freely", "We share when we like."] {
        assert!(body.contains(said), "{said}: {body}");
    }
    assert!(!body.contains("<textarea") && !body.contains("/admin/charter"), "nothing to change: {body}");
    assert_eq!(browser.get("/admin/charter").await.status, 403);
    assert_eq!(browser.post_proven("/admin/charter", &[("text_en", "Mine")]).await.status, 403);
    assert_eq!(browser.post_proven(CHARTER, &[("text_en", "Mine")]).await.status, 405);
    for role in [Role::Advocate, Role::Recruiter] {
        portal.pass_ms(180_000);
        let mut other = portal.signed_in(role).await;
        assert_eq!(other.get(CHARTER).await.status, 403, "{role}");
    }
}
