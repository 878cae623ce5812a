//! What the programme knows reaches ClickHouse, whatever was away meanwhile.

use reqwest::Method;
use serde_json::json;

use crate::harness::Installation;
use crate::harness::process::send;

#[test]
fn facts_reach_clickhouse_in_their_last_state_and_without_names() {
    let mut installation = Installation::start(&[]);
    let links = installation.links(2, 3);
    let facts = "SELECT (SELECT count() FROM spaces FINAL), (SELECT count() FROM advocates FINAL), \
                 (SELECT count() FROM contents FINAL), (SELECT count() FROM links FINAL WHERE NOT disabled)";
    installation.wait_for_sql(facts, "1\t2\t3\t6");

    // A change while the engine is away.
    send(installation.engine_pid(), libc::SIGKILL);
    let (_, listed) = installation
        .api(Method::GET, &links.token, &format!("/links?code={}", links.codes[0]), &json!(null))
        .expect("an answer");
    let path = format!("/links/{}", listed["items"][0]["id"].as_str().expect("an id"));
    let (status, _) =
        installation.api(Method::PATCH, &links.token, &path, &json!({ "disabled": true })).expect("an answer");
    assert_eq!(status, 200);
    installation.wait_for_sql(facts, "1\t2\t3\t5");

    // A change that was committed and not shipped before everything ended.
    let content = json!({"kind": "job", "title": "Baker", "url": "https://www.example.com/jobs/1",
        "published_at": "2026-03-02T08:00:00.250+01:00"});
    installation.post(&links.token, "/contents", &content);
    installation.kill();
    installation.resume();
    installation.wait_for_sql(facts, "1\t2\t4\t5");
    let job = installation.sql("SELECT kind, title, published_at, removed FROM contents FINAL WHERE kind = 'job'");
    assert_eq!(job.as_deref(), Ok("job\tBaker\t2026-03-02 07:00:00.250\tfalse"));
    let columns = installation
        .sql("SELECT arrayStringConcat(groupArray(name), ' ') FROM system.columns WHERE database = 'relais' AND table = 'advocates'")
        .expect("columns");
    assert!(!columns.split(' ').any(|column| matches!(column, "name" | "email")), "{columns}");
}
