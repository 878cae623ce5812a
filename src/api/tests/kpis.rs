//! `/kpis`, on a real ClickHouse.

use super::*;
use crate::kpi::oracle::scene::{Scene, advocate, people};
use crate::kpi::oracle::teams::teams;
use crate::model::programme::PrivacyMode;
use crate::model::{Advocate, TeamId};
use crate::programme::AdvocateRecord;

/// An API over thirteen people of four teams, each with a share and a click on 2026-03-03.
struct Counted {
    api: Api,
    scene: Scene,
    space: SpaceId,
}

const WEEK: &str = "from=2026-03-02&to=2026-03-08";

impl Counted {
    async fn new(mode: PrivacyMode) -> Self {
        let fixture = Fixture::new().await;
        let space = fixture.space.id;
        let mut writing = fixture.store.write().await.expect("a transaction");
        for person in people(space, &teams()) {
            let advocate = Advocate { team: TeamId::NONE, ..person };
            let (email, name, charter_accepted, charter_accepted_at_ms, team_name) = Default::default();
            let record = AdvocateRecord { advocate, email, name, charter_accepted, charter_accepted_at_ms, team_name };
            writing.put_advocate(&record).await.expect("kept");
        }
        writing.commit().await.expect("a commit");
        let mut scene = Scene::on(fixture.store.clone()).await;
        scene.put(space, &teams(), mode).await;
        scene.roll_up().await;
        scene.name(space, &teams(), 3, "Ada").await;
        let api = Api::with_kpis(fixture, scene.kpis.clone()).await;
        Self { api, scene, space }
    }

    async fn get_as(&self, role: Role, path: &str) -> Answer {
        let person = (role == Role::Advocate).then(|| advocate(self.space, 3));
        let token = self.api.token(self.space, role, person).await;
        self.api.send(request(Method::GET, path, &token, None)).await
    }

    async fn bytes(&self, path: &str) -> (HeaderMap, Vec<u8>) {
        let asked = request(Method::GET, path, &self.api.admin, None);
        let response = self.api.router.clone().oneshot(asked).await.expect("never fails");
        assert_eq!(response.status(), 200);
        let (parts, body) = response.into_parts();
        (parts.headers, body.collect().await.expect("a body").to_bytes().to_vec())
    }
}

/// Keys and values of an answer's figures.
fn figures(answer: &Answer, by: &str) -> Vec<(String, Option<f64>)> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let figures = answer.body["kpis"].as_array().expect("figures").iter();
    figures.map(|figure| (figure["by"][by].as_str().unwrap_or("-").to_owned(), figure["value"].as_f64())).collect()
}

#[tokio::test]
async fn a_figure_comes_with_its_parts_its_unit_and_its_definition() {
    let counted = Counted::new(PrivacyMode::Standard).await;
    let answer = counted.api.get(&format!("/kpis/clicks_per_share?{WEEK}")).await;
    let expected = json!({
        "name": "clicks_per_share", "by": null, "label": null, "value": 1.0, "numerator": 13.0, "denominator": 13.0,
        "low": null, "high": null, "unit": "clicks/share", "definition": "clicks_per_share v1", "additive": false,
        "withheld": false,
    });
    assert_eq!(answer.body["kpis"], json!([expected]), "{answer:?}");
    assert_eq!(answer.body["classifier_versions"], json!([1]));
    assert_eq!(answer.body["definitions"][0]["benchmark"], json!({"mean": null, "best": 23.0, "lowest": 3.7}));
    let every = counted.api.get(&format!("/kpis?{WEEK}&definition=clicks_per_content@cohort")).await;
    let names = every.body["kpis"].as_array().expect("figures").iter().map(|figure| figure["name"].as_str());
    let names: Vec<&str> = names.map(|name| name.expect("a name")).collect();
    assert!(names.contains(&"clicks_per_content@cohort") && !names.contains(&"clicks_per_content"), "{names:?}");
    assert!(names.contains(&"active_sharer_ratio") && !names.contains(&"active_sharer_ratio@engaged"));
}

