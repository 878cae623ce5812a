//! Requests that race, over one database that two processes have open.

use super::repeats::keyed;
use super::*;

/// How many requests race.
const RACERS: usize = 20;

/// Two processes, as behind one load balancer: each with its own connections to one database.
struct Pair([Arc<Api>; 2]);

impl Pair {
    async fn new() -> Self {
        let first = Api::new().await;
        let second = first.in_another_process().await;
        Self([Arc::new(first), Arc::new(second)])
    }

    fn api(&self) -> &Api {
        &self.0[0]
    }

    /// Sends all at once, by turns through each process.
    async fn race(&self, requests: Vec<Request<Body>>) -> Vec<Answer> {
        let start = Arc::new(tokio::sync::Barrier::new(requests.len()));
        let tasks: Vec<_> = requests
            .into_iter()
            .enumerate()
            .map(|(number, request)| {
                let (api, start) = (Arc::clone(&self.0[number % 2]), Arc::clone(&start));
                tokio::spawn(async move {
                    start.wait().await;
                    api.send(request).await
                })
            })
            .collect();
        let mut answers = Vec::with_capacity(tasks.len());
        for task in tasks {
            answers.push(task.await.expect("the task ends"));
        }
        answers
    }
}

fn statuses(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_many_posts_at_once_issue_one_link() {
    let pair = Pair::new().await;
    let (advocate, content, _) = pair.api().three().await;
    let post = |_| request(Method::POST, "/links", &pair.api().admin, Some(link(&advocate, &content, "x")));
    let answers = pair.race((0..RACERS).map(post).collect()).await;
    assert_eq!((statuses(&answers, 201), statuses(&answers, 200)), (1, RACERS - 1), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_bulks_at_once_issue_each_link_once() {
    let pair = Pair::new().await;
    let (advocate, content, _) = pair.api().three().await;
    let items: Vec<_> = (0..50).map(|n| link(&advocate, &content, &format!("c{n}"))).collect();
    let before = pair.api().fixture.store.latest_seq().await.expect("reads");
    let post = |_| request(Method::POST, "/links/bulk", &pair.api().admin, Some(json!({"items": items})));
    let answers = pair.race((0..6).map(post).collect()).await;
    assert_eq!(statuses(&answers, 200), 6, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body), "{answers:?}");
    assert_eq!(pair.api().fixture.store.latest_seq().await.expect("reads"), before + 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_the_same_key_at_once_has_one_effect() {
    let pair = Pair::new().await;
    let before = pair.api().fixture.store.latest_seq().await.expect("reads");
    let post = |_| keyed("/contents", &pair.api().admin, "race", article());
    let answers = pair.race((0..RACERS).map(post).collect()).await;
    assert_eq!(statuses(&answers, 201), RACERS, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body), "{answers:?}");
    let replayed = answers.iter().filter(|answer| answer.headers.contains_key("idempotent-replayed")).count();
    assert_eq!(replayed, RACERS - 1);
    assert_eq!(pair.api().fixture.store.latest_seq().await.expect("reads"), before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_a_key_at_once_for_two_requests_is_of_one_of_them() {
    let pair = Pair::new().await;
    let person = |n: usize| json!({"email": format!("a{}@example.com", n % 2)});
    let post = |n| keyed("/advocates", &pair.api().admin, "race", person(n));
    let answers = pair.race((0..RACERS).map(post).collect()).await;
    assert_eq!((statuses(&answers, 201), statuses(&answers, 409)), (RACERS / 2, RACERS / 2), "{answers:?}");
    let created: std::collections::HashSet<_> =
        answers.iter().filter(|answer| answer.status == 201).map(Answer::id).collect();
    assert_eq!(created.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(answer.problem().1, "idempotency_key_reused");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_a_double_submit_adds_one_advocate() {
    let pair = Pair::new().await;
    let person = json!({"email": "ada@example.com", "team": "Ovens"});
    let post = |_| request(Method::POST, "/advocates", &pair.api().admin, Some(person.clone()));
    let answers = pair.race((0..RACERS).map(post).collect()).await;
    assert_eq!((statuses(&answers, 201), statuses(&answers, 409)), (1, RACERS - 1), "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(answer.problem().1, "email_taken");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_a_vanity_code_at_once_goes_to_one_link() {
    let pair = Pair::new().await;
    let (advocate, content, _) = pair.api().three().await;
    let vain = |n: usize| {
        let mut body = link(&advocate, &content, &format!("c{n}"));
        body["vanity"] = json!("spring");
        request(Method::POST, "/links", &pair.api().admin, Some(body))
    };
    let answers = pair.race((0..RACERS).map(vain).collect()).await;
    assert_eq!((statuses(&answers, 201), statuses(&answers, 409)), (1, RACERS - 1), "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(answer.problem(), (409, "code_taken", vec![("vanity", "code_taken")]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_changes_that_depend_on_one_state_one_happens() {
    let pair = Pair::new().await;
    let (advocate, content, id) = pair.api().three().await;
    let space = pair.api().fixture.space.id.to_string();
    let made = async |path: &str, body: Value| format!("{path}/{}", pair.api().post(path, body).await.id());
    let told = json!({"advocate_id": advocate, "content_id": content, "stage": "started", "external_id": "ats-1",
        "occurred_at": "2026-03-02T09:00:00Z"});
    type Change = fn(usize) -> Value;
    let changes: [(String, Change); 9] = [
        (format!("/spaces/{space}"), |n| json!({"name": format!("n{n}")})),
        (format!("/advocates/{advocate}"), |n| json!({"name": format!("n{n}")})),
        (format!("/contents/{content}"), |n| json!({"title": format!("n{n}")})),
        (format!("/links/{id}"), |_| json!({"disabled": true})),
        (made("/teams", json!({"name": "Ovens"})).await, |n| json!({"name": format!("n{n}")})),
        (made("/campaigns", json!({"name": "Summer"})).await, |n| json!({"name": format!("n{n}")})),
        (made("/feeds", json!({"url": "https://news.example/"})).await, |n| json!({"interval_minutes": 100 + n})),
        (
            made("/webhooks", json!({"url": "http://127.0.0.1:9/", "events": ["link.created"]})).await,
            |n| json!({"url": format!("http://127.0.0.1:9/n{n}")}),
        ),
        (
            made("/applications", told).await,
            |n| json!({"stage": "applied", "occurred_at": format!("2026-03-02T09:{:02}:00Z", n + 1)}),
        ),
    ];
    for (path, change) in changes {
        let standing = pair.api().get(&path).await;
        let patch = |n| {
            let request = request(Method::PATCH, &path, &pair.api().admin, Some(change(n)));
            headed(request, "if-match", standing.tag())
        };
        let answers = pair.race((0..RACERS).map(patch).collect()).await;
        let happened = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!((happened, statuses(&answers, 412)), (1, RACERS - 1), "{path}: {answers:?}");
        let winner = answers.iter().find(|answer| answer.status.is_success()).expect("one");
        let now = pair.api().get(&path).await;
        assert_eq!((&now.body, &now.headers["etag"]), (&winner.body, &winner.headers["etag"]));
    }
}
