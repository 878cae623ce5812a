//! The pages of figures, on a real ClickHouse.

use super::*;
use crate::kpi::oracle::bundle::{Application, Bundle, Click};
use crate::kpi::oracle::scene::{Scene, refusing};
use crate::kpi::oracle::teams::teams;
use crate::kpi::{Audience, Dimension, KPIS, Kpi, Kpis, Period, Question, sheet};
use crate::model::programme::PrivacyMode;
use crate::programme::{Page as Slice, TeamFields};

const WEEK: &str = "from=2026-03-02&to=2026-03-08";

/// Thirteen people of four teams, each with a share and a click on the job `k` on 2026-03-03, and what machines asked;
/// one of them applied and was hired.
pub(super) fn bundle() -> Bundle {
    let mut bundle = teams();
    bundle.contents[0].kind = "job".to_owned();
    let click = bundle.clicks[0].clone();
    let of = |class: &str| Click { class: class.to_owned(), ..click.clone() };
    bundle.clicks.extend([of("preview"), of("preview"), of("scanner"), of("bot")]);
    bundle.applications = vec![Application {
        person: Some(0),
        content: Some(0),
        channel: Some("linkedin".to_owned()),
        reached: [("applied".to_owned(), click.at_ms), ("hired".to_owned(), click.at_ms + 1)].into(),
    }];
    bundle
}

pub(super) fn kpi(name: &str) -> &'static Kpi {
    Kpi::find(name).expect("a KPI")
}

fn week() -> Period {
    Period::parse("2026-03-02", "2026-03-08").expect("a period")
}

/// The portal of a space with the figures of a bundle.
pub(super) async fn counted(bundle: &Bundle, mode: PrivacyMode) -> (Portal, Scene) {
    let mut portal = Portal::new().await;
    let mut scene = Scene::on(portal.fixture.store.clone()).await;
    scene.put(portal.fixture.space.id, bundle, mode).await;
    scene.roll_up().await;
    portal.show_figures_of(scene.kpis.clone());
    (portal, scene)
}

impl Portal {
    /// The same pages with these figures, groups of fewer than five being withheld.
    fn show_figures_of(&mut self, kpis: Kpis) {
        let state = PortalState::new(self.auth.clone(), self.fixture.programme.clone(), kpis, None);
        self.router = router(state.with_minimum_cell(5));
    }
}

