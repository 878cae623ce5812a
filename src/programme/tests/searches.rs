//! Looking for people, and the tree of teams.

use super::*;
use crate::model::Role;
use crate::programme::people::PEOPLE_PER_PAGE;

async fn found(fixture: &Fixture, filter: PeopleFilter) -> Vec<String> {
    let page = fixture.programme.search_people(fixture.space.id, &filter, 1).await.expect("a page");
    assert_eq!(page.total, page.people.len() as u64);
    page.people.into_iter().map(|found| found.record.name.unwrap_or_default()).collect()
}

async fn with_people() -> (Fixture, AdvocateId) {
    let fixture = Fixture::new().await;
    let mut work = fixture.programme.work().await.expect("work");
    let named = |name: &str, email: &str| AdvocateFields { name: text(name), ..advocate(email) };
    let zoe = AdvocateFields { team: text("Sales"), ..named("Zoe 100%", "zoe@acme.test") };
    let zoe = work.create_advocate(fixture.space.id, &zoe).await.expect("an advocate").advocate.id;
    let gone = AdvocateFields { left_on: text("2026-02-01"), kind: text("partner"), ..named("bob", "bob@acme.test") };
    work.create_advocate(fixture.space.id, &gone).await.expect("an advocate");
    let joined = AdvocateFields { registered_at: text("2026-02-01T10:00:00Z"), ..named("Ada", "a_l@acme.test") };
    work.create_advocate(fixture.space.id, &joined).await.expect("an advocate");
    work.put_member(fixture.space.id, zoe, &MemberFields { role: text("admin") }).await.expect("a role");
    let other = work.create_or_update_space("other", &SpaceFields::default()).await.expect("a space").0.id;
    work.create_advocate(other, &named("Ada of others", "ada@other.test")).await.expect("an advocate");
    work.commit().await.expect("a commit");
    (fixture, zoe)
}

#[tokio::test]
async fn people_are_found_by_what_is_known_of_them_and_sorted_by_name() {
    let (fixture, zoe) = with_people().await;
    let all = PeopleFilter::default;
    assert_eq!(found(&fixture, all()).await, ["Ada", "bob", "Zoe 100%"]);
    let text = |text: &str| PeopleFilter { text: Some(text.to_owned()), ..PeopleFilter::default() };
    assert_eq!(found(&fixture, text("ACME")).await.len(), 3);
    assert_eq!(found(&fixture, text("zO")).await, ["Zoe 100%"]);
    let mut work = fixture.programme.work().await.expect("work");
    let emile = AdvocateFields { name: Field::Value("Émile Çelik".to_owned()), ..advocate("emile@b.test") };
    let emile = work.create_advocate(fixture.space.id, &emile).await.expect("an advocate").advocate.id;
    work.commit().await.expect("a commit");
    assert_eq!(found(&fixture, all()).await, ["Ada", "bob", "Émile Çelik", "Zoe 100%"]);
    for typed in ["émile", "EMILE", "Émile ç", "celik"] {
        assert_eq!(found(&fixture, text(typed)).await, ["Émile Çelik"], "{typed}");
    }
    let mut work = fixture.programme.work().await.expect("work");
    work.erase_advocate(fixture.space.id, emile).await.expect("erased");
    work.commit().await.expect("a commit");
    // What somebody types is no pattern.
    assert_eq!(found(&fixture, text("100%")).await, ["Zoe 100%"]);
    assert_eq!(found(&fixture, text("%")).await, ["Zoe 100%"]);
    assert_eq!(found(&fixture, text("a_l")).await, ["Ada"]);
    assert!(found(&fixture, text("\\")).await.is_empty() && found(&fixture, text("'; --")).await.is_empty());
    assert_eq!(found(&fixture, PeopleFilter { role: Some(Role::Admin), ..all() }).await, ["Zoe 100%"]);
    assert_eq!(found(&fixture, PeopleFilter { role: Some(Role::Advocate), ..all() }).await, ["Ada", "bob"]);
    assert_eq!(found(&fixture, PeopleFilter { kind: "partner".parse().ok(), ..all() }).await, ["bob"]);
    assert_eq!(found(&fixture, PeopleFilter { joined: Some(true), ..all() }).await, ["Ada"]);
    let today = "2026-03-02".to_owned();
    let gone = PeopleFilter { left: Some(Left { yes: true, today }), ..all() };
    assert_eq!(found(&fixture, gone).await, ["bob"]);
    let team = fixture.programme.advocate(fixture.space.id, zoe).await.expect("reads").advocate.team;
    assert_eq!(found(&fixture, PeopleFilter { team: Some(team), ..all() }).await, ["Zoe 100%"]);
}

