//! The place where engines join.

use super::error::StoreError;
use super::sqlite;

/// The engines of this build.
#[derive(Debug, Clone)]
pub(super) enum Engine {
    Sqlite(sqlite::Engine),
}

/// An open transaction of one of them.
#[derive(Debug)]
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
}

impl Transaction {
    pub(super) async fn reading(engine: &Engine) -> Result<Self, StoreError> {
        match engine {
            Engine::Sqlite(engine) => Ok(Self::Sqlite(engine.begin_reading().await?)),
        }
    }

    pub(super) async fn writing(engine: &Engine) -> Result<Self, StoreError> {
        match engine {
            Engine::Sqlite(engine) => Ok(Self::Sqlite(engine.begin_writing().await?)),
        }
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit().await?),
        }
    }
}

/// Calls the function of this name in the folder of the transaction's engine.
macro_rules! on_engine {
    ($transaction:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match &mut $transaction {
            $crate::store::transaction::Transaction::Sqlite(open) => {
                $crate::store::sqlite::$function(&mut **open, $($argument),*).await.map_err($crate::store::StoreError::from)
            }
        }
    };
}
pub(super) use on_engine;
