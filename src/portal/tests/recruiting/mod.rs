//! The recruiter's pages: jobs, applications by stage, and who sees which names.

mod lists;
mod receipts;
mod rule;

use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::model::{
    AdvocateKind, Answer as Sent, Application, Class, ClickQuestion, ContentId, CreditClick, FactSource, Link, SpaceId,
    Stage,
};
use crate::programme::referrals::{ApplicationFields, ConversionFields, Message, StageFields};
use crate::programme::tests::{content, text};
use crate::programme::{AuditEntry, ContentFields, LinkFields, Page as Slice, times};

const DAY_MS: i64 = 86_400_000;
const BOARD: &str = "/recruiting/referrals";

/// A job of the space, shared by Ada on LinkedIn.
pub(super) struct Scene {
    pub(super) portal: Portal,
    pub(super) job: ContentId,
    pub(super) ada: Link,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::titled("Welder in Lyon").await
    }

    pub(super) async fn titled(title: &str) -> Self {
        let portal = Portal::new().await;
        let job = portal.job(title).await;
        let ada = portal.invite("ada@acme.test").await;
        let ada = portal.link(job, ada).await;
        Self { portal, job, ada }
    }

    /// Records a message with what the click log says to every question.
    pub(super) async fn tell(&self, message: Message, click: Option<CreditClick>) -> Application {
        self.portal.tell(self.portal.fixture.space.id, message, click).await
    }

    /// An application that is credited to Ada, at this stage since so many days.
    pub(super) async fn credited(&self, external_id: &str, stage: &str, days: i64) -> Application {
        let click = self.click(NOW_MS - (days + 1) * DAY_MS);
        let first = self.tell(by_click(external_id, "applied", &click, NOW_MS - days * DAY_MS), Some(click)).await;
        if stage == "applied" {
            return first;
        }
        let at = Field::Value(times::format_instant(NOW_MS - days * DAY_MS + 1));
        let fields = StageFields { stage: text(stage), occurred_at: at };
        self.tell(fields.message(first.id, NOW_MS).expect("a message"), None).await
    }

    /// A click by a person on Ada's link.
    pub(super) fn click(&self, clicked_at_ms: i64) -> CreditClick {
        CreditClick {
            click: Uuid::from_u128(0x0191_d6e8_0000_7000_8000_0000_0000_0001),
            clicked_at_ms,
            link: self.ada.id,
            content: self.job,
            advocate: self.ada.advocate,
            channel: Some(self.ada.channel.clone()),
            class: Class::Human,
            answer: Sent::Content,
        }
    }

    async fn audit(&self) -> Vec<AuditEntry> {
        let page = Slice { after: None, limit: 100 };
        self.portal.fixture.programme.audit(self.portal.fixture.space.id, page).await.expect("the log")
    }
}

impl Portal {
    pub(in crate::portal::tests) async fn job(&self, title: &str) -> ContentId {
        let fields = ContentFields {
            kind: text("job"),
            title: text(title),
            published_at: text(&times::format_instant(NOW_MS - 100 * DAY_MS)),
            ..content(&format!("https://www.acme.test/jobs/{}", crate::programme::ids::random_bits()))
        };
        self.fixture.content_with(fields).await
    }

    pub(in crate::portal::tests) async fn link(&self, job: ContentId, advocate: AdvocateId) -> Link {
        let fields = LinkFields {
            content_id: text(&job.to_string()),
            advocate_id: text(&advocate.to_string()),
            channel: text("linkedin"),
            ..LinkFields::default()
        };
        let mut work = self.fixture.programme.work().await.expect("work");
        let issued = work.issue_link(self.fixture.space.id, fields, None).await.expect("a link");
        work.commit().await.expect("a commit");
        issued.shown.link
    }

    pub(super) async fn tell(&self, space: SpaceId, message: Message, click: Option<CreditClick>) -> Application {
        let programme = &self.fixture.programme;
        let questions = programme.referral_questions(space, &message).await.expect("questions");
        let answers: Vec<(ClickQuestion, _)> = questions.into_iter().map(|one| (one, click.clone())).collect();
        let mut work = programme.work().await.expect("work");
        let recorded = work.record_referral(space, &message, &answers).await.expect("it is recorded");
        work.commit().await.expect("a commit");
        recorded.application
    }
}

