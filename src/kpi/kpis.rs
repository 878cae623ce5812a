//! Asking the views.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::watch;

use super::answer::{Answer, Figure, Question};
use super::audience::Audience;
use super::clicks::ClickLog;
use super::dimension::Dimension;
use super::error::KpiError;
use super::registry::Kpi;
use crate::model::programme::PrivacyMode;
use crate::model::{AdvocateId, SpaceId};
use crate::store::{Store, StoreError};
use crate::warehouse::{FigureRow, FigureSpace, Parameter, Select, Warehouse};

/// How long one view may take; the API's own bound is above it.
pub(super) const WITHIN: Duration = Duration::from_secs(20);
/// Views that are asked at once for one question.
const AT_ONCE: usize = 4;

/// The KPIs of an installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Kpis {
    warehouse: watch::Receiver<Option<Warehouse>>,
    store: Store,
}

impl Kpis {
    /// Reads from ClickHouse, once it is there; the names of people from the store.
    pub fn new(warehouse: watch::Receiver<Option<Warehouse>>, store: Store) -> Self {
        Self { warehouse, store }
    }

    /// The click log of the same ClickHouse.
    pub fn clicks(&self) -> ClickLog {
        ClickLog::new(self.warehouse.clone())
    }

    pub(super) fn warehouse(&self) -> Result<Warehouse, KpiError> {
        self.warehouse.borrow().clone().ok_or(KpiError::Away)
    }

    /// The figures of a question, within 22 s.
    ///
    /// Whoever asks for somebody with [`Audience::Named`] by [`Dimension::Advocate`] notes it in the audit log first.
    ///
    /// # Errors
    /// [`KpiError`]: a split that is not possible names what is.
    pub async fn answer(&self, space: &SpaceId, question: &Question, audience: Audience) -> Result<Answer, KpiError> {
        let warehouse = self.warehouse()?;
        let standing = space_of(&warehouse, *space, question);
        let (standing, figures) = match Seen::at_once(audience) {
            Some(seen) => {
                seen.allows(question)?;
                tokio::try_join!(standing, self.named(&warehouse, *space, question, &seen))?
            }
            None => {
                let standing = standing.await?;
                let seen = Seen::by_right(&standing);
                seen.allows(question)?;
                let figures = self.named(&warehouse, *space, question, &seen).await?;
                (standing, figures)
            }
        };
        Ok(Answer { figures, classifier_versions: standing.classifier_versions })
    }

    /// The figures, with the names of people where the views, which know none, have ids.
    async fn named(
        &self,
        warehouse: &Warehouse,
        space: SpaceId,
        question: &Question,
        seen: &Seen,
    ) -> Result<Vec<Figure>, KpiError> {
        let figures = ask_all(warehouse, space, question, seen);
        if question.by != Some(Dimension::Advocate) {
            return figures.await;
        }
        // Beside the views, though not everybody will be among the figures: most are.
        let (mut figures, names) = tokio::try_join!(figures, self.names(space))?;
        for figure in &mut figures {
            let id = figure.label.take().and_then(|id| id.parse().ok());
            figure.label = id.and_then(|id: AdvocateId| names.get(&id).cloned());
        }
        Ok(figures)
    }

    async fn names(&self, space: SpaceId) -> Result<HashMap<AdvocateId, String>, KpiError> {
        let read = async { self.store.read().await?.names(space).await };
        read.await.map_err(|error: StoreError| KpiError::Names(error.to_string()))
    }

    /// The figures that [`Self::answer`] has for [`Audience::Aggregates`], without what it says of the space: for whoever
    /// has asked that beside, and has another question. A space that nobody knows has no figures here.
    ///
    /// # Errors
    /// [`KpiError`], within 22 s.
    pub async fn figures(&self, space: &SpaceId, question: &Question) -> Result<Vec<Figure>, KpiError> {
        let seen = Seen::Aggregates;
        seen.allows(question)?;
        ask_all(&self.warehouse()?, *space, question, &seen).await
    }
}

/// What is shown of a question.
enum Seen {
    Everything,
    Aggregates,
    Own(AdvocateId),
}

impl Seen {
    /// What this audience is shown, where that is known before the space is: views and space are asked side by side then.
    fn at_once(audience: Audience) -> Option<Self> {
        match audience {
            Audience::Operator => Some(Self::Everything),
            Audience::Aggregates => Some(Self::Aggregates),
            Audience::Own(advocate) => Some(Self::Own(advocate)),
            Audience::Named => None,
        }
    }

