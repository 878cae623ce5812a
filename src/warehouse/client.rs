//! A handle on one ClickHouse server.

use std::time::Duration;

use clickhouse::{Client, Compression};
use secrecy::{ExposeSecret, SecretString};

use super::error::CallError;

/// How long a statement other than an insert may take, on both sides.
const QUERY_WITHIN: Duration = Duration::from_secs(120);
/// How long `SELECT 1` may take.
const PING_WITHIN: Duration = Duration::from_secs(5);

/// What a client needs to sign in.
#[derive(Debug, Clone)]
pub struct Access {
    /// The HTTP interface, such as `http://127.0.0.1:8123`.
    pub url: String,
    /// The account.
    pub user: String,
    /// Its password.
    pub password: SecretString,
}

/// One ClickHouse server, one account, one database. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Warehouse {
    pub(super) client: Client,
    database: String,
}

impl std::fmt::Debug for Warehouse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Warehouse").field("database", &self.database).finish_non_exhaustive()
    }
}

impl Warehouse {
    /// A handle that connects when it is first used. Rows travel compressed with LZ4 unless the URL is on loopback,
    /// where it would only cost time.
    pub fn new(access: &Access, database: &str) -> Self {
        let on_loopback = url::Url::parse(&access.url).ok().is_some_and(|url| match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        });
        let client = Client::default()
            .with_url(&access.url)
            .with_user(&access.user)
            .with_password(access.password.expose_secret())
            .with_database(database)
            .with_compression(if on_loopback { Compression::None } else { Compression::Lz4 })
            .with_product_info("relais", env!("CARGO_PKG_VERSION"));
        Self { client, database: database.to_owned() }
    }

    /// The database of all unqualified names.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The same account in another database.
    pub(super) fn in_database(&self, database: &str) -> Self {
        Self { client: self.client.clone().with_database(database), database: database.to_owned() }
    }

    /// Whether the server answers this account.
    ///
    /// # Errors
    /// Why it does not, within 5 s.
    pub async fn ping(&self) -> Result<(), CallError> {
        bounded(PING_WITHIN, self.client.query_raw("SELECT 1").execute()).await
    }

    /// Executes a statement that answers no rows, within 120 s.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn execute(&self, sql: &str) -> Result<(), CallError> {
        let query = self.client.query_raw(sql).with_setting("wait_end_of_query", "1");
        bounded(QUERY_WITHIN, query.execute()).await
    }

    /// All rows of a query, within 120 s on both sides. Column names and types are checked against `T`.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn rows<T>(&self, sql: &str) -> Result<Vec<T>, CallError>
    where
        T: clickhouse::RowOwned + clickhouse::RowRead,
    {
        let query = self.client.query_raw(sql).with_setting("max_execution_time", QUERY_WITHIN.as_secs().to_string());
        bounded(QUERY_WITHIN, query.fetch_all()).await
    }

    /// The only row of a query.
    ///
    /// # Errors
    /// As [`Self::rows`]; also when there is no row.
    pub async fn row<T>(&self, sql: &str) -> Result<T, CallError>
    where
        T: clickhouse::RowOwned + clickhouse::RowRead,
    {
        let row = self.rows(sql).await?.pop();
        row.ok_or_else(|| CallError::Answer("no row where one was expected".to_owned()))
    }
}

/// Runs a call of the `clickhouse` crate, which knows no bound for queries, within `limit`.
pub(super) async fn bounded<T>(
    limit: Duration,
    call: impl Future<Output = clickhouse::error::Result<T>>,
) -> Result<T, CallError> {
    match tokio::time::timeout(limit, call).await {
        Ok(result) => result.map_err(CallError::from),
        Err(_elapsed) => Err(CallError::TimedOut),
    }
}
