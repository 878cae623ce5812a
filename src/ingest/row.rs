//! One click with its facts as a row of `clicks`.

use crate::enrich::Facts;
use crate::model::Click;
use crate::spool::RecordId;
use crate::warehouse::ClickRow;

/// Appends the row of the record `id` to `out`, in ClickHouse's `RowBinary`. Allocates nothing, unless a `utm_*` value is not UTF-8: then what is not becomes
/// U+FFFD.
pub fn encode(id: &RecordId, click: &Click<'_>, facts: &Facts, batch: u128, out: &mut Vec<u8>) {
    let [utm_source, utm_medium, utm_campaign, utm_term, utm_content] =
        [click.utm.source, click.utm.medium, click.utm.campaign, click.utm.term, click.utm.content]
            .map(String::from_utf8_lossy);
    let row = ClickRow {
        spool_id: id.spool_id,
        lane: id.lane,
        segment: id.segment,
        record: id.record,
        clicked_at_ms: click.clicked_at_ms,
        space_id: click.space,
        link_id: click.link,
        content_id: click.content,
        campaign_id: click.campaign,
        advocate_id: click.advocate,
        team_id: click.team,
        content_kind: click.kind,
        code: click.code,
        cohort: click.cohort,
        channel: click.channel,
        class: facts.class,
        class_reason: facts.class_reason,
        classifier_version: facts.classifier_version,
        status: click.status,
        answer: click.answer,
        network: facts.network,
        country: facts.country(),
        region: facts.region(),
        city: facts.city(),
        device: facts.device(),
        os: facts.os(),
        browser: facts.browser(),
        language: facts.language.as_str(),
        visitor: facts.visitor.as_str(),
        utm_source: &utm_source,
        utm_medium: &utm_medium,
        utm_campaign: &utm_campaign,
        utm_term: &utm_term,
        utm_content: &utm_content,
        evidence: facts.evidence(),
        evidence_flags: facts.evidence_flags,
    };
    row.encode(batch, out);
}
