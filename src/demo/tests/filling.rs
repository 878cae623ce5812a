//! The stories in real stores: whole, through the rules, and once.

use std::collections::{BTreeMap, HashSet};

use super::*;
use crate::exchange::{Place, Progress};
use crate::model::{AdvocateId, Class, ItemState, PictureKey, Quarter, Role, Stage, TeamId};
use crate::programme::tests::{Clock, Fixture};
use crate::programme::{AdvocateFilter, AdvocateRecord, ContentFilter, LinkFilter, Page, referrals};
use crate::warehouse::testing;

/// A part of the people and contents that fills in a second or two.
const SCALE: f64 = 0.12;

pub(super) struct Room {
    pub(super) fixture: Fixture,
    pub(super) place: Place,
    scratch: tempfile::TempDir,
}

impl Room {
    pub(super) async fn new() -> Self {
        let fixture = Fixture::with_clock(Clock::from_fn(until_ms)).await;
        let place = Place {
            store: fixture.store.clone(),
            warehouse: testing::database().await,
            base_url: "https://relais.test".to_owned(),
            space: fixture.space.id,
        };
        Self { fixture, place, scratch: tempfile::tempdir().expect("a folder") }
    }

    fn installation(&self) -> Installation<'_> {
        let programme = &self.fixture.programme;
        Installation { place: &self.place, programme, scratch: self.scratch.path(), codes: 7 }
    }

    pub(super) async fn fill(&self, story: &Story, plan: &Plan) -> Filled {
        fill(&self.installation(), story, &common(), plan, &Progress::default()).await.expect("filled")
    }

    /// What stands in both stores, counted.
    async fn counts(&self, filled: &Filled) -> BTreeMap<&'static str, usize> {
        let (programme, space) = (&self.fixture.programme, filled.space);
        let limit = u32::MAX >> 1;
        let people = programme.advocates(space, &AdvocateFilter::default(), Page { after: None, limit }).await;
        let links = programme.links(space, &LinkFilter::default(), Page { after: None, limit }).await;
        let contents = programme.contents(space, &ContentFilter::default(), Page { after: None, limit }).await;
        let filter = referrals::ApplicationFilter::default();
        let applications = programme.applications(space, &filter, Page { after: None, limit }).await;
        BTreeMap::from([
            ("people", people.expect("people").len()),
            ("links", links.expect("links").len()),
            ("contents", contents.expect("contents").len()),
            ("applications", applications.expect("applications").len()),
            ("clicks", self.clicks(filled).await.values().sum()),
        ])
    }

    async fn clicks(&self, filled: &Filled) -> BTreeMap<String, usize> {
        let mut clicks = self.place.warehouse.clicks_of(filled.space, 0, i64::MAX >> 1).expect("a query");
        let mut by_class = BTreeMap::new();
        while let Some(click) = clicks.next().await.expect("a click") {
            *by_class.entry(click.class.to_owned()).or_default() += 1;
        }
        by_class
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_comes_in_whole_and_a_second_time_changes_nothing() {
    let room = Room::new().await;
    let story = stories().remove(0);
    let plan = Plan::draw(&story, &common(), until_ms(), SCALE);
    let filled = room.fill(&story, &plan).await;
    let counts = room.counts(&filled).await;
    assert_eq!(counts["people"], plan.people.len());
    assert_eq!(counts["contents"], plan.contents.len());
    assert_eq!(counts["links"], filled.links);
    assert_eq!(counts["applications"], plan.applications.len());
    assert_eq!(counts["clicks"], plan.clicks.len());
    assert!(Class::ALL.len() == room.clicks(&filled).await.len(), "every class is there");
    assert_eq!(std::fs::read_dir(room.scratch.path()).expect("a folder").count(), 0, "the bundle is removed");

    let (programme, space) = (&room.fixture.programme, filled.space);
    let charter = programme.charter(space).await.expect("reads").expect("a charter");
    let page = Page { after: None, limit: u32::MAX >> 1 };
    let people = programme.advocates(space, &AdvocateFilter::default(), page).await.expect("people");
    let is_active = |one: &&AdvocateRecord| one.advocate.registered_at_ms.is_some() && one.advocate.left_on.is_none();
    assert!(people.iter().filter(is_active).count() > 10);
    assert!(people.iter().filter(is_active).all(|one| !charter.awaits(one)), "somebody has not accepted the charter");
    let looks: HashSet<_> = stories().iter().map(|story| pictures::accent(story.hue)).collect();
    assert_eq!(looks.len(), stories().len(), "each brand has a colour of its own");
    let look = programme.space(space).await.expect("the space").look.accent.map(|accent| accent.to_string());
    assert_eq!(look, Some(pictures::accent(story.hue)));

    let now = Quarter::of(&programme.today(space).await.expect("a day")).expect("a quarter");
    for quarter in [now.moved(-1), now] {
        let objectives = programme.objectives(space, quarter).await.expect("objectives");
        assert_eq!(objectives.len(), story.objectives.len(), "{quarter}");
        let of_teams = objectives.iter().filter(|objective| objective.team != TeamId::NONE).count();
        assert_eq!(of_teams, story.objectives.iter().filter(|objective| objective.team.is_some()).count());
    }

    let again = room.fill(&story, &plan).await;
    assert_eq!(again, filled);
    assert_eq!(room.counts(&again).await, counts);

    let feeds = programme.feeds(space, None, Page { after: None, limit: 10 }).await.expect("feeds");
    assert_eq!(feeds.len(), story.feeds.len());
    for shown in &feeds {
        let told = story.feeds.iter().find(|told| shown.feed.visits.title.as_ref() == Some(&told.title));
        let told = told.expect("a feed of the story");
        assert!(shown.feed.paused, "nobody asks a site that is made up");
        assert_eq!(shown.counts.get(&ItemState::Proposed), Some(&(told.entries.len() as u64)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_broken_off_after_the_import_is_completed() {
    let room = Room::new().await;
    let story = stories().remove(2);
    let plan = Plan::draw(&story, &common(), until_ms(), SCALE / 2.0);
    let (into, progress) = (room.installation(), Progress::default());
    crate::demo::fill::history(&into, &story, &common(), &plan, &progress).await.expect("half of it");
    let filled = room.fill(&story, &plan).await;
    let counts = room.counts(&filled).await;
    assert_eq!((counts["clicks"], counts["applications"]), (plan.clicks.len(), plan.applications.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_have_their_texts_and_pictures_and_people_their_parts() {
    let room = Room::new().await;
    let story = stories().remove(1);
    let plan = Plan::draw(&story, &common(), until_ms(), SCALE);
    let filled = room.fill(&story, &plan).await;
    let programme = &room.fixture.programme;
    let page = Page { after: None, limit: 10_000 };
    for content in programme.contents(filled.space, &ContentFilter::default(), page).await.expect("contents") {
        let url = content.image_url.expect("a picture's address");
        let picture = programme.picture(PictureKey::new(filled.space, &url)).await.expect("an answer");
        assert!(picture.is_some(), "{url} is not painted");
        assert!(content.summary.is_some() && content.captions.as_array().is_some_and(|texts| !texts.is_empty()));
    }
    let members = programme.members(filled.space, Page { after: None, limit: 100 }).await.expect("members");
    let roles: HashSet<Role> = members.iter().map(|member| member.role).collect();
    assert_eq!(roles, [Role::Marketing, Role::Recruiter].into());
    for player in &story.players {
        let filter = AdvocateFilter { email: Some(story.address(&player.name)), ..AdvocateFilter::default() };
        let found = programme.advocates(filled.space, &filter, Page { after: None::<AdvocateId>, limit: 2 });
        assert_eq!(found.await.expect("people").len(), 1, "{} is not there", player.name);
    }
    let teams = programme.teams(filled.space, None, Page { after: None, limit: 100 }).await.expect("teams");
    assert!(teams.iter().any(|team| !team.team.parent.is_none()), "the teams are no tree");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_credits_applications_to_those_whose_links_were_clicked() {
    let room = Room::new().await;
    let story = stories().remove(0);
    let plan = Plan::draw(&story, &common(), until_ms(), 0.3);
    let filled = room.fill(&story, &plan).await;
    let programme = &room.fixture.programme;
    let filter = referrals::ApplicationFilter::default();
    let page = Page { after: None, limit: 10_000 };
    let applications = programme.applications(filled.space, &filter, page).await.expect("applications");
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for application in &applications {
        *reasons.entry(application.reason.clone()).or_default() += 1;
        let told = plan.applications.iter().find(|one| one.key == application.external_id).expect("it was told");
        let last = told.stages.last().map(|(stage, _)| *stage);
        assert_eq!(Some(application.stage), last, "{}", application.external_id);
        if application.reached.contains_key(&Stage::Applied) {
            let share = &plan.shares[told.share];
            let credited = programme.advocate(filled.space, application.advocate).await.expect("somebody");
            assert_eq!(credited.advocate.external_id.as_ref(), Some(&plan.people[share.person].key));
        }
    }
    for reason in ["last_click", "not_applied"] {
        assert!(reasons.contains_key(reason), "{reasons:?}");
    }
    assert!(!reasons.contains_key("pending") && !reasons.contains_key("no_click"), "{reasons:?}");
}
