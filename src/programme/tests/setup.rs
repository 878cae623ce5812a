//! Setting a space up: the path, its hosts, its domains.

use super::web::{ScriptedWeb, away};
use super::*;
use crate::programme::hosts::HostState;
use crate::programme::setup::{Step, StepState};

async fn change(fixture: &Fixture, fields: SpaceFields) -> Result<Space, Error> {
    fixture.programme.create_or_update_space("acme", &fields).await.map(|(space, _)| space)
}

fn list(entries: &[&str]) -> Field<Vec<String>> {
    Field::Value(entries.iter().map(|entry| (*entry).to_owned()).collect())
}

async fn open(fixture: &Fixture) -> Vec<Step> {
    let setup = fixture.programme.setup(fixture.space.id).await.expect("the path");
    setup.steps.into_iter().filter(|(_, state)| *state == StepState::Open).map(|(step, _)| step).collect()
}

#[tokio::test]
async fn a_step_is_done_by_what_it_asks_for_or_by_leaving_it_as_it_is() {
    let fixture = Fixture::new().await;
    assert_eq!(open(&fixture).await, Step::ALL);
    let fields = SpaceFields {
        name: text("Acme"),
        accent: text("#0b5fff"),
        holidays: list(&["2026-07-14"]),
        email_domains: list(&["acme.test"]),
        ..SpaceFields::default()
    };
    change(&fixture, fields).await.expect("a change");
    assert_eq!(open(&fixture).await, [Step::Hosts, Step::Charter, Step::People, Step::Content]);
    fixture.advocate().await;
    assert!(open(&fixture).await.contains(&Step::People), "whoever sets it up is one of them");
    fixture.advocate().await;
    fixture
        .content_with(ContentFields { published_at: text("2026-03-01T08:00:00Z"), ..content("https://e.test/1") })
        .await;
    let mut work = fixture.programme.work().await.expect("work");
    work.settle_step(fixture.space.id, Step::Hosts).await.expect("settled");
    work.settle_step(fixture.space.id, Step::Hosts).await.expect("settled again");
    work.commit().await.expect("a commit");
    let setup = fixture.programme.setup(fixture.space.id).await.expect("the path");
    assert_eq!(setup.next(), Some(Step::Charter));
    assert!(setup.steps.contains(&(Step::Hosts, StepState::Settled)));
    assert_eq!(setup.behind(), Step::ALL.len() - 1);
    let other = fixture.other_space().await;
    let theirs = fixture.programme.setup(other).await.expect("the path");
    assert_eq!(theirs.behind(), 0, "nothing of one space counts in another");
}

#[tokio::test]
async fn a_host_is_found_to_lead_here_elsewhere_or_nowhere() {
    let fixture = Fixture::new().await;
    let web = Arc::new(ScriptedWeb::default());
    let programme = fixture.programme.clone().with_web(Arc::clone(&web) as Arc<dyn Web>);
    let (space, host) = (fixture.space.id, "go.acme.test");
    assert_eq!(programme.hosts(space).await.expect("hosts")[0].check, None);
    let check = async |https: Result<&str, WebError>, http: Result<&str, WebError>| {
        for (scheme, answer) in [("https", https), ("http", http)] {
            web.texts.lock().insert(format!("{scheme}://{host}/.well-known/relais"), answer.map(str::to_owned));
        }
        programme.check_host(space, host).await.expect("a check")
    };
    let failed = |code| Err(WebError { code, message: String::new(), passes: false });
    assert_eq!(check(Ok("welcome"), Err(away())).await, HostState::Elsewhere);
    assert_eq!(check(failed("refused_by_site"), Err(away())).await, HostState::Elsewhere);
    assert_eq!(check(Err(away()), Err(away())).await, HostState::Silent);
    assert_eq!(check(failed("host_unknown"), Ok("")).await, HostState::Unknown);
    assert_eq!(check(failed("address_not_public"), Ok("")).await, HostState::Private);
    let (kept, at_ms) = programme.hosts(space).await.expect("hosts")[0].check.expect("a check");
    assert_eq!((kept, at_ms), (HostState::Private, NOW_MS));
    web.proves.lock().replace(space);
    web.texts.lock().remove("http://go.acme.test/.well-known/relais");
    web.texts
        .lock()
        .insert("https://go.acme.test/.well-known/relais".to_owned(), failed("tls_failed").map(str::to_owned));
    assert_eq!(programme.check_host(space, host).await.expect("a check"), HostState::Plain);
    assert!(programme.hosts(space).await.expect("hosts")[0].works());
    web.texts.lock().clear();
    assert_eq!(programme.check_host(space, host).await.expect("a check"), HostState::Secure);
    // A node of another space, or of another installation.
    let other = fixture.other_space().await;
    web.proves.lock().replace(other);
    assert_eq!(programme.check_host(space, host).await.expect("a check"), HostState::Elsewhere);
    let unknown = programme.check_host(space, "go.other.test").await.expect_err("not its host");
    assert!(matches!(unknown, Error::NotFound { what: "host", .. }));
}

#[tokio::test]
async fn a_host_that_went_away_takes_its_check_with_it() {
    let fixture = Fixture::new().await;
    let web = Arc::new(ScriptedWeb::default());
    web.proves.lock().replace(fixture.space.id);
    let programme = fixture.programme.clone().with_web(web);
    programme.check_host(fixture.space.id, "go.acme.test").await.expect("a check");
    change(&fixture, SpaceFields { hosts: list(&["new.acme.test"]), ..SpaceFields::default() })
        .await
        .expect("a change");
    let hosts = programme.hosts(fixture.space.id).await.expect("hosts");
    assert_eq!(
        hosts.iter().map(|host| (host.host.as_str(), host.check)).collect::<Vec<_>>(),
        [("new.acme.test", None)]
    );
}

#[tokio::test]
async fn security_15_a_domain_at_which_anybody_can_have_an_address_is_refused() {
    let fixture = Fixture::new().await;
    for domain in ["gmail.com", "Orange.FR"] {
        let fields = SpaceFields { email_domains: list(&["acme.test", domain]), ..SpaceFields::default() };
        let refused = change(&fixture, fields).await.expect_err("refused");
        assert!(matches!(&refused, Error::Invalid(problems) if problems[0].code == "public_mailbox"), "{refused}");
    }
}

#[tokio::test]
async fn domains_in_use_are_proposed_until_they_may_sign_up() {
    let fixture = Fixture::new().await;
    let mut work = fixture.programme.work().await.expect("work");
    for email in ["a@acme.test", "b@acme.test", "c@sub.acme.test", "d@gmail.com"] {
        work.create_advocate(fixture.space.id, &advocate(email)).await.expect("an advocate");
    }
    let other = work.create_or_update_space("other", &SpaceFields::default()).await.expect("a space").0.id;
    work.create_advocate(other, &advocate("e@other.test")).await.expect("an advocate");
    work.commit().await.expect("a commit");
    let proposed = fixture.programme.proposed_domains(fixture.space.id).await.expect("domains");
    assert_eq!(proposed, [("acme.test".to_owned(), 2), ("sub.acme.test".to_owned(), 1)]);
    change(&fixture, SpaceFields { email_domains: list(&["acme.test"]), ..SpaceFields::default() })
        .await
        .expect("a change");
    let proposed = fixture.programme.proposed_domains(fixture.space.id).await.expect("domains");
    assert_eq!(proposed, [("sub.acme.test".to_owned(), 1)]);
}
