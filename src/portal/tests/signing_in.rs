//! Signing in by mail, end to end.

use super::*;
use crate::auth::sign_in::{ATTEMPTS, LIFE_MS};

#[tokio::test]
async fn somebody_who_was_invited_signs_in_with_the_code_and_is_known_from_then_on() {
    let portal = Portal::new().await;
    let ada = portal.invite("ada@elsewhere.test").await;
    let mut browser = portal.browser();
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    let form = browser.get("/sign-in?next=/contents").await;
    assert!(form.body.contains("Acme &#38; Co") && form.body.contains("value=\"/contents\""), "{}", form.body);

    let asked = browser.post("/sign-in", &[("email", " Ada@Elsewhere.TEST "), ("next", "/contents?a=b")]).await;
    assert_eq!(asked.status, 200);
    let letter = portal.mail().await;
    assert_eq!((letter.email.as_str(), letter.attempt), ("ada@elsewhere.test", 1));
    let typed = letter.code.shown().to_lowercase().replace('-', " ");
    let answer = browser.post("/sign-in/code", &[("code", &typed)]).await;
    assert_eq!(answer.location(), "/contents?a=b");
    let home = browser.get("/account").await;
    assert!(home.body.contains("Ada Lovelace") && home.body.contains("advocate"), "{}", home.body);

    let record = portal.fixture.programme.advocate(portal.fixture.space.id, ada).await.expect("the advocate");
    assert_eq!(record.advocate.registered_at_ms, Some(NOW_MS), "the first sign-in joins");
    portal.pass_ms(60_000);
    portal.sign_in(&mut portal.browser(), "ada@elsewhere.test").await.location();
    let record = portal.fixture.programme.advocate(portal.fixture.space.id, ada).await.expect("the advocate");
    assert_eq!(record.advocate.registered_at_ms, Some(NOW_MS), "later ones do not");
    let seq = portal.fixture.store.latest_seq().await.expect("the store works");
    let changes = portal.fixture.store.changes_since(0, u32::try_from(seq).expect("few")).await.expect("changes");
    let signed_in: Vec<_> = changes.iter().filter(|change| change.entity.kind() == "sign_in").collect();
    assert_eq!(signed_in.len(), 2, "each sign-in is told");
}

#[tokio::test]
async fn security_14_unknown_and_known_addresses_look_alike() {
    let portal = Portal::new().await;
    let gone = portal.invite("gone@acme.test").await;
    portal
        .change(gone, AdvocateFields { left_on: Field::Value("2026-03-01".to_owned()), ..AdvocateFields::default() })
        .await;
    portal.invite("ada@acme.test").await;
    let mut answers = Vec::new();
    for email in ["ada@acme.test", "new@acme.test", "gone@acme.test", "nobody@elsewhere.test"] {
        let answer = portal.browser().ask(email).await;
        let mut headers = answer.headers.clone();
        headers.remove("set-cookie").expect("a browser is remembered");
        answers.push((answer.status, headers, answer.body));
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");
    // What was written is the same too, so that it takes the same time: who it is, is asked later.
    assert_eq!(portal.auth.due_mails(100).await.expect("the store works").len(), 4);
    let mut letters: Vec<_> = portal.mails().await.into_iter().map(|letter| letter.email).collect();
    letters.sort();
    assert_eq!(letters, ["ada@acme.test", "new@acme.test"]);
    assert_eq!(portal.auth.due_mails(100).await.expect("the store works"), []);
}

#[tokio::test]
async fn security_14_a_get_uses_no_link_up_and_it_signs_in_once_in_its_own_browser() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    browser.ask("ada@acme.test").await;
    let letter = portal.mail().await;
    let path = link_path(&letter.link);
    for _ in 0..3 {
        let page = browser.get(&path).await;
        assert_eq!((page.status.as_u16(), browser.is_signed_in()), (200, false));
        assert_eq!(page.field("link"), letter.link.expose());
    }
    let mut scanner = portal.browser_at("198.51.100.1");
    let page = scanner.get(&path).await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("Another browser"), "{}", page.body);
    let stolen = scanner.post("/sign-in/link", &[("link", letter.link.expose())]).await;
    assert_eq!((stolen.status.as_u16(), scanner.is_signed_in()), (403, false));

    assert_eq!(browser.post("/sign-in/link", &[("link", letter.link.expose())]).await.location(), "/");
    assert!(browser.is_signed_in());
    assert!(browser.browser().is_none(), "nothing that it asked for is open any more");
    for mut again in [portal.browser(), browser] {
        assert_eq!(again.get(&path).await.status, 410);
        assert_eq!(again.post("/sign-in/link", &[("link", letter.link.expose())]).await.status, 410);
    }
}

