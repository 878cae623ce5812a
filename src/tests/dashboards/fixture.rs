//! A year of a made-up programme in a ClickHouse of its own, rolled up by the program, and who may read it.
//!
//! Facts and clicks are numbers put through a hash, so every run has the same ones; roll-ups are the real ones.

use relais::kpi::rollup::{Rollups, Scope};
use relais::model::SpaceId;
use relais::store;
use relais::warehouse::migrate::migrate;
use relais::warehouse::{Access, Warehouse};
use reqwest::blocking::Client;
use serde_json::Value;

use crate::harness::Engine;
use crate::harness::process::{PATIENCE, read};

/// The end of every period that is asked about: 2026-03-16 12:00 UTC, a Monday.
pub const NOW: i64 = 1_773_662_400;
/// A team's name that would break out of quotes.
pub const HOSTILE: &str = "O'Brien \\ Söhne, 100 %";
/// Nobody's name: what would return every row if it were put into SQL as it is.
pub const INJECTION: &str = "\\' OR 1=1 -- ";

/// A running engine with the programme.
pub struct Fixture {
    engine: Engine,
    /// Who asks as Grafana does.
    pub reader: Account,
    /// The space with the programme.
    pub filled: String,
    /// A space that has nothing.
    pub empty: String,
}

/// An account of the engine; threads may share it.
pub struct Account {
    client: Client,
    url: String,
    name: &'static str,
    password: String,
}

