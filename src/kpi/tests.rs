//! The click log on a real ClickHouse.

use tokio::sync::watch;

use super::*;
use crate::model::{AdvocateId, Answer, CampaignId, Class, ClickQuestion, ContentId, LinkId, SpaceId, click_id};
pub(crate) use crate::warehouse::ClickRow;
use crate::warehouse::testing;
pub(crate) use crate::warehouse::testing::BARE;
use crate::warehouse::{Batch, ClickSink, Warehouse};

/// 2026-03-02T10:00:00Z.
const NOW_MS: i64 = 1_772_445_600_000;
const SPACE: SpaceId = SpaceId::from_bits(1);

/// A click log on a database of its own.
pub(crate) struct Log {
    pub(crate) log: ClickLog,
    warehouse: Warehouse,
    _sender: watch::Sender<Option<Warehouse>>,
}

impl Log {
    pub(crate) async fn new() -> Self {
        let warehouse = testing::database().await;
        let (sender, receiver) = watch::channel(Some(warehouse.clone()));
        Self { log: ClickLog::new(receiver), warehouse, _sender: sender }
    }

    /// Stores rows of one month as one batch, cut at `cut_ms`.
    pub(crate) async fn store(&self, cut_ms: i64, rows: &[ClickRow<'_>]) {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let id = u128::from(cut_ms.unsigned_abs()) << 80 | u128::from(number);
        let mut batch = Batch::new(id, 0);
        rows.iter().for_each(|row| batch.push(row));
        self.warehouse.insert(&batch.freeze(1, rows[0].partition())).await.expect("inserted");
    }
}

/// A click log whose ClickHouse never comes.
pub(crate) fn nowhere() -> ClickLog {
    ClickLog::new(watch::channel(None).1)
}

fn click(record: u32, clicked_at_ms: i64) -> ClickRow<'static> {
    ClickRow { record, clicked_at_ms, channel: "linkedin", code: "abc", ..BARE }
}

/// The id of a row's click.
pub(crate) fn id(row: &ClickRow<'_>) -> uuid::Uuid {
    click_id(row.spool_id, row.lane, row.segment, row.record, row.clicked_at_ms)
}

fn records(clicks: &[clicks::LoggedClick]) -> Vec<u32> {
    clicks.iter().map(|click| click.record).collect()
}

#[tokio::test]
async fn pages_are_newest_first_and_each_click_is_on_one() {
    let log = Log::new().await;
    // Seven clicks in four instants, and one of them sent twice.
    let rows: Vec<_> = (0..7).map(|record| click(record, NOW_MS + i64::from(record / 2))).collect();
    log.store(NOW_MS, &rows).await;
    log.store(NOW_MS, &rows[3..4]).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = log.log.page(SPACE, &ClickFilter::default(), Names::Shown, after, 2).await.expect("the log answers");
        let Some(last) = page.last() else { break };
        after = Some(Cursor::of(last).to_string().parse().expect("a cursor"));
        seen.extend(records(&page));
        // What comes in between moves nothing.
        log.store(NOW_MS, &[click(100 + seen.len() as u32, NOW_MS + 1000)]).await;
    }
    assert_eq!(seen, [6, 5, 4, 3, 2, 1, 0]);
}

#[tokio::test]
async fn a_click_is_shown_with_all_that_is_known_and_names_can_be_withheld() {
    let log = Log::new().await;
    let row = ClickRow {
        advocate_id: AdvocateId::from_bits(9),
        campaign_id: CampaignId::from_bits(8),
        country: "FR",
        utm_source: "=mail",
        status: 302,
        ..click(1, NOW_MS)
    };
    log.store(NOW_MS, std::slice::from_ref(&row)).await;
    let page = |names| {
        let log = log.log.clone();
        async move { log.page(SPACE, &ClickFilter::default(), names, None, 10).await.expect("the log answers") }
    };
    let shown = page(Names::Shown).await.remove(0);
    assert_eq!((shown.click_id, shown.clicked_at_ms, shown.status), (id(&row), NOW_MS, 302));
    assert_eq!(shown.advocate_id, row.advocate_id.to_string());
    assert_eq!((shown.link_id.as_str(), shown.code.as_str()), (&*row.link_id.to_string(), "abc"));
    assert_eq!((shown.country.as_str(), shown.utm_source.as_str()), ("FR", "=mail"));
    let withheld = page(Names::Withheld).await.remove(0);
    let nothing = String::new();
    let expected =
        clicks::LoggedClick { advocate_id: nothing.clone(), link_id: nothing.clone(), code: nothing, ..shown };
    assert_eq!(withheld, expected);
}

