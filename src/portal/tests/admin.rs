//! The administrator's pages: who sees them, what they change, what they refuse.

use super::said::Said;
use super::*;
use crate::programme::{TeamFields, TokenFields};

/// Every page of the area that needs no id.
const PAGES: [&str; 15] = [
    "/admin",
    "/admin/space",
    "/admin/calendar",
    "/admin/hosts",
    "/admin/domains",
    "/admin/privacy",
    "/admin/charter",
    "/admin/people",
    "/admin/people/new",
    "/admin/teams",
    "/admin/teams/new",
    "/admin/tokens",
    "/admin/tokens/new",
    "/admin/webhooks",
    "/admin/webhooks/new",
];

#[tokio::test]
async fn an_administrator_finds_every_page_in_both_languages_and_nobody_else_any() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    for language in LANGUAGES {
        admin.language = language.to_owned();
        for path in PAGES.into_iter().chain(["/admin/audit"]) {
            let page = admin.get(path).await;
            page.assert_page();
            assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{path}");
        }
    }
    for role in [Role::Advocate, Role::Marketing, Role::Recruiter] {
        portal.pass_ms(180_000);
        let mut browser = portal.signed_in(role).await;
        for path in PAGES.into_iter().chain(["/admin/audit"]) {
            assert_eq!(browser.get(path).await.status, 403, "{role} {path}");
        }
        for path in ["/admin/space", "/admin/hosts", "/admin/people/new", "/admin/tokens/new", "/admin/settle"] {
            assert_eq!(browser.post_proven(path, &[("name", "x")]).await.status, 403, "{role} {path}");
        }
    }
    let mut stranger = portal.browser();
    assert_eq!(stranger.get("/admin/people").await.location(), "/sign-in?next=%2Fadmin%2Fpeople");
}

#[tokio::test]
async fn security_11_nothing_changes_without_the_proof() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    for path in ["/admin/space", "/admin/hosts", "/admin/domains", "/admin/people/new", "/admin/tokens/new"] {
        assert_eq!(admin.post(path, &[("name", "Stolen"), ("csrf", "guessed")]).await.status, 403, "{path}");
    }
    let csrf = admin.get("/account").await.field("csrf");
    let crossed = admin.post_from("cross-site", "/admin/space", &[("name", "Stolen"), ("csrf", &csrf)]).await;
    assert_eq!(crossed.status, 403);
    assert_eq!(portal.fixture.programme.space(portal.fixture.space.id).await.expect("reads").name, "Acme & Co");
}

#[tokio::test]
async fn the_guided_path_leads_from_step_to_step() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    admin.language = "en".to_owned();
    let start = admin.get("/admin").await;
    assert!(start.body.contains("2 of 8 steps"), "name and domain are there: {}", start.body);
    let fields = [("name", "Maison Verdier"), ("language", "fr"), ("accent", "#e4002b")];
    assert_eq!(admin.post_proven("/admin/space", &fields).await.location(), "/admin/space");
    let saved = admin.get("/admin/space").await;
    assert!(saved.body.contains("Saved.") && saved.body.contains("Maison Verdier"), "{}", saved.body);
    assert!(saved.body.contains("/look/e4002b."), "the page wears the colour: {}", saved.body);
    admin.post_proven("/admin/calendar/holidays", &[("year", "2026")]).await.location();
    assert!(admin.get("/admin/calendar").await.body.contains("2026-05-14"));
    admin.post_proven("/admin/settle", &[("step", "hosts")]).await.location();
    admin.post_proven("/admin/settle", &[("step", "charter")]).await.location();
    let person = [("name", "Eve"), ("email", "eve@acme.test"), ("kind", "employee"), ("invite", "yes")];
    admin.post_proven("/admin/people/new", &person).await.location();
    let page = admin.get("/admin").await;
    assert!(page.body.contains("7 of 8 steps"), "{}", page.body);
    assert_eq!(admin.post_proven("/admin/settle", &[("step", "content")]).await.status, 400, "needs a content");
    let due = portal.fixture.programme.due_invitations(10).await.expect("due");
    assert_eq!(due.len(), 1, "Eve is invited");
}

