//! What forms refuse: every reason that there are words for is said on the page of its form, in both languages.

use super::said::Said;
use super::*;
use crate::model::{CampaignId, Draft};
use crate::programme::tests::text;
use crate::programme::{SpaceFields, TeamFields};

/// An administrator, who may send every form, and what the pages said so far.
struct Forms {
    portal: Portal,
    browser: Browser,
    said: Said,
}

/// What came back, which is the form with what is wrong.
#[track_caller]
fn refused(answer: Answer) -> Answer {
    assert_eq!(answer.status, 422, "{answer:?}");
    assert!(answer.body.contains("role=\"alert\""), "{answer:?}");
    answer
}

impl Forms {
    async fn new() -> Self {
        let portal = Portal::new().await.reaching_out();
        let browser = portal.signed_in(Role::Admin).await;
        Self { portal, browser, said: Said::default() }
    }

    /// The form is sent, and refused with this reason.
    async fn refuse(&mut self, path: &str, fields: &[(&str, &str)], reason: &str) {
        let Self { browser, said, .. } = self;
        let send = async |browser: &mut Browser| refused(browser.post_proven(path, fields).await);
        said.of(browser, &[reason], send).await;
    }

    /// The same with a file.
    async fn refuse_file(&mut self, path: &str, field: &str, file: &str, reason: &str) {
        let Self { browser, said, .. } = self;
        let send =
            async |browser: &mut Browser| refused(browser.upload_proven(path, &[], (field, file.as_bytes())).await);
        said.of(browser, &[reason], send).await;
    }

    /// A form that is taken; where it leads.
    async fn take(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        self.browser.post_proven(path, fields).await.location().to_owned()
    }

    async fn change_space(&self, space: SpaceId, fields: SpaceFields) {
        let mut work = self.portal.fixture.programme.work().await.expect("work");
        work.update_space(space, &fields).await.expect("a change");
        work.commit().await.expect("a commit");
    }

    async fn team(&self, name: &str, parent: Option<&str>) -> String {
        let parent_id = parent.map_or(Field::Absent, text);
        let fields = TeamFields { name: text(name), parent_id, ..TeamFields::default() };
        let mut work = self.portal.fixture.programme.work().await.expect("work");
        let team = work.create_team(self.portal.fixture.space.id, &fields).await.expect("a team").team.id;
        work.commit().await.expect("a commit");
        team.to_string()
    }
}

#[tokio::test]
async fn every_reason_for_which_a_form_is_refused_is_said_on_its_page() {
    let mut forms = Forms::new().await;
    the_space(&mut forms).await;
    hosts_and_domains(&mut forms).await;
    people_and_teams(&mut forms).await;
    programs(&mut forms).await;
    contents(&mut forms).await;
    campaigns(&mut forms).await;
    feeds(&mut forms).await;
    applications(&mut forms).await;
    lists_of_applications(&mut forms).await;
    forms.said.assert_whole(|message| message.starts_with("problem-"));
}

async fn the_space(forms: &mut Forms) {
    let space = |name, value| match name {
        "name" => vec![(name, value), ("language", "en"), ("accent", "#0e6e62")],
        _ => vec![("name", "Acme"), (name, value)],
    };
    for (fields, reason) in [
        (space("name", ""), "problem-required"),
        (space("name", "bell \u{7}"), "problem-invalid"),
        (space("name", &"x".repeat(1_000)), "problem-too-long"),
        (space("language", "Klingon, mostly"), "problem-language-invalid"),
        (space("accent", "green"), "problem-accent-invalid"),
    ] {
        forms.refuse("/admin/space", &fields, reason).await;
    }
    forms.refuse_file("/admin/space/logo", "logo", "<svg/>", "problem-logo-not-a-picture").await;
    let large = format!("GIF89a{}", "x".repeat(70_000));
    forms.refuse_file("/admin/space/logo", "logo", &large, "problem-logo-too-large").await;
    let zone = [("time_zone", "Mars/Base"), ("working_week", "1")];
    forms.refuse("/admin/calendar", &zone, "problem-time-zone-invalid").await;
    let days = [("time_zone", "UTC"), ("working_week", "1"), ("holidays", "14 July")];
    forms.refuse("/admin/calendar", &days, "problem-holidays-invalid").await;
    let window = [("attribution_window_days", "731")];
    forms.refuse("/recruiting/rule", &window, "problem-attribution-window-days-invalid").await;
    forms.refuse("/admin/charter", &[("text_en", " "), ("text_fr", "")], "problem-text-required").await;
}

