use super::*;
use crate::redirect::fixtures::{content, link, space};

fn programme() -> Vec<Entity> {
    vec![Entity::Space(space(1)), Entity::Content(content(1, 1)), Entity::Link(link(1, 1, 1, 0, "x", "my-job"))]
}

#[tokio::test]
async fn too_many_requests_of_an_address_are_told_when_to_come_back() {
    let limits = LimitsConfig { requests_per_second_per_address: 1, ..LimitsConfig::OFF };
    let log = MemoryLog::default();
    let node = node(programme(), log.clone(), Options { limits, ..Options::default() });
    // One connection, so that both requests come within a second however slow the machine is.
    let request = "GET /my-job HTTP/1.1\r\nHost: a\r\n\r\nGET /my-job HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answers = String::from_utf8(node.raw(request.as_bytes()).await).expect("ASCII");
    assert!(answers.starts_with("HTTP/1.1 302"), "{answers}");
    assert!(answers.contains("HTTP/1.1 429") && answers.contains("retry-after: 1"), "{answers}");
    assert_eq!(log.len(), 1);
    assert_eq!(node.drain().await.redirects.with_label_values(&["limited"]).get(), 1);
}

#[tokio::test]
async fn security_6_a_network_that_guesses_is_slowed() {
    let limits = LimitsConfig { misses_per_minute_per_network: 3, ..LimitsConfig::OFF };
    let node = node(programme(), MemoryLog::default(), Options { limits, ..Options::default() });
    for guess in ["/aaa", "/bbb", "/ccc"] {
        assert_eq!(node.get(guess).await.status, 404);
    }
    assert_eq!(node.get("/ddd").await.status, 429);
    assert_eq!(node.get("/my-job").await.status, 429, "nor is a hit told apart");
}

#[tokio::test]
async fn clients_behind_a_trusted_proxy_are_limited_one_by_one() {
    let limits = LimitsConfig { misses_per_minute_per_network: 1, ..LimitsConfig::OFF };
    let options = Options { limits, trusted: vec!["127.0.0.0/8"], ..Options::default() };
    let node = node(programme(), MemoryLog::default(), options);
    let from =
        async |client: &'static str, target| node.ask("GET", target, &[("X-Forwarded-For", client)]).await.status;
    assert_eq!(from("198.51.100.1", "/aaa").await, 404);
    assert_eq!(from("198.51.100.77", "/my-job").await, 429);
    assert_eq!(from("203.0.113.1", "/my-job").await, 302);
    // The client wrote the first address itself.
    assert_eq!(from("203.0.113.1, 198.51.100.1", "/my-job").await, 429);
}

#[tokio::test]
async fn security_8_a_forged_x_forwarded_for_changes_nothing() {
    let limits = LimitsConfig { misses_per_minute_per_network: 1, ..LimitsConfig::OFF };
    let log = MemoryLog::default();
    let node = node(programme(), log.clone(), Options { limits, ..Options::default() });
    assert_eq!(node.ask("GET", "/my-job", &[("X-Forwarded-For", "203.0.113.9")]).await.status, 302);
    assert_eq!(node.ask("GET", "/aaa", &[("X-Forwarded-For", "203.0.113.9")]).await.status, 404);
    assert_eq!(node.ask("GET", "/my-job", &[("X-Forwarded-For", "198.51.100.1")]).await.status, 429);
    let key = DayKey::from_secret(&SECRET);
    let addresses = log.clicks(|index, click| {
        let record = u32::try_from(index).expect("few");
        key.open(click.address.expect("sealed"), 1, 2, record).to_string()
    });
    assert_eq!(addresses, ["127.0.0.1"]);
}
