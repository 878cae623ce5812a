//! Who gets the credit.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use uuid::Uuid;

use super::*;
use crate::model::{Answer, Application, Class, ClickQuestion, CreditClick, Entity, Link, Space, Stage};
use crate::programme::referrals::replay::Shift;
use crate::programme::referrals::{Answers, ApplicationFields, ConversionFields, Message, Recorded, StageFields};

const DAY_MS: i64 = 86_400_000;

/// A job with links of two advocates, and a clock that can be moved.
struct Case {
    fixture: Fixture,
    clock: Arc<AtomicI64>,
    job: ContentId,
    ada: Link,
    eve: Link,
}

impl Case {
    async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(NOW_MS));
        let told = Arc::clone(&clock);
        let fixture = Fixture::with_clock(Clock::from_fn(move || told.load(Ordering::SeqCst))).await;
        let job = fixture.content().await;
        let ada = link(&fixture, job, fixture.advocate().await).await;
        let eve = link(&fixture, job, fixture.advocate().await).await;
        Self { fixture, clock, job, ada, eve }
    }

    /// Records a message with what a click log of these clicks would say; without a log when there is none.
    async fn tell(&self, message: &Message, log: Option<&[CreditClick]>) -> Recorded {
        self.try_tell(message, log).await.expect("it is recorded")
    }

    async fn try_tell(&self, message: &Message, log: Option<&[CreditClick]>) -> Result<Recorded, Error> {
        let space = self.fixture.space.id;
        let questions = self.fixture.programme.referral_questions(space, message).await?;
        let answers = log.map(|log| answers(&questions, log)).unwrap_or_default();
        let mut work = self.fixture.programme.work().await?;
        let recorded = work.record_referral(space, message, &answers).await?;
        work.commit().await?;
        Ok(recorded)
    }

    /// Decides what is pending.
    async fn settle(&self, log: &[CreditClick]) -> Vec<Application> {
        let mut settled = Vec::new();
        let pending = self.fixture.programme.pending_referrals(Default::default(), 100).await.expect("reads");
        for (application, questions) in pending {
            let mut work = self.fixture.programme.work().await.expect("work");
            let answers = answers(&questions, log);
            let done = work.settle_referral(application.space, application.id, &answers).await.expect("settles");
            work.commit().await.expect("a commit");
            settled.push(done);
        }
        settled
    }

    fn later(&self, by_ms: i64) {
        self.clock.fetch_add(by_ms, Ordering::SeqCst);
    }
}

/// What a click log of these clicks would say.
fn answers(questions: &[ClickQuestion], log: &[CreditClick]) -> Vec<(ClickQuestion, Option<CreditClick>)> {
    let answer = |question: &ClickQuestion| {
        let mut fitting: Vec<_> = log
            .iter()
            .filter(|click| match *question {
                ClickQuestion::Click(id) => click.click == id,
                ClickQuestion::LastOf { link, content, from_ms, through_ms } => {
                    click.link == link
                        && click.content == content
                        && (from_ms..=through_ms).contains(&click.clicked_at_ms)
                        && (click.class, click.answer) == (Class::Human, Answer::Content)
                }
            })
            .cloned()
            .collect();
        fitting.sort_by_key(|click| click.clicked_at_ms);
        fitting.pop()
    };
    questions.iter().map(|question| (*question, answer(question))).collect()
}

async fn link(fixture: &Fixture, content: ContentId, advocate: AdvocateId) -> Link {
    let fields = LinkFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&advocate.to_string()),
        channel: text("linkedin"),
        ..LinkFields::default()
    };
    let mut work = fixture.programme.work().await.expect("work");
    let issued = work.issue_link(fixture.space.id, fields, None).await.expect("a link");
    work.commit().await.expect("a commit");
    issued.shown.link
}

fn click(number: u128, link: &Link, clicked_at_ms: i64) -> CreditClick {
    CreditClick {
        click: Uuid::from_u128(number),
        clicked_at_ms,
        link: link.id,
        content: link.content,
        advocate: link.advocate,
        channel: Some(link.channel.clone()),
        class: Class::Human,
        answer: Answer::Content,
    }
}