async fn hosts_and_domains(forms: &mut Forms) {
    let other = SpaceFields {
        name: text("Other"),
        hosts: Field::Value(vec!["go.other.test".to_owned()]),
        ..SpaceFields::default()
    };
    forms.portal.fixture.programme.create_or_update_space("other", &other).await.expect("a space");
    forms.refuse("/admin/hosts", &[("hosts", "https://go.acme.test/x")], "problem-hosts-invalid").await;
    forms.refuse("/admin/hosts", &[("hosts", "go.other.test")], "problem-hosts-host-taken").await;
    let (space, hosts) = (forms.portal.fixture.space.id, |hosts| SpaceFields { hosts, ..SpaceFields::default() });
    let before = forms.portal.fixture.programme.space(space).await.expect("reads").hosts;
    let twenty = (0..20).map(|n| format!("go{n}.acme.test")).collect();
    forms.change_space(space, hosts(Field::Value(twenty))).await;
    forms.refuse("/admin/hosts", &[("hosts", "one.more.test")], "problem-hosts-too-long").await;
    forms.change_space(space, hosts(Field::Value(before))).await;

    for (domain, reason) in
        [("acme/test", "problem-email-domains-invalid"), ("gmail.com", "problem-email-domains-public-mailbox")]
    {
        forms.refuse("/admin/domains", &[("email_domains", domain), ("confirmed", "yes")], reason).await;
    }
}

async fn people_and_teams(forms: &mut Forms) {
    let grace = [("email", "grace@acme.test"), ("kind", "employee"), ("external_id", "HR-1")];
    let grace = forms.take("/admin/people/new", &grace).await;
    for (name, value, reason) in [
        ("email", "no address", "problem-email-invalid"),
        ("email", "grace@acme.test", "problem-email-email-taken"),
        ("external_id", "HR-1", "problem-external-id-external-id-taken"),
    ] {
        let fields = [("kind", "employee"), (name, value)];
        forms.refuse("/admin/people/new", &fields, reason).await;
    }
    forms.refuse(&format!("{grace}/leave"), &[("left_on", "soon")], "problem-left-on-invalid").await;

    let top = forms.team("Level 1", None).await;
    let mut above = top.clone();
    for level in 2..=8 {
        above = forms.team(&format!("Level {level}"), Some(&above)).await;
    }
    let new = "/admin/teams/new";
    forms.refuse(new, &[("name", "Level 1")], "problem-name-name-taken").await;
    forms.refuse(new, &[("name", "T"), ("manager_ids", "ghost@acme.test")], "problem-manager-ids-not-found").await;
    forms.refuse(new, &[("name", "T"), ("parent_id", &above)], "problem-parent-id-team-too-deep").await;
    let cycle = [("name", "Level 1"), ("parent_id", above.as_str())];
    forms.refuse(&format!("/admin/teams/{top}"), &cycle, "problem-parent-id-team-cycle").await;
}

async fn programs(forms: &mut Forms) {
    let token = |role, email| [("name", "T"), ("role", role), ("expires_at", "90"), ("advocate_id", email)];
    let left = forms.portal.invite("left@acme.test").await;
    let gone = AdvocateFields { left_on: text("2026-01-01"), ..AdvocateFields::default() };
    forms.portal.change(left, gone).await;
    for (fields, reason) in [
        (token("advocate", ""), "problem-advocate-id-required"),
        (token("marketing", "grace@acme.test"), "problem-advocate-id-invalid"),
        (token("advocate", "ghost@acme.test"), "problem-advocate-id-not-found"),
        (token("advocate", "left@acme.test"), "problem-advocate-id-advocate-left"),
    ] {
        forms.refuse("/admin/tokens/new", &fields, reason).await;
    }
    for (url, reason) in [
        ("nonsense", "problem-url-invalid"),
        ("https://10.0.0.1/hook", "problem-url-address-not-public"),
        ("https://hook.invalid/", "problem-url-host-unknown"),
        ("https://acme.test:8443/hook", "problem-url-port-not-allowed"),
    ] {
        forms.refuse("/admin/webhooks/new", &[("url", url), ("events", "share.created")], reason).await;
    }
    forms.refuse("/admin/webhooks/new", &[("url", "https://acme.test/hook")], "problem-events-required").await;
}

async fn contents(forms: &mut Forms) {
    let space = forms.portal.fixture.space.id;
    let only = |domains| SpaceFields { destination_domains: Field::Value(domains), ..SpaceFields::default() };
    forms.change_space(space, only(vec!["acme.test".to_owned()])).await;
    let campaign = CampaignId::from_bits(7).to_string();
    for (name, value, reason) in [
        ("url", "nonsense", "problem-url-invalid-url"),
        ("url", "https://go.acme.test/x", "problem-url-own-host"),
        ("url", "https://example.com/x", "problem-url-domain-not-allowed"),
        ("image_url", "nonsense", "problem-image-url-invalid-url"),
        ("fallback_url", "ftp://x", "problem-fallback-url-invalid-url"),
        ("fallback_url", "https://go.acme.test/x", "problem-fallback-url-own-host"),
        ("fallback_url", "https://example.com/x", "problem-fallback-url-domain-not-allowed"),
        ("published_at", "tomorrow", "problem-published-at-invalid"),
        ("expires_at", "some day", "problem-expires-at-invalid"),
        ("campaign_id", &campaign, "problem-not-found"),
    ] {
        let mut fields = vec![("kind", "article"), ("title", "An oven"), (name, value)];
        if name != "url" {
            fields.push(("url", "https://www.acme.test/oven"));
        }
        forms.refuse("/marketing/contents/new", &fields, reason).await;
    }
    forms.change_space(space, only(Vec::new())).await;
}

