//! Whom an audience reaches, and what it can be made of.

use super::shelf::{Reader, folded};
use super::{Audience, Error, PeopleGroup, Programme};
use crate::model::{Advocate, AdvocateId, AdvocateKind, SpaceId, Team};

/// The people of a space as audiences see them, as of one instant.
#[derive(Debug, Clone)]
pub struct People {
    /// Each way to be somebody here, with the names that audiences call it by.
    groups: Vec<(Reader, u64)>,
    /// Places of work, with how many people each has; in the order of the alphabet.
    pub locations: Vec<(String, u64)>,
    /// Languages, alike.
    pub languages: Vec<(String, u64)>,
    /// Skills, alike.
    pub skills: Vec<(String, u64)>,
    /// Kinds of people, in their order.
    pub kinds: Vec<(AdvocateKind, u64)>,
}

impl People {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.groups.iter().map(|(_, people)| people).sum()
    }

    /// How many of them an audience names.
    pub fn reached_by(&self, audience: &Audience) -> u64 {
        let reached = self.groups.iter().filter(|(reader, _)| reader.fit(audience).is_some());
        reached.map(|(_, people)| people).sum()
    }

    fn of(groups: Vec<PeopleGroup>, teams: Vec<Team>) -> Self {
        let teams = teams.into_iter().map(|team| (team.id, team)).collect();
        let mut people =
            Self { groups: Vec::new(), locations: vec![], languages: vec![], skills: vec![], kinds: vec![] };
        for group in groups {
            let PeopleGroup { team, location, language, kind, skills, people: count } = group;
            for (slot, names) in [
                (&mut people.locations, location.iter().collect::<Vec<_>>()),
                (&mut people.languages, language.iter().collect()),
                (&mut people.skills, skills.iter().collect()),
            ] {
                for name in names {
                    match slot.iter_mut().find(|(known, _)| known == name) {
                        Some((_, known)) => *known += count,
                        None => slot.push((name.clone(), count)),
                    }
                }
            }
            match people.kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, known)) => *known += count,
                None => people.kinds.push((kind, count)),
            }
            let somebody = Advocate {
                id: AdvocateId::NONE,
                space: SpaceId::NONE,
                external_id: None,
                kind,
                team,
                location,
                language,
                cohort: None,
                skills,
                invited_on: None,
                registered_at_ms: None,
                left_on: None,
            };
            people.groups.push((Reader::new(&somebody, &teams), count));
        }
        for slot in [&mut people.locations, &mut people.languages, &mut people.skills] {
            slot.sort_by_cached_key(|(name, _)| folded(name));
        }
        people.kinds.sort_unstable();
        people
    }
}

impl Programme {
    /// The people of a space who have not left.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn people(&self, space: SpaceId) -> Result<People, Error> {
        let today = self.today(space).await?;
        let mut reading = self.store.read().await?;
        let groups = reading.people_groups(space, &today).await?;
        Ok(People::of(groups, reading.all_teams(space).await?))
    }
}
