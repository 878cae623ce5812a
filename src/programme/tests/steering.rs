//! What those who publish and steer look for and set: contents, audiences, objectives.

use super::*;
use crate::model::{ContentState, Quarter, TeamId};

const PAST: &str = "2026-02-01T00:00:00Z";

#[tokio::test]
async fn contents_are_found_latest_first_in_the_space_alone() {
    let fixture = Fixture::new().await;
    let put = |title: &str, path: &str, change: &dyn Fn(&mut ContentFields)| {
        let mut fields = ContentFields { title: text(title), ..content(&format!("https://example.com/{path}")) };
        change(&mut fields);
        fixture.content_with(fields)
    };
    put("Une ÉTÉ à Nîmes", "a", &|fields| fields.published_at = text(PAST)).await;
    put("Later", "b", &|fields| fields.published_at = text("2026-02-03T00:00:00Z")).await;
    put("To come", "c_c", &|fields| fields.published_at = text("2026-04-01T00:00:00Z")).await;
    put("Over", "d", &|fields| (fields.published_at, fields.expires_at) = (text(PAST), text("2026-02-02T00:00:00Z")))
        .await;
    put("Closed", "e", &|fields| (fields.published_at, fields.closed_at) = (text(PAST), text(PAST))).await;
    put("Closed draft", "f", &|fields| fields.closed_at = text(PAST)).await;
    put("Draft", "g", &|fields| fields.expires_at = text(PAST)).await;
    let other = fixture.other_space().await;
    let mut work = fixture.programme.work().await.expect("work");
    work.create_content(other, &content("https://example.com/theirs")).await.expect("a content");
    work.commit().await.expect("a commit");

    let found = async |filter: LibraryFilter| -> Vec<String> {
        let page = fixture.programme.search_contents(fixture.space.id, &filter, 1).await.expect("a page");
        assert_eq!(page.total, page.contents.len() as u64);
        for content in &page.contents {
            let (state, _) = filter.state.unwrap_or((content.state(NOW_MS), NOW_MS));
            assert_eq!(content.state(NOW_MS), state, "the store and the model agree: {content:?}");
        }
        page.contents.into_iter().map(|content| content.title).collect()
    };
    let in_state = |state| LibraryFilter { state: Some((state, NOW_MS)), ..LibraryFilter::default() };
    let of_text = |part: &str| LibraryFilter { text: Some(part.to_owned()), ..LibraryFilter::default() };
    assert_eq!(found(LibraryFilter::default()).await.len(), 7);
    assert_eq!(found(LibraryFilter::default()).await[0], "To come");
    assert_eq!(found(in_state(ContentState::Draft)).await, ["Draft"]);
    assert_eq!(found(in_state(ContentState::Scheduled)).await, ["To come"]);
    assert_eq!(found(in_state(ContentState::Published)).await, ["Later", "Une ÉTÉ à Nîmes"]);
    assert_eq!(found(in_state(ContentState::Expired)).await, ["Over"]);
    let mut archived = found(in_state(ContentState::Archived)).await;
    archived.sort();
    assert_eq!(archived, ["Closed", "Closed draft"]);
    assert_eq!(found(of_text("ete A nimes")).await, ["Une ÉTÉ à Nîmes"]);
    assert_eq!(found(of_text("c_c")).await, ["To come"], "an underscore is a letter");
    assert_eq!(found(of_text("%")).await, [""; 0]);
}

