//! The pages of those who publish: who sees them, contents from a pasted address to the archive.

use super::*;
use crate::model::{Content, ContentId, ContentState, Draft};
use crate::programme::contents::{Audience, Caption};
use crate::programme::tests::{content, text};
use crate::programme::{CampaignFields, ContentFields, FeedFields, TeamFields};

/// Every page of the area that needs no id.
pub(super) const PAGES: [&str; 10] = [
    "/marketing/contents",
    "/marketing/contents/new",
    "/marketing/contents/look",
    "/marketing/campaigns",
    "/marketing/campaigns/new",
    "/marketing/feeds",
    "/marketing/feeds/sources",
    "/marketing/feeds/new",
    "/marketing/objectives",
    "/reports",
];

/// Somebody of marketing, who reads English.
pub(super) async fn marketer(portal: &Portal) -> Browser {
    let mut browser = portal.signed_in(Role::Marketing).await;
    browser.language = "en".to_owned();
    browser
}

async fn stored(portal: &Portal, path: &str) -> Content {
    let id: ContentId = path.rsplit('/').next().expect("an id").parse().expect("a content's");
    portal.fixture.programme.content(portal.fixture.space.id, id).await.expect("reads")
}

const ARTICLE: [(&str, &str); 3] =
    [("kind", "article"), ("title", "A new oven"), ("url", "https://www.acme.test/oven")];

#[tokio::test]
async fn marketing_and_administrators_find_every_page_in_both_languages_and_nobody_else_any() {
    let portal = Portal::new().await;
    for role in [Role::Marketing, Role::Admin] {
        let mut browser = portal.signed_in(role).await;
        portal.pass_ms(180_000);
        for language in LANGUAGES {
            browser.language = language.to_owned();
            for path in PAGES.into_iter().chain(["/marketing/objectives/set?quarter=2026-Q1"]) {
                let page = browser.get(path).await;
                page.assert_page();
                assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{role} {path}");
                assert!(page.body.contains("href=\"/reports\""), "the reports are in the navigation: {path}");
            }
        }
    }
    for role in [Role::Advocate, Role::Recruiter] {
        let mut browser = portal.signed_in(role).await;
        portal.pass_ms(180_000);
        assert!(!browser.get("/").await.body.contains("/marketing/"), "{role}");
        for path in PAGES.into_iter().chain(["/marketing/objectives/set?quarter=2026-Q1"]) {
            let publishes_jobs = ["/marketing/contents/new", "/marketing/contents/look"].contains(&path);
            let expected = if role == Role::Recruiter && publishes_jobs { 200 } else { 403 };
            assert_eq!(browser.get(path).await.status, expected, "{role} {path}");
        }
        for path in
            ["/marketing/contents/new", "/marketing/campaigns/new", "/marketing/feeds/new", "/marketing/feeds/decide"]
        {
            let fields = [("kind", "article"), ("title", "x"), ("url", "https://www.acme.test/x")];
            assert_eq!(browser.post_proven(path, &fields).await.status, 403, "{role} {path}");
        }
        let objectives = [("quarter", "2026-Q1"), ("clicks", "9")];
        assert_eq!(browser.post_proven("/marketing/objectives/set", &objectives).await.status, 403, "{role}");
    }
    let mut stranger = portal.browser();
    assert_eq!(stranger.get("/marketing/contents").await.location(), "/sign-in?next=%2Fmarketing%2Fcontents");
}

