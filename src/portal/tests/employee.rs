//! What everybody does, from the first page to a copied link.

use std::collections::{BTreeMap, BTreeSet};

use super::said::Said;
use super::*;
use crate::model::digest::Frequency;
use crate::model::{ContentId, Share};
use crate::programme::tests::{content, text};
use crate::programme::{Audience, Caption, ContentFields, LinkFields, Page as Slice, ShareFilter};

const DAY_MS: i64 = 86_400_000;

/// A published content, so many days old.
async fn publish(portal: &Portal, title: &str, days: i64, change: impl FnOnce(&mut ContentFields)) -> ContentId {
    let path: String = url::form_urlencoded::byte_serialize(title.as_bytes()).collect();
    let mut fields = ContentFields {
        title: text(title),
        published_at: text(&crate::programme::times::format_instant(NOW_MS - days * DAY_MS)),
        ..content(&format!("https://www.acme.test/{path}"))
    };
    change(&mut fields);
    portal.fixture.content_with(fields).await
}

async fn shares(portal: &Portal) -> Vec<Share> {
    let page = Slice { after: None, limit: 100 };
    portal.fixture.programme.shares(portal.fixture.space.id, &ShareFilter::default(), page).await.expect("shares")
}

async fn publish_charter(portal: &Portal) -> u32 {
    let mut work = portal.fixture.programme.work().await.expect("work");
    let texts = BTreeMap::from([
        (Language::English, "Be kind.\n\n# Really\n- Yes".to_owned()),
        (Language::French, "Soyez aimable.".to_owned()),
    ]);
    let charter = work.publish_charter(portal.fixture.space.id, &texts).await.expect("a charter");
    work.commit().await.expect("a commit");
    charter.version
}

/// Taps a button of a content's page as a script does.
async fn tap(browser: &mut Browser, id: ContentId, channel: &str, said: &str) -> serde_json::Value {
    let csrf = browser.get("/account").await.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("channel", channel), ("text", said), ("disclose", "yes")];
    let answer = browser.post_for_json(&format!("/contents/{id}/share"), &fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).expect("JSON")
}

#[tokio::test]
async fn what_is_new_and_fitting_comes_first_and_what_is_for_others_does_not_come() {
    let portal = Portal::new().await;
    let ada = portal.invite("ada@acme.test").await;
    let fields = AdvocateFields { team: text("Ventes"), location: text("Lyon"), ..AdvocateFields::default() };
    portal.change(ada, fields).await;
    let teams = |names: &[&str]| {
        Field::Value(Audience { teams: names.iter().map(ToString::to_string).collect(), ..Audience::default() })
    };
    publish(&portal, "For everybody, yesterday", 1, |_| {}).await;
    publish(&portal, "For sales, two days ago", 2, |fields| fields.audience = teams(&["ventes"])).await;
    publish(&portal, "For research", 0, |fields| fields.audience = teams(&["R&D"])).await;
    publish(&portal, "Over", 3, |fields| fields.expires_at = text("2026-03-01T00:00:00Z")).await;
    publish(&portal, "Not yet", -1, |_| {}).await;
    portal.fixture.content_with(content("https://www.acme.test/draft")).await;
    let mut browser = portal.browser();
    portal.sign_in(&mut browser, "ada@acme.test").await.location();
    let feed = browser.get("/").await;
    feed.assert_page();
    let titles: Vec<_> =
        feed.body.split("<h2><a href=").skip(1).filter_map(|part| part.split(['>', '<']).nth(1)).collect();
    assert_eq!(titles, ["For sales, two days ago", "For everybody, yesterday"]);

    publish(&portal, "Le cuir végétal", 0, |fields| fields.kind = text("job")).await;
    let found = browser.get("/?q=vegetal+CUIR").await;
    assert!(found.body.contains("Le cuir végétal") && found.body.contains("One proposal found"), "{}", found.body);
    assert!(!found.body.contains("For everybody"));
    let jobs = browser.get("/?kind=job").await;
    assert!(jobs.body.contains("Le cuir végétal") && !jobs.body.contains("For everybody"), "{}", jobs.body);
    let nothing = browser.get("/?q=zebra").await;
    nothing.assert_page();
    assert!(nothing.body.contains("Show everything"), "{}", nothing.body);
}

#[tokio::test]
async fn a_first_page_without_anything_says_so_and_a_long_one_has_pages() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    let empty = browser.get("/").await;
    empty.assert_page();
    assert!(empty.body.contains("Nothing to share yet"));
    for number in 0..15 {
        publish(&portal, &format!("Content {number:02}"), number, |_| {}).await;
    }
    let first = browser.get("/").await.body;
    assert!(first.contains("Content 11") && !first.contains("Content 12") && first.contains("href=\"/?page=2\""));
    let second = browser.get("/?page=2").await.body;
    assert!(second.contains("Content 14") && !second.contains("Content 11") && second.contains("rel=\"prev\""));
}