#[tokio::test]
async fn a_refused_setting_is_shown_with_what_was_typed() {
    let portal = Portal::new().await.reaching_out();
    let mut admin = portal.signed_in(Role::Admin).await;
    for (path, fields, expected) in [
        ("/admin/space", vec![("name", ""), ("language", "en"), ("accent", "#0e6e62")], "Fill this in."),
        ("/admin/space", vec![("name", "A"), ("language", "en"), ("accent", "url(x)")], "written as #0e6e62"),
        ("/admin/calendar", vec![("time_zone", "Mars/Base"), ("working_week", "1")], "no such time zone"),
        ("/admin/calendar", vec![("time_zone", "UTC"), ("holidays", "14 July")], "is no date"),
        ("/admin/hosts", vec![("hosts", "https://go.acme.test/x")], "This is no host"),
        ("/admin/domains", vec![("email_domains", "gmail.com"), ("confirmed", "yes")], "Anybody can have an address"),
        ("/admin/domains", vec![("email_domains", "acme.example")], "Confirm that everybody"),
        ("/admin/people/new", vec![("email", "no address"), ("kind", "employee")], "This is no e-mail address."),
        ("/admin/teams/new", vec![("name", "T"), ("manager_ids", "ghost@acme.test")], "nobody’s here"),
        ("/admin/tokens/new", vec![("name", ""), ("role", "marketing"), ("expires_at", "90")], "Fill this in."),
        ("/admin/webhooks/new", vec![("url", "https://example.com/hook")], "Tick at least one."),
    ] {
        let answer = admin.post_proven(path, &fields).await;
        assert_eq!(answer.status, 422, "{path} {fields:?}: {}", answer.body);
        assert!(answer.body.contains(expected), "{path} {fields:?}: {}", answer.body);
        assert!(answer.body.contains("role=\"alert\""), "{path}");
    }
    assert!(portal.fixture.programme.space(portal.fixture.space.id).await.expect("reads").holidays.is_empty());
}

#[tokio::test]
async fn a_logo_is_uploaded_shown_and_taken_away() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let unproven = admin.upload("/admin/space/logo", &[("csrf", "guessed")], ("logo", b"GIF89a")).await;
    assert_eq!(unproven.status, 403);
    let refused = admin.upload_proven("/admin/space/logo", &[], ("logo", b"<svg onload=alert(1)>")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("This is no PNG"), "{}", refused.body);
    let huge = format!("GIF89a{}", "x".repeat(70_000));
    assert!(admin.upload_proven("/admin/space/logo", &[], ("logo", huge.as_bytes())).await.body.contains("too large"));
    assert_eq!(
        admin.upload_proven("/admin/space/logo", &[], ("logo", b"GIF89a logo")).await.location(),
        "/admin/space"
    );
    let page = admin.get("/admin/space").await;
    page.assert_page();
    let key = portal.fixture.programme.space(portal.fixture.space.id).await.expect("reads").look.logo.expect("a logo");
    assert!(page.body.contains(&format!("src=\"/pictures/{key}\"")), "{}", page.body);
    admin.post_proven("/admin/space/logo/remove", &[]).await.location();
    assert!(!admin.get("/admin/space").await.body.contains("/pictures/"));
}

