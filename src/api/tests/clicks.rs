//! `/clicks`, on a real ClickHouse.

use super::*;
use crate::kpi::tests::{BARE, ClickRow, Log, id};
use crate::model::{CampaignId, Class};
use crate::programme::tests::NOW_MS;

/// An API with 5 clicks: 3 on a link of Ada's, the newest by a robot, and 2 on one of Eve's.
struct Clicked {
    api: Api,
    _log: Log,
    ada: AdvocateId,
    newest: String,
}

impl Clicked {
    async fn new() -> Self {
        let log = Log::new().await;
        let api = Api::with_clicks(Fixture::new().await, log.log.clone()).await;
        let (ada, eve) = (api.fixture.advocate().await, api.fixture.advocate().await);
        let row = |record, advocate_id| ClickRow {
            record,
            clicked_at_ms: NOW_MS + i64::from(record) * 1000,
            space_id: api.fixture.space.id,
            advocate_id,
            campaign_id: CampaignId::from_bits(6),
            code: "hBx4Kq7Ty",
            channel: "linkedin",
            utm_source: "=HYPERLINK(\"https://evil.example\")",
            status: 302,
            ..BARE
        };
        let rows = [row(0, ada), row(1, eve), row(2, ada), row(3, eve), ClickRow { class: Class::Bot, ..row(4, ada) }];
        log.store(NOW_MS, &rows).await;
        Self { newest: id(&rows[4]).to_string(), api, _log: log, ada }
    }

