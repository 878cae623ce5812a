//! A row reads back as it was written, and both sides compute the same from it.

use clickhouse::Row;
use proptest::prelude::*;
use serde::Deserialize;

use crate::model::click_id::{LAST_STORABLE_MS, click_id, identity_hash};
use crate::model::{AdvocateId, Answer, CampaignId, Class, ContentId, ContentKind, LinkId, SpaceId, TeamId};
use crate::warehouse::click_row::{Imported, partition_of};
use crate::warehouse::testing::{self, BARE};
use crate::warehouse::{Batch, ClickRow, ClickSink};

fn full(long: &str) -> ClickRow<'_> {
    ClickRow {
        spool_id: u128::MAX - 7,
        lane: 255,
        segment: u64::MAX,
        record: u32::MAX,
        clicked_at_ms: 1_772_000_000_999,
        space_id: SpaceId::from_bits(i64::MAX as u64),
        link_id: LinkId::from_bits(20),
        content_id: ContentId::from_bits(30),
        campaign_id: CampaignId::from_bits(40),
        advocate_id: AdvocateId::from_bits(50),
        team_id: TeamId::from_bits(60),
        content_kind: ContentKind::Event,
        code: "aB3dE5gH7",
        cohort: "vague d’été; '\\ \u{0}\n\t",
        channel: "linkedin",
        class: Class::Own,
        class_reason: "own link",
        classifier_version: u16::MAX,
        status: 302,
        answer: Answer::Gone,
        network: "LinkedIn",
        country: "FR",
        region: "Île-de-France",
        city: "Paris",
        device: "smartphone",
        os: "iOS",
        browser: "Safari",
        language: "fr",
        visitor: "3f9a",
        utm_source: "a",
        utm_medium: "b",
        utm_campaign: "c",
        utm_term: "d",
        utm_content: long,
        evidence: "x=1",
        evidence_flags: 255,
    }
}

/// Every column as text, in the order of the table, with the time as milliseconds.
fn as_texts(batch: u128, row: &ClickRow<'_>) -> Vec<String> {
    let id = click_id(row.spool_id, row.lane, row.segment, row.record, row.clicked_at_ms);
    [
        batch.to_string(),
        row.spool_id.to_string(),
        row.lane.to_string(),
        row.segment.to_string(),
        row.record.to_string(),
        row.clicked_at_ms.to_string(),
        row.space_id.to_string(),
        row.link_id.to_string(),
        row.content_id.to_string(),
        row.campaign_id.to_string(),
        row.advocate_id.to_string(),
        row.team_id.to_string(),
        row.content_kind.to_string(),
        row.code.to_owned(),
        row.cohort.to_owned(),
        row.channel.to_owned(),
        row.class.to_string(),
        row.class_reason.to_owned(),
        row.classifier_version.to_string(),
        row.status.to_string(),
        row.answer.to_string(),
        row.network.to_owned(),
        row.country.to_owned(),
        row.region.to_owned(),
        row.city.to_owned(),
        row.device.to_owned(),
        row.os.to_owned(),
        row.browser.to_owned(),
        row.language.to_owned(),
        row.visitor.to_owned(),
        row.utm_source.to_owned(),
        row.utm_medium.to_owned(),
        row.utm_campaign.to_owned(),
        row.utm_term.to_owned(),
        row.utm_content.to_owned(),
        row.evidence.to_owned(),
        row.evidence_flags.to_string(),
        id.to_string(),
    ]
    .into()
}

#[derive(Row, Deserialize)]
struct Texts {
    texts: Vec<String>,
}

#[tokio::test]
async fn every_column_reads_back_as_written() {
    let warehouse = testing::tables().await;
    let columns: Vec<Texts> = warehouse
        .rows(
            "SELECT groupArray(if(name = 'clicked_at', 'toString(toUnixTimestamp64Milli(clicked_at))', \
             'toString(' || name || ')')) AS texts FROM (SELECT name FROM system.columns \
             WHERE database = currentDatabase() AND table = 'clicks' ORDER BY position)",
        )
        .await
        .expect("columns");
    // Lengths around those at which RowBinary's length takes another byte.
    for length in [0usize, 1, 127, 128, 16_383, 16_384] {
        let long = "é".repeat(length / 2) + &"x".repeat(length % 2);
        for row in [full(&long), BARE] {
            let id = u128::MAX - testing::batch_id();
            let mut batch = Batch::new(id, 1);
            batch.push(&row);
            let mut imported = Batch::imported(id - 1, 1);
            let more = Imported { advocate_key: &long, clicked_at_form: "Z.3" };
            imported.push_imported(&row, &more);
            for (id, batch, more) in [(id, batch, ["", ""]), (id - 1, imported, [&long, "Z.3"])] {
                warehouse.insert(&batch.freeze(1, row.partition())).await.expect("inserted");
                let sql = format!(
                    "SELECT [{}] AS texts FROM clicks WHERE batch = toUInt128('{id}') AND record = {}",
                    columns[0].texts.join(", "),
                    row.record
                );
                let stored: Texts = warehouse.row(&sql).await.expect("a row");
                assert_eq!(stored.texts, [as_texts(id, &row), more.map(str::to_owned).into()].concat());
            }
        }
    }
}

#[derive(Row, Deserialize)]
struct Computed {
    segment: u64,
    record: u32,
    id: String,
    hash: u64,
    partition: u32,
}

#[tokio::test]
async fn clickhouse_computes_the_same_id_hash_and_partition() {
    let warehouse = testing::tables().await;
    let spools = [0, 1, u128::from(u64::MAX), 1 << 64, 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210, u128::MAX];
    let times = [0, 1, 951_782_399_999, 951_782_400_000, 951_868_800_000, 1_772_323_199_999, 1_772_323_200_000];
    let late = [4_102_444_800_000, 2_147_483_648_000, LAST_STORABLE_MS, i64::MAX, i64::MIN, -1];
    for (number, spool_id) in (1u64..).zip(spools) {
        for (at, clicked_at_ms) in (0u32..).zip(times.into_iter().chain(late)) {
            let record = u32::MAX - at * 0x0101_0101;
            let row = ClickRow {
                spool_id,
                lane: number as u8 * 40,
                segment: number << 55 | 5,
                record,
                clicked_at_ms,
                ..BARE
            };
            let mut batch = Batch::new(testing::batch_id(), 1);
            batch.push(&row);
            let frozen = batch.freeze(1, row.partition());
            warehouse.insert(&frozen).await.expect("inserted");
            let sql = format!(
                "SELECT segment, record, toString(click_id) AS id, {} AS hash, toYYYYMM(clicked_at) AS partition \
                 FROM clicks WHERE spool_id = toUInt128('{spool_id}') AND record = {record}",
                crate::warehouse::insert::IDENTITY_HASH
            );
            let computed: Computed = warehouse.row(&sql).await.expect("a row");
            assert_eq!((computed.segment, computed.record), (row.segment, record));
            assert_eq!(computed.id, click_id(spool_id, row.lane, row.segment, record, clicked_at_ms).to_string());
            assert_eq!(computed.hash, identity_hash(spool_id, row.lane, row.segment, record));
            assert_eq!(computed.partition, partition_of(clicked_at_ms), "{clicked_at_ms}");
        }
    }
}

proptest! {
    #[test]
    fn a_partition_never_lies_behind_an_earlier_one(a in any::<i64>(), b in any::<i64>()) {
        prop_assert!(partition_of(a.min(b)) <= partition_of(a.max(b)));
    }
}