#[tokio::test]
async fn security_20_small_groups_are_withheld_and_single_people_are_a_right_that_is_noted() {
    let counted = Counted::new(PrivacyMode::Standard).await;
    let by_team = format!("/kpis/clicks?{WEEK}&by=team");
    let kept = [("A", Some(6.0)), ("B", None), ("C", None), ("D", None)].map(|(key, value)| (key.to_owned(), value));
    for role in [Role::Marketing, Role::Recruiter, Role::Admin] {
        assert_eq!(figures(&counted.get_as(role, &by_team).await, "team"), kept, "{role}");
    }
    let by_person = format!("/kpis/clicks?{WEEK}&by=advocate");
    for role in [Role::Marketing, Role::Recruiter] {
        assert_eq!(counted.get_as(role, &by_person).await.problem(), (403, "forbidden", vec![]), "{role}");
    }
    assert_eq!(counted.get_as(Role::Operator, &by_team).await.problem(), (403, "forbidden", vec![]));
    let looks = async || {
        let log = counted.api.get("/audit").await;
        let lines = log.body["items"].as_array().expect("lines").iter();
        lines.filter(|line| line["action"] == "kpis.read_by_advocate").cloned().collect::<Vec<_>>()
    };
    assert_eq!(looks().await, Vec::<Value>::new());
    let named = counted.api.get(&by_person).await;
    assert_eq!(figures(&named, "advocate").len(), 13);
    let labels: Vec<_> =
        named.body["kpis"].as_array().expect("figures").iter().map(|figure| &figure["label"]).collect();
    assert_eq!(labels.iter().filter(|label| ***label == "Ada").count(), 1);
    assert_eq!(labels.iter().filter(|label| label.is_null()).count(), 12);
    let looks = looks().await;
    assert_eq!(looks.len(), 1);
    assert_eq!(looks[0]["details"], json!({"kpis": ["clicks"], "from": "2026-03-02", "to": "2026-03-08"}));

    counted.scene.warehouse.set_minimum_cell(1).await.expect("written");
    let all = figures(&counted.get_as(Role::Marketing, &by_team).await, "team");
    assert_eq!(all.iter().map(|(_, value)| value.expect("shown")).sum::<f64>(), 13.0);
}

#[tokio::test]
async fn in_works_council_mode_no_role_sees_a_single_person() {
    let counted = Counted::new(PrivacyMode::Strict).await;
    let by_person = format!("/kpis/clicks?{WEEK}&by=advocate");
    for role in [Role::Marketing, Role::Recruiter, Role::Admin] {
        assert_eq!(counted.get_as(role, &by_person).await.problem(), (403, "forbidden", vec![]), "{role}");
    }
}

#[tokio::test]
async fn security_20_an_advocate_sees_its_own_figures() {
    let counted = Counted::new(PrivacyMode::Standard).await;
    let own = counted.get_as(Role::Advocate, &format!("/kpis/shares?{WEEK}&by=day")).await;
    let days = figures(&own, "day");
    assert_eq!((days.len(), days[1].clone()), (7, ("2026-03-03".to_owned(), Some(1.0))));
    let every = counted.get_as(Role::Advocate, &format!("/kpis?{WEEK}")).await;
    let names = every.body["kpis"].as_array().expect("figures").iter().map(|figure| figure["name"].as_str());
    assert!(
        names.clone().any(|name| name == Some("clicks")) && !names.clone().any(|name| name == Some("adoption_rate"))
    );
    for path in ["/kpis/adoption_rate?", "/kpis/clicks?by=team&", "/kpis/clicks?by=advocate&"] {
        let refused = counted.get_as(Role::Advocate, &format!("{path}{WEEK}")).await;
        assert_eq!(refused.problem(), (403, "forbidden", vec![]), "{path}");
    }
}

#[tokio::test]
async fn figures_are_downloaded_as_csv_and_as_a_spreadsheet() {
    let counted = Counted::new(PrivacyMode::Standard).await;
    let (headers, bytes) = counted.bytes(&format!("/kpis/shares?{WEEK}&by=team&format=csv")).await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"kpis.csv\"");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(text.lines().nth(1), Some("shares,team,A,A,,6,,,6,,shares,shares v1,yes,no"));
    assert_eq!(text.lines().count(), 5);
    let (headers, bytes) = counted.bytes(&format!("/kpis?{WEEK}&by=day&format=xlsx")).await;
    assert_eq!(headers["content-type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert!(bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_its_reason() {
    let api = Api::new().await;
    for (path, expected) in [
        ("/kpis/likes?from=2026-03-02&to=2026-03-08", (404, "kpi_not_found", vec![])),
        ("/kpis?from=2026-03-02", (422, "invalid_fields", vec![("", "invalid")])),
        ("/kpis?from=March&to=2026-03-08", (422, "invalid_fields", vec![("from", "invalid")])),
        ("/kpis?from=2026-03-02&to=2026-02-30", (422, "invalid_fields", vec![("to", "invalid")])),
        ("/kpis?from=2026-03-02&to=2026-03-01", (422, "invalid_fields", vec![("to", "invalid")])),
        ("/kpis?from=2026-03-02&to=2026-03-08&by=mood", (422, "invalid_fields", vec![("by", "invalid")])),
        ("/kpis?from=2026-03-02&to=2026-03-08&format=pdf", (422, "invalid_fields", vec![("format", "invalid")])),
        ("/kpis?from=2026-03-02&to=2026-03-08&colour=red", (422, "invalid_fields", vec![("colour", "unknown_field")])),
        (
            "/kpis/adoption_rate?from=2026-03-02&to=2026-03-08&by=country",
            (422, "invalid_fields", vec![("by", "invalid")]),
        ),
        (
            "/kpis/shares?from=2026-03-02&to=2026-03-08&definition=clicks_per_content@cohort",
            (422, "invalid_fields", vec![("definition", "invalid")]),
        ),
        ("/kpis?from=2026-03-02&to=2026-03-08", (503, "figures_away", vec![])),
    ] {
        assert_eq!(api.get(path).await.problem(), expected, "{path}");
    }
}
