//! What pages say of the world outside: sites, feeds, hosts and webhooks that do not do what is wanted.

use super::said::Said;
use super::*;
use crate::model::Draft;
use crate::programme::WebError;
use crate::programme::webhooks::deliver::Attempt;

/// What a site does wrong, as those who fetch call it.
const SITE: [&str; 10] = [
    "unreachable",
    "tls_failed",
    "too_many_redirects",
    "too_slow",
    "refused_by_site",
    "host_unknown",
    "address_not_public",
    "port_not_allowed",
    "not_a_page",
    "something_new",
];

fn refused(code: &'static str) -> WebError {
    WebError { code, message: "refused".to_owned(), passes: true }
}

fn why(group: &str, code: &str) -> String {
    let code = if code == "something_new" { "other" } else { code };
    format!("{group}-{}", code.replace('_', "-"))
}

#[tokio::test]
async fn a_page_or_a_feed_that_cannot_be_read_says_why() {
    let mut said = Said::default();
    let portal = Portal::new().await.reaching_out();
    let mut browser = portal.signed_in(Role::Marketing).await;
    for code in SITE {
        portal.web().pages.lock().insert("https://www.acme.test/oven".to_owned(), Err(refused(code)));
        let look = async |browser: &mut Browser| {
            let form = browser.post_proven("/marketing/contents/look", &[("url", "https://www.acme.test/oven")]).await;
            form.assert_page();
            form
        };
        said.of(&mut browser, &[&why("look-why", code), "look-unread"], look).await;
    }
    let silent = Draft { url: "https://www.acme.test/silent".to_owned(), ..Draft::default() };
    portal.web().pages.lock().insert(silent.url.clone(), Ok(silent.clone()));
    let look =
        async |browser: &mut Browser| browser.post_proven("/marketing/contents/look", &[("url", &silent.url)]).await;
    said.of(&mut browser, &["look-says-nothing"], look).await;

    let feed = [("url", "https://news.acme.test/feed"), ("publish", "review"), ("interval_minutes", "60")];
    browser.post_proven("/marketing/feeds/new", &feed).await.location();
    let programme = portal.fixture.programme.clone().with_web(Arc::clone(&portal.web) as Arc<dyn Web>);
    for (code, message) in [
        ("invalid_url", "look-why-invalid-url"),
        ("unreadable", "feed-why-unreadable"),
        ("too_large", "feed-why-too-large"),
        ("something_new", "feed-why-other"),
    ] {
        portal.web().feeds.lock().push_back(Err(refused(code)));
        portal.pass_ms(2 * 86_400_000);
        portal.sign_in(&mut browser, "marketing@acme.test").await.location();
        assert!(programme.visit_due_feed().await.expect("a visit"));
        said.on(&mut browser, "/marketing/feeds/sources", &[message]).await;
    }
    // Those of a page are heard of feeds as well, and have been seen.
    said.assert_whole(|message| {
        ["look-why-", "look-says-", "look-unread", "feed-why-"].iter().any(|group| message.starts_with(group))
    });
}

#[tokio::test]
async fn a_host_says_where_it_leads_and_what_to_do() {
    let mut said = Said::default();
    let portal = Portal::new().await.reaching_out();
    let mut admin = portal.signed_in(Role::Admin).await;
    let host = portal.fixture.programme.space(portal.fixture.space.id).await.expect("reads").hosts.remove(0);
    said.on(&mut admin, "/admin/hosts", &["host-state-open", "host-next-open"]).await;
    let at = |scheme| format!("{scheme}://{host}/.well-known/relais");
    let proven = || {
        portal.web().texts.lock().clear();
        *portal.web().proves.lock() = Some(portal.fixture.space.id);
    };
    for (state, https, http) in [
        ("secure", None, None),
        ("plain", Some(Err(refused("tls_failed"))), None),
        ("elsewhere", Some(Ok("a shop".to_owned())), Some(Ok("a shop".to_owned()))),
        ("unknown", Some(Err(refused("host_unknown"))), None),
        ("private", Some(Err(refused("address_not_public"))), None),
        ("silent", Some(Err(refused("unreachable"))), Some(Err(refused("unreachable")))),
    ] {
        proven();
        for (scheme, answer) in [("https", https), ("http", http)] {
            answer.and_then(|answer| portal.web().texts.lock().insert(at(scheme), answer));
        }
        admin.post_proven("/admin/hosts/check", &[("host", &host)]).await.location();
        let messages = [format!("host-state-{state}"), format!("host-next-{state}")];
        said.on(&mut admin, "/admin/hosts", &messages.each_ref().map(String::as_str)).await;
    }
    said.assert_whole(|message| message.starts_with("host-state-") || message.starts_with("host-next-"));
}

#[tokio::test]
async fn a_webhook_says_what_arrived_what_waits_and_why_it_is_off() {
    let mut said = Said::default();
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let path = format!("/admin/webhooks/{}", portal.webhook(portal.fixture.space.id, "content.published").await);
    said.on(&mut admin, "/admin/webhooks", &["webhook-state-on"]).await;
    admin.post_proven(&format!("{path}/test"), &[]).await.location();
    said.on(&mut admin, &path, &["delivery-state-waiting"]).await;
    attempt(&portal, Some(204)).await;
    said.on(&mut admin, &path, &["delivery-state-done"]).await;

    admin.post_proven(&format!("{path}/test"), &[]).await.location();
    attempt(&portal, None).await;
    said.on(&mut admin, &path, &["webhook-state-failing", "webhook-failures", "deliveries-next"]).await;
    // Ten failures over more than a day: it is switched off, and what waits is given up after three.
    for _ in 1..10 {
        portal.pass_ms(3 * 3_600_000);
        attempt(&portal, Some(500)).await;
    }
    portal.sign_in(&mut admin, "admin@acme.test").await.location();
    said.on(&mut admin, &path, &["webhook-state-off", "webhook-off-failing"]).await;
    portal.pass_ms(3 * 86_400_000);
    portal.fixture.programme.prune_deliveries().await.expect("pruned");
    portal.sign_in(&mut admin, "admin@acme.test").await.location();
    said.on(&mut admin, &path, &["delivery-state-failed"]).await;
    for on in ["yes", "no"] {
        admin.post_proven(&format!("{path}/switch"), &[("on", on)]).await.location();
    }
    said.on(&mut admin, &path, &["webhook-off-by-hand"]).await;
    said.assert_whole(|message| {
        ["webhook-state-", "webhook-off-", "delivery-state-"].iter().any(|group| message.starts_with(group))
    });
}

/// The one delivery that is due goes this way.
async fn attempt(portal: &Portal, status: Option<u16>) {
    let programme = &portal.fixture.programme;
    let claimed = programme.claim_deliveries(1, &[]).await.expect("claims").pop().expect("one is due");
    let error = status.is_none().then(|| "nobody answers".to_owned());
    programme.note_attempt(&claimed, &Attempt { status, error, duration_ms: 9 }).await.expect("noted");
}