#[tokio::test]
async fn security_14_a_code_works_once_for_ten_minutes_in_the_browser_that_asked() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let (mut browser, mut thief) = (portal.browser(), portal.browser_at("198.51.100.1"));
    browser.ask("ada@acme.test").await;
    let code = portal.mail().await.code.shown();
    assert_eq!(thief.post("/sign-in/code", &[("code", &code)]).await.status, 422);
    thief.ask("eve@acme.test").await;
    portal.mails().await;
    assert_eq!(thief.post("/sign-in/code", &[("code", &code)]).await.status, 422);
    portal.pass_ms(LIFE_MS - 1);
    let asker = browser.cookies.clone();
    browser.post("/sign-in/code", &[("code", &code)]).await.location();
    browser.cookies = asker;
    assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, 422, "once");

    let mut late = portal.browser();
    late.ask("ada@acme.test").await;
    let letter = portal.mail().await;
    portal.pass_ms(LIFE_MS);
    assert_eq!(late.post("/sign-in/code", &[("code", &letter.code.shown())]).await.status, 422);
    assert_eq!(late.get(&link_path(&letter.link)).await.status, 410);
}

#[tokio::test]
async fn security_14_secrets_are_stored_hashed() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    browser.ask("ada@acme.test").await;
    let asked = browser.browser().cloned().expect("a browser's secret");
    let letter = portal.mail().await;
    browser.post("/sign-in/code", &[("code", &letter.code.shown())]).await.location();
    let secrets = [asked, browser.session(), letter.link.expose().to_owned(), letter.code.shown().replace('-', "")];
    portal.fixture.store.close().await;
    for file in std::fs::read_dir(portal.fixture.home.path()).expect("the folder") {
        let bytes = std::fs::read(file.expect("an entry").path()).expect("a file");
        for secret in &secrets {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "a secret is on disk");
        }
    }
}

#[tokio::test]
async fn security_17_wrong_codes_end_that_asking_and_no_other() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let (mut ada, mut attacker) = (portal.browser(), portal.browser_at("198.51.100.1"));
    attacker.ask("ada@acme.test").await;
    portal.mail().await;
    ada.ask("ada@acme.test").await;
    let letter = portal.mail().await;
    for _ in 0..ATTEMPTS * 3 {
        assert_eq!(attacker.post("/sign-in/code", &[("code", "22222222")]).await.status, 422);
    }
    for _ in 0..ATTEMPTS - 1 {
        assert_eq!(ada.post("/sign-in/code", &[("code", "not a code")]).await.status, 422);
    }
    ada.post("/sign-in/code", &[("code", &letter.code.shown())]).await.location();

    let mut clumsy = portal.browser();
    clumsy.ask("ada@acme.test").await;
    let letter = portal.mail().await;
    for _ in 0..ATTEMPTS {
        assert_eq!(clumsy.post("/sign-in/code", &[("code", "22222222")]).await.status, 422);
    }
    assert_eq!(clumsy.post("/sign-in/code", &[("code", &letter.code.shown())]).await.status, 422, "used up");
    clumsy.post("/sign-in/link", &[("link", letter.link.expose())]).await.location();
}

#[tokio::test]
async fn security_17_whoever_asks_for_others_slows_itself_and_locks_nobody_out() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let mut attacker = portal.browser_at("198.51.100.1");
    for _ in 0..30 {
        assert_eq!(attacker.ask("ada@acme.test").await.status, 200, "the answer tells nothing");
    }
    assert_eq!(portal.mails().await.len(), 3, "a burst, then one a minute");
    portal.sign_in(&mut portal.browser_at("203.0.113.7"), "ada@acme.test").await.location();
    portal.pass_ms(LIFE_MS - 1);
    assert_eq!(portal.mails().await.len(), 2, "and no more than those that would not wait for long");
}

#[tokio::test]
async fn security_17_a_networks_attempts_are_bounded_and_others_go_on() {
    let config = Config { attempts_per_minute_per_network: 5, ..Config::default() };
    let portal = Portal::at("http://localhost:8081", config).await;
    portal.invite("ada@acme.test").await;
    let mut attacker = portal.browser_at("198.51.100.1");
    let statuses: Vec<u16> = {
        let mut statuses = Vec::new();
        for _ in 0..7 {
            statuses.push(attacker.post("/sign-in/code", &[("code", "22222222")]).await.status.as_u16());
        }
        statuses
    };
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
    let slow = portal.browser_at("198.51.100.200").ask("ada@acme.test").await;
    assert_eq!(slow.status, 429);
    assert!(slow.headers.contains_key("retry-after"));
    portal.sign_in(&mut portal.browser_at("203.0.113.7"), "ada@acme.test").await.location();
}

#[tokio::test]
async fn security_17_next_leads_nowhere_else() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    for next in ["//evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "/\t/evil.test"] {
        let mut browser = portal.browser();
        browser.post("/sign-in", &[("email", "ada@acme.test"), ("next", next)]).await;
        let letter = portal.mail().await;
        let answer = browser.post("/sign-in/code", &[("code", &letter.code.shown())]).await;
        assert_eq!(answer.location(), "/", "{next}");
        portal.pass_ms(60_000);
    }
}

