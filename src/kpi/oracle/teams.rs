//! A bundle for the minimum cell.

use super::bundle::{self, Bundle};

/// The same with a team E of one who is invited and not registered, and shared, was clicked and credited all the same.
pub(crate) fn with_invited() -> Bundle {
    let mut bundle = teams();
    let at = bundle.people.len();
    bundle.people.push(bundle::Person {
        key: format!("p-{at}"),
        team: Some("E".to_owned()),
        invited_on: Some("2026-01-05".parse().expect("a date")),
        registered_ms: None,
        ..bundle.people[0].clone()
    });
    let (share, click) = (bundle.shares[0].clone(), bundle.clicks[0].clone());
    bundle.applications.push(bundle::Application {
        person: Some(at),
        content: Some(0),
        channel: Some(click.channel.clone()),
        reached: [("applied".to_owned(), click.at_ms)].into(),
    });
    bundle.shares.push(bundle::Share { person: Some(at), ..share });
    bundle.clicks.push(bundle::Click { person: Some(at), ..click });
    bundle
}

/// Thirteen people in teams of six, five, one and one; each shares once, on 2026-03-03, and is clicked at once.
pub(crate) fn teams() -> Bundle {
    let calendar = crate::kpi::period::Calendar::new("Europe/Paris", &[1, 2, 3, 4, 5], &[]).expect("a calendar");
    let day_ms = |day: &str| calendar.midnight_ms(day.parse().expect("a date"));
    let teams = ["A", "A", "A", "A", "A", "A", "B", "B", "B", "B", "B", "C", "D"];
    let people = teams.iter().enumerate().map(|(at, team)| bundle::Person {
        key: format!("p-{at}"),
        kind: "employee".to_owned(),
        team: Some((*team).to_owned()),
        registered_ms: Some(day_ms("2026-01-05")),
        ..bundle::Person::default()
    });
    let contents = vec![bundle::Content {
        key: "k".to_owned(),
        kind: "article".to_owned(),
        campaign: None,
        published_ms: Some(day_ms("2026-03-02")),
    }];
    let channel = || "linkedin".to_owned();
    let shares = (0..teams.len()).map(|at| bundle::Share {
        person: Some(at),
        content: 0,
        channel: channel(),
        at_ms: day_ms("2026-03-03"),
    });
    let clicks = (0..teams.len()).map(|at| bundle::Click {
        person: Some(at),
        content: 0,
        channel: channel(),
        at_ms: day_ms("2026-03-03") + 1,
        class: "human".to_owned(),
        answered: true,
        country: Some("FR".to_owned()),
        visitor: None,
    });
    Bundle {
        people: people.collect(),
        contents,
        shares: shares.collect(),
        clicks: clicks.collect(),
        applications: Vec::new(),
        sign_ins: Vec::new(),
        rates: Vec::new(),
        calendar,
    }
}