#[tokio::test]
async fn a_recruiter_publishes_jobs_and_nothing_else() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Recruiter).await;
    let page = browser.get("/marketing/contents/look?kind=article").await;
    page.assert_page();
    assert!(page.body.contains("value=\"job\"") && !page.body.contains("value=\"article\""), "{}", page.body);
    let fields = [("kind", "job"), ("title", "Baker"), ("url", "https://www.acme.test/jobs/1")];
    let made = browser.post_proven("/marketing/contents/new", &fields).await.location().to_owned();
    browser.get(&made).await.assert_page();
    browser.get(&format!("{made}/preview")).await.assert_page();
    let mut marketer = marketer(&portal).await;
    let article = marketer.post_proven("/marketing/contents/new", &ARTICLE).await.location().to_owned();
    for path in [article.clone(), format!("{article}/preview")] {
        assert_eq!(browser.get(&path).await.status, 403, "{path}");
    }
    assert_eq!(browser.post_proven(&article, &fields).await.status, 403);
}

#[tokio::test]
async fn a_manager_and_a_partner_are_advocates_and_publish_nothing() {
    let portal = Portal::new().await;
    let id = portal.invite("mia@acme.test").await;
    portal.change(id, AdvocateFields { kind: text("partner"), ..AdvocateFields::default() }).await;
    let mut work = portal.fixture.programme.work().await.expect("work");
    let team =
        TeamFields { name: text("North"), manager_ids: Field::Value(vec![id.to_string()]), ..TeamFields::default() };
    work.create_team(portal.fixture.space.id, &team).await.expect("a team");
    work.commit().await.expect("a commit");
    let mut browser = portal.browser();
    portal.sign_in(&mut browser, "mia@acme.test").await.location();
    assert_eq!(browser.get("/team").await.status, 200, "manages a team");
    for path in PAGES {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn security_11_nothing_is_published_without_the_proof() {
    let portal = Portal::new().await;
    let mut browser = marketer(&portal).await;
    for path in ["/marketing/contents/new", "/marketing/contents/look", "/marketing/campaigns/new"] {
        let mut fields = ARTICLE.to_vec();
        fields.extend([("name", "Stolen"), ("csrf", "guessed")]);
        assert_eq!(browser.post(path, &fields).await.status, 403, "{path}");
    }
    assert!(browser.get("/marketing/contents").await.body.contains("Nothing to share yet"));
}

#[tokio::test]
async fn things_of_another_space_are_not_there() {
    let portal = Portal::new().await;
    let mut browser = marketer(&portal).await;
    let other = portal.fixture.other_space().await;
    let (content, campaign, feed, team) = things_of(&portal, other).await;
    for path in [
        format!("/marketing/contents/{content}"),
        format!("/marketing/contents/{content}/preview"),
        format!("/marketing/campaigns/{campaign}"),
        format!("/marketing/campaigns/{campaign}/edit"),
        format!("/marketing/campaigns/{campaign}/pause"),
        format!("/marketing/feeds/{feed}"),
        format!("/marketing/objectives/set?quarter=2026-Q1&team={team}"),
        "/marketing/contents/nonsense".to_owned(),
        "/marketing/feeds/proposals/nonsense".to_owned(),
    ] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    for path in [
        format!("/marketing/contents/{content}"),
        format!("/marketing/contents/{content}/publish"),
        format!("/marketing/contents/{content}/archive"),
        format!("/marketing/contents/{content}/restore"),
        format!("/marketing/campaigns/{campaign}/edit"),
        format!("/marketing/campaigns/{campaign}/pause"),
        format!("/marketing/campaigns/{campaign}/resume"),
        format!("/marketing/feeds/{feed}"),
        format!("/marketing/feeds/{feed}/pause"),
        format!("/marketing/feeds/{feed}/remove"),
    ] {
        let fields = [("kind", "article"), ("title", "x"), ("name", "x"), ("url", "https://www.acme.test/x")];
        assert_eq!(browser.post_proven(&path, &fields).await.status, 404, "{path}");
    }
    let objectives = [("quarter", "2026-Q1"), ("team", team.as_str()), ("clicks", "9")];
    assert_eq!(browser.post_proven("/marketing/objectives/set", &objectives).await.status, 404);
    let mut foreign = ARTICLE.to_vec();
    foreign.push(("campaign_id", &campaign));
    let refused = browser.post_proven("/marketing/contents/new", &foreign).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("There is nothing of that name here."), "{}", refused.body);
}

/// A content, a campaign, a feed and a team.
async fn things_of(portal: &Portal, space: SpaceId) -> (String, String, String, String) {
    let mut work = portal.fixture.programme.work().await.expect("work");
    let content = work.create_content(space, &content("https://other.test/a")).await.expect("a content").id;
    let campaign = CampaignFields { name: text("Theirs"), ..CampaignFields::default() };
    let campaign = work.create_campaign(space, &campaign).await.expect("a campaign").id;
    let feed = FeedFields { url: text("https://other.test/feed"), ..FeedFields::default() };
    let feed = work.create_feed(space, &feed).await.expect("a feed").id;
    let team = TeamFields { name: text("Theirs"), ..TeamFields::default() };
    let team = work.create_team(space, &team).await.expect("a team").team.id;
    work.commit().await.expect("a commit");
    (content.to_string(), campaign.to_string(), feed.to_string(), team.to_string())
}

#[tokio::test]
async fn a_pasted_address_opens_the_form_with_what_its_page_says() {
    let portal = Portal::new().await.reaching_out();
    let draft = Draft {
        title: "A <new> oven".to_owned(),
        summary: Some("It bakes.".to_owned()),
        image_url: Some("https://www.acme.test/oven.png".to_owned()),
        ..Draft::default()
    };
    portal.web().pages.lock().insert("https://www.acme.test/oven".to_owned(), Ok(draft));
    let mut browser = marketer(&portal).await;
    let page = browser.post_proven("/marketing/contents/look", &[("url", " www.acme.test/oven ")]).await;
    page.assert_page();
    assert!(page.body.contains("value=\"A &#60;new&#62; oven\"") && page.body.contains("It bakes."), "{}", page.body);
    assert!(page.body.contains("value=\"https://www.acme.test/oven.png\""), "{}", page.body);
    assert!(page.body.contains("come from the page"), "{}", page.body);

    let mut fields = ARTICLE.to_vec();
    fields.push(("do", "publish"));
    browser.post_proven("/marketing/contents/new", &fields).await.location();
    let again = browser.post_proven("/marketing/contents/look", &[("url", "https://www.acme.test/oven")]).await;
    assert!(again.body.contains("You have a content at this address already"), "{}", again.body);
}

#[tokio::test]
async fn a_page_that_cannot_be_had_stops_nobody_and_an_address_that_is_none_is_refused_in_place() {
    let portal = Portal::new().await.reaching_out();
    let mut browser = marketer(&portal).await;
    let unread = browser.post_proven("/marketing/contents/look", &[("url", "https://gone.acme.test/a")]).await;
    unread.assert_page();
    assert!(unread.body.contains("The site does not answer.") && unread.body.contains("by hand"), "{}", unread.body);
    assert!(unread.body.contains("value=\"https://gone.acme.test/a\""), "{}", unread.body);
    for (url, said) in [
        ("nonsense", "This is no address"),
        ("javascript:alert(1)", "This is no address"),
        ("https://go.acme.test/x", "short link of this installation"),
        ("", "This is no address"),
    ] {
        let refused = browser.post_proven("/marketing/contents/look", &[("url", url)]).await;
        assert_eq!(refused.status, 422, "{url}");
        assert!(refused.body.contains(said) && refused.body.contains("role=\"alert\""), "{url}: {}", refused.body);
    }
}

#[tokio::test]
async fn a_draft_is_scheduled_published_archived_and_brought_back() {
    let portal = Portal::new().await;
    let mut browser = marketer(&portal).await;
    let mut fields = ARTICLE.to_vec();
    fields.extend([("summary", "It bakes."), ("caption_language", "fr"), ("caption_channel", "linkedin")]);
    fields.extend([("caption_text", "Regardez\r\nce four"), ("caption_text", " "), ("do", "save")]);
    let path = browser.post_proven("/marketing/contents/new", &fields).await.location().to_owned();
    let page = browser.get(&path).await;
    page.assert_page();
    assert!(page.body.contains("Saved as a draft: A new oven"), "{}", page.body);
    let draft = stored(&portal, &path).await;
    assert_eq!(draft.state(NOW_MS), ContentState::Draft);
    let captions: Vec<Caption> = serde_json::from_value(draft.captions.clone()).expect("texts");
    let caption = |text: &str| Caption {
        language: Some("fr".to_owned()),
        channel: Some("linkedin".to_owned()),
        text: text.to_owned(),
    };
    assert_eq!(captions, [caption("Regardez\nce four")]);
    assert_eq!(browser.get(&format!("/contents/{}", draft.id)).await.status, 404, "no employee sees it");
    browser.get(&format!("{path}/preview")).await.assert_page();

    let version = page.field("version");
    let mut fields = ARTICLE.to_vec();
    fields.extend([("version", version.as_str()), ("published_at", "2026-03-29T09:00"), ("do", "save")]);
    let saved = browser.post_proven(&path, &fields).await;
    assert_eq!(saved.location(), path);
    let scheduled = stored(&portal, &path).await;
    assert_eq!(scheduled.state(NOW_MS), ContentState::Scheduled);
    assert_eq!(
        scheduled.published_at_ms.map(crate::programme::times::format_instant).as_deref(),
        Some("2026-03-29T07:00:00Z"),
        "summer time in Paris has begun that night"
    );
    assert!(browser.get(&path).await.body.contains("value=\"2026-03-29T09:00\""));

    browser.post_proven(&format!("{path}/publish"), &[]).await.location();
    assert_eq!(stored(&portal, &path).await.state(NOW_MS + 1), ContentState::Published);
    assert!(browser.get(&format!("/contents/{}", draft.id)).await.body.contains("A new oven"));
    browser.post_proven(&format!("{path}/archive"), &[]).await.location();
    let archived = browser.get(&path).await;
    archived.assert_page();
    assert!(archived.body.contains("Archived on") && archived.body.contains("Bring back"), "{}", archived.body);
    browser.post_proven(&format!("{path}/restore"), &[]).await.location();
    assert_eq!(stored(&portal, &path).await.state(NOW_MS + 1), ContentState::Published);
}

#[tokio::test]
async fn what_a_form_gets_wrong_is_said_in_place_with_what_was_typed() {
    let portal = Portal::new().await;
    let mut browser = marketer(&portal).await;
    for (fields, said) in [
        (vec![("title", "")], "Fill this in."),
        (vec![("url", "nonsense")], "This is no address"),
        (vec![("url", "https://go.acme.test/x")], "short link of this installation"),
        (vec![("image_url", "nonsense")], "no address of a picture"),
        (vec![("fallback_url", "ftp://x")], "This is no address"),
        (vec![("published_at", "tomorrow")], "no date with a time"),
        (vec![("published_at", "2026-04-02T10:00"), ("expires_at", "2026-04-01T10:00")], "not later than"),
        (vec![("kind", "poem")], "does not have the expected form"),
        (vec![("caption_text", "x"), ("caption_channel", "NO CHANNEL")], "does not have the expected form"),
        (vec![("languages", "not a language")], "does not have the expected form"),
    ] {
        let mut all = ARTICLE.to_vec();
        all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        all.extend(fields.clone());
        let refused = browser.post_proven("/marketing/contents/new", &all).await;
        assert_eq!(refused.status, 422, "{fields:?}: {}", refused.body);
        assert!(refused.body.contains(said) && refused.body.contains("role=\"alert\""), "{fields:?}: {}", refused.body);
    }
    let first = ARTICLE.into_iter().chain([("external_id", "JOB-1")]).collect::<Vec<_>>();
    browser.post_proven("/marketing/contents/new", &first).await.location();
    let taken = browser.post_proven("/marketing/contents/new", &first).await;
    assert_eq!(taken.status, 422);
    assert!(taken.body.contains("is taken here already"), "{}", taken.body);
}

#[tokio::test]
async fn a_form_that_is_older_than_what_stands_is_refused_with_what_to_do() {
    let portal = Portal::new().await;
    let mut browser = marketer(&portal).await;
    let path = browser.post_proven("/marketing/contents/new", &ARTICLE).await.location().to_owned();
    let version = browser.get(&path).await.field("version");
    let mine: Vec<_> = ARTICLE.into_iter().chain([("version", version.as_str())]).collect();
    let mut theirs = mine.clone();
    theirs.push(("summary", "Theirs"));
    browser.post_proven(&path, &theirs).await.location();

    let mut late = mine.clone();
    late.push(("summary", "Mine"));
    let stale = browser.post_proven(&path, &late).await;
    assert_eq!(stale.status, 409);
    assert!(stale.body.contains("Somebody else changed this content"), "{}", stale.body);
    assert!(stale.body.contains("it differs in Summary"), "and in nothing else: {}", stale.body);
    assert!(stale.body.contains("Mine"), "what was typed is there: {}", stale.body);
    assert_eq!(stored(&portal, &path).await.summary.as_deref(), Some("Theirs"));

    let version = stale.field("version");
    late.retain(|(name, _)| *name != "version");
    late.push(("version", &version));
    browser.post_proven(&path, &late).await.location();
    assert_eq!(stored(&portal, &path).await.summary.as_deref(), Some("Mine"));
}

#[tokio::test]
async fn an_audience_says_whom_it_reaches_and_is_kept() {
    let portal = Portal::new().await;
    let mut work = portal.fixture.programme.work().await.expect("work");
    let team = |name: &str, parent: Option<String>| TeamFields {
        name: text(name),
        parent_id: Field::given(parent),
        ..TeamFields::default()
    };
    let north = work.create_team(portal.fixture.space.id, &team("North", None)).await.expect("a team").team.id;
    work.create_team(portal.fixture.space.id, &team("Lille", Some(north.to_string()))).await.expect("a team");
    work.commit().await.expect("a commit");
    let lives = |email: &'static str, team: &'static str, place: &'static str, left: Option<&str>| {
        let (portal, left) = (&portal, left.map(str::to_owned));
        async move {
            let id = portal.invite(email).await;
            let fields = AdvocateFields {
                team: text(team),
                location: text(place),
                skills: Field::Value(vec!["baking".to_owned()]),
                left_on: Field::given(left),
                ..AdvocateFields::default()
            };
            portal.change(id, fields).await;
        }
    };
    lives("a@acme.test", "Lille", "Roubaix", None).await;
    lives("b@acme.test", "North", "Roubaix", None).await;
    lives("c@acme.test", "South", "Nîmes", None).await;
    lives("d@acme.test", "Lille", "Roubaix", Some("2026-03-01")).await;
    let mut browser = marketer(&portal).await;
    let (north, team) = (north.to_string(), ("teams", north.to_string()));
    for (fields, said) in [
        (vec![], "Reaches all 4 people."),
        (vec![("teams", north.as_str())], "Reaches 2 of 4 people."),
        (vec![("teams", north.as_str()), ("locations", "Nîmes")], "Reaches nobody"),
        (vec![("skills", "Baking")], "Reaches 3 of 4 people."),
        (vec![("kinds", "customer")], "Reaches nobody"),
    ] {
        let reach = browser.post_proven("/marketing/contents/reach", &fields).await;
        assert_eq!(reach.status, 200);
        assert!(reach.body.contains(said) && !reach.body.contains("<html"), "{fields:?}: {}", reach.body);
    }
    let fields: Vec<_> = ARTICLE.into_iter().chain([(team.0, team.1.as_str()), ("locations", "Roubaix")]).collect();
    let path = browser.post_proven("/marketing/contents/new", &fields).await.location().to_owned();
    let audience: Audience = serde_json::from_value(stored(&portal, &path).await.audience).expect("an audience");
    assert_eq!((audience.teams, audience.locations), (vec![north.clone()], vec!["Roubaix".to_owned()]));
    let page = browser.get(&path).await;
    assert!(page.body.contains(&format!("value=\"{north}\" checked")), "{}", page.body);
    assert!(page.body.contains("Reaches 2 of 4 people."), "{}", page.body);
}

