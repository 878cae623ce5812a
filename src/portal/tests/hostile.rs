//! Texts of strangers on our pages. `browser/hostile.mjs` tries the same corpus on every page; here it is without a
//! browser, and stands where names and parameters go.

use super::*;
use crate::programme::Error;

/// Texts that a page, an export and a mail must carry as texts.
pub(super) fn corpus() -> Vec<String> {
    serde_json::from_str(include_str!("../../tests/hostile.json")).expect("a list of texts")
}

#[tokio::test]
async fn security_13_hostile_names_and_parameters_are_inert() {
    let portal = Portal::new().await;
    let ada = portal.invite("ada@acme.test").await;
    for (number, hostile) in corpus().iter().enumerate() {
        let fields = SpaceFields { name: Field::Value(hostile.clone()), ..SpaceFields::default() };
        match portal.fixture.programme.create_or_update_space("acme", &fields).await {
            // What is refused is nowhere to be seen.
            Ok(_) | Err(Error::Invalid(_)) => {}
            Err(error) => panic!("{hostile}: {error}"),
        }
        let mut work = portal.fixture.programme.work().await.expect("work");
        let named = AdvocateFields { name: Field::Value(hostile.clone()), ..AdvocateFields::default() };
        match work.update_advocate(portal.fixture.space.id, ada, &named).await {
            Ok(_) => work.commit().await.expect("a commit"),
            Err(Error::Invalid(_)) => drop(work),
            Err(error) => panic!("{hostile}: {error}"),
        }
        let mut browser = portal.browser_at(&format!("198.51.{number}.7"));
        let query: String = url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        let mut pages = vec![
            browser.get(&format!("/sign-in?next={query}&space=acme")).await.body,
            browser.get(&format!("/sign-in?space={query}")).await.body,
            browser.get(&format!("/report?space=acme&code={query}")).await.body,
            browser.post("/sign-in", &[("email", hostile), ("next", hostile), ("space", "acme")]).await.body,
        ];
        browser.ask("ada@acme.test").await;
        let letter = portal.mail().await;
        pages.push(browser.get(&link_path(&letter.link)).await.body);
        browser.post("/sign-in/code", &[("code", &letter.code.shown())]).await.location();
        for path in ["/", "/account"] {
            pages.push(browser.get(path).await.body);
            pages.push(browser.get(&format!("{path}?q={query}")).await.body);
        }
        for page in pages {
            let page = page.to_lowercase();
            for raw in [
                "<script>",
                "<img src=x",
                "<svg/onload",
                "<iframe",
                "<base",
                "<meta http-equiv",
                "' onmouseover='",
                "\" onfocus=\"",
                "\" autofocus onfocus",
            ] {
                assert!(!page.contains(raw), "{hostile}: {page}");
            }
            // 7919 × 7907: a template in a text would have been computed.
            assert!(!page.contains("62615533"), "{hostile}: {page}");
        }
        // Mails to one address are paced.
        portal.pass_ms(3_600_000);
    }
}