#[tokio::test]
async fn somebody_is_added_found_changed_made_more_signed_out_and_erased() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let fields =
        [("name", "Zoe <b>"), ("email", "zoe@acme.test"), ("team", "Sales"), ("kind", "partner"), ("skills", "a, b")];
    let person = admin.post_proven("/admin/people/new", &fields).await.location().to_owned();
    let page = admin.get(&person).await;
    page.assert_page();
    assert!(page.body.contains("Zoe &#60;b&#62;") && page.body.contains("value=\"a, b\""), "{}", page.body);
    for (query, found) in [
        ("text=zoe", true),
        ("text=nobody", false),
        ("kind=partner", true),
        ("kind=customer", false),
        ("state=waiting", true),
        ("state=left", false),
        ("role=admin", false),
        ("state=nonsense&kind=nonsense&page=-1", true),
    ] {
        let list = admin.get(&format!("/admin/people?{query}")).await;
        list.assert_page();
        assert_eq!(list.body.contains(&format!("href=\"{person}\"")), found, "{query}");
        assert_eq!(list.body.contains("Nobody fits"), !found && query != "role=admin", "{query}");
    }
    let id = person.rsplit('/').next().expect("an id").to_owned();
    assert_eq!(admin.post_proven(&format!("{person}/role"), &[("role", "recruiter")]).await.location(), person);
    assert_eq!(admin.post_proven(&format!("{person}/role"), &[("role", "operator")]).await.status, 400);
    let space = portal.fixture.space.id;
    let member = portal.fixture.programme.member(space, id.parse().expect("an id")).await.expect("reads");
    assert_eq!(member.role, Role::Recruiter);

    portal.pass_ms(180_000);
    let mut zoe = portal.browser();
    portal.sign_in(&mut zoe, "zoe@acme.test").await.location();
    assert_eq!(zoe.get("/account").await.status, 200);
    assert!(admin.get(&person).await.body.contains("Sign out everywhere"));
    admin.post_proven(&format!("{person}/sign-out"), &[]).await.location();
    assert_eq!(zoe.get("/account").await.status, 303, "signed out");
    assert_eq!(admin.post_proven(&format!("{person}/invite"), &[]).await.status, 409, "joined already");

    assert_eq!(admin.post_proven(&format!("{person}/leave"), &[("left_on", "soon")]).await.status, 422);
    admin.post_proven(&format!("{person}/leave"), &[("left_on", "2026-03-01")]).await.location();
    assert!(admin.get(&person).await.body.contains("Take back"));
    admin.post_proven(&format!("{person}/return"), &[]).await.location();
    assert!(admin.get(&person).await.body.contains("Mark as left"));

    admin.get(&format!("{person}/erase")).await.assert_page();
    let unconfirmed = admin.post_proven(&format!("{person}/erase"), &[]).await;
    assert_eq!(unconfirmed.status, 422);
    assert_eq!(
        admin.post_proven(&format!("{person}/erase"), &[("confirmed", "yes")]).await.location(),
        "/admin/people"
    );
    assert_eq!(admin.get(&person).await.status, 404);
    let log = admin.get("/admin/audit").await;
    log.assert_page();
    for said in ["Person erased", "Role changed", "Signed out everywhere", "Marked as left", "Ada Lovelace"] {
        assert!(log.body.contains(said), "{said}: {}", log.body);
    }
    assert!(!log.body.contains("zoe@"), "{}", log.body);
}

#[tokio::test]
async fn nobody_takes_their_own_role_or_place_away() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let list = admin.get("/admin/people").await.body;
    let own = list.split("href=\"/admin/people/adv_").nth(1).and_then(|rest| rest.split('"').next()).expect("oneself");
    let own = format!("/admin/people/adv_{own}");
    for (path, field) in
        [("role", ("role", "advocate")), ("leave", ("left_on", "2026-03-01")), ("erase", ("confirmed", "yes"))]
    {
        assert_eq!(admin.post_proven(&format!("{own}/{path}"), &[field]).await.status, 409, "{path}");
    }
    assert_eq!(admin.get("/admin").await.status, 200);
}

#[tokio::test]
async fn teams_form_a_tree_that_cannot_stand_below_itself() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    assert!(admin.get("/admin/teams").await.body.contains("There are no teams yet"));
    admin.post_proven("/admin/teams/new", &[("name", "Europe")]).await.location();
    let top = first_of(&admin.get("/admin/teams").await.body, "/admin/teams/tem_");
    let id = top.rsplit('/').next().expect("an id").to_owned();
    let fields = [("name", "France"), ("parent_id", id.as_str()), ("manager_ids", "admin@acme.test\n")];
    admin.post_proven("/admin/teams/new", &fields).await.location();
    let tree = admin.get("/admin/teams").await;
    tree.assert_page();
    assert!(tree.body.contains("is-deep-1") && tree.body.contains("Managed by Ada Lovelace"), "{}", tree.body);
    let below = first_of(tree.body.split("is-deep-1").nth(1).expect("France"), "/admin/teams/tem_");
    assert!(admin.get(&below).await.body.contains("admin@acme.test"));
    let page = admin.get(&top).await;
    page.assert_page();
    let france = below.rsplit('/').next().expect("an id");
    assert!(!page.body.contains(&format!("value=\"{france}\"")), "what is below it is not offered: {}", page.body);
    let refused = admin.post_proven(&top, &[("name", "Europe"), ("parent_id", france)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("cannot stand below itself"), "{}", refused.body);
}