#[tokio::test]
async fn one_tap_makes_the_link_notes_the_share_and_says_where_to_go() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    let id = publish(&portal, "A title", 1, |fields| {
        fields.captions = Field::Value(vec![
            Caption { language: Some("fr".into()), channel: None, text: "Un texte".into() },
            Caption { language: Some("en".into()), channel: None, text: "A text".into() },
        ]);
    })
    .await;
    let page = browser.get(&format!("/contents/{id}")).await;
    page.assert_page();
    assert!(page.body.contains("A text</textarea>") && !page.body.contains("Un texte"), "{}", page.body);
    assert!(page.body.contains("I work with Acme &#38; Co."));

    let linkedin = tap(&mut browser, id, "linkedin", "Look!").await;
    let link = linkedin["short_url"].as_str().expect("a link").to_owned();
    assert!(link.starts_with("https://go.acme.test/"), "{link}");
    assert_eq!(linkedin["copy"], "Look!\n\nI work with Acme & Co.", "LinkedIn takes an address only");
    let open = linkedin["open"].as_str().expect("an address");
    assert!(
        open.starts_with("https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fgo.acme.test"),
        "{open}"
    );
    assert_eq!(linkedin["said"], "Your text is copied: paste it into LinkedIn.");
    assert_eq!(tap(&mut browser, id, "linkedin", "").await["short_url"], link.as_str(), "the link stays the same");
    let copied = tap(&mut browser, id, "copy", "Look!").await;
    assert_ne!(copied["short_url"], link.as_str(), "each place has a link of its own");
    assert!(copied["copy"].as_str().expect("a text").ends_with(copied["short_url"].as_str().expect("a link")));
    let noted = shares(&portal).await;
    let noted: BTreeSet<_> = noted.iter().map(|share| (share.channel.as_str(), share.source.as_str())).collect();
    assert_eq!(noted, [("linkedin", "intent"), ("copy", "copy")].into(), "twice within ten minutes is one share");
    let feed = browser.get("/").await;
    assert!(feed.body.contains("You shared it: Copy the link, LinkedIn"), "{}", feed.body);
    let page = browser.get(&format!("/contents/{id}")).await;
    assert!(page.body.contains(&link) && page.body.contains("Your 2 links"), "{}", page.body);
}

#[tokio::test]
async fn an_own_link_can_be_tried_without_being_counted() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    let id = publish(&portal, "A title", 1, |_| {}).await;
    let path = format!("/contents/{id}");
    assert!(!browser.get(&path).await.body.contains("relais-self"), "there is no link yet");
    let made = tap(&mut browser, id, "linkedin", "").await;
    let address = format!("{}?relais-self=1", made["short_url"].as_str().expect("a link"));
    assert_eq!(made["try_url"], address.as_str(), "where a script shows the link");
    let shown = format!("<a class=\"try\" href=\"{address}\" target=\"_blank\" rel=\"noopener\">");
    let mut said = Said::default();
    said.on(&mut browser, &path, &["content-try"]).await;
    assert!(browser.get(&path).await.body.contains(&shown));
    // Without a script.
    said.of(&mut browser, &["content-try"], async |browser: &mut Browser| {
        let made = browser.post_proven(&format!("{path}/share"), &[("channel", "linkedin")]).await;
        assert!(made.assert_page().body.contains(&format!("href=\"{address}\" target=\"_blank\" rel=\"noopener\"")));
        made
    })
    .await;
}

#[tokio::test]
async fn without_a_script_the_link_stands_on_a_page_to_copy_by_hand() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    let id = publish(&portal, "A title", 1, |_| {}).await;
    let csrf = browser.get(&format!("/contents/{id}")).await.field("csrf");
    let path = format!("/contents/{id}/share");
    let made = browser.post(&path, &[("csrf", &csrf), ("channel", "x"), ("text", "Look!"), ("disclose", "yes")]).await;
    made.assert_page();
    assert!(made.body.contains("value=\"https://go.acme.test/") && made.body.contains("I work with"), "{}", made.body);
    assert!(made.body.contains("href=\"https://x.com/intent/tweet?text=Look%21"), "{}", made.body);
    let qr = browser.post(&path, &[("csrf", &csrf), ("channel", "qr")]).await;
    let qr = qr.location().to_owned();
    let page = browser.get(&qr).await;
    page.assert_page();
    let svg = browser.get(&format!("{qr}.svg")).await;
    assert_eq!(
        (svg.headers["content-type"].to_str().expect("text"), svg.body.contains("<svg")),
        ("image/svg+xml", true)
    );
    assert_eq!(browser.post(&path, &[("csrf", &csrf), ("channel", "myspace")]).await.status, 400);
    assert_eq!(browser.post(&path, &[("csrf", "guessed"), ("channel", "x")]).await.status, 403);
}