#[tokio::test]
async fn a_long_list_has_pages_and_the_last_one_comes_after_it() {
    let fixture = Fixture::new().await;
    let mut work = fixture.programme.work().await.expect("work");
    for number in 0..=PEOPLE_PER_PAGE {
        let fields = AdvocateFields { name: text(&format!("p{number:03}")), ..advocate(&format!("{number}@a.test")) };
        work.create_advocate(fixture.space.id, &fields).await.expect("an advocate");
    }
    work.commit().await.expect("a commit");
    let page = |page| {
        let programme = fixture.programme.clone();
        let space = fixture.space.id;
        async move { programme.search_people(space, &PeopleFilter::default(), page).await.expect("a page") }
    };
    let first = page(1).await;
    assert_eq!((first.people.len(), first.total, first.pages), (PEOPLE_PER_PAGE as usize, 51, 2));
    let beyond = page(9).await;
    assert_eq!((beyond.page, beyond.people.len()), (2, 1));
    assert_eq!(beyond.people[0].record.name.as_deref(), Some("p050"));
}

#[tokio::test]
async fn names_are_told_of_the_space_s_own_people_alone() {
    let (fixture, zoe) = with_people().await;
    let other = fixture.programme.space_of_slug("other").await.expect("a space").id;
    let names = fixture.programme.names_of(other, &[zoe]).await.expect("names");
    assert!(names.is_empty());
    let names = fixture.programme.names_of(fixture.space.id, &[zoe]).await.expect("names");
    assert_eq!(names.get(&zoe).map(String::as_str), Some("Zoe 100%"));
}

#[tokio::test]
async fn teams_form_a_tree_with_the_people_of_each_branch() {
    let fixture = Fixture::new().await;
    let space = fixture.space.id;
    let mut work = fixture.programme.work().await.expect("work");
    let mut team = async |name: &str, parent: Option<crate::model::TeamId>| {
        let fields = TeamFields {
            name: text(name),
            parent_id: Field::given(parent.map(|parent| parent.to_string())),
            ..TeamFields::default()
        };
        work.create_team(space, &fields).await.expect("a team").team.id
    };
    let europe = team("Europe", None).await;
    let france = team("France", Some(europe)).await;
    let lyon = team("Lyon", Some(france)).await;
    team("asia", None).await;
    let mut ids = Vec::new();
    for (number, team) in [europe, lyon, lyon].into_iter().enumerate() {
        let fields = AdvocateFields { team: text(&team.to_string()), ..advocate(&format!("{number}@a.test")) };
        ids.push(work.create_advocate(space, &fields).await.expect("an advocate").advocate.id);
    }
    let gone = AdvocateFields { team: text(&lyon.to_string()), left_on: text("2026-01-01"), ..advocate("gone@a.test") };
    work.create_advocate(space, &gone).await.expect("an advocate");
    let managers = TeamFields { manager_ids: Field::Value(vec![ids[0].to_string()]), ..TeamFields::default() };
    work.update_team(space, france, &managers).await.expect("a manager");
    work.commit().await.expect("a commit");
    let tree = fixture.programme.team_tree(space).await.expect("the tree");
    let shown: Vec<_> = tree
        .iter()
        .map(|branch| (branch.record.team.name.as_str(), branch.depth, branch.people, branch.people_below))
        .collect();
    assert_eq!(shown, [("asia", 0, 0, 0), ("Europe", 0, 1, 3), ("France", 1, 0, 2), ("Lyon", 2, 2, 2)]);
    let managed = fixture.programme.managed_teams(space, ids[0]).await.expect("teams");
    assert_eq!(managed.iter().map(|branch| branch.record.team.name.as_str()).collect::<Vec<_>>(), ["France", "Lyon"]);
    assert!(fixture.programme.managed_teams(space, ids[1]).await.expect("teams").is_empty());
    assert!(fixture.programme.manages(space, ids[0]).await.expect("reads"));
    assert!(!fixture.programme.manages(space, ids[1]).await.expect("reads"));
    let other = fixture.other_space().await;
    assert!(!fixture.programme.manages(other, ids[0]).await.expect("reads"));
}
