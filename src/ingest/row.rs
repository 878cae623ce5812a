//! One click with its facts as a row of `clicks`.

use std::borrow::Cow;

use crate::enrich::Facts;
use crate::model::Click;
use crate::spool::RecordId;
use crate::warehouse::ClickRow;

/// Appends the row of the record `id` to `out`, in ClickHouse's `RowBinary`. Allocates nothing, unless a `utm_*` value is
/// no plain text; see [`plain`].
pub fn encode(id: &RecordId, click: &Click<'_>, facts: &Facts, batch: u128, out: &mut Vec<u8>) {
    let [utm_source, utm_medium, utm_campaign, utm_term, utm_content] =
        [click.utm.source, click.utm.medium, click.utm.campaign, click.utm.term, click.utm.content].map(plain);
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

/// A `utm_*` value as text: what is not UTF-8 becomes U+FFFD, control characters beyond ASCII go too (a redirect drops
/// those within), and it is cut again at [`Click::MAX_UTM`] bytes, because U+FFFD takes three for one.
fn plain(value: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(value);
    if text.len() <= Click::MAX_UTM && !text.contains(char::is_control) {
        return text;
    }
    let mut plain: String = text.chars().filter(|character| !character.is_control()).collect();
    plain.truncate(plain.floor_char_boundary(Click::MAX_UTM));
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_parameter_is_stored_as_at_most_a_hundred_bytes_of_plain_text() {
        assert!(matches!(plain("été 2026".as_bytes()), Cow::Borrowed("été 2026")));
        assert_eq!(plain(&[0xff; Click::MAX_UTM]), "\u{fffd}".repeat(33));
        assert_eq!(plain("a\u{85}b\u{7f}".as_bytes()), "ab");
        let whole = "é".repeat(50);
        assert_eq!(plain(whole.as_bytes()), whole);
    }
}