#[tokio::test]
async fn security_15_only_addresses_of_the_spaces_domains_sign_up() {
    let portal = Portal::new().await;
    for stranger in ["eve@evil.test", "eve@sub.acme.test", "eve@acme.test.evil.test", "eve@evil-acme.test"] {
        portal.browser().ask(stranger).await;
        assert_eq!(portal.mails().await.len(), 0, "{stranger}");
    }
    let mut browser = portal.browser();
    portal.sign_in(&mut browser, "New@Acme.test").await.location();
    let filter = crate::programme::AdvocateFilter { email: Some("new@acme.test".to_owned()), ..Default::default() };
    let page = crate::programme::Page { after: None, limit: 10 };
    let found = portal.fixture.programme.advocates(portal.fixture.space.id, &filter, page).await.expect("a list");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].advocate.registered_at_ms, Some(NOW_MS));
    assert!(browser.get("/").await.body.contains("new@acme.test"));

    let nobody = SpaceFields { email_domains: Field::Value(Vec::new()), ..SpaceFields::default() };
    portal.fixture.programme.create_or_update_space("acme", &nobody).await.expect("a space");
    portal.browser().ask("other@acme.test").await;
    assert_eq!(portal.mails().await.len(), 0, "an admin took the domain away");
}

#[tokio::test]
async fn a_mail_that_was_not_taken_is_made_again_with_a_new_code_until_it_is_too_late() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    browser.ask("ada@acme.test").await;
    let due = portal.auth.due_mails(10).await.expect("the store works");
    let first = portal.auth.letter(&due[0]).await.expect("the store works").expect("a letter");
    // A second node that saw the same mail as due.
    assert!(portal.auth.letter(&due[0]).await.expect("the store works").is_none());
    assert_eq!(portal.auth.due_mails(10).await.expect("the store works"), [], "put off");
    portal.pass_ms(5_000);
    let second = portal.mail().await;
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert_ne!(first.code, second.code);
    assert_eq!(browser.post("/sign-in/code", &[("code", &first.code.shown())]).await.status, 422);
    browser.post("/sign-in/code", &[("code", &second.code.shown())]).await.location();

    portal.browser().ask("ada@acme.test").await;
    portal.pass_ms(crate::auth::sign_in::WAIT_MS);
    assert!(portal.mails().await.is_empty(), "nobody waits for it any more");
    assert_eq!(portal.auth.due_mails(10).await.expect("the store works"), []);
}

#[tokio::test]
async fn a_space_is_named_by_the_request_or_by_its_host_or_is_the_only_one() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    assert_eq!(portal.browser().ask("ada@acme.test").await.status, 200, "the only one");
    portal.fixture.other_space().await;
    assert_eq!(portal.browser().ask("ada@acme.test").await.status, 422);
    assert!(portal.browser().get("/sign-in").await.body.contains("name=\"space\" required"));
    let mut browser = portal.browser();
    browser.host = "GO.acme.test:8081".to_owned();
    assert_eq!(browser.ask("ada@acme.test").await.status, 200);
    let fields = [("email", "ada@acme.test"), ("space", "acme")];
    assert_eq!(portal.browser().post("/sign-in", &fields).await.status, 200);
    let fields = [("email", "ada@acme.test"), ("space", "nowhere")];
    assert_eq!(portal.browser().post("/sign-in", &fields).await.status, 422);
    assert_eq!(portal.mails().await.len(), 3);
}

#[tokio::test]
async fn a_printed_link_signs_one_person_in_once_in_whatever_browser() {
    let portal = Portal::new().await;
    let ada = portal.invite("ada@acme.test").await;
    let link = portal.auth.printed_link(portal.fixture.space.id, ada, 3_600_000).await.expect("a link");
    portal.pass_ms(3_599_999);
    let mut browser = portal.browser();
    assert_eq!(browser.get(&link_path(&link)).await.status, 200);
    browser.post("/sign-in/link", &[("link", link.expose())]).await.location();
    assert!(browser.get("/").await.body.contains("Ada Lovelace"));
    assert_eq!(portal.browser().post("/sign-in/link", &[("link", link.expose())]).await.status, 410);
    let late = portal.auth.printed_link(portal.fixture.space.id, ada, 1_000).await.expect("a link");
    portal.pass_ms(1_000);
    assert_eq!(portal.browser().get(&link_path(&late)).await.status, 410);
}

#[tokio::test]
async fn a_post_may_be_json_too() {
    let portal = Portal::new().await;
    let request = http::Request::builder().method("POST").uri("/sign-in").header("origin", "http://localhost:8081");
    let body = json!({"email": "new@acme.test"}).to_string();
    let answer = portal.browser().send(request.header("content-type", "application/json"), body.into()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(portal.mails().await.len(), 1);
    for wrong in ["not an address", "", "a@b", "\"<script>\"@acme.test x"] {
        assert_eq!(portal.browser().ask(wrong).await.status, 422, "{wrong}");
    }
}