pub(super) fn by_click(external_id: &str, stage: &str, click: &CreditClick, at_ms: i64) -> Message {
    let fields = ConversionFields {
        click_id: text(&click.click.to_string()),
        code: Field::Absent,
        stage: text(stage),
        external_id: text(external_id),
        occurred_at: Field::Value(times::format_instant(at_ms)),
    };
    fields.message(NOW_MS).expect("a message")
}

pub(super) fn by_code(external_id: &str, stage: &str, link: &Link, at_ms: i64) -> Message {
    let fields = ConversionFields {
        code: text(link.code.as_str()),
        stage: text(stage),
        external_id: text(external_id),
        occurred_at: Field::Value(times::format_instant(at_ms)),
        ..ConversionFields::default()
    };
    fields.message(NOW_MS).expect("a message")
}

pub(super) fn declared(external_id: &str, scene: &Scene) -> Message {
    let fields = ApplicationFields {
        content_id: text(&scene.job.to_string()),
        advocate_id: text(&scene.ada.advocate.to_string()),
        stage: text("applied"),
        external_id: text(external_id),
        occurred_at: Field::Value(times::format_instant(NOW_MS)),
        ..ApplicationFields::default()
    };
    fields.message(NOW_MS).expect("a message")
}

#[tokio::test]
async fn jobs_show_where_they_stand_and_what_came_of_them() {
    let scene = Scene::new().await;
    scene.credited("A-1", "applied", 2).await;
    scene.credited("A-2", "hired", 2).await;
    let portal = &scene.portal;
    let over = portal.job("Turner").await;
    let mut work = portal.fixture.programme.work().await.expect("work");
    let closed = ContentFields { closed_at: text("2026-01-05T00:00:00Z"), ..ContentFields::default() };
    work.update_content(portal.fixture.space.id, over, &closed).await.expect("closed");
    work.commit().await.expect("a commit");
    portal.fixture.content().await;
    let mut recruiter = portal.signed_in(Role::Recruiter).await;
    let page = recruiter.get("/recruiting/jobs").await;
    page.assert_page();
    for said in ["2 jobs", "Welder in Lyon", "Turner", "Open", "Closed", "Applied 1", "Hired 1", "kind=job"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("A title"), "an article is no job: {}", page.body);
    assert!(page.body.contains(&format!("{BOARD}?job={}", scene.job)), "{}", page.body);
    for (query, there) in [("state=open", [true, false]), ("state=over", [false, true]), ("text=LYON", [true, false])] {
        let page = recruiter.get(&format!("/recruiting/jobs?{query}")).await;
        assert_eq!(["Welder", "Turner"].map(|title| page.body.contains(title)), there, "{query}");
    }
    let none = recruiter.get("/recruiting/jobs?text=%25").await;
    none.assert_page();
    assert!(none.body.contains("No job fits"), "{}", none.body);
}