    async fn text(&self, path: &str, token: &str) -> (HeaderMap, String) {
        let response =
            self.api.router.clone().oneshot(request(Method::GET, path, token, None)).await.expect("never fails");
        assert_eq!(response.status(), 200);
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        (parts.headers, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
    }
}

fn items(answer: &Answer) -> &[Value] {
    answer.body["items"].as_array().unwrap_or_else(|| panic!("{answer:?}"))
}

#[tokio::test]
async fn an_admin_pages_through_the_log_with_names() {
    let clicked = Clicked::new().await;
    let first = clicked.api.get("/clicks?limit=2").await;
    assert_eq!((items(&first).len(), items(&first)[0]["click_id"].as_str()), (2, Some(&*clicked.newest)));
    assert_eq!(items(&first)[0]["advocate_id"], json!(clicked.ada));
    assert_eq!(items(&first)[0]["code"], "hBx4Kq7Ty");
    assert_eq!(items(&first)[0]["clicked_at"], "2026-03-02T10:00:04Z");
    assert_eq!(items(&first)[0]["country"], Value::Null);
    let next = first.body["next"].as_str().expect("more");
    let rest = clicked.api.get(&format!("/clicks?after={next}")).await;
    assert_eq!((items(&rest).len(), &rest.body["next"]), (3, &Value::Null));
    let filtered = clicked.api.get(&format!("/clicks?advocate_id={}&class=human", clicked.ada)).await;
    assert_eq!(items(&filtered).len(), 2);
    let period = clicked.api.get("/clicks?from=2026-03-02T10:00:01Z&to=2026-03-02T10:00:03Z").await;
    assert_eq!(items(&period).len(), 2);
}

#[tokio::test]
async fn security_20_marketing_sees_no_names_and_an_advocate_only_its_own() {
    let clicked = Clicked::new().await;
    let (api, space) = (&clicked.api, clicked.api.fixture.space.id);
    for role in [Role::Marketing, Role::Recruiter] {
        let token = api.token(space, role, None).await;
        let send = |path: String| {
            let request = request(Method::GET, &path, &token, None);
            async move { api.send(request).await }
        };
        let seen = send("/clicks".to_owned()).await;
        assert_eq!(items(&seen).len(), 5);
        for click in items(&seen) {
            for withheld in ["advocate_id", "team_id", "cohort", "link_id", "code"] {
                assert_eq!(click[withheld], Value::Null, "{withheld}");
            }
            assert_eq!(click["channel"], "linkedin");
        }
        assert_eq!(send(format!("/clicks?advocate_id={}", clicked.ada)).await.status, 403);
        assert_eq!(send(format!("/clicks?link_id={}", BARE.link_id)).await.status, 403);
        let (_, csv) = clicked.text("/clicks?format=csv", &token).await;
        assert!(!csv.contains("hBx4Kq7Ty") && !csv.contains("adv_"), "{csv}");
    }
    let noted = async || {
        let lines = api.get("/audit").await;
        items(&lines).iter().filter(|line| line["action"] == "clicks.read_by_advocate").count()
    };
    assert_eq!(noted().await, 0);
    api.get("/clicks").await;
    assert_eq!(noted().await, 1, "an admin's look at single people is noted");
    let token = api.token(space, Role::Advocate, Some(clicked.ada)).await;
    let own = api.send(request(Method::GET, "/clicks", &token, None)).await;
    assert_eq!((items(&own).len(), noted().await), (3, 1));
    assert!(items(&own).iter().all(|click| click["advocate_id"] == json!(clicked.ada)));
    let other = api.fixture.advocate().await;
    let refused = api.send(request(Method::GET, &format!("/clicks?advocate_id={other}"), &token, None)).await;
    assert_eq!(refused.problem().1, "advocate_not_found");
    let operator = api.token(space, Role::Operator, None).await;
    assert_eq!(api.send(request(Method::GET, "/clicks", &operator, None)).await.status, 403);
    let elsewhere = api.fixture.other_space().await;
    let stranger = api.token(elsewhere, Role::Admin, None).await;
    let nothing = api.send(request(Method::GET, "/clicks", &stranger, None)).await;
    assert_eq!(nothing.body, json!({"items": [], "next": null}));
    let strict = json!({"privacy_mode": "strict"});
    assert_eq!(
        api.send(request(Method::PATCH, &format!("/spaces/{space}"), &api.admin, Some(strict))).await.status,
        200
    );
    let seen = api.get("/clicks").await;
    assert!(items(&seen).iter().all(|click| click["advocate_id"].is_null()), "a strict space shows nobody: {seen:?}");
}

#[tokio::test]
async fn security_24_a_download_is_whole_and_no_cell_of_it_computes() {
    let clicked = Clicked::new().await;
    let (headers, csv) = clicked.text("/clicks?format=csv&class=human", &clicked.api.admin).await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8; header=present");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let column = reader.headers().expect("a header").iter().position(|name| name == "utm_source").expect("there");
    let records: Vec<_> = reader.records().map(|record| record.expect("a record")).collect();
    assert_eq!(records.len(), 4);
    assert!(records.iter().all(|record| &record[column] == "'=HYPERLINK(\"https://evil.example\")"), "{csv}");
    let (headers, lines) = clicked.text("/clicks?format=ndjson", &clicked.api.admin).await;
    assert_eq!(headers["content-type"], "application/x-ndjson");
    let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    assert_eq!((lines.lines().count(), first["click_id"].as_str()), (5, Some(&*clicked.newest)));
    let (_, empty) = clicked.text("/clicks?format=csv&channel=x", &clicked.api.admin).await;
    assert!(empty.starts_with("click_id,clicked_at,") && empty.trim_end().lines().count() == 1, "{empty}");
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_by_name() {
    let api = Api::new().await;
    for (query, field) in [
        ("format=xml", "format"),
        ("from=yesterday", "from"),
        ("class=people", "class"),
        ("after=lnk_0000000000001", "after"),
        ("limit=201", "limit"),
        ("format=csv&limit=3", "limit"),
    ] {
        let answer = api.get(&format!("/clicks?{query}")).await;
        assert_eq!(answer.problem(), (422, "invalid_fields", vec![(field, "invalid")]), "{query}");
    }
    assert_eq!(api.get("/clicks?colour=red").await.problem().0, 422);
    assert_eq!(api.get("/clicks").await.problem(), (503, "click_log_away", vec![]));
}