fn instant(at_ms: i64) -> Field<String> {
    Field::Value(times::format_instant(at_ms))
}

fn by_click(external_id: &str, stage: &str, click: &CreditClick, at_ms: i64) -> Message {
    let fields = ConversionFields {
        click_id: text(&click.click.to_string()),
        code: Field::Absent,
        stage: text(stage),
        external_id: text(external_id),
        occurred_at: instant(at_ms),
    };
    fields.message(NOW_MS).expect("a message")
}

fn by_code(external_id: &str, stage: &str, link: &Link, at_ms: i64) -> Message {
    let fields = ConversionFields {
        code: text(link.code.as_str()),
        stage: text(stage),
        external_id: text(external_id),
        occurred_at: instant(at_ms),
        ..ConversionFields::default()
    };
    fields.message(NOW_MS).expect("a message")
}

fn declared(external_id: &str, stage: &str, content: ContentId, advocate: AdvocateId) -> Message {
    let fields = ApplicationFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&advocate.to_string()),
        stage: text(stage),
        external_id: text(external_id),
        occurred_at: instant(NOW_MS),
        ..ApplicationFields::default()
    };
    fields.message(NOW_MS).expect("a message")
}

fn stage(application: &Application, stage: &str, at_ms: i64) -> Message {
    let fields = StageFields { stage: text(stage), occurred_at: instant(at_ms) };
    fields.message(application.id, NOW_MS).expect("a message")
}

#[tokio::test]
async fn a_click_before_the_application_credits_its_advocate() {
    let case = Case::new().await;
    let clicked = click(1, &case.ada, NOW_MS - DAY_MS);
    let log = [clicked.clone()];
    let recorded = case.tell(&by_click("a-1", "applied", &clicked, NOW_MS), Some(&log)).await;
    let application = recorded.application;
    assert!(recorded.new_fact);
    assert_eq!((application.reason.as_str(), application.advocate), ("last_click", case.ada.advocate));
    assert_eq!((application.click, application.clicked_at_ms), (Some(clicked.click), Some(clicked.clicked_at_ms)));
    assert_eq!((application.content, application.link, application.stage), (case.job, case.ada.id, Stage::Applied));
    let read = case.fixture.programme.application(case.fixture.space.id, application.id).await.expect("reads");
    assert_eq!(read, application);
    let changes = case.fixture.store.changes_since(0, 1000).await.expect("changes");
    assert_eq!(changes.last().map(|change| &change.entity), Some(&Entity::Application(application)));
}

#[tokio::test]
async fn the_last_click_wins_whatever_order_the_messages_come_in() {
    let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0]];
    for order in orders {
        let case = Case::new().await;
        let log = [click(1, &case.eve, NOW_MS - 3 * DAY_MS), click(2, &case.ada, NOW_MS - DAY_MS)];
        let after = click(3, &case.eve, NOW_MS + 1);
        let log = [log[0].clone(), log[1].clone(), after.clone()];
        let messages = [
            by_click("a-1", "started", &log[0], NOW_MS - 2 * DAY_MS),
            by_click("a-1", "applied", &log[1], NOW_MS),
            by_click("a-1", "screened", &after, NOW_MS + DAY_MS / 2),
        ];
        let mut last = None;
        for index in order {
            last = Some(case.tell(&messages[index], Some(&log)).await.application);
        }
        let application = last.expect("three messages");
        assert_eq!((application.advocate, application.click), (case.ada.advocate, Some(log[1].click)), "{order:?}");
        assert_eq!(application.stage, Stage::Screened);
        let reached: Vec<_> = application.reached.values().copied().collect();
        assert_eq!(reached, [NOW_MS - 2 * DAY_MS, NOW_MS, NOW_MS + DAY_MS / 2]);
    }
}