#[tokio::test]
async fn contents_are_found_by_text_kind_state_and_campaign() {
    let portal = Portal::new().await;
    let mut work = portal.fixture.programme.work().await.expect("work");
    let campaign = CampaignFields { name: text("Été"), ..CampaignFields::default() };
    let campaign = work.create_campaign(portal.fixture.space.id, &campaign).await.expect("a campaign").id.to_string();
    work.commit().await.expect("a commit");
    let put = |title: &str, path: &str, change: &dyn Fn(&mut ContentFields)| {
        let mut fields = ContentFields { title: text(title), ..content(&format!("https://www.acme.test/{path}")) };
        change(&mut fields);
        portal.fixture.content_with(fields)
    };
    let (past, future) = ("2026-02-01T00:00:00Z", "2026-05-01T00:00:00Z");
    put("Draft one", "draft", &|_| {}).await;
    put("Le café d’été", "cafe", &|fields| {
        fields.published_at = text(past);
        fields.campaign_id = text(&campaign);
    })
    .await;
    put("Baker wanted", "job", &|fields| (fields.kind, fields.published_at) = (text("job"), text(future))).await;
    put("Over", "over", &|fields| {
        (fields.published_at, fields.expires_at) = (text(past), text("2026-02-02T00:00:00Z"));
    })
    .await;
    put("Closed", "closed", &|fields| (fields.published_at, fields.closed_at) = (text(past), text(past))).await;
    let mut browser = marketer(&portal).await;
    let titles = ["Draft one", "Le café d’été", "Baker wanted", "Over", "Closed"];
    for (query, found) in [
        ("", &titles[..]),
        ("text=CAFE", &["Le café d’été"]),
        ("text=acme.test/job", &["Baker wanted"]),
        ("text=%25", &[]),
        ("kind=job", &["Baker wanted"]),
        ("state=draft", &["Draft one"]),
        ("state=scheduled", &["Baker wanted"]),
        ("state=published", &["Le café d’été"]),
        ("state=expired", &["Over"]),
        ("state=archived", &["Closed"]),
        ("state=nonsense&kind=nonsense&page=-1", &titles[..]),
        (&format!("campaign={campaign}"), &["Le café d’été"]),
    ] {
        let list = browser.get(&format!("/marketing/contents?{query}")).await;
        list.assert_page();
        let shown: Vec<_> = titles.into_iter().filter(|title| list.body.contains(&format!(">{title}</a>"))).collect();
        assert_eq!(shown, found, "{query}");
        assert_eq!(list.body.contains("Nothing fits"), found.is_empty(), "{query}");
    }
    for number in 0..25 {
        put(&format!("Many {number}"), &format!("many/{number}"), &|_| {}).await;
    }
    let list = browser.get("/marketing/contents?text=many").await;
    assert!(list.body.contains("text=many&#38;page=2"), "{}", list.body);
    assert_eq!(list.body.matches("piece-row").count(), 24);
    assert_eq!(browser.get("/marketing/contents?text=many&page=9").await.body.matches("piece-row").count(), 1);
}

#[tokio::test]
async fn the_set_up_leads_to_the_first_content() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    assert!(admin.get("/admin").await.body.contains("href=\"/marketing/contents/new\""));
}
