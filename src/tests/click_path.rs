//! The main job: a link is opened, and the click is in ClickHouse, enriched.

use crate::harness::Installation;

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/17.5 Mobile/15E148 Safari/604.1";

#[test]
fn a_click_becomes_a_row_with_everything_that_is_known_about_it() {
    let installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let path = format!("/{}?utm_content=n-1&utm_source=%00mail", links.codes[0]);
    let answer = installation.get(
        &path,
        &[
            ("user-agent", PHONE),
            ("referer", "https://www.linkedin.com/feed/?secret=1"),
            ("accept-language", "fr-FR,fr;q=0.9,en;q=0.5"),
        ],
    );
    assert_eq!(answer.status(), 302);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert!(header("location").starts_with("https://www.example.com/articles/0?"), "{}", header("location"));
    assert_eq!(header("cache-control"), "private, no-store");
    assert_eq!(header("x-robots-tag"), "noindex");
    assert_eq!(header("content-length"), "0");
    assert!(!answer.headers().contains_key("set-cookie"));

    installation.wait_for_sql("SELECT count() FROM clicks FINAL", "1");
    let row = installation
        .sql(
            "SELECT code, channel, content_kind, class, class_reason, status, answer, network, device, os, browser, \
             language, utm_content, utm_source, length(visitor), startsWith(advocate_id, 'adv_'), \
             startsWith(link_id, 'lnk_'), startsWith(content_id, 'cnt_'), startsWith(space_id, 'spc_') \
             FROM clicks FINAL",
        )
        .unwrap();
    let expected = format!(
        "{}\tlinkedin\tarticle\thuman\tbrowser\t302\tcontent\tlinkedin\tmobile\tiOS\tSafari\tfr\tn-1\tmail\t11\t1\t1\t1\t1",
        links.codes[0]
    );
    assert_eq!(row, expected);
}

#[test]
fn each_kind_of_visitor_is_told_apart() {
    let installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let path = format!("/{}", links.codes[0]);
    let card = installation.get(&path, &[("user-agent", "LinkedInBot/1.0 (compatible; Mozilla/5.0)")]);
    assert_eq!(card.status(), 200);
    assert!(card.text().unwrap().contains("og:title"));
    installation.get(&path, &[("user-agent", PHONE), ("sec-purpose", "prefetch")]);
    installation.get(&path, &[("user-agent", "curl/8.5.0")]);
    installation.get(&path, &[("user-agent", PHONE)]);
    installation.wait_for_sql("SELECT count() FROM clicks FINAL", "4");
    let classes = installation.sql("SELECT class FROM clicks FINAL ORDER BY class").unwrap();
    assert_eq!(classes, "bot\nhuman\nprefetch\npreview");
}

#[test]
fn nothing_that_points_to_a_reader_is_kept() {
    let installation = Installation::start(&[("RELAIS_REDIRECT__TRUSTED_PROXIES", "[\"127.0.0.0/8\"]")]);
    let links = installation.links(1, 1);
    let reader = "203.0.113.77";
    let referrer = "https://www.linkedin.com/in/somebody-in-particular";
    installation.get(
        &format!("/{}", links.codes[0]),
        &[("user-agent", PHONE), ("x-forwarded-for", reader), ("referer", referrer)],
    );
    installation.wait_for_sql("SELECT count() FROM clicks FINAL", "1");
    let row = installation.sql("SELECT * FROM clicks FINAL").unwrap();
    let metrics =
        reqwest::blocking::get(format!("http://{}/metrics", installation.operations)).unwrap().text().unwrap();
    for kept in [&row, &metrics] {
        for secret in [reader, "somebody-in-particular", "AppleWebKit/605.1.15"] {
            assert!(!kept.contains(secret), "{secret} in {kept}");
        }
    }
}

#[test]
fn what_was_answered_before_a_stop_is_stored_when_it_has_stopped() {
    let mut installation = Installation::start(&[]);
    let links = installation.links(2, 2);
    for code in &links.codes {
        assert_eq!(installation.get(&format!("/{code}"), &[("user-agent", PHONE)]).status(), 302);
    }
    let said = installation.stop();
    assert!(said.contains("every answered click is stored"), "{said}");
    let report = installation.run_ok(&["audit"]);
    assert!(report.contains("answered 4, stored 4"), "{report}");
}
