//! Texts of strangers on our pages.

use super::*;

pub(super) const HOSTILE: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }} ${7 * 7} &lt;b&gt; \u{202e}",
];

#[tokio::test]
async fn security_13_hostile_names_and_parameters_are_inert() {
    for hostile in HOSTILE {
        let portal = Portal::new().await;
        let fields = SpaceFields { name: Field::Value(hostile.to_owned()), ..SpaceFields::default() };
        portal.fixture.programme.create_or_update_space("acme", &fields).await.expect("a space");
        let ada = portal.invite("ada@acme.test").await;
        let named = AdvocateFields { name: Field::Value(hostile.to_owned()), ..AdvocateFields::default() };
        portal.change(ada, named).await;
        let mut browser = portal.browser();
        let query: String = url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        let mut pages = vec![
            browser.get(&format!("/sign-in?next={query}&space=acme")).await.body,
            browser.get(&format!("/sign-in?space={query}")).await.body,
            browser.post("/sign-in", &[("email", hostile), ("next", hostile), ("space", "acme")]).await.body,
        ];
        browser.ask("ada@acme.test").await;
        let letter = portal.mail().await;
        pages.push(browser.get(&link_path(&letter.link)).await.body);
        browser.post("/sign-in/code", &[("code", &letter.code.shown())]).await.location();
        pages.push(browser.get("/").await.body);
        pages.push(browser.get("/account").await.body);
        for page in pages {
            for raw in ["<script>", "<img src=x", "' onmouseover='", "\" onmouseover"] {
                assert!(!page.contains(raw), "{hostile}: {page}");
            }
            assert!(!page.contains("49"), "{hostile}: {page}");
        }
    }
}
