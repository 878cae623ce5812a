//! The dashboards: what their files say, what their questions answer, and the rules that wake somebody.
//!
//! [`model`] reads the files; [`rules`] holds what every dashboard keeps to, each rule with a breach that it must notice.
//! [`expand`] is Grafana's and its ClickHouse plugin's way from a panel's query to SQL, written again from their
//! documentation. [`queries`] asks every question of every panel as the reader does, over [`fixture`]'s year, and
//! [`values`] compares what comes back with the KPI registry. [`prometheus`] has promtool look at rules and expressions; [`provisioning`] looks at what Grafana
//! reads at its start.

mod expand;
mod fixture;
mod model;
mod prometheus;
mod provisioning;
mod queries;
mod rules;
mod values;
