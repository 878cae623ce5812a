//! Objectives by quarter: what the whole programme, or a team, aims at.
//!
//! A campaign's objective is the campaign's own ([`super::campaigns`]).

use super::campaigns::KPIS;
use super::fields::{Check, Field};
use super::{Error, ObjectiveRecord, Programme, Work, teams};
use crate::model::{Quarter, SpaceId, TeamId};

/// The target of a KPI: a number sets it, null takes it back, what is left out stays.
pub type Target = (String, Field<serde_json::Number>);

impl Programme {
    /// What is aimed at in a quarter: by the whole programme first, then by teams.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn objectives(&self, space: SpaceId, quarter: Quarter) -> Result<Vec<ObjectiveRecord>, Error> {
        Ok(self.store.read().await?.objectives(space, quarter).await?)
    }
}

impl Work {
    /// Sets objectives of a quarter, of a team or ([`TeamId::NONE`]) of the whole programme. The audit log says so.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the KPI's name as the field; [`Error::NotFound`] for the team.
    pub async fn set_objectives(
        &mut self,
        space: SpaceId,
        quarter: Quarter,
        team: TeamId,
        targets: &[Target],
    ) -> Result<(), Error> {
        self.open_space(space).await?;
        if team != TeamId::NONE && self.writing.team(space, team).await?.is_none() {
            return Err(teams::MISSING);
        }
        let mut check = Check::default();
        for (kpi, target) in targets {
            if !KPIS.contains(&kpi.as_str()) {
                check.refuse(kpi, "invalid", format!("expected one of: {}", KPIS.join(", ")));
            }
            if let Field::Value(target) = target
                && !target.as_f64().is_some_and(|target| target.is_finite() && target >= 0.0)
            {
                check.refuse(kpi, "invalid_target", "a target is a number, 0 or more");
            }
        }
        check.finish()?;
        for (kpi, target) in targets {
            match target {
                Field::Absent => {}
                Field::Null => self.writing.remove_objective(space, quarter, team, kpi).await?,
                Field::Value(target) => {
                    let objective = ObjectiveRecord { team, kpi: kpi.clone(), target: target.clone() };
                    self.writing.put_objective(space, quarter, &objective).await?;
                }
            }
        }
        let of = team.known().map_or_else(|| space.to_string(), |team| team.to_string());
        self.note(space, "objectives.changed", &of, serde_json::json!({ "quarter": quarter.to_string() })).await
    }
}