async fn campaigns(forms: &mut Forms) {
    let path = "/marketing/campaigns/new";
    forms.take(path, &[("name", "Spring")]).await;
    for (name, value, reason) in [
        ("slug", "Not a slug", "problem-slug-invalid"),
        ("slug", "spring", "problem-slug-slug-taken"),
        ("starts_on", "soon", "problem-starts-on-invalid"),
        ("ends_on", "later", "problem-ends-on-invalid"),
    ] {
        forms.refuse(path, &[("name", "A"), (name, value)], reason).await;
    }
    let aim = [("name", "A"), ("kpi", "clicks"), ("target", "many")];
    forms.refuse(path, &aim, "problem-target-invalid").await;
}

async fn feeds(forms: &mut Forms) {
    let feed = |url, kind, minutes, closes| {
        let fields = [
            ("url", url),
            ("publish", "review"),
            ("kind", "auto"),
            ("content_kind", kind),
            ("interval_minutes", minutes),
        ];
        fields.into_iter().chain([("close_missing", closes)]).collect::<Vec<_>>()
    };
    let url = "https://news.acme.test/feed";
    forms.take("/marketing/feeds/new", &feed(url, "article", "60", "")).await;
    for (fields, reason) in [
        (feed(url, "article", "60", ""), "problem-url-feed-exists"),
        (feed("https://b.acme.test/", "article", "1", ""), "problem-interval-minutes-invalid"),
        (feed("https://b.acme.test/", "article", "60", "yes"), "problem-close-missing-invalid"),
    ] {
        forms.refuse("/marketing/feeds/new", &fields, reason).await;
    }
    let known = [("kind", "article"), ("title", "Known"), ("url", "https://www.acme.test/known")];
    forms.take("/marketing/contents/new", &known).await;
    let draft = Draft {
        key: "a".to_owned(),
        title: "A".to_owned(),
        url: "https://www.acme.test/a".to_owned(),
        ..Draft::default()
    };
    forms.portal.web().says(vec![draft]);
    let programme = forms.portal.fixture.programme.clone().with_web(Arc::clone(&forms.portal.web) as Arc<dyn Web>);
    assert!(programme.visit_due_feed().await.expect("a visit"));
    let review = forms.browser.get("/marketing/feeds").await;
    let (_, rest) = review.body.split_once("/marketing/feeds/proposals/").expect("a proposal");
    let proposal = format!("/marketing/feeds/proposals/{}", rest.split('"').next().expect("its id"));
    forms.refuse(&proposal, &known, "problem-url-content-exists").await;
}

async fn applications(forms: &mut Forms) {
    let (job, other) = (forms.portal.job("Welder").await, forms.portal.job("Turner").await.to_string());
    let ada = forms.portal.invite("ada@acme.test").await;
    let code = forms.portal.link(job, ada).await.code.to_string();
    for (name, value, reason) in [
        ("external_id", "Ada Lovelace", "problem-external-id-personal-data"),
        ("trace", "not a code", "problem-trace-invalid"),
        ("trace", "abcdefghj", "problem-trace-not-found"),
        ("content_id", other.as_str(), "problem-content-id-other-job"),
        ("stage", "promoted", "problem-stage-invalid"),
        ("occurred_at", "yesterday", "problem-occurred-at-invalid"),
    ] {
        let standing = [
            ("external_id", "A-1"),
            ("trace", code.as_str()),
            ("stage", "applied"),
            ("occurred_at", "2026-03-02T09:00"),
        ];
        let mut fields: Vec<_> = standing.into_iter().filter(|(field, _)| *field != name).collect();
        fields.push((name, value));
        forms.refuse("/recruiting/referrals/new", &fields, reason).await;
    }
}

async fn lists_of_applications(forms: &mut Forms) {
    let path = "/recruiting/referrals/list";
    let header = "external_id,stage,occurred_at";
    let large = format!("{header}\n{}", "A-1,hired,2026-03-01\n".repeat(2_001));
    for (list, reason) in [
        ("", "problem-file-required"),
        (large.as_str(), "problem-file-too-large"),
        ("PK\u{3}\u{4}\0\0a workbook", "problem-file-invalid"),
        ("external_id,stage\nA-1,hired\n", "problem-file-no-column"),
        ("external_id,stage,occurred_at,department\nA-1,hired,2026-03-01,R\n", "problem-file-unknown-column"),
        ("external_id,stage,occurred_at,candidate_name\nA-1,hired,2026-03-01,G\n", "problem-file-personal-data"),
    ] {
        forms.refuse_file(path, "file", list, reason).await;
    }
    // One bad line does not refuse the list: it stands below what the others would change.
    let list = format!("{header}\nA-1,hired,2026-03-01,what is this\n");
    let send = async |browser: &mut Browser| {
        let seen = browser.upload_proven(path, &[], ("file", list.as_bytes())).await;
        seen.assert_page();
        seen
    };
    forms.said.of(&mut forms.browser, &["problem-cells"], send).await;
}