#[tokio::test]
async fn security_20_an_advocate_sees_its_own_links_and_no_draft() {
    let portal = Portal::new().await;
    let id = publish(&portal, "A title", 1, |_| {}).await;
    let draft = portal.fixture.content_with(content("https://www.acme.test/draft")).await;
    let other = portal.fixture.advocate().await;
    let mut work = portal.fixture.programme.work().await.expect("work");
    let fields = LinkFields {
        content_id: text(&id.to_string()),
        advocate_id: text(&other.to_string()),
        channel: text("qr"),
        ..LinkFields::default()
    };
    let link = work.issue_link(portal.fixture.space.id, fields, None).await.expect("a link").shown.link.id;
    work.commit().await.expect("a commit");
    let mut browser = portal.signed_in(Role::Advocate).await;
    for path in [
        format!("/links/{link}/qr"),
        format!("/links/{link}/qr.svg"),
        format!("/contents/{draft}"),
        "/contents/cnt_0000000000001".to_owned(),
        "/contents/nonsense".to_owned(),
        "/referrals/app_0000000000001".to_owned(),
    ] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(browser.get("/reports").await.status, 403);
    assert!(!browser.get(&format!("/contents/{id}")).await.body.contains("go.acme.test"), "another's link");
}

#[tokio::test]
async fn the_charter_is_read_and_accepted_before_the_first_link_once_per_version() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    assert_eq!(browser.get("/charter").await.status, 404, "a space without one asks for nothing");
    let id = publish(&portal, "A title", 1, |_| {}).await;
    for version in 1..=2 {
        assert_eq!(publish_charter(&portal).await, version);
        let feed = browser.get("/").await;
        assert!(feed.body.contains("Read the charter") && !feed.body.contains("data-share"), "{}", feed.body);
        let csrf = browser.get("/account").await.field("csrf");
        let channel = if version == 1 { "x" } else { "email" };
        let path = format!("/contents/{id}/share");
        let refused = browser.post(&path, &[("csrf", &csrf), ("channel", channel)]).await;
        let charter = refused.location().to_owned();
        assert_eq!(charter, format!("/charter?next=%2Fcontents%2F{id}"));
        assert_eq!(browser.post_for_json(&path, &[("csrf", &csrf), ("channel", channel)]).await.status, 409);
        let page = browser.get(&charter).await;
        page.assert_page();
        assert!(page.body.contains("<h2>Really</h2>") && page.body.contains("<li>Yes</li>"), "{}", page.body);
        let (number, next) = (page.field("version"), page.field("next"));
        let accepted = browser.post("/charter", &[("csrf", &csrf), ("version", &number), ("next", &next)]).await;
        assert_eq!(accepted.location(), format!("/contents/{id}"));
        let landed = browser.get(&next).await;
        assert!(landed.body.contains("Thank you. You can share now."), "{}", landed.body);
        assert!(!browser.get(&next).await.body.contains("Thank you."), "it is said once");
        tap(&mut browser, id, channel, "").await;
    }
    let csrf = browser.get("/account").await.field("csrf");
    let stale = browser.post("/charter", &[("csrf", &csrf), ("version", "1"), ("next", "//evil.test")]).await;
    assert_eq!(stale.location(), "/charter?next=%2F", "the newest is read, and no other site follows");
}

#[tokio::test]
async fn somebody_leaves_in_one_step_and_comes_back_by_signing_in() {
    let portal = Portal::new().await;
    let id = publish(&portal, "A title", 1, |_| {}).await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    let page = browser.get("/account/leave").await;
    page.assert_page();
    let csrf = page.field("csrf");
    assert_eq!(
        browser.post("/account/digest", &[("csrf", &csrf), ("frequency", "daily")]).await.location(),
        "/account"
    );
    assert_eq!(browser.post("/account/leave", &[("csrf", &csrf)]).await.location(), "/sign-in?left=yes");
    assert!(!browser.is_signed_in());
    assert!(browser.get("/sign-in?left=yes").await.body.contains("You have left the programme."));
    portal.pass_ms(3 * DAY_MS);
    assert!(portal.fixture.programme.due_digests(10).await.expect("digests").is_empty(), "no more mails");
    portal.sign_in(&mut browser, "advocate@acme.test").await.location();
    tap(&mut browser, id, "x", "").await;

    let filter = crate::programme::AdvocateFilter { email: Some("advocate@acme.test".into()), ..Default::default() };
    let slice = Slice { after: None, limit: 1 };
    let found = portal.fixture.programme.advocates(portal.fixture.space.id, &filter, slice).await;
    let person = found.expect("advocates").remove(0).advocate;
    assert_eq!(person.left_on, None);
    let csrf = browser.get("/account").await.field("csrf");
    browser.post("/account/leave", &[("csrf", &csrf)]).await.location();
    let ended = AdvocateFields { left_on: text("2026-03-01"), ..AdvocateFields::default() };
    portal.change(person.id, ended).await;
    portal.pass_ms(DAY_MS);
    portal.browser().ask("advocate@acme.test").await;
    assert!(portal.mails().await.is_empty(), "whose membership somebody else ended does not come back alone");
}