#[tokio::test]
async fn each_filter_leaves_the_others_out_and_no_space_sees_another() {
    let log = Log::new().await;
    let plain = click(0, NOW_MS);
    let rows = [
        plain,
        ClickRow { content_id: ContentId::from_bits(30), ..click(1, NOW_MS) },
        ClickRow { advocate_id: AdvocateId::from_bits(30), ..click(2, NOW_MS) },
        ClickRow { channel: "x", ..click(3, NOW_MS) },
        ClickRow { class: Class::Bot, ..click(4, NOW_MS) },
        ClickRow { link_id: LinkId::from_bits(30), ..click(5, NOW_MS) },
        ClickRow { campaign_id: CampaignId::from_bits(30), ..click(6, NOW_MS) },
        click(7, NOW_MS + 1),
        click(8, NOW_MS - 1),
        ClickRow { space_id: SpaceId::from_bits(2), ..click(9, NOW_MS) },
    ];
    log.store(NOW_MS, &rows).await;
    let default = ClickFilter::default;
    let asked = [
        (ClickFilter { content: Some(ContentId::from_bits(30)), ..default() }, vec![1]),
        (ClickFilter { advocate: Some(AdvocateId::from_bits(30)), ..default() }, vec![2]),
        (ClickFilter { channel: Some("x".parse().expect("a channel")), ..default() }, vec![3]),
        (ClickFilter { class: Some(Class::Bot), ..default() }, vec![4]),
        (ClickFilter { link: Some(LinkId::from_bits(30)), ..default() }, vec![5]),
        (ClickFilter { campaign: Some(CampaignId::from_bits(30)), ..default() }, vec![6]),
        (ClickFilter { from_ms: Some(NOW_MS + 1), ..default() }, vec![7]),
        (ClickFilter { to_ms: Some(NOW_MS), ..default() }, vec![8]),
        (ClickFilter { from_ms: Some(NOW_MS), to_ms: Some(NOW_MS), ..default() }, vec![]),
        (default(), vec![7, 6, 5, 4, 3, 2, 1, 0, 8]),
    ];
    for (filter, expected) in asked {
        for names in [Names::Shown, Names::Withheld] {
            let page = log.log.page(SPACE, &filter, names, None, 100).await.expect("the log answers");
            assert_eq!(records(&page), expected, "{filter:?}");
        }
        let mut rows = log.log.stream(SPACE, &filter, Names::Shown).await.expect("the log answers");
        let mut streamed = Vec::new();
        while let Some(click) = rows.next().await.expect("a row") {
            streamed.push(click.record);
        }
        assert_eq!(streamed, expected);
    }
}

#[tokio::test]
async fn one_click_is_found_by_its_id_and_by_no_other_space() {
    let log = Log::new().await;
    let row = click(4097, NOW_MS);
    log.store(NOW_MS, std::slice::from_ref(&row)).await;
    let found = log.log.find(SPACE, id(&row)).await.expect("the log answers").expect("found");
    assert_eq!((found.link, found.content, found.clicked_at_ms), (row.link_id, row.content_id, NOW_MS));
    assert_eq!((found.class, found.answer), (Class::Human, Answer::Content));
    assert_eq!(log.log.find(SpaceId::from_bits(2), id(&row)).await, Ok(None));
    let other = click(1, NOW_MS);
    assert_eq!(log.log.find(SPACE, id(&other)).await, Ok(None));
    assert_eq!(log.log.find(SPACE, uuid::Uuid::nil()).await, Ok(None));
}

#[tokio::test]
async fn the_last_click_of_a_link_is_human_answered_and_within_the_bounds() {
    let log = Log::new().await;
    let rows = [
        click(0, NOW_MS),
        click(1, NOW_MS + 10),
        ClickRow { class: Class::Preview, answer: Answer::Card, ..click(2, NOW_MS + 20) },
        ClickRow { answer: Answer::Fallback, ..click(3, NOW_MS + 30) },
        click(4, NOW_MS + 50),
        ClickRow { link_id: LinkId::from_bits(99), ..click(5, NOW_MS + 40) },
    ];
    log.store(NOW_MS, &rows).await;
    let (link, content) = (BARE.link_id, BARE.content_id);
    for (from_ms, through_ms, expected) in [
        (NOW_MS, NOW_MS + 40, Some(1)),
        (NOW_MS, NOW_MS + 50, Some(4)),
        (NOW_MS, NOW_MS + 9, Some(0)),
        (NOW_MS + 10, NOW_MS + 10, Some(1)),
        (NOW_MS + 11, NOW_MS + 49, None),
        (NOW_MS - 10, NOW_MS - 1, None),
    ] {
        let question = ClickQuestion::LastOf { link, content, from_ms, through_ms };
        let answers = log.log.answer(SPACE, &[question]).await.expect("the log answers");
        let found = answers[0].1.as_ref().map(|click| click.click);
        assert_eq!(found, expected.map(|index: usize| id(&rows[index])), "{from_ms} to {through_ms}");
    }
}

#[tokio::test]
async fn what_arrived_lately_is_found_by_its_batch_however_old_the_click_is() {
    let log = Log::new().await;
    log.store(NOW_MS - 60_000, &[click(0, NOW_MS - 60_000), click(1, NOW_MS - 60_000)]).await;
    log.store(NOW_MS, &[click(2, NOW_MS - 50_000), click(4, NOW_MS - 40_000)]).await;
    let places = log.log.places(NOW_MS, NOW_MS - 1_000_000).await.expect("the log answers");
    assert_eq!(places.len(), 1);
    let place = places[0];
    assert_eq!((place.first, place.last, place.records), (2, 4, 2));
    assert_eq!((place.from_ms, place.through_ms), (NOW_MS - 50_000, NOW_MS - 40_000));
    assert_eq!(log.log.records_of(&place).await.expect("the log answers"), [2, 4]);
    let clicks = log.log.clicks_of(&place, (3, 4), &[SPACE]).await.expect("the log answers");
    assert_eq!(records(&clicks), [4]);
    assert!(log.log.clicks_of(&place, (2, 4), &[SpaceId::from_bits(7)]).await.expect("it answers").is_empty());
    assert!(log.log.places(NOW_MS, NOW_MS).await.expect("the log answers").is_empty());
}