#[tokio::test]
async fn the_window_holds_both_its_ends() {
    let window_ms = i64::from(Space::ATTRIBUTION_WINDOW_DAYS) * DAY_MS;
    for (clicked_at_ms, expected) in [
        (NOW_MS, "last_click"),
        (NOW_MS + 1, "after_applied"),
        (NOW_MS - window_ms, "last_click"),
        (NOW_MS - window_ms - 1, "outside_window"),
    ] {
        let case = Case::new().await;
        let clicked = click(1, &case.ada, clicked_at_ms);
        let message = by_click("a-1", "applied", &clicked, NOW_MS);
        let application = case.tell(&message, Some(std::slice::from_ref(&clicked))).await.application;
        assert_eq!(application.reason, expected, "{}", clicked_at_ms - NOW_MS);
        assert_eq!(application.advocate.is_none(), expected != "last_click");
    }
}

#[tokio::test]
async fn a_click_that_does_not_count_credits_nobody_and_says_why() {
    let case = Case::new().await;
    let other_job = case.fixture.content().await;
    let plain = click(1, &case.ada, NOW_MS);
    let cases = [
        (CreditClick { class: Class::Bot, ..plain.clone() }, "not_human"),
        (CreditClick { class: Class::Own, ..plain.clone() }, "not_human"),
        (CreditClick { answer: Answer::Fallback, ..plain.clone() }, "not_content"),
        (CreditClick { advocate: AdvocateId::NONE, ..plain.clone() }, "no_advocate"),
        (CreditClick { advocate: AdvocateId::from_bits(77), ..plain.clone() }, "no_advocate"),
    ];
    for (number, (clicked, expected)) in cases.into_iter().enumerate() {
        let message = by_click(&format!("a-{number}"), "applied", &clicked, NOW_MS);
        let application = case.tell(&message, Some(&[clicked])).await.application;
        assert_eq!((application.reason.as_str(), application.advocate), (expected, AdvocateId::NONE));
    }
    // The job is what the first fact says.
    let elsewhere = CreditClick { content: other_job, ..plain };
    case.tell(&by_code("b-1", "started", &case.eve, NOW_MS - 1), Some(&[])).await;
    case.later(2 * DAY_MS);
    let message = by_click("b-1", "applied", &elsewhere, NOW_MS);
    let application = case.tell(&message, Some(&[elsewhere])).await.application;
    assert_eq!((application.reason.as_str(), application.content), ("other_content", case.job));
}

#[tokio::test]
async fn a_code_stands_for_its_last_click_before_the_application() {
    let case = Case::new().await;
    let log = [
        click(1, &case.ada, NOW_MS - 10),
        click(2, &case.ada, NOW_MS - 5),
        click(3, &case.ada, NOW_MS + 5),
        click(4, &case.eve, NOW_MS - 1),
    ];
    let application = case.tell(&by_code("a-1", "applied", &case.ada, NOW_MS), Some(&log)).await.application;
    assert_eq!((application.click, application.advocate), (Some(log[1].click), case.ada.advocate));
    // An earlier instant of the same stage moves the decision.
    let moved = case.tell(&by_code("a-1", "applied", &case.ada, NOW_MS - 6), Some(&log)).await.application;
    assert_eq!(moved.click, Some(log[0].click));
    assert_eq!(moved.reached[&Stage::Applied], NOW_MS - 6);
}

#[tokio::test]
async fn a_receipt_names_the_window_that_decided_whatever_the_space_says_later() {
    let case = Case::new().await;
    let clicked = click(1, &case.ada, NOW_MS - 9 * DAY_MS);
    let log = [clicked.clone()];
    let applied = case.tell(&by_click("A-1", "applied", &clicked, NOW_MS), Some(&log)).await.application;
    let window_of =
        async |id| case.fixture.programme.receipt(case.fixture.space.id, id).await.expect("a receipt").window_days;
    assert_eq!(window_of(applied.id).await, 180);
    let shorter = SpaceFields { attribution_window_days: Field::Value(7), ..SpaceFields::default() };
    let mut work = case.fixture.programme.work().await.expect("work");
    work.update_space(case.fixture.space.id, &shorter).await.expect("a change");
    work.commit().await.expect("a commit");
    // What was decided is decided by the old window again, and what is decided from now on by the new one.
    let hired = case.tell(&by_click("A-1", "hired", &clicked, NOW_MS + 1), Some(&log)).await.application;
    assert_eq!((hired.reason.as_str(), hired.advocate), ("last_click", case.ada.advocate));
    let other = case.tell(&by_click("A-2", "applied", &clicked, NOW_MS), Some(&log)).await.application;
    assert_eq!((window_of(applied.id).await, window_of(other.id).await), (180, 7));
    assert_eq!((other.reason.as_str(), other.window_days), ("outside_window", Some(7)));
}