#[tokio::test]
async fn privacy_says_what_is_kept_of_a_click_and_for_how_long() {
    let mut portal = Portal::new().await;
    let (auth, programme) = (portal.auth.clone(), portal.fixture.programme.clone());
    portal.router = router(PortalState::new(auth, programme, kpis(&portal.fixture), None).with_kept_months(13));
    let mut admin = portal.signed_in(Role::Admin).await;
    let said = ["privacy-kept", "privacy-kept-for", "privacy-mode-standard", "privacy-mode-strict"];
    Said::default().on(&mut admin, "/admin/privacy", &said).await;
    admin.language = "en".to_owned();
    assert!(admin.get("/admin/privacy").await.body.contains("kept for 13 months"));
}

#[tokio::test]
async fn a_charter_is_published_version_by_version() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let begin = admin.get("/admin/charter").await;
    assert!(begin.body.contains("a text to begin with") && begin.body.contains("name=\"text_fr\""), "{}", begin.body);
    let empty = admin.post_proven("/admin/charter", &[("text_en", " "), ("text_fr", "")]).await;
    assert_eq!(empty.status, 422);
    for text in ["We share <b>freely</b>.", "We share when we like."] {
        admin.post_proven("/admin/charter", &[("text_en", text), ("text_fr", "")]).await.location();
    }
    let page = admin.get("/admin/charter").await;
    page.assert_page();
    assert!(page.body.contains("Version 2 of the charter is published"), "{}", page.body);
    assert!(page.body.contains("We share &#60;b&#62;freely") && page.body.contains("Version 1, of"), "{}", page.body);
    let charter = portal.fixture.programme.charter(portal.fixture.space.id).await.expect("reads").expect("a charter");
    assert_eq!(charter.version, 2);
    assert!(admin.get("/admin/audit").await.body.contains("Charter published"));
}

#[tokio::test]
async fn a_manager_sees_its_own_teams_as_wholes_and_nobody_else_any() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    assert!(admin.get("/team").await.assert_page().body.contains("There are no teams yet"));
    portal.pass_ms(180_000);
    let mut advocate = portal.signed_in(Role::Advocate).await;
    assert_eq!(advocate.get("/team").await.status, 403);
    assert!(!advocate.get("/account").await.body.contains("href=\"/team\""));
    for (name, manager) in [("Sales", "advocate@acme.test"), ("Legal", "admin@acme.test")] {
        admin.post_proven("/admin/teams/new", &[("name", name), ("manager_ids", manager)]).await.location();
    }
    admin
        .post_proven(
            "/admin/people/new",
            &[("email", "zoe@acme.test"), ("name", "Zoe"), ("team", "Sales"), ("kind", "employee")],
        )
        .await
        .location();
    let own = advocate.get("/team").await;
    own.assert_page();
    assert!(own.body.contains("Sales") && !own.body.contains("Legal") && !own.body.contains("Zoe"), "{}", own.body);
    assert!(own.body.contains("2026-Q1") && own.body.contains("cannot be had"), "{}", own.body);
    assert!(advocate.get("/account").await.body.contains("href=\"/team\""));
    let former = advocate.get("/team?quarter=2025-Q3").await;
    assert!(former.body.contains("2025-Q3") && former.body.contains("quarter=2025-Q4"), "{}", former.body);
    assert!(advocate.get("/team?quarter=2030-Q1").await.body.contains("2026-Q1"), "not yet");
    let all = admin.get("/team").await;
    assert!(all.body.contains("Sales") && all.body.contains("Legal"), "{}", all.body);
    assert_eq!(advocate.get("/admin/teams").await.status, 403, "managing is no administering");
}