/// The text from one mark to the next other, without tags.
fn text_behind(answer: &Answer, start: &str, end: &str) -> String {
    let rest = answer.body.split_once(start).unwrap_or_else(|| panic!("no {start}: {}", answer.body)).1;
    let inside = rest.split(end).next().unwrap_or_default();
    inside.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

#[tokio::test]
async fn the_overview_has_the_studys_figures_clicks_by_class_and_the_way_to_a_hire() {
    let (portal, _scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let mut browser = portal.signed_in(Role::Marketing).await;
    let page = browser.get(&format!("/kpis?{WEEK}")).await;
    page.assert_page();
    // One content in five working days; used; each of thirteen shared; a click a share; thirteen a content.
    for (kpi, value) in [
        ("contents_per_weekday", "0.20"),
        ("content_usage_rate", "100.0%"),
        ("active_sharer_ratio", "100.0%"),
        ("clicks_per_share", "1.00"),
        ("clicks_per_content", "13.0"),
    ] {
        let tile = text_behind(&page, &format!("<a href=\"/kpis/{kpi}?{}\">", WEEK.replace('&', "&#38;")), "Study:");
        assert!(tile.contains(&format!("\n{value}\n")) || tile.contains(value), "{kpi}: {tile}");
    }
    assert!(page.body.contains("Below the study’s lowest") && page.body.contains("mean 30% · best 66% · lowest 10%"));
    let classes = text_behind(&page, "Who clicked: people and machines</h2>", "</table>");
    for class in ["People13", "Previews2", "Scanners1", "Robots1"] {
        let found: String = classes.split_whitespace().collect();
        assert!(found.contains(class), "{class}: {found}");
    }
    let jobs: String = text_behind(&page, "From a click to a hire</h2>", "</ol>").split_whitespace().collect();
    assert!(jobs.contains("13Clicksonjobs1Applications7.7%") && jobs.contains("1Hires100.0%"), "{jobs}");
    assert!(
        page.body.contains("2 March 2026 to 8 March 2026") && page.body.contains("23 February 2026 to 1 March 2026")
    );
    let (charts, feed) = ("/assets/charts.", browser.get("/account").await.body);
    assert!(page.body.contains(charts) && !feed.contains(charts) && !feed.contains("/assets/uplot."));
}

#[tokio::test]
async fn every_kpi_has_a_page_in_both_languages_with_its_definition() {
    let (portal, _scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let mut browser = portal.signed_in(Role::Recruiter).await;
    for (at, kpi) in KPIS.iter().enumerate() {
        let possible = kpi.possible();
        let by = possible[at % possible.len()];
        let by = if by == Dimension::Advocate { Dimension::Team } else { by };
        browser.language = if at % 2 == 0 { "fr".to_owned() } else { "en".to_owned() };
        let page = browser.get(&format!("/kpis/{}?{WEEK}&by={by}", kpi.id())).await;
        page.assert_page();
        assert!(page.body.contains(&kpi.definition()), "{}", kpi.id());
        assert!(page.body.contains(&format!("<option value=\"{by}\" selected>")), "{}", kpi.id());
        assert!(!page.body.contains("value=\"advocate\""), "single people are no recruiter's");
    }
    assert_eq!(browser.get("/kpis/nonsense").await.status, 404);
    // What is no split of it is the usual one, and the page says which.
    let usual = browser.get(&format!("/kpis/active_sharer_ratio?{WEEK}&by=country")).await;
    assert!(usual.body.contains("<option value=\"team\" selected>"), "{}", usual.body);
    let other = browser.get(&format!("/kpis/clicks_per_content?{WEEK}&definition=clicks_per_content@cohort")).await;
    assert!(other.body.contains("clicks_per_content@cohort v1"), "{}", other.body);
}

#[tokio::test]
async fn a_page_says_value_series_and_hours_as_the_answer_has_them() {
    let (portal, scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let space = portal.fixture.space.id;
    let mut browser = portal.signed_in(Role::Marketing).await;
    let page = browser.get(&format!("/kpis/clicks?{WEEK}&by=channel")).await;
    page.assert_page();
    let question = |by| Question::one(kpi("clicks"), week(), by).expect("possible");
    let answer =
        async |by| scene.kpis.answer(&space, &question(by), Audience::Aggregates).await.expect("an answer").figures;
    let whole = answer(None).await[0].value.expect("a value");
    assert!(page.body.contains(&format!("<p class=\"kpi-value\">{whole}</p>")), "{}", page.body);
    let numbers: Vec<_> = page.body.split("data-number=\"").skip(1).map(|rest| rest.split('"').next()).collect();
    let expected: Vec<String> =
        answer(Some(Dimension::Day)).await.iter().map(|figure| figure.value.expect("a value").to_string()).collect();
    assert_eq!(numbers, expected.iter().map(|text| Some(text.as_str())).collect::<Vec<_>>());
    // All thirteen at midnight of a Tuesday, in Paris.
    assert!(page.body.contains("<th scope=\"row\">0:00</th><td class=\"heat-0\">0</td><td class=\"heat-6\">13</td>"));
    let none = browser.get("/kpis/clicks?from=2020-01-01&to=2020-01-07").await;
    none.assert_page();
    assert!(none.body.contains("<p class=\"kpi-value\">0</p>") && !none.body.contains("class=\"heat\""));
}

#[tokio::test]
async fn security_20_small_groups_are_withheld_and_looks_at_single_people_are_noted() {
    let (portal, _scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let mut marketing = portal.signed_in(Role::Marketing).await;
    let page = marketing.get(&format!("/kpis/clicks?{WEEK}&by=team")).await;
    page.assert_page();
    let rows: String = text_behind(&page, "<table class=\"parts\">", "</table>").split_whitespace().collect();
    assert!(rows.contains("A6") && rows.contains("BWithheldCWithheldDWithheld"), "{rows}");
    assert!(page.body.contains("Withheld: fewer than 5 people"));
    let refused = marketing.get(&format!("/kpis/clicks/export?format=csv&{WEEK}&by=advocate")).await;
    assert_eq!(refused.status, 400, "{refused:?}");

    let mut admin = portal.signed_in(Role::Admin).await;
    let looks = async || {
        let page = Slice { after: None, limit: 100 };
        let log = portal.fixture.programme.audit(portal.fixture.space.id, page).await.expect("the log");
        log.into_iter().filter(|line| line.action == "kpis.read_by_advocate").collect::<Vec<_>>()
    };
    assert_eq!(looks().await.len(), 0);
    let people = admin.get(&format!("/kpis/clicks?{WEEK}&by=advocate")).await;
    people.assert_page();
    let rows: String = text_behind(&people, "<table class=\"parts\">", "</table>").split_whitespace().collect();
    assert!(rows.contains("p-0") && !rows.contains("Withheld"), "{rows}");
    let looks = looks().await;
    assert_eq!(looks.len(), 1);
    assert_eq!(looks[0].details, json!({"kpis": ["clicks"], "from": "2026-03-02", "to": "2026-03-08"}));
}

#[tokio::test]
async fn in_works_council_mode_nobody_is_offered_single_people() {
    let (portal, _scene) = counted(&bundle(), PrivacyMode::Strict).await;
    let fields = SpaceFields { privacy_mode: Field::Value("strict".to_owned()), ..SpaceFields::default() };
    portal.fixture.programme.create_or_update_space("acme", &fields).await.expect("a change");
    let mut admin = portal.signed_in(Role::Admin).await;
    let page = admin.get(&format!("/kpis/clicks?{WEEK}&by=advocate")).await;
    page.assert_page();
    assert!(!page.body.contains("value=\"advocate\"") && !page.body.contains("p-0"), "{}", page.body);
}

#[tokio::test]
async fn security_20_advocates_have_no_such_pages_and_managers_see_their_own_teams() {
    let (portal, _scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let mut nobody = portal.browser();
    assert_eq!(nobody.get("/kpis").await.location(), "/sign-in?next=%2Fkpis");
    let mut browser = portal.signed_in(Role::Advocate).await;
    let paths = ["/kpis", "/kpis/clicks", "/kpis/live", "/kpis/live/now", "/kpis/export?format=csv"];
    for path in paths {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    assert!(!browser.get("/").await.body.contains("href=\"/kpis\""));

    let space = portal.fixture.space.id;
    let people = portal.fixture.programme.advocates(space, &Default::default(), Slice { after: None, limit: 10 }).await;
    let manager = people.expect("people").into_iter().find(|one| one.email.as_deref() == Some("advocate@acme.test"));
    let manager = manager.expect("the manager").advocate.id;
    let mut work = portal.fixture.programme.work().await.expect("work");
    let managers = Field::Value(vec![manager.to_string()]);
    let team = TeamFields { name: Field::Value("A".to_owned()), manager_ids: managers, ..TeamFields::default() };
    work.create_team(space, &team).await.expect("a team");
    work.commit().await.expect("a commit");
    assert_eq!(browser.get("/kpis").await.location(), "/team");
    let page = browser.get(&format!("/kpis/clicks?{WEEK}&by=channel")).await;
    page.assert_page();
    let rows: String = text_behind(&page, "<table class=\"parts\">", "</table>").split_whitespace().collect();
    assert!(rows.contains("A6") && !rows.contains('B') && !rows.contains("LinkedIn"), "{rows}");
    assert!(!page.body.contains("kpi-value") && !page.body.contains("data-plot"), "{}", page.body);
    let file = browser.get(&format!("/kpis/clicks/export?format=csv&{WEEK}&by=team")).await;
    assert_eq!((file.body.lines().count(), file.body.contains("clicks,team,A,A,,6")), (2, true), "{}", file.body);
    for path in
        [format!("/kpis/clicks/export?format=csv&{WEEK}&by="), format!("/kpis/clicks/export?format=csv&{WEEK}&by=day")]
    {
        assert_eq!(browser.get(&path).await.status, 400, "{path}");
    }
    for path in ["/kpis/live", "/kpis/export?format=csv"] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_file_holds_what_the_answer_holds() {
    let (portal, scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let space = portal.fixture.space.id;
    let mut browser = portal.signed_in(Role::Marketing).await;
    let team = Question::one(kpi("clicks_per_share"), week(), Some(Dimension::Team)).expect("one");
    for (path, question) in [
        (format!("/kpis/clicks_per_share/export?{WEEK}&by=team"), team),
        (format!("/kpis/export?{WEEK}"), Question::every(week(), None)),
    ] {
        let answer = scene.kpis.answer(&space, &question, Audience::Aggregates).await.expect("an answer");
        let file = browser.get(&format!("{path}&format=csv")).await;
        assert_eq!((file.status.as_u16(), file.body.as_bytes()), (200, sheet::csv(&answer).as_slice()), "{path}");
        let disposition = file.headers["content-disposition"].to_str().expect("text");
        assert!(disposition.contains("2026-03-02-2026-03-08.csv"), "{disposition}");
        let sheet = browser.get(&format!("{path}&format=xlsx")).await;
        assert!(
            sheet.body.starts_with("PK") && sheet.headers["content-type"].to_str().expect("text").contains("sheet")
        );
    }
    for path in
        ["/kpis/clicks/export?by=team", "/kpis/clicks/export?format=pdf&by=team", "/kpis/export?format=csv&from=x&to=y"]
    {
        assert_eq!(browser.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn right_now_shows_minutes_and_contents_and_nobody() {
    let (portal, _scene) = counted(&bundle(), PrivacyMode::Standard).await;
    let mut browser = portal.signed_in(Role::Marketing).await;
    let quiet = browser.get("/kpis/live").await;
    quiet.assert_page();
    assert!(quiet.body.contains("Nothing in the last 30 minutes"), "{}", quiet.body);
    portal.pass_ms(bundle().clicks[0].at_ms + 300_000 - NOW_MS);
    let page = browser.get("/kpis/live").await;
    page.assert_page();
    assert!(
        page.body.contains("13 clicks by people") && page.body.contains("and 4 requests by machines"),
        "{}",
        page.body
    );
    let row: String = text_behind(&page, "Last clicked</h2>", "</table>").split_whitespace().collect();
    assert!(row.contains("contentkLinkedInPeople135minutesago"), "{row}");
    let fragment = browser.get("/kpis/live/now").await;
    assert!(fragment.body.trim_start().starts_with("<div id=\"now\">"), "{}", fragment.body);
    for body in [&page.body, &fragment.body] {
        assert!(!body.contains("adv_") && !body.contains("lnk_") && !body.contains("p-0"), "{body}");
    }
}

#[tokio::test]
async fn without_clickhouse_every_page_says_so_and_what_to_do() {
    let mut portal = Portal::new().await;
    let refusing = refusing(portal.fixture.store.clone());
    let mut browser = portal.signed_in(Role::Marketing).await;
    for kpis in [kpis(&portal.fixture), refusing] {
        portal.show_figures_of(kpis);
        browser.use_router(portal.router.clone());
        for path in ["/kpis", "/kpis/clicks?by=team", "/kpis/live"] {
            let page = browser.get(path).await;
            page.assert_page();
            assert!(page.body.contains("No figures at the moment") && page.body.contains("Reload"), "{}", page.body);
        }
        assert!(!browser.get("/kpis").await.body.contains("/kpis/export"), "nothing to download");
        let file = browser.get("/kpis/clicks/export?format=csv&by=team").await;
        assert_eq!(file.status, 503, "{file:?}");
        assert!(file.body.contains("No figures at the moment"));
    }
}