#[tokio::test]
async fn a_replay_says_who_would_gain_and_lose_under_another_window_and_changes_nothing() {
    let case = Case::new().await;
    let (programme, space) = (&case.fixture.programme, case.fixture.space.id);
    let log = [
        click(1, &case.ada, NOW_MS - 9 * DAY_MS),
        click(2, &case.ada, NOW_MS - 200 * DAY_MS),
        click(3, &case.eve, NOW_MS - 3 * DAY_MS),
        click(4, &case.ada, NOW_MS - 2 * DAY_MS),
    ];
    let told = async |message: Message| case.tell(&message, Some(&log)).await.application;
    let old = told(by_click("old", "applied", &log[0], NOW_MS)).await;
    told(by_click("older", "applied", &log[1], NOW_MS)).await;
    told(by_click("new", "applied", &log[2], NOW_MS)).await;
    // Two links lead to this one: Eve's click is the last, but for a shorter window nothing of Ada's counts either.
    told(by_code("both", "started", &case.ada, NOW_MS - 2)).await;
    told(by_code("both", "applied", &case.eve, NOW_MS)).await;
    told(by_click("waiting", "started", &log[2], NOW_MS)).await;
    case.tell(&by_click("pending", "applied", &click(9, &case.ada, NOW_MS), NOW_MS), None).await;
    let before = case.fixture.store.latest_seq().await.expect("reads");

    let shifts = async |days: u32| {
        let replay = programme.replay(space, days, NOW_MS - DAY_MS).await.expect("a replay");
        assert_eq!((replay.len(), replay.is_empty(), replay.is_cut), (4, false, false), "the undecided are left out");
        let answers = answers(&replay.questions(), &log);
        let replayed = programme.replayed(space, replay, &answers).await.expect("it is decided once more");
        let mut shifts: Vec<_> =
            replayed.into_iter().map(|one| (one.before.external_id.clone(), one.shift(), one.after.reason)).collect();
        shifts.sort_by(|one, other| one.0.cmp(&other.0));
        shifts
    };
    let expect = |shifts: [(&str, Shift, &str); 4]| {
        shifts.map(|(id, shift, reason)| (id.to_owned(), shift, reason.to_owned())).to_vec()
    };
    let same = |id, reason| (id, Shift::Same, reason);
    assert_eq!(
        shifts(180).await,
        expect([
            same("both", "last_click"),
            same("new", "last_click"),
            same("old", "last_click"),
            same("older", "outside_window")
        ])
    );
    assert_eq!(
        shifts(365).await,
        expect([
            same("both", "last_click"),
            same("new", "last_click"),
            same("old", "last_click"),
            ("older", Shift::Gained, "last_click")
        ])
    );
    assert_eq!(
        shifts(7).await,
        expect([
            same("both", "last_click"),
            same("new", "last_click"),
            ("old", Shift::Lost, "outside_window"),
            same("older", "outside_window")
        ])
    );
    assert_eq!(shifts(1).await.iter().filter(|(_, shift, _)| *shift == Shift::Lost).count(), 3);
    assert_eq!(case.fixture.store.latest_seq().await.expect("reads"), before, "nothing is written");
    assert_eq!(programme.application(space, old.id).await.expect("it stands"), old);

    // What the log does not answer is not compared, and whoever was erased gains nothing.
    let replay = programme.replay(space, 365, NOW_MS - DAY_MS).await.expect("a replay");
    assert!(programme.replayed(space, replay, &[]).await.expect("read").iter().all(|one| one.shift() == Shift::Same));
    let mut work = programme.work().await.expect("work");
    work.erase_advocate(space, case.ada.advocate).await.expect("erased");
    work.commit().await.expect("a commit");
    assert!(shifts(365).await.iter().all(|(_, shift, _)| *shift != Shift::Gained));
}