#[tokio::test]
async fn security_18_a_token_is_shown_once_works_and_is_taken_back() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    assert!(admin.get("/admin/tokens").await.body.contains("No program has access"));
    let fields =
        [("name", "Website"), ("role", "marketing"), ("scopes", "read"), ("scopes", "links"), ("expires_at", "90")];
    let made = admin.post_proven("/admin/tokens/new", &fields).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.headers["cache-control"], "no-store");
    let token = first_of(&made.body, "rls_");
    let principal = portal.auth.authenticate(Some(&format!("Bearer {token}"))).await.expect("it works");
    assert_eq!((principal.role, principal.space), (Role::Marketing, portal.fixture.space.id));
    assert!(!principal.may(crate::auth::Action::ReadTokens), "narrowed");
    let list = admin.get("/admin/tokens").await;
    list.assert_page();
    assert!(
        list.body.contains("Website") && !list.body.contains(&token) && list.body.contains("last used"),
        "{}",
        list.body
    );
    let id = first_of(&list.body, "/admin/tokens/tok_");
    admin.post_proven(&id, &[]).await.location();
    assert!(portal.auth.authenticate(Some(&format!("Bearer {token}"))).await.is_err());
    assert_eq!(admin.post_proven(&id, &[]).await.status, 404, "it is gone");
    let log = admin.get("/admin/audit").await.body;
    assert!(log.contains("Token made") && log.contains("Token taken back"), "{log}");
}

#[tokio::test]
async fn a_webhook_shows_its_secret_once_is_tested_and_switched_off() {
    let portal = Portal::new().await.reaching_out();
    let mut admin = portal.signed_in(Role::Admin).await;
    let private = [("url", "https://10.0.0.8/hook"), ("events", "click.recorded")];
    let refused = admin.post_proven("/admin/webhooks/new", &private).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("not on the public internet"), "{}", refused.body);
    let fields = [("url", "https://hooks.example/in"), ("events", "click.recorded"), ("events", "application.*")];
    let made = admin.post_proven("/admin/webhooks/new", &fields).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let path = first_of(&made.body, "/admin/webhooks/whk_");
    let page = admin.get(&path).await;
    page.assert_page();
    assert!(page.body.contains("Nothing has been sent yet"), "{}", page.body);
    admin.post_proven(&format!("{path}/test"), &[]).await.location();
    let log = admin.get(&path).await;
    log.assert_page();
    assert!(log.body.contains("webhook.test") && log.body.contains("Waits"), "{}", log.body);
    admin.post_proven(&format!("{path}/switch"), &[("on", "no")]).await.location();
    assert!(admin.get(&path).await.body.contains("Somebody switched it off"));
    assert_eq!(admin.post_proven(&format!("{path}/test"), &[]).await.status, 409);
    admin.post_proven(&format!("{path}/switch"), &[("on", "yes")]).await.location();
    admin.post_proven(&format!("{path}/delete"), &[]).await.location();
    assert_eq!(admin.get(&path).await.status, 404);
}

#[tokio::test]
async fn hosts_are_checked_and_domains_opened_by_whoever_confirms_it() {
    let portal = Portal::new().await.reaching_out();
    let mut admin = portal.signed_in(Role::Admin).await;
    admin.post_proven("/admin/hosts", &[("hosts", "Links.Acme.Test")]).await.location();
    let page = admin.get("/admin/hosts").await;
    page.assert_page();
    assert!(page.body.contains("links.acme.test") && page.body.contains("No answer"), "{}", page.body);
    portal.web().proves.lock().replace(portal.fixture.space.id);
    admin.post_proven("/admin/hosts/check", &[("host", "links.acme.test")]).await.location();
    assert!(admin.get("/admin/hosts").await.body.contains("Points here"));
    admin.post_proven("/admin/hosts/remove", &[("host", "links.acme.test")]).await.location();
    for path in ["/admin/hosts/check", "/admin/hosts/remove"] {
        assert_eq!(admin.post_proven(path, &[("host", "links.acme.test")]).await.status, 404, "{path}");
    }
    let open = [("email_domains", "@acme.example"), ("confirmed", "yes")];
    admin.post_proven("/admin/domains", &open).await.location();
    let space = portal.fixture.programme.space(portal.fixture.space.id).await.expect("reads");
    assert_eq!(space.email_domains, ["acme.test", "acme.example"]);
    admin.post_proven("/admin/domains/remove", &[("domain", "acme.example")]).await.location();
    assert_eq!(admin.post_proven("/admin/domains/remove", &[("domain", "acme.example")]).await.status, 404);
}