#[tokio::test]
async fn what_is_new_is_told_to_those_who_asked_and_to_nobody_twice() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    publish(&portal, "Seen already", 1, |_| {}).await;
    let programme = &portal.fixture.programme;
    let account = browser.get("/account").await;
    assert!(account.body.contains("value=\"none\" checked"), "nobody is told what it did not ask for");
    let csrf = account.field("csrf");
    browser.post("/account/digest", &[("csrf", &csrf), ("frequency", Frequency::Daily.as_str())]).await.location();
    assert!(browser.get("/account").await.body.contains("value=\"daily\" checked"));

    portal.pass_ms(DAY_MS);
    let due = programme.due_digests(10).await.expect("digests");
    assert_eq!(due.len(), 1);
    assert!(programme.digest(due[0].clone()).await.expect("works").is_none(), "nothing is new: no mail");
    assert!(programme.due_digests(10).await.expect("digests").is_empty());

    let new = publish(&portal, "Brand new", -1, |fields| {
        fields.published_at = text(&crate::programme::times::format_instant(NOW_MS + DAY_MS + 3_600_000));
    })
    .await;
    portal.pass_ms(DAY_MS);
    let due = programme.due_digests(10).await.expect("digests").remove(0);
    let digest = programme.digest(due.clone()).await.expect("works").expect("a mail");
    assert_eq!(digest.contents.iter().map(|shelved| shelved.content.id).collect::<Vec<_>>(), [new]);
    assert!(programme.digest(due).await.expect("works").is_none(), "another node was faster");
    programme.digest_sent(&digest.record, digest.at_ms).await.expect("works");
    portal.pass_ms(DAY_MS);
    let due = programme.due_digests(10).await.expect("digests").remove(0);
    assert!(programme.digest(due).await.expect("works").is_none(), "it was told");
    assert_eq!(browser.post("/account/digest", &[("csrf", &csrf), ("frequency", "hourly")]).await.status, 400);
}

#[tokio::test]
async fn figures_that_are_away_and_referrals_that_there_are_none_of_say_so() {
    let portal = Portal::new().await;
    let mut browser = portal.signed_in(Role::Advocate).await;
    for (path, said) in [("/figures", "not there at the moment"), ("/referrals", "No referral yet")] {
        let page = browser.get(path).await;
        page.assert_page();
        assert!(page.body.contains(said), "{}", page.body);
    }
}

#[tokio::test]
async fn security_13_hostile_contents_are_inert_on_every_page() {
    for hostile in
        ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "{{ 7 * 7 }}"]
    {
        let portal = Portal::new().await;
        let mut browser = portal.signed_in(Role::Advocate).await;
        let id = publish(&portal, hostile, 1, |fields| {
            fields.summary = text(hostile);
            fields.captions = Field::Value(vec![
                Caption { language: None, channel: None, text: hostile.to_owned() },
                Caption { language: None, channel: None, text: format!("{hostile} again") },
            ]);
        })
        .await;
        let mut work = portal.fixture.programme.work().await.expect("work");
        let texts = BTreeMap::from([(Language::English, format!("# {hostile}\n- {hostile}\n\n{hostile}"))]);
        work.publish_charter(portal.fixture.space.id, &texts).await.expect("a charter");
        work.commit().await.expect("a commit");
        let query: String = url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        let mut pages = vec![browser.get("/charter").await];
        let csrf = pages[0].field("csrf");
        browser.post("/charter", &[("csrf", &csrf), ("version", "1")]).await.location();
        for path in ["/".to_owned(), format!("/?q={query}"), format!("/contents/{id}"), "/account".to_owned()] {
            pages.push(browser.get(&path).await);
        }
        let share = [("csrf", csrf.as_str()), ("channel", "email"), ("text", hostile)];
        pages.push(browser.post(&format!("/contents/{id}/share"), &share).await);
        let share = [("csrf", csrf.as_str()), ("channel", "qr")];
        let qr = browser.post(&format!("/contents/{id}/share"), &share).await.location().to_owned();
        pages.push(browser.get(&qr).await);
        for page in pages {
            page.assert_page();
            for raw in ["<script>", "<img src=x", "' onmouseover='", "\"><img"] {
                assert!(!page.body.contains(raw), "{hostile}: {}", page.body);
            }
        }
    }
}