#[tokio::test]
async fn the_same_message_twice_is_one_fact_and_one_change() {
    let case = Case::new().await;
    let clicked = click(1, &case.ada, NOW_MS);
    let log = [clicked.clone()];
    let message = by_click("a-1", "applied", &clicked, NOW_MS);
    let first = case.tell(&message, Some(&log)).await;
    let changes = case.fixture.store.latest_seq().await.expect("reads");
    let second = case.tell(&message, Some(&log)).await;
    assert_eq!((first.new_fact, second.new_fact), (true, false));
    assert_eq!(first.application, second.application);
    assert_eq!(case.fixture.store.latest_seq().await.expect("reads"), changes);
    let receipt = case.fixture.programme.receipt(case.fixture.space.id, first.application.id).await.expect("reads");
    assert_eq!(receipt.facts.len(), 1);
    assert_eq!((receipt.decided_for_ms, receipt.window_days), (Some(NOW_MS), Space::ATTRIBUTION_WINDOW_DAYS));
}

#[tokio::test]
async fn without_the_click_log_the_fact_is_kept_and_the_credit_comes_later() {
    let case = Case::new().await;
    let clicked = click(1, &case.ada, NOW_MS);
    let message = by_click("a-1", "applied", &clicked, NOW_MS);
    let pending = case.tell(&message, None).await.application;
    assert_eq!((pending.reason.as_str(), pending.advocate), ("pending", AdvocateId::NONE));
    // The log is there again, the click is still on its way.
    assert_eq!(case.settle(&[]).await[0].reason, "pending");
    let settled = case.settle(std::slice::from_ref(&clicked)).await;
    assert_eq!((settled[0].reason.as_str(), settled[0].advocate), ("last_click", case.ada.advocate));
    assert_eq!(settled[0].content, case.job);
    assert!(case.settle(&[]).await.is_empty(), "nothing is pending any more");
}

#[tokio::test]
async fn a_click_that_never_comes_is_waited_for_a_day() {
    let case = Case::new().await;
    let missing = click(1, &case.ada, NOW_MS);
    case.tell(&by_click("a-1", "applied", &missing, NOW_MS), Some(&[])).await;
    case.tell(&by_code("a-2", "applied", &case.ada, NOW_MS), Some(&[])).await;
    case.later(DAY_MS - 1);
    assert!(case.settle(&[]).await.iter().all(|application| application.reason == "pending"));
    case.later(1);
    let mut reasons: Vec<_> = case.settle(&[]).await.into_iter().map(|one| (one.external_id, one.reason)).collect();
    reasons.sort();
    let expected = [("a-1", "unknown_click"), ("a-2", "no_click")];
    assert_eq!(reasons, expected.map(|(id, reason)| (id.to_owned(), reason.to_owned())));
}

#[tokio::test]
async fn a_credit_outlives_its_click_in_the_log() {
    let case = Case::new().await;
    let clicked = click(1, &case.ada, NOW_MS - DAY_MS);
    let message = by_click("a-1", "applied", &clicked, NOW_MS);
    let application = case.tell(&message, Some(&[clicked])).await.application;
    case.later(400 * DAY_MS);
    for (log, word) in [(None, "hired"), (Some(&[][..]), "probation_passed")] {
        let next = case.tell(&stage(&application, word, NOW_MS + 1), log).await.application;
        assert_eq!((next.reason.as_str(), next.click), ("last_click", application.click), "{word}");
    }
    // New evidence is weighed, and the click that stands is weighed with it, though nobody can read it any more.
    let earlier = click(2, &case.eve, NOW_MS - 2 * DAY_MS);
    let next = case
        .tell(&by_click("a-1", "screened", &earlier, NOW_MS), Some(std::slice::from_ref(&earlier)))
        .await
        .application;
    assert_eq!((next.reason.as_str(), next.click), ("last_click", application.click));
}

