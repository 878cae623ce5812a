//! The place where engines join.

use super::error::StoreError;
use super::{postgres, sqlite};

/// The engines of this build.
#[derive(Debug, Clone)]
pub(super) enum Engine {
    Sqlite(sqlite::Engine),
    Postgres(postgres::Engine),
}

/// An open transaction of one of them.
#[derive(Debug)]
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Transaction {
    pub(super) async fn reading(engine: &Engine) -> Result<Self, StoreError> {
        match engine {
            Engine::Sqlite(engine) => Ok(Self::Sqlite(engine.begin_reading().await?)),
            Engine::Postgres(engine) => Ok(Self::Postgres(engine.begin_reading().await?)),
        }
    }

    pub(super) async fn writing(engine: &Engine) -> Result<Self, StoreError> {
        match engine {
            Engine::Sqlite(engine) => Ok(Self::Sqlite(engine.begin_writing().await?)),
            Engine::Postgres(engine) => Ok(Self::Postgres(engine.begin_writing().await?)),
        }
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit().await?),
            Self::Postgres(transaction) => Ok(transaction.commit().await?),
        }
    }
}

/// Calls the function of this name, compiled for the transaction's engine.
macro_rules! on_engine {
    ($transaction:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match &mut $transaction {
            $crate::store::transaction::Transaction::Sqlite(open) => {
                $crate::store::sqlite::$function(&mut **open, $($argument),*).await.map_err($crate::store::StoreError::from)
            }
            $crate::store::transaction::Transaction::Postgres(open) => {
                $crate::store::postgres::$function(&mut **open, $($argument),*).await.map_err($crate::store::StoreError::from)
            }
        }
    };
}
pub(super) use on_engine;