#[tokio::test]
async fn an_audience_reaches_those_whom_the_shelf_shows_it_to() {
    let fixture = Fixture::new().await;
    let mut work = fixture.programme.work().await.expect("work");
    let north = TeamFields { name: text("North"), ..TeamFields::default() };
    let north = work.create_team(fixture.space.id, &north).await.expect("a team").team.id;
    let lille = TeamFields { name: text("Lille"), parent_id: text(&north.to_string()), ..TeamFields::default() };
    work.create_team(fixture.space.id, &lille).await.expect("a team");
    for (number, team, place, left) in [
        (1, "Lille", "Roubaix", None),
        (2, "North", "Lens", None),
        (3, "South", "Nîmes", None),
        (4, "Lille", "Roubaix", Some("2026-03-01")),
    ] {
        let fields = AdvocateFields {
            team: text(team),
            location: text(place),
            skills: Field::Value(vec!["Baking".to_owned()]),
            left_on: Field::given(left.map(str::to_owned)),
            ..advocate(&format!("{number}@acme.test"))
        };
        work.create_advocate(fixture.space.id, &fields).await.expect("an advocate");
    }
    work.commit().await.expect("a commit");
    let people = fixture.programme.people(fixture.space.id).await.expect("people");
    assert_eq!(people.count(), 3, "who left is nobody's audience");
    let places: Vec<_> = people.locations.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(places, [("Lens", 1), ("Nîmes", 1), ("Roubaix", 1)]);
    let of = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (audience, reached) in [
        (Audience::default(), 3),
        (Audience { teams: vec![north.to_string()], ..Audience::default() }, 2),
        (Audience { teams: of(&["lille", "SOUTH"]), ..Audience::default() }, 2),
        (Audience { teams: of(&["North"]), locations: of(&["lens"]), ..Audience::default() }, 1),
        (Audience { skills: of(&["baking"]), ..Audience::default() }, 3),
        (Audience { kinds: of(&["customer"]), ..Audience::default() }, 0),
    ] {
        assert_eq!(people.reached_by(&audience), reached, "{audience:?}");
    }
    let other = fixture.other_space().await;
    assert_eq!(fixture.programme.people(other).await.expect("people").count(), 0);
}

#[tokio::test]
async fn objectives_are_set_changed_and_taken_back_by_quarter_and_team() {
    let fixture = Fixture::new().await;
    let (space, quarter): (_, Quarter) = (fixture.space.id, "2026-Q1".parse().expect("a quarter"));
    let mut work = fixture.programme.work().await.expect("work");
    let team = TeamFields { name: text("North"), ..TeamFields::default() };
    let team = work.create_team(space, &team).await.expect("a team").team.id;
    let target = |kpi: &str, target: f64| {
        (kpi.to_owned(), Field::Value(serde_json::Number::from_f64(target).expect("a number")))
    };
    let both = vec![target("clicks", 1200.0), target("adoption_rate", 0.3)];
    work.set_objectives(space, quarter, TeamId::NONE, &both).await.expect("set");
    work.set_objectives(space, quarter, team, &[target("clicks", 40.0)]).await.expect("set");
    let changed = vec![target("clicks", 1300.0), ("adoption_rate".to_owned(), Field::Null)];
    work.set_objectives(space, quarter, TeamId::NONE, &changed).await.expect("changed");
    work.commit().await.expect("a commit");
    let stand = async |space, quarter| -> Vec<(TeamId, String, Option<f64>)> {
        let objectives = fixture.programme.objectives(space, quarter).await.expect("objectives");
        objectives.into_iter().map(|one| (one.team, one.kpi, one.target.as_f64())).collect()
    };
    let expected = vec![(TeamId::NONE, "clicks".to_owned(), Some(1300.0)), (team, "clicks".to_owned(), Some(40.0))];
    assert_eq!(stand(space, quarter).await, expected);
    assert_eq!(stand(space, quarter.moved(1)).await, []);
    let other = fixture.other_space().await;
    assert_eq!(stand(other, quarter).await, []);

    let mut work = fixture.programme.work().await.expect("work");
    let foreign = work.set_objectives(other, quarter, team, &[target("clicks", 1.0)]).await;
    assert_eq!(problems(&foreign.expect_err("another space's team")), [("", "team")]);
    let wrong = vec![target("likes", 1.0), target("clicks", -1.0)];
    let refused = work.set_objectives(space, quarter, TeamId::NONE, &wrong).await.expect_err("refused");
    assert_eq!(problems(&refused), [("likes", "invalid"), ("clicks", "invalid_target")]);
    drop(work);
    let log = fixture.programme.audit(space, Page { after: None, limit: 10 }).await.expect("the log");
    assert_eq!(log.iter().filter(|entry| entry.action == "objectives.changed").count(), 3);
}