#[tokio::test]
async fn without_clickhouse_the_log_says_so() {
    let page = nowhere().page(SPACE, &ClickFilter::default(), Names::Shown, None, 1).await;
    assert_eq!(page.map(drop), Err(LogError::Away));
}

#[tokio::test]
async fn security_22_the_log_s_queries_cannot_write_and_end_in_time() {
    let log = Log::new().await;
    let writing = crate::warehouse::Select::new("CREATE TABLE mine (x UInt8) ENGINE = Memory", PAGE);
    let refused = log.warehouse.select::<crate::warehouse::RecordNumber>(&writing).await.expect_err("refused");
    assert_eq!(refused.code(), Some(164), "{refused}");
    let slow = crate::warehouse::Select::new(
        "SELECT toUInt32(sum(sleepEachRow(0.01))) AS record FROM numbers(10000) SETTINGS max_block_size = 1",
        std::time::Duration::from_secs(1),
    );
    let error = log.warehouse.select::<crate::warehouse::RecordNumber>(&slow).await.expect_err("it is ended");
    // A setting in the text is refused to a read-only query.
    assert_eq!(error.code(), Some(164), "{error}");
    let slow = crate::warehouse::Select::new(
        "SELECT toUInt32(count()) AS record FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))",
        std::time::Duration::from_secs(1),
    );
    let error = log.warehouse.select::<crate::warehouse::RecordNumber>(&slow).await.expect_err("it is ended");
    assert_eq!(LogError::from(error), LogError::TooLong);
}

const PAGE: std::time::Duration = std::time::Duration::from_secs(5);

/// Memory of this process that is in use, in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").expect("the kernel says");
    let pages: u64 = status.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number of pages");
    pages * 4096
}

#[tokio::test]
async fn a_download_needs_no_memory_for_its_rows() {
    let log = Log::new().await;
    // 400,000 rows of about 1 kB each in memory.
    log.warehouse
        .execute(
            "INSERT INTO clicks (spool_id, record, clicked_at, space_id, content_id, utm_content) \
             SELECT 1, number, toDateTime64('2026-03-02 10:00:00', 3) + number / 1000, 'spc_0000000000001', \
             'cnt_0000000000001', repeat('x', 100) FROM numbers(400000)",
        )
        .await
        .expect("inserted");
    let before = resident();
    let mut rows = log.log.stream(SPACE, &ClickFilter::default(), Names::Shown).await.expect("the log answers");
    let (mut count, mut most) = (0u64, 0);
    while let Some(click) = rows.next().await.expect("a row") {
        assert_eq!(u64::from(click.record), 399_999 - count);
        count += 1;
        if count % 10_000 == 0 {
            most = most.max(resident().saturating_sub(before));
        }
    }
    assert_eq!(count, 400_000);
    // Held, they would take 400 MB; other tests of this process take some meanwhile.
    assert!(most < 200 << 20, "{most} bytes more");
}

#[tokio::test]
async fn the_last_minutes_are_counted_by_class_and_by_content_of_one_space() {
    let log = Log::new().await;
    let rows = [
        click(0, NOW_MS - 60_001),
        click(1, NOW_MS),
        click(2, NOW_MS + 59_999),
        ClickRow { class: Class::Bot, ..click(3, NOW_MS + 1) },
        ClickRow { content_id: ContentId::from_bits(30), channel: "x", ..click(4, NOW_MS + 60_000) },
        ClickRow { space_id: SpaceId::from_bits(2), ..click(5, NOW_MS) },
        click(6, NOW_MS + 120_000),
    ];
    log.store(NOW_MS, &rows).await;
    let lately = log.log.lately(SPACE, (NOW_MS, NOW_MS + 120_000), 2).await.expect("the log answers");
    let minutes: Vec<_> =
        lately.minutes.iter().map(|row| (row.minute * 60_000 - NOW_MS, row.class.as_str(), row.clicks)).collect();
    assert_eq!(minutes, [(0, "bot", 1), (0, "human", 2), (60_000, "human", 1)]);
    let fresh: Vec<_> = lately
        .fresh
        .iter()
        .map(|row| (row.channel.as_str(), row.class.as_str(), row.clicks, row.last_ms - NOW_MS))
        .collect();
    assert_eq!(fresh, [("x", "human", 1, 60_000), ("linkedin", "human", 2, 59_999)], "the limit is two");
    assert_eq!(nowhere().lately(SPACE, (NOW_MS, NOW_MS + 120_000), 2).await, Err(LogError::Away));
}