impl Fixture {
    /// Starts the engine, brings its schema to this version, fills it and rolls up.
    pub fn start() -> Self {
        let engine = Engine::start();
        let [filled, empty] = [1, 2].map(|bits| SpaceId::from_bits(bits).to_string());
        let reader = Account::of(&engine, "relais_reader", "reader-password");
        let fixture = Self { engine, reader, filled, empty };
        let warehouse = fixture.warehouse();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(migrate(&warehouse, |_, _| {})).expect("migrated");
        let owner = Account::of(&fixture.engine, "relais", "password");
        for statement in statements(&fixture.filled, &fixture.empty) {
            owner.ask(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        runtime.block_on(async {
            let rollups = Rollups::new(warehouse);
            rollups.mark(&Scope::default()).await.expect("marked");
            while rollups.pass(&Scope::default()).await.expect("rolled up").left > 0 {}
        });
        fixture
    }

    /// Lets every campaign of the programme aim at this KPI, on other days where they are given: SQL of a date, or null.
    pub fn aim(&self, kpi: &str, days: Option<[&str; 2]>) {
        let [starts, ends] = days.unwrap_or(["starts_on", "ends_on"]);
        let statement = format!(
            "INSERT INTO campaigns SELECT * REPLACE ('{{\"kpi\": \"{kpi}\", \"target\": 1}}' AS objective, {starts} AS starts_on, \
             {ends} AS ends_on, version + 1 AS version) FROM campaigns FINAL WHERE space_id = '{}'",
            self.filled
        );
        let owner = Account::of(&self.engine, "relais", "password");
        owner.ask(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// The handle of Relais itself.
    pub fn warehouse(&self) -> Warehouse {
        let owner = Account::of(&self.engine, "relais", "password");
        let access = Access { url: owner.url, user: owner.name.into(), password: owner.password.into() };
        Warehouse::new(&access, "relais")
    }

    /// A store that knows nothing, in `folder`: figures without names need none.
    pub async fn store(folder: &std::path::Path) -> store::Store {
        store::Store::open(&store::Config::default(), folder, store::Clock::system()).await.expect("a store")
    }
}

impl Account {
    fn of(engine: &Engine, name: &'static str, file: &str) -> Self {
        let client = Client::builder().timeout(PATIENCE).build().expect("a client");
        let password = read(engine.folder(), &format!("clickhouse/{file}")).expect("its password");
        Self { client, url: format!("http://{}", engine.address()), name, password }
    }

    /// Rows.
    ///
    /// # Errors
    /// What ClickHouse says.
    pub fn read(&self, sql: &str) -> Result<Answer, String> {
        let text = self.ask(sql)?;
        serde_json::from_str(&text).map(Answer).map_err(|error| format!("{error}: {text}"))
    }

    fn ask(&self, sql: &str) -> Result<String, String> {
        let url = format!("{}/?database=relais&default_format=JSONCompact", self.url);
        let answer = self.client.post(url).basic_auth(self.name, Some(&self.password)).body(sql.to_owned()).send();
        let answer = answer.map_err(|error| error.to_string())?;
        let fine = answer.status().is_success();
        let text = answer.text().map_err(|error| error.to_string())?;
        if fine { Ok(text) } else { Err(text) }
    }
}

/// Rows with their columns.
#[derive(Debug, Clone)]
pub struct Answer(Value);

impl Answer {
    /// Names and types.
    pub fn columns(&self) -> Vec<(&str, &str)> {
        let meta = self.0["meta"].as_array().expect("columns");
        meta.iter()
            .map(|one| (one["name"].as_str().unwrap_or_default(), one["type"].as_str().unwrap_or_default()))
            .collect()
    }

    /// Values, row by row.
    pub fn rows(&self) -> &[Value] {
        self.0["data"].as_array().expect("rows")
    }
}

/// A number as ClickHouse writes it: 64-bit ones stand in quotes.
pub fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn statements(filled: &str, empty: &str) -> Vec<String> {
    let hostile = HOSTILE.replace('\\', "\\\\").replace('\'', "\\'");
    let base = format!("toDateTime64({}, 3, 'UTC')", NOW - 400 * 86_400);
    let end = format!("toDateTime64({NOW}, 3, 'UTC')");
    // Shares by number: whose, of what, where, when. Clicks are made of the same numbers.
    let share = format!(
        "number AS n, cityHash64(n, 'content') % 120 AS c, cityHash64(n, 'advocate') % 80 AS a, \
         ['linkedin', 'linkedin', 'facebook', 'whatsapp', 'x', 'email'][cityHash64(n, 'channel') % 6 + 1] AS channel, \
         {base} + INTERVAL c * 80 + 9 HOUR + INTERVAL cityHash64(n, 'at') % 400000 SECOND AS shared_at, \
         concat('cnt_', toString(c)) AS content_id, concat('adv_', toString(a)) AS advocate_id, \
         ['article', 'article', 'video', 'job', 'video', 'event'][c % 6 + 1] AS kind, \
         if(c % 4 < 3, concat('cmp_', toString(c % 4)), '') AS campaign_id"
    );
    vec![
        format!(
            "INSERT INTO spaces (space_id, slug, name, time_zone, working_week, holidays, click_rates, privacy_mode, removed, version) VALUES \
             ('{filled}', 'acme', 'Acme', 'Europe/Paris', [1, 2, 3, 4, 5], [], '{{\"linkedin\": {{\"low\": 2, \"middle\": 4, \"high\": 7}}}}', 'standard', 0, 1), \
             ('{empty}', 'empty', 'Empty', 'America/New_York', [1, 2, 3, 4, 5], [], '{{}}', 'standard', 0, 1)"
        ),
        format!(
            "INSERT INTO teams (team_id, space_id, parent_id, name, removed, version) \
             SELECT concat('tem_', toString(number)), '{filled}', '', ['Sales', '{hostile}', 'Marketing', 'IT', 'Board'][number + 1], 0, 1 FROM numbers(5)"
        ),
        format!(
            "INSERT INTO advocates (advocate_id, space_id, external_id, kind, team_id, location, language, cohort, invited_on, registered_at, left_on, removed, version) \
             SELECT concat('adv_', toString(number)), '{filled}', concat('E', toString(number)), if(number % 9 = 0, 'partner', 'employee'), \
             concat('tem_', toString(if(number < 3, 4, number % 4))), ['Paris', 'Lyon'][number % 2 + 1], if(number % 5 = 0, 'en', 'fr'), \
             ['Pilot', 'Wave 2', 'Wave 3'][number % 3 + 1], toDate({base}), \
             if(number % 7 = 6, NULL, {base} + INTERVAL number % 40 DAY), if(number = 50, toDate({base}) + 200, NULL), 0, 1 FROM numbers(80)"
        ),
        format!(
            "INSERT INTO campaigns (campaign_id, space_id, external_id, name, slug, starts_on, ends_on, objective, paused, removed, version) \
             SELECT concat('cmp_', toString(number)), '{filled}', concat('C', toString(number)), ['Spring', 'Autumn \\' \\\\ 1', 'Year-end'][number + 1], \
             toString(number), toDate({base}) + 60 + number * 120, toDate({base}) + 150 + number * 120, \
             ['{{\"kpi\": \"clicks\", \"target\": 900}}', '{{\"kpi\": \"shares\", \"target\": 100}}', '{{\"kpi\": \"applications\", \"target\": 9}}'][number + 1], 0, 0, 1 FROM numbers(3)"
        ),
        format!(
            "INSERT INTO contents (content_id, space_id, external_id, kind, title, url, campaign_id, published_at, removed, version) \
             SELECT concat('cnt_', toString(number)), '{filled}', '', ['article', 'article', 'video', 'job', 'video', 'event'][number % 6 + 1], \
             concat('Title ', toString(number), if(number % 10 = 3, ' 100 % \\'quoted\\' \\\\', '')), '', if(number % 4 < 3, concat('cmp_', toString(number % 4)), ''), \
             {base} + INTERVAL number * 80 + 8 HOUR, 0, 1 FROM numbers(125)"
        ),
        format!(
            "INSERT INTO shares (share_id, space_id, external_id, content_id, advocate_id, channel, link_id, source, shared_at, removed, version) \
             SELECT concat('shr_', toString(n)), '{filled}', '', content_id, advocate_id, channel, '', 'copy', shared_at, 0, 1 \
             FROM (SELECT {share} FROM numbers(1500)) WHERE a % 7 != 6 AND shared_at < {end}"
        ),
        format!(
            "INSERT INTO clicks (batch, spool_id, lane, segment, record, clicked_at, space_id, content_id, campaign_id, advocate_id, content_kind, channel, class, \
             classifier_version, status, answer, network, country, device, visitor) \
             SELECT 1, 1, 0, n, m, shared_at + INTERVAL toUInt64(pow(cityHash64(n, m, 'age') % 1000 / 1000, 4) * 2500000) SECOND AS at, '{filled}', content_id, \
             campaign_id, advocate_id, kind, channel, ['human', 'human', 'human', 'human', 'human', 'human', 'preview', 'bot', 'scanner'][cityHash64(n, m, 'class') % 9 + 1], \
             1, 302, 'content', if(m % 3 = 0, channel, ''), ['FR', 'FR', 'FR', 'BE', ''][m % 5 + 1], ['mobile', 'mobile', 'desktop', 'tablet'][m % 4 + 1], \
             toString(cityHash64(n, m) % 5000) \
             FROM (SELECT {share} FROM numbers(1500)) ARRAY JOIN range(cityHash64(n, 'clicks') % 24) AS m \
             WHERE a % 7 != 6 AND at < {end}"
        ),
        format!(
            "INSERT INTO applications (application_id, space_id, external_id, content_id, advocate_id, channel, reason, stage, reached, removed, version) \
             SELECT concat('app_', toString(n)), '{filled}', concat('X', toString(n)), content_id, if(n % 11 = 0, '', advocate_id), channel, 'last_click', '', \
             mapFilter((stage, at) -> at < {end}, map('started', shared_at, 'applied', shared_at + INTERVAL 1 HOUR, 'screened', \
             if(n % 3 < 2, shared_at + INTERVAL 5 DAY, {end}), 'interview', if(n % 4 < 2, shared_at + INTERVAL 14 DAY, {end}), 'offer', \
             if(n % 5 < 2, shared_at + INTERVAL 20 DAY, {end}), 'hired', if(n % 6 < 2, shared_at + INTERVAL 30 DAY, {end}), \
             'rejected', if(n % 6 = 5, shared_at + INTERVAL 9 DAY, {end}))), 0, 1 \
             FROM (SELECT {share} FROM numbers(1500)) WHERE kind = 'job' AND cityHash64(n, 'applies') % 3 = 0 AND a % 7 != 6 AND shared_at < {end}"
        ),
    ]
}
