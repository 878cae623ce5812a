//! Teams.

use super::*;
use crate::model::{Entity, TeamId};
use crate::programme::teams::MAX_DEPTH;

async fn create(fixture: &Fixture, fields: TeamFields) -> Result<TeamRecord, Error> {
    let mut work = fixture.programme.work().await?;
    let record = work.create_team(fixture.space.id, &fields).await?;
    work.commit().await?;
    Ok(record)
}

async fn change(fixture: &Fixture, id: TeamId, fields: TeamFields) -> Result<TeamRecord, Error> {
    let mut work = fixture.programme.work().await?;
    let record = work.update_team(fixture.space.id, id, &fields).await?;
    work.commit().await?;
    Ok(record)
}

fn named(name: &str) -> TeamFields {
    TeamFields { name: text(name), ..TeamFields::default() }
}

fn below(parent: TeamId) -> TeamFields {
    TeamFields { parent_id: text(&parent.to_string()), ..TeamFields::default() }
}

#[tokio::test]
async fn a_team_reads_back_with_its_managers_and_the_feed_is_told_once() {
    let fixture = Fixture::new().await;
    let (ada, eve) = (fixture.advocate().await, fixture.advocate().await);
    let top = create(&fixture, named("Europe")).await.expect("a team");
    let managers = Field::Value(vec![eve.to_string(), ada.to_string(), eve.to_string()]);
    let fields = TeamFields { manager_ids: managers, name: text(" France "), ..below(top.team.id) };
    let before = fixture.store.latest_seq().await.expect("reads");
    let record = create(&fixture, fields).await.expect("a team");
    let mut expected = vec![ada, eve];
    expected.sort_unstable();
    assert_eq!((record.team.name.as_str(), record.team.parent, &record.managers), ("France", top.team.id, &expected));
    let id = record.team.id;
    assert_eq!(fixture.programme.team(fixture.space.id, id).await.expect("reads"), record);
    let told = fixture.store.changes_since(before, 10).await.expect("changes");
    assert_eq!(told.into_iter().map(|change| change.entity).collect::<Vec<_>>(), [Entity::Team(record.team.clone())]);

    let nobody = TeamFields { manager_ids: Field::Null, ..TeamFields::default() };
    let changed = change(&fixture, id, nobody).await.expect("a team");
    assert_eq!((changed.team, changed.managers.len()), (record.team, 0));
    assert_eq!(fixture.store.latest_seq().await.expect("reads"), before + 1, "managers do not travel");
    let page = Page { after: None, limit: 10 };
    let listed = fixture.programme.teams(fixture.space.id, Some(top.team.id), page).await.expect("reads");
    assert_eq!(listed.into_iter().map(|record| record.team.id).collect::<Vec<_>>(), [id]);
}

#[tokio::test]
async fn teams_stand_in_a_tree_that_is_not_too_deep() {
    let fixture = Fixture::new().await;
    let mut chain = vec![create(&fixture, named("1")).await.expect("a team").team.id];
    for level in 2..=MAX_DEPTH {
        let fields = TeamFields { name: text(&level.to_string()), ..below(chain[chain.len() - 1]) };
        chain.push(create(&fixture, fields).await.expect("a team").team.id);
    }
    let deeper = TeamFields { name: text("deeper"), ..below(chain[MAX_DEPTH - 1]) };
    assert_eq!(problems(&create(&fixture, deeper).await.expect_err("refused")), [("parent_id", "team_too_deep")]);
    for (id, parent) in [(chain[0], chain[0]), (chain[0], chain[MAX_DEPTH - 1]), (chain[2], chain[3])] {
        let error = change(&fixture, id, below(parent)).await.expect_err("refused");
        assert_eq!(problems(&error), [("parent_id", "team_cycle")]);
    }
    // A tree is as deep as its deepest leaf.
    let top = create(&fixture, named("top")).await.expect("a team").team.id;
    let error = change(&fixture, chain[0], below(top)).await.expect_err("refused");
    assert_eq!(problems(&error), [("parent_id", "team_too_deep")]);
    change(&fixture, chain[1], below(top)).await.expect("a branch that fits");
    let freed = TeamFields { parent_id: Field::Null, ..TeamFields::default() };
    assert_eq!(change(&fixture, chain[1], freed).await.expect("a team").team.parent, TeamId::NONE);
}

#[tokio::test]
async fn what_a_team_names_is_of_its_space() {
    let fixture = Fixture::new().await;
    let team = create(&fixture, named("Sales")).await.expect("a team").team.id;
    let elsewhere = fixture.other_space().await;
    let mut work = fixture.programme.work().await.expect("work");
    let fields = TeamFields { name: text("Theirs"), ..below(team) };
    assert_eq!(problems(&work.create_team(elsewhere, &fields).await.expect_err("refused")), [("parent_id", "team")]);
    let manager = vec![fixture.space.id.to_string().replace("spc", "adv")];
    let fields = TeamFields { manager_ids: Field::Value(manager), ..named("Theirs") };
    let error = work.create_team(elsewhere, &fields).await.expect_err("refused");
    assert_eq!(problems(&error), [("manager_ids", "advocate")]);
    assert_eq!(problems(&work.update_team(elsewhere, team, &named("x")).await.expect_err("refused")), [("", "team")]);
    drop(work);

    let fields = TeamFields { manager_ids: Field::Value(vec!["somebody".to_owned()]), ..TeamFields::default() };
    let error = create(&fixture, TeamFields { parent_id: text("x"), ..fields }).await.expect_err("refused");
    assert_eq!(problems(&error), [("name", "required"), ("parent_id", "invalid"), ("manager_ids[0]", "invalid")]);
    assert_eq!(problems(&create(&fixture, named("Sales")).await.expect_err("refused")), [("name", "name_taken")]);
    let like_an_id = named(&team.to_string());
    assert_eq!(problems(&create(&fixture, like_an_id).await.expect_err("refused")), [("name", "invalid")]);
}

#[tokio::test]
async fn a_team_that_is_made_on_the_way_is_told_before_its_advocate() {
    let fixture = Fixture::new().await;
    let before = fixture.store.latest_seq().await.expect("reads");
    let mut work = fixture.programme.work().await.expect("work");
    let fields = AdvocateFields { team: text("Ovens"), ..advocate("ada@acme.test") };
    let record = work.create_advocate(fixture.space.id, &fields).await.expect("an advocate");
    work.commit().await.expect("a commit");
    let told = fixture.store.changes_since(before, 10).await.expect("changes");
    let Entity::Team(team) = &told[0].entity else { panic!("{told:?}") };
    assert_eq!((team.id, team.name.as_str()), (record.advocate.team, "Ovens"));
    assert_eq!(told[1].entity, Entity::Advocate(record.advocate));
}