    /// What those with the right to named figures are shown in this space.
    fn by_right(standing: &FigureSpace) -> Self {
        let is_strict = standing.privacy_mode == PrivacyMode::Strict.as_str();
        if is_strict { Self::Aggregates } else { Self::Everything }
    }

    fn allows(&self, question: &Question) -> Result<(), KpiError> {
        for kpi in &question.kpis {
            Question::one(kpi, question.period, question.by)?;
        }
        match self {
            Self::Aggregates if question.by == Some(Dimension::Advocate) => Err(KpiError::Named),
            Self::Own(_) => {
                let foreign = question.kpis.iter().find(|kpi| !kpi.is_own(question.by));
                foreign.map_or(Ok(()), |kpi| Err(KpiError::NotOwn { kpi: kpi.id() }))
            }
            Self::Everything | Self::Aggregates => Ok(()),
        }
    }
}

async fn space_of(warehouse: &Warehouse, space: SpaceId, question: &Question) -> Result<FigureSpace, KpiError> {
    let mut select = Select::new(
        "SELECT privacy_mode, classifier_versions \
         FROM figure_space(space = {space:String}, `from` = {from:Date}, `to` = {to:Date})",
        WITHIN,
    );
    bind(&mut select, space, question);
    warehouse.select::<FigureSpace>(&select).await?.pop().ok_or(KpiError::NoSpace)
}

fn bind(select: &mut Select, space: SpaceId, question: &Question) {
    select.bind("space", space.to_string());
    select.bind("from", question.period.from().to_string());
    select.bind("to", question.period.to().to_string());
}

fn select(kpi: &Kpi, space: SpaceId, question: &Question, seen: &Seen) -> Select {
    let (prefix, only) = match seen {
        Seen::Everything => ("figure", Some(String::new())),
        // Only a group of people can be too small. The view that withholds costs several times the planning of the one
        // below it, also where there is nothing to withhold; that both answer the same there is tested.
        Seen::Aggregates if question.by.is_none_or(|by| !by.is_people()) => ("figure", Some(String::new())),
        Seen::Aggregates => ("kpi", None),
        Seen::Own(advocate) => ("figure", Some(advocate.to_string())),
    };
    let mut select = Select::new(
        format!(
            "SELECT {} FROM {}(space = {{space:String}}, `from` = {{from:Date}}, `to` = {{to:Date}}, \
             `by` = {{by:String}}{})",
            FigureRow::COLUMNS,
            kpi.view(prefix),
            if only.is_some() { ", only = {only:String}" } else { "" },
        ),
        WITHIN,
    );
    select.push(" ORDER BY key ASC NULLS LAST, detail");
    bind(&mut select, space, question);
    select.bind("by", Parameter::Text(question.by.map_or("", Dimension::as_str).to_owned()));
    if let Some(only) = only {
        select.bind("only", only);
    }
    select
}

/// The figures of all KPIs of a question, in its order.
async fn ask_all(
    warehouse: &Warehouse,
    space: SpaceId,
    question: &Question,
    seen: &Seen,
) -> Result<Vec<Figure>, KpiError> {
    let one = |kpi| ask(warehouse.clone(), select(kpi, space, question, seen), kpi, question.by);
    let asked: Vec<_> = question.kpis.iter().copied().map(one).collect();
    let figures: Vec<Vec<Figure>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
    Ok(figures.concat())
}

async fn ask(
    warehouse: Warehouse,
    select: Select,
    kpi: &'static Kpi,
    by: Option<Dimension>,
) -> Result<Vec<Figure>, KpiError> {
    let rows = warehouse.select::<FigureRow>(&select).await?;
    Ok(rows.into_iter().map(|row| figure(kpi, by, row)).collect())
}

fn figure(kpi: &'static Kpi, by: Option<Dimension>, row: FigureRow) -> Figure {
    Figure {
        kpi,
        split: by.map(|by| (by, row.key)),
        label: row.name,
        detail: row.detail,
        withheld: row.withheld,
        numerator: row.numerator,
        denominator: row.denominator,
        value: row.value,
        range: row.low.zip(row.high),
    }
}