#[tokio::test]
async fn the_board_has_a_column_for_each_stage_and_a_card_for_each_application() {
    let scene = Scene::new().await;
    let hired = scene.credited("A-1", "hired", 40).await;
    scene.credited("A-2", "applied", 3).await;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let page = recruiter.get(BOARD).await;
    page.assert_page();
    assert_eq!(page.body.matches("<section class=\"lane").count(), Stage::ALL.len(), "{}", page.body);
    for said in ["A-1", "A-2", "Welder in Lyon", "LinkedIn", "for 3 days", "Credited", "2 applications"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let there = |body: &str| ["A-1", "A-2"].map(|id| body.contains(&format!(">{id}</a>")));
    let elsewhere = scene.portal.job("Turner").await;
    for (query, expect) in [
        (format!("job={}", scene.job), [true, true]),
        (format!("job={elsewhere}"), [false, false]),
        ("stage=hired".to_owned(), [true, false]),
        ("period=30".to_owned(), [false, true]),
        ("text=a-2".to_owned(), [false, true]),
        ("stage=nonsense&period=7&job=x".to_owned(), [true, true]),
    ] {
        let page = recruiter.get(&format!("{BOARD}?{query}")).await;
        page.assert_page();
        assert_eq!(there(&page.body), expect, "{query}");
    }
    recruiter.get(&format!("{BOARD}/{}", hired.id)).await.assert_page();
}

#[tokio::test]
async fn a_stage_that_is_told_out_of_order_or_twice_is_noted_and_does_not_move_an_application_back() {
    let scene = Scene::new().await;
    let application = scene.credited("A-1", "applied", 3).await;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let csrf = recruiter.get("/account").await.field("csrf");
    let path = format!("{BOARD}/{}", application.id);
    let told = |stage: &'static str, at: &'static str| {
        let csrf = csrf.clone();
        [
            ("csrf", csrf),
            ("stage", stage.to_owned()),
            ("occurred_at", at.to_owned()),
            ("back", "stage=offer&x=y".to_owned()),
        ]
    };
    let mut send = async |fields: [(&'static str, String); 4]| {
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = recruiter.post(&format!("{path}/stage"), &fields).await;
        let location = answer.location().to_owned();
        (location.clone(), recruiter.get(&location).await.body)
    };
    let (location, body) = send(told("offer", "")).await;
    assert_eq!(location, format!("{BOARD}?stage=offer"), "nothing but the board's own question comes back");
    assert!(body.contains("Noted: Offer") && body.contains("A-1"), "{body}");
    let (_, body) = send(told("screened", "2026-03-01")).await;
    assert!(body.contains("still stands at “Offer”"), "{body}");
    let (_, body) = send(told("offer", "")).await;
    assert!(body.contains("Noted: Offer"), "{body}");
    let receipt = scene.portal.fixture.programme.receipt(application.space, application.id).await.expect("a receipt");
    assert_eq!(receipt.application.stage, Stage::Offer);
    assert_eq!(receipt.application.reason, "last_click", "a stage asks nothing anew");
    assert_eq!(receipt.facts.len(), 3, "the same stage at the same instant is one fact");
    let by_hand = receipt.facts.iter().filter(|fact| fact.source == FactSource::Page).count();
    assert_eq!(by_hand, 2);
    assert!(receipt.facts.iter().all(|fact| fact.told_by.is_some()));
    for (stage, at, said) in [("promoted", "", "none of the stages"), ("hired", "2026-04-01", "Expected a date")] {
        let wrong = [("csrf", csrf.as_str()), ("stage", stage), ("occurred_at", at)];
        let answer = recruiter.post(&format!("{path}/stage"), &wrong).await;
        assert_eq!(answer.status, 422, "{stage} {at}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    assert_eq!(recruiter.post(&format!("{path}/stage"), &[("stage", "hired")]).await.status, 403);
}

#[tokio::test]
async fn an_application_is_added_by_hand_and_what_looks_like_a_person_is_refused_in_place() {
    let scene = Scene::new().await;
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    let page = recruiter.get("/recruiting/referrals/new").await;
    page.assert_page();
    let csrf = page.field("csrf");
    let (job, code) = (scene.job.to_string(), scene.ada.code.to_string());
    let address = format!("https://go.acme.test/{code}");
    let mut send = async |id: &str, job: &str, trace: &str, at: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("external_id", id),
            ("content_id", job),
            ("trace", trace),
            ("stage", "applied"),
            ("occurred_at", at),
        ];
        recruiter.post("/recruiting/referrals/new", &fields).await
    };
    for (id, trace, at, problem) in [
        ("Ada Lovelace", code.as_str(), "2026-03-02T09:00", "looks like a person"),
        ("ada@example.com", code.as_str(), "2026-03-02T09:00", "looks like a person"),
        ("A-1", "not a code", "2026-03-02T09:00", "Expected the code"),
        ("A-1", "abcdefghj", "2026-03-02T09:00", "no such link"),
        ("A-1", code.as_str(), "yesterday", "Expected a date"),
        ("", code.as_str(), "2026-03-02T09:00", "f-external_id"),
    ] {
        let answer = send(id, &job, trace, at).await;
        assert_eq!(answer.status, 422, "{id} {trace} {at}");
        assert!(answer.body.contains(problem), "{problem}: {}", answer.body);
    }
    let other = scene.portal.job("Turner").await.to_string();
    let wrong = send("A-1", &other, &code, "2026-03-02T09:00").await;
    assert!(wrong.body.contains("leads to another content"), "{}", wrong.body);
    let added = send("A-1", "", &address, "2026-03-02T09:00").await.location().to_owned();
    let id = added.rsplit('/').next().expect("an id").parse().expect("an application's");
    let receipt = scene.portal.fixture.programme.receipt(scene.portal.fixture.space.id, id).await.expect("a receipt");
    assert_eq!((receipt.application.content, receipt.application.reason.as_str()), (scene.job, "pending"));
    let alone = send("A-2", &job, "", "2026-03-02T09:00").await.location().to_owned();
    let page = recruiter.get(&alone).await;
    page.assert_page();
    assert!(page.body.contains("Credited to nobody") && page.body.contains("Welder in Lyon"), "{}", page.body);
}

#[tokio::test]
async fn security_20_who_referred_is_shown_to_those_with_the_right_alone_and_each_look_is_noted() {
    let scene = Scene::new().await;
    let application = scene.credited("A-1", "applied", 3).await;
    let receipt = format!("{BOARD}/{}", application.id);
    let named = format!("{BOARD}?names=yes&stage=applied");
    let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
    assert!(!recruiter.get(BOARD).await.body.contains("<strong>Ada Lovelace"), "names wait to be asked for");
    assert!(scene.audit().await.iter().all(|line| !line.action.starts_with("referral")));
    assert!(recruiter.get(&named).await.body.contains("<strong>Ada Lovelace</strong>"));
    assert!(recruiter.get(&receipt).await.body.contains("Credited to Ada Lovelace"));
    let noted = scene.audit().await;
    let line = |action: &str| noted.iter().find(|line| line.action == action).unwrap_or_else(|| panic!("no {action}"));
    let (board, one) = (line("referrals.read_by_advocate"), line("referral.receipt_read"));
    assert_eq!(board.details["stage"], Value::from("applied"));
    assert_eq!((&one.target, &one.actor), (&application.id.to_string(), &board.actor));
    assert!(one.actor.starts_with("adv_"), "{one:?}");
    scene.portal.pass_ms(180_000);
    let mut marketing = scene.portal.signed_in(Role::Marketing).await;
    for path in [named.as_str(), receipt.as_str(), "/recruiting/jobs", "/recruiting/connect"] {
        let page = marketing.get(path).await;
        page.assert_page();
        assert!(
            !page.body.contains(">Ada Lovelace</strong>") && !page.body.contains("to Ada"),
            "{path}: {}",
            page.body
        );
        assert!(!page.body.contains("/stage\"") && !page.body.contains("names=yes\""), "{path}: {}", page.body);
    }
    let looks = |lines: &[AuditEntry]| lines.iter().filter(|line| line.action.starts_with("referral")).count();
    assert_eq!(looks(&scene.audit().await), looks(&noted), "marketing has seen no name");
    let csrf = marketing.get("/account").await.field("csrf");
    for path in [format!("{receipt}/stage"), "/recruiting/referrals/new".to_owned(), lists::CONFIRM.to_owned()] {
        let answer = marketing.post(&path, &[("csrf", &csrf), ("stage", "hired")]).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    for path in ["/recruiting/referrals/new", "/recruiting/referrals/list"] {
        assert_eq!(marketing.get(path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn advocates_and_partners_find_none_of_these_pages() {
    let scene = Scene::new().await;
    let application = scene.credited("A-1", "applied", 3).await;
    let mut employee = scene.portal.browser();
    scene.portal.sign_in(&mut employee, "ada@acme.test").await.location();
    let kind = AdvocateFields { kind: text(AdvocateKind::Partner.as_str()), ..AdvocateFields::default() };
    let receipt = format!("{BOARD}/{}", application.id);
    let paths = ["/recruiting/jobs", BOARD, "/recruiting/connect", "/recruiting/referrals/new", receipt.as_str()];
    for round in ["employee", "partner"] {
        for path in paths {
            assert_eq!(employee.get(path).await.status, 403, "{round} {path}");
        }
        let csrf = employee.get("/account").await.field("csrf");
        let moved = employee.post(&format!("{receipt}/stage"), &[("csrf", &csrf), ("stage", "hired")]).await;
        assert_eq!(moved.status, 403, "{round}");
        assert!(!employee.get("/account").await.body.contains("/recruiting"), "{round}");
        scene.portal.change(scene.ada.advocate, kind.clone()).await;
    }
}

#[tokio::test]
async fn security_19_what_another_space_has_is_not_there() {
    let scene = Scene::new().await;
    let mut admin = scene.portal.signed_in(Role::Admin).await;
    let other = scene.portal.fixture.other_space().await;
    let foreign = scene.portal.tell(other, declared_nowhere("B-1"), None).await;
    let csrf = admin.get("/account").await.field("csrf");
    let path = format!("{BOARD}/{}", foreign.id);
    assert_eq!(admin.get(&path).await.status, 404);
    assert_eq!(admin.post(&format!("{path}/stage"), &[("csrf", &csrf), ("stage", "hired")]).await.status, 404);
    assert_eq!(admin.get(&format!("{BOARD}/nonsense")).await.status, 404);
    assert!(!admin.get(BOARD).await.body.contains("B-1"));
    assert!(admin.get(BOARD).await.assert_page().body.contains("No applications yet"));
}

/// A message that names nothing but its id.
fn declared_nowhere(external_id: &str) -> Message {
    let fields = crate::programme::referrals::HandFields {
        external_id: text(external_id),
        stage: text("applied"),
        occurred_at: Field::Value(times::format_instant(NOW_MS)),
        ..Default::default()
    };
    fields.message(NOW_MS).expect("a message")
}

#[tokio::test]
async fn the_page_for_the_applicant_system_shows_requests_that_the_api_takes() {
    let portal = Portal::new().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let page = admin.get("/recruiting/connect").await;
    page.assert_page();
    assert!(page.body.contains("http://localhost:8081/api/v1/conversions"), "{}", page.body);
    assert!(page.body.contains("/admin/tokens/new"), "{}", page.body);
    let bodies: Vec<_> = page.body.split("-d &#39;").skip(1).collect();
    for body in bodies.iter().map(|rest| rest.split("&#39;").next().unwrap_or_default().replace("&#34;", "\"")) {
        let fields: ConversionFields = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"));
        fields.message(NOW_MS).unwrap_or_else(|error| panic!("{error}: {body}"));
    }
    assert!(bodies.len() >= 2, "{}", page.body);
}

#[tokio::test]
async fn security_13_hostile_titles_and_ids_are_inert() {
    for hostile in &super::hostile::corpus()[..4] {
        let scene = Scene::titled(hostile).await;
        let id: String = hostile.chars().filter(|letter| !letter.is_control()).collect();
        let application = scene.credited(&id, "applied", 3).await;
        let named = AdvocateFields { name: text(hostile), ..AdvocateFields::default() };
        scene.portal.change(scene.ada.advocate, named).await;
        let mut recruiter = scene.portal.signed_in(Role::Recruiter).await;
        let query: String = url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        let mut paths = vec![format!("{BOARD}/{}", application.id), "/recruiting/referrals/new".to_owned()];
        paths.extend([format!("{BOARD}?names=yes"), format!("/recruiting/jobs?text={query}")]);
        paths.extend([format!("{BOARD}?text={query}&job={query}&page={query}")]);
        for path in paths {
            let body = recruiter.get(&path).await.assert_page().body.clone();
            for raw in ["<script>alert", "<img src=x", "' onmouseover='", "\" onmouseover"] {
                assert!(!body.contains(raw), "{path} {hostile}: {body}");
            }
        }
    }
}