#[tokio::test]
async fn security_19_another_spaces_things_do_not_exist() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let (person, team, token, webhook) = things_of(&portal, portal.fixture.other_space().await).await;
    for path in [
        format!("/admin/people/{person}"),
        format!("/admin/people/{person}/erase"),
        format!("/admin/teams/{team}"),
        format!("/admin/webhooks/{webhook}"),
        "/admin/people/adv_nonsense".to_owned(),
    ] {
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
    }
    for path in [
        format!("/admin/people/{person}"),
        format!("/admin/people/{person}/role"),
        format!("/admin/people/{person}/invite"),
        format!("/admin/people/{person}/leave"),
        format!("/admin/people/{person}/return"),
        format!("/admin/people/{person}/sign-out"),
        format!("/admin/people/{person}/erase"),
        format!("/admin/teams/{team}"),
        format!("/admin/tokens/{token}/revoke"),
        format!("/admin/webhooks/{webhook}"),
        format!("/admin/webhooks/{webhook}/test"),
        format!("/admin/webhooks/{webhook}/switch"),
        format!("/admin/webhooks/{webhook}/delete"),
    ] {
        let fields = [("confirmed", "yes"), ("role", "advocate"), ("name", "x"), ("left_on", "2026-01-01")];
        assert_eq!(admin.post_proven(&path, &fields).await.status, 404, "{path}");
    }
    let parent = admin.post_proven("/admin/teams/new", &[("name", "Mine"), ("parent_id", &team)]).await;
    assert_eq!(parent.status, 422);
}

#[tokio::test]
async fn a_closed_space_says_so_and_changes_in_nothing() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let closed = SpaceFields { closed: Field::Value(true), ..SpaceFields::default() };
    portal.fixture.programme.create_or_update_space("acme", &closed).await.expect("closed");
    let person = [("email", "eve@acme.test"), ("kind", "employee")];
    let refused = admin.post_proven("/admin/people/new", &person).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("This space is closed"), "{}", refused.body);
}

/// A person, a team, a token and a webhook.
async fn things_of(portal: &Portal, space: SpaceId) -> (String, String, String, String) {
    let mut work = portal.fixture.programme.work().await.expect("work");
    let text = |text: &str| Field::Value(text.to_owned());
    let person = AdvocateFields { email: text("eve@other.test"), ..AdvocateFields::default() };
    let person = work.create_advocate(space, &person).await.expect("a person").advocate.id;
    let team = TeamFields { name: text("Theirs"), ..TeamFields::default() };
    let team = work.create_team(space, &team).await.expect("a team").team.id;
    let token = TokenFields {
        role: text("marketing"),
        name: text("Theirs"),
        expires_at: text("2027-01-01T00:00:00Z"),
        ..TokenFields::default()
    };
    let maker = crate::model::TokenId::from_bits(1);
    let token = work.create_token(space, &token, [7; 32], maker).await.expect("a token").id;
    work.commit().await.expect("a commit");
    let webhook = portal.webhook(space, "click.recorded").await;
    (person.to_string(), team.to_string(), token.to_string(), webhook.to_string())
}

/// The first word of a page that begins so, up to what cannot be part of an address.
fn first_of(body: &str, start: &str) -> String {
    let at = body.find(start).unwrap_or_else(|| panic!("no {start}: {body}"));
    body[at..].split(['"', '<', ' ']).next().unwrap_or_default().to_owned()
}