#[tokio::test]
async fn a_declared_referral_credits_its_advocate_unless_a_click_does() {
    let case = Case::new().await;
    let message = declared("a-1", "applied", case.job, case.eve.advocate);
    let application = case.tell(&message, None).await.application;
    assert_eq!((application.reason.as_str(), application.advocate), ("declared", case.eve.advocate));
    assert_eq!((application.click, application.content), (None, case.job));
    let clicked = click(1, &case.ada, NOW_MS - 1);
    let message = by_click("a-1", "applied", &clicked, NOW_MS);
    let application = case.tell(&message, Some(&[clicked])).await.application;
    assert_eq!((application.reason.as_str(), application.advocate), ("last_click", case.ada.advocate));
}

#[tokio::test]
async fn nothing_is_credited_before_the_application_is_handed_in() {
    let case = Case::new().await;
    let clicked = click(1, &case.ada, NOW_MS - 1);
    let log = [clicked.clone()];
    let started = case.tell(&by_click("a-1", "started", &clicked, NOW_MS), Some(&log)).await.application;
    assert_eq!((started.reason.as_str(), started.advocate), ("not_applied", AdvocateId::NONE));
    let applied = case.tell(&stage(&started, "applied", NOW_MS + 1), Some(&log)).await.application;
    assert_eq!((applied.reason.as_str(), applied.advocate), ("last_click", case.ada.advocate));
}

#[tokio::test]
async fn what_another_space_has_does_not_exist() {
    let case = Case::new().await;
    let clicked = click(1, &case.ada, NOW_MS);
    let message = by_click("a-1", "applied", &clicked, NOW_MS);
    let application = case.tell(&message, Some(&[clicked])).await.application;
    let other = case.fixture.other_space().await;
    let programme = &case.fixture.programme;
    let refused = [
        programme.application(other, application.id).await.map(drop),
        programme.receipt(other, application.id).await.map(drop),
        programme.referral_questions(other, &stage(&application, "hired", NOW_MS)).await.map(drop),
        programme.referral_questions(other, &by_code("a-2", "applied", &case.ada, NOW_MS)).await.map(drop),
        programme.referral_questions(other, &declared("a-2", "applied", case.job, case.ada.advocate)).await.map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    }
    // The same key of another space's applicant system is another application.
    let page = Page { after: None, limit: 10 };
    assert!(programme.applications(other, &Default::default(), page).await.expect("reads").is_empty());
    let none: &Answers = &[];
    let mut work = programme.work().await.expect("work");
    assert!(work.settle_referral(other, application.id, none).await.is_err());
}

#[tokio::test]
async fn a_message_says_what_is_wrong_with_it() {
    let problems_of = |error: Error| {
        super::problems(&error).iter().map(|(field, code)| format!("{field} {code}")).collect::<Vec<_>>()
    };
    let nothing = ConversionFields::default().message(NOW_MS).expect_err("nothing");
    let expected = ["click_id required", "external_id required", "stage required", "occurred_at required"];
    assert_eq!(problems_of(nothing), expected);
    let both = ConversionFields {
        click_id: text("0191d6e8-0000-7000-8000-000000000000"),
        code: text("abc"),
        stage: text("promoted"),
        external_id: text("ada@example.com"),
        occurred_at: instant(NOW_MS + 2 * DAY_MS),
    };
    let expected = ["code invalid", "external_id personal_data", "stage invalid", "occurred_at invalid"];
    assert_eq!(problems_of(both.message(NOW_MS).expect_err("all wrong")), expected);
    let half = ApplicationFields { content_id: text("cnt_0000000000001"), ..ApplicationFields::default() };
    assert_eq!(problems_of(half.message(NOW_MS).expect_err("half"))[0], "link_id required");
}
