//! What the control plane knows, as rows of ClickHouse (`schema/clickhouse/0002_facts.sql`).
//!
//! A row carries the number of the change that it came with, and the highest wins: sending a change
//! again changes nothing, and an order that was mixed up on the way is put right. So changes are
//! sent until ClickHouse has said yes, and no other bookkeeping is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::client::Warehouse;
use super::error::CallError;
use super::rollups::Mark;
use crate::model::{AdvocateId, Change, ContentId, Entity, Link, LinkId, SpaceId};

/// How long one piece of a body may take to leave.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// How long ClickHouse may take to answer once the body was sent.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);

impl Warehouse {
    /// Stores what `changes` tell. All of it is readable when this returns.
    ///
    /// # Errors
    /// Some of it may be stored then; the same call is made again.
    pub async fn store_facts(&self, changes: &[Change]) -> Result<(), CallError> {
        let mut tables: BTreeMap<&'static str, Vec<u8>> = BTreeMap::new();
        for change in changes {
            if let Entity::Link(link) = &change.entity {
                write(tables.entry("links").or_default(), &LinkRow::of(link, change.seq));
                continue;
            }
            let (table, mut row) = row(&change.entity);
            row["version"] = change.seq.into();
            write(tables.entry(table).or_default(), &row);
        }
        for (table, lines) in tables {
            let mut insert = self
                .client
                .insert_formatted_with(format!("INSERT INTO {table} FORMAT JSONEachRow"))
                .with_timeouts(Some(SEND_WITHIN), Some(ANSWER_WITHIN))
                .with_setting("async_insert", "0")
                .with_setting("wait_end_of_query", "1");
            insert.send(lines.into()).await?;
            insert.end().await?;
        }
        // After the rows: a roll-up that is computed because of the mark finds them.
        let marks: BTreeSet<Mark> = changes.iter().filter_map(Mark::of_change).collect();
        self.mark(marks).await
    }
}

fn write(lines: &mut Vec<u8>, row: &impl Serialize) {
    serde_json::to_writer(&mut *lines, row).expect("a row has texts as keys");
    lines.push(b'\n');
}

/// A row of `links`, written as it is: they come by the hundred thousand at a time.
#[derive(Serialize)]
struct LinkRow<'l> {
    link_id: LinkId,
    space_id: SpaceId,
    content_id: ContentId,
    advocate_id: AdvocateId,
    channel: &'l str,
    code: &'l str,
    disabled: bool,
    created_at: String,
    version: u64,
}

impl<'l> LinkRow<'l> {
    fn of(link: &'l Link, version: u64) -> Self {
        Self {
            link_id: link.id,
            space_id: link.space,
            content_id: link.content,
            advocate_id: link.advocate,
            channel: link.channel.as_str(),
            code: link.code.as_str(),
            disabled: link.disabled,
            created_at: seconds_text(link.created_at_ms),
            version,
        }
    }
}

/// The table of an entity, and its row but for the version; links have [`LinkRow`].
fn row(entity: &Entity) -> (&'static str, Value) {
    match entity {
        Entity::Space(space) => (
            "spaces",
            json!({
                "space_id": space.id, "slug": space.slug, "name": space.name, "time_zone": space.time_zone,
                "working_week": space.working_week, "holidays": space.holidays,
                "click_rates": space.click_rates.to_string(), "privacy_mode": space.privacy_mode.as_str(),
            }),
        ),
        Entity::Team(team) => {
            ("teams", json!({"team_id": team.id, "space_id": team.space, "parent_id": team.parent, "name": team.name}))
        }
        Entity::Advocate(advocate) => (
            "advocates",
            json!({
                "advocate_id": advocate.id, "space_id": advocate.space, "external_id": advocate.external_id,
                "kind": advocate.kind.as_str(), "team_id": advocate.team, "location": advocate.location,
                "language": advocate.language, "cohort": advocate.cohort, "invited_on": advocate.invited_on,
                "registered_at": seconds(advocate.registered_at_ms), "left_on": advocate.left_on,
            }),
        ),
        Entity::Campaign(campaign) => (
            "campaigns",
            json!({
                "campaign_id": campaign.id, "space_id": campaign.space, "external_id": campaign.external_id,
                "name": campaign.name, "slug": campaign.slug, "starts_on": campaign.starts_on,
                "ends_on": campaign.ends_on, "paused": campaign.paused,
                "objective": campaign.objective.as_ref().map(Value::to_string),
            }),
        ),
        Entity::Content(content) => (
            "contents",
            json!({
                "content_id": content.id, "space_id": content.space, "external_id": content.external_id,
                "kind": content.kind.as_str(), "title": content.title, "url": content.url,
                "campaign_id": content.campaign, "published_at": seconds(content.published_at_ms),
                "expires_at": seconds(content.expires_at_ms), "closed_at": seconds(content.closed_at_ms),
            }),
        ),
        Entity::Link(link) => ("links", json!(LinkRow::of(link, 0))),
        Entity::Share(share) => (
            "shares",
            json!({
                "share_id": share.id, "space_id": share.space, "external_id": share.external_id,
                "content_id": share.content, "advocate_id": share.advocate, "channel": share.channel.as_str(),
                "link_id": share.link, "source": share.source.as_str(), "shared_at": seconds(Some(share.shared_at_ms)),
            }),
        ),
        Entity::SignIn(sign_in) => (
            "sign_ins",
            json!({
                "space_id": sign_in.space, "advocate_id": sign_in.advocate,
                "signed_in_at": seconds(Some(sign_in.signed_in_at_ms)),
            }),
        ),
        Entity::Application(application) => {
            let reached = application.reached.iter().map(|(stage, at)| (stage.as_str().to_owned(), seconds(Some(*at))));
            (
                "applications",
                json!({
                    "application_id": application.id, "space_id": application.space,
                    "external_id": application.external_id, "content_id": application.content,
                    "advocate_id": application.advocate, "channel": application.channel.as_ref().map(|c| c.as_str()),
                    "link_id": application.link, "click_id": application.click,
                    "clicked_at": seconds(application.clicked_at_ms), "reason": application.reason,
                    "stage": application.stage.as_str(), "reached": reached.collect::<serde_json::Map<_, _>>(),
                }),
            )
        }
        Entity::SpaceRemoved(id) => ("spaces", json!({"space_id": id, "removed": true})),
        Entity::AdvocateRemoved(id) => ("advocates", json!({"advocate_id": id, "removed": true})),
        Entity::CampaignRemoved(id) => ("campaigns", json!({"campaign_id": id, "removed": true})),
        Entity::ContentRemoved(id) => ("contents", json!({"content_id": id, "removed": true})),
        Entity::LinkRemoved(id) => ("links", json!({"link_id": id, "removed": true})),
    }
}

/// An instant as ClickHouse reads it without doubt about zones: seconds since 1970 with three decimals.
fn seconds(ms: Option<i64>) -> Value {
    ms.map_or(Value::Null, |ms| seconds_text(ms).into())
}

fn seconds_text(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", ms.unsigned_abs() / 1000, ms.unsigned_abs() % 1000)
}
