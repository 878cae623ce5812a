//! Spaces.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;

fn list(entries: &[&str]) -> Field<Vec<String>> {
    Field::Value(entries.iter().map(|entry| (*entry).to_owned()).collect())
}

#[tokio::test]
async fn creating_a_space_twice_changes_nothing() {
    let fixture = Fixture::new().await;
    let before = fixture.store.latest_seq().await.expect("reads");
    let fields = SpaceFields { hosts: list(&["Go.Acme.Test"]), ..SpaceFields::default() };
    let (space, created) = fixture.programme.create_or_update_space("acme", &fields).await.expect("the space");
    assert!(!created);
    assert_eq!(space, fixture.space);
    assert_eq!(fixture.store.latest_seq().await.expect("reads"), before, "nobody is told of nothing");
}

#[tokio::test]
async fn an_update_replaces_what_it_names() {
    let fixture = Fixture::new().await;
    let fields = SpaceFields {
        time_zone: text("America/New_York"),
        holidays: list(&["2026-12-25", "2026-01-01"]),
        working_week: Field::Value(vec![7, 1, 7]),
        hosts: list(&["l.acme.test", "go.acme.test"]),
        language: text("fr"),
        ..SpaceFields::default()
    };
    let (space, _) = fixture.programme.create_or_update_space("acme", &fields).await.expect("the space");
    assert_eq!(space.name, "acme");
    assert_eq!(space.holidays, ["2026-01-01", "2026-12-25"]);
    assert_eq!(space.working_week, [1, 7]);
    assert_eq!(space.hosts, ["l.acme.test", "go.acme.test"]);
    assert_eq!(fixture.programme.space_of_slug("acme").await.expect("reads"), space);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let fixture = Fixture::new().await;
    let template = BTreeMap::from([
        ("utm source".to_owned(), "x".to_owned()),
        ("rid".to_owned(), "x".to_owned()),
        ("utm_term".to_owned(), "{person}".to_owned()),
    ]);
    let rates = BTreeMap::from([
        ("linkedin".to_owned(), json!({"low": 1, "middle": 3, "high": 2})),
        ("x".to_owned(), json!(-1)),
        ("email".to_owned(), json!({"low": 1, "middle": 2, "high": 3})),
    ]);
    let fields = SpaceFields {
        name: Field::Null,
        time_zone: text("Mars/Olympus"),
        working_week: Field::Value(vec![0, 8]),
        holidays: list(&["Christmas"]),
        hosts: list(&["https://go.acme.test"]),
        email_domains: list(&["@acme.test"]),
        click_rates: Field::Value(rates),
        utm_template: Field::Value(template),
        fallback_url: text("https://relais.test/"),
        privacy_mode: text("none"),
        ..SpaceFields::default()
    };
    let error = fixture.programme.create_or_update_space("acme", &fields).await.expect_err("refused");
    let expected = [
        ("name", "required"),
        ("time_zone", "invalid"),
        ("working_week[0]", "invalid"),
        ("working_week[1]", "invalid"),
        ("holidays[0]", "invalid"),
        ("hosts[0]", "invalid"),
        ("email_domains[0]", "invalid"),
        ("click_rates.linkedin", "invalid"),
        ("click_rates.x", "invalid"),
        ("utm_template.rid", "invalid"),
        ("utm_template.utm source", "invalid"),
        ("utm_template.utm_term", "invalid"),
        ("privacy_mode", "invalid"),
        ("fallback_url", "own_host"),
    ];
    assert_eq!(problems(&error), expected);
    for slug in ["", "Acme", "a b", "-a", "a-", &"a".repeat(64)] {
        let refused = fixture.programme.create_or_update_space(slug, &SpaceFields::default()).await;
        assert_eq!(problems(&refused.expect_err("refused")), [("slug", "invalid")], "{slug}");
    }
}

#[tokio::test]
async fn a_host_belongs_to_one_space() {
    let fixture = Fixture::new().await;
    let fields = SpaceFields { hosts: list(&["GO.acme.test"]), ..SpaceFields::default() };
    let error = fixture.programme.create_or_update_space("other", &fields).await.expect_err("refused");
    assert_eq!(problems(&error), [("hosts", "host_taken")]);
}

#[test]
fn a_base_url_has_no_path_and_no_password() {
    for text in ["http://localhost:8080", "https://go.example.com/"] {
        assert!(is_base_url(text), "{text}");
    }
    for text in ["", "localhost:8080", "ftp://x.test", "https://x.test/a", "https://x.test/?a", "https://u:p@x.test"] {
        assert!(!is_base_url(text), "{text}");
    }
}

fn is_base_url(text: &str) -> bool {
    base_url(text).is_ok()
}

#[tokio::test]
async fn a_rate_is_a_number_a_range_or_ranges_with_their_first_days() {
    let fixture = Fixture::new().await;
    let range = |from: Option<&str>, low: f64| match from {
        None => json!({"low": low, "middle": 2, "high": 3}),
        Some(from) => json!({"from": from, "low": low, "middle": 2, "high": 3}),
    };
    let given = async |rate: serde_json::Value| {
        let rates = BTreeMap::from([("linkedin".to_owned(), rate)]);
        let fields = SpaceFields { click_rates: Field::Value(rates), ..SpaceFields::default() };
        fixture.programme.create_or_update_space("acme", &fields).await.map(|(space, _)| space.click_rates)
    };
    for rate in [
        json!(0),
        json!(2.5),
        range(None, 1.0),
        json!([range(None, 1.0)]),
        json!([range(Some("2026-01-01"), 1.0), range(Some("2026-07-01"), 2.0)]),
        json!([range(None, 1.0), range(Some("2026-07-01"), 2.0)]),
    ] {
        assert_eq!(given(rate.clone()).await.expect("taken"), json!({"linkedin": rate}));
    }
    for rate in [
        json!("2"),
        json!(1001),
        json!([]),
        json!([2]),
        range(Some("2026-01-01"), 1.0),
        range(None, 2.5),
        json!({"low": 1, "high": 3}),
        json!([range(Some("2026-07-01"), 1.0), range(Some("2026-01-01"), 1.0)]),
        json!([range(Some("2026-07-01"), 1.0), range(None, 1.0)]),
        json!([range(Some("July"), 1.0)]),
    ] {
        let refused = given(rate.clone()).await.expect_err("refused");
        assert_eq!(problems(&refused), [("click_rates.linkedin", "invalid")], "{rate}");
    }
}
