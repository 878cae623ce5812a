//! The programme's figures, for those who steer it: the KPIs with their definitions, the study beside them, and what
//! happens at the moment.
//!
//! | route | calls |
//! | --- | --- |
//! | `/kpis` | GET `{period?, from?, to?}`: the figures that matter, clicks by class, the way from a click to a hire |
//! | `/kpis/{name}` | GET `{period?, from?, to?, definition?, by?, page?}`: one KPI: definition, value, series, parts |
//! | `/kpis/export`, `/kpis/{name}/export` | GET the same and `{format}`: the figures as `csv` or `xlsx` |
//! | `/kpis/live` | GET: the last half hour by minute; `/kpis/live/now` GET: the same as a fragment |
//!
//! Reading order: [`sight`] who sees what, [`chosen`] the period, [`words`] names and numbers, [`tile`] one figure,
//! [`series`] figures over time, [`split`] by key, [`shapes`] what is drawn of them; then the pages.
//!
//! What a figure is and what is withheld is [`crate::kpi`]'s business. Charts are drawn from the tables beside them: here
//! as SVG, in browsers by `assets/charts.js`.

mod chosen;
mod shapes;
mod sight;
mod words;

mod series;
mod split;
mod tile;

mod export;
mod live;
mod one;
mod overview;

use axum::Router;
use axum::routing::get;

use super::PortalState;
use super::parts::Entry;
use super::texts::msg;

/// The area's places.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { path: overview::PATH, name: msg("kpis-nav-overview"), icon: "chart" },
    Entry { path: live::PATH, name: msg("kpis-nav-live"), icon: "clock" },
];

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(overview::PATH, get(overview::overview))
        .route("/kpis/export", get(export::every))
        .route(live::PATH, get(live::live))
        .route("/kpis/live/now", get(live::now))
        .route("/kpis/{name}", get(one::one))
        .route("/kpis/{name}/export", get(export::one))
}
