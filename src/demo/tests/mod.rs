//! What the demo promises: the same story for the same instant, in the ranges that it is meant to lie in.

mod figures;
mod filling;
mod measured;
mod telling;

use jiff::Timestamp;

use super::*;

/// A Sunday in autumn, a quarter to eight in the evening in Paris.
fn until_ms() -> i64 {
    "2026-11-22T18:45:00Z".parse::<Timestamp>().expect("an instant").as_millisecond()
}

fn told(slug: &str) -> (Story, Plan) {
    let story = stories().into_iter().find(|story| story.slug == slug).expect("a story");
    let plan = Plan::draw(&story, &common(), until_ms(), 1.0);
    (story, plan)
}
