//! Issuing links, one or many at once.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use super::show::{self, Contents, ShownLink};
use crate::model::code::InvalidCode;
use crate::model::{Advocate, AdvocateId, Channel, Code, ContentId, Link, LinkId, Space};
use crate::programme::fields::{Check, Field};
use crate::programme::shapes::GivenVanityCode;
use crate::programme::{CharterRecord, Error, ids, times};
use crate::store::{StoreError, Writing};

/// How often codes are drawn anew before giving up. With a billion links, one draw in five million
/// is taken: eight in a row never are.
const DRAWS: usize = 8;

/// A link as it is asked for.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LinkFields {
    /// What it leads to; must be given.
    #[schema(value_type = ContentId, required = true)]
    pub content_id: Field<String>,
    /// Whose it is; must be given, unless somebody asks for itself.
    #[schema(value_type = AdvocateId)]
    pub advocate_id: Field<String>,
    /// Where it is shared; must be given.
    #[schema(value_type = Channel, required = true)]
    pub channel: Field<String>,
    /// A code of one's own choice.
    #[schema(value_type = Option<GivenVanityCode>)]
    pub vanity: Field<String>,
}

/// The link of the three that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLink {
    /// The link.
    pub shown: ShownLink,
    /// False when they had it already.
    pub created: bool,
}

/// What a link is known by, read from its fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Three {
    content: ContentId,
    advocate: AdvocateId,
    channel: Channel,
}

pub(super) async fn issue(
    writing: &mut Writing,
    base: &Url,
    space: Space,
    items: &[LinkFields],
    only: Option<AdvocateId>,
    charter: Option<&CharterRecord>,
) -> Result<Vec<Result<IssuedLink, Error>>, Error> {
    let asked: Vec<_> = items.iter().map(|item| read(item, only)).collect();

    let mut content_ids: Vec<_> = asked.iter().flatten().map(|(three, _)| three.content).collect();
    let mut advocate_ids: Vec<_> = asked.iter().flatten().map(|(three, _)| three.advocate).collect();
    content_ids.sort_unstable();
    content_ids.dedup();
    advocate_ids.sort_unstable();
    advocate_ids.dedup();
    let contents = show::contents(writing, space.id, &content_ids).await?;
    let found = writing.advocates_of(space.id, &advocate_ids).await?;
    let advocates: HashMap<_, _> = found.into_iter().map(|advocate| (advocate.id, advocate)).collect();

    let awaited = match charter {
        Some(charter) => {
            let accepted = writing.accepted_charters(space.id, &advocate_ids).await?;
            let awaits = |id: &AdvocateId| accepted.get(id).is_none_or(|version| *version < charter.version);
            advocate_ids.into_iter().filter(awaits).collect()
        }
        None => HashSet::new(),
    };

    let today = times::date_in(&space.time_zone, writing.at_ms()).unwrap_or_default();
    let mut issuing = Issuing { writing, space: &space, links: HashMap::new() };
    let mut outcomes = Vec::with_capacity(asked.len());
    let mut wanted = Vec::new();
    for item in asked {
        let (three, vanity) = match item {
            Ok(item) => item,
            Err(error) => {
                outcomes.push(Err(error));
                continue;
            }
        };
        let refused = refusal(&three, &contents, &advocates, issuing.writing.at_ms(), &today);
        let outcome = match refused.or_else(|| awaited.contains(&three.advocate).then(charter_not_accepted)) {
            None => {
                wanted.push((three.clone(), vanity.clone()));
                Ok((three, vanity))
            }
            // A link that there is stays theirs; only a new one is refused.
            Some(error @ Error::Conflict { .. }) if issuing.find(&three).await? => {
                drop(error);
                Ok((three, vanity))
            }
            Some(error) => Err(error),
        };
        outcomes.push(outcome);
    }
    let taken = issuing.insert(wanted).await?;

    let links = issuing.links;
    let mut first_answers = HashSet::new();
    Ok(outcomes
        .into_iter()
        .map(|outcome| {
            let (three, vanity) = outcome?;
            if let Some(vanity) = &vanity
                && taken.contains(&(three.clone(), vanity.clone()))
            {
                let message = format!("the code {vanity} is taken: choose another vanity");
                return Err(Error::Conflict { code: "code_taken", field: Some("vanity"), message });
            }
            let missing = Error::NotFound { what: "link", field: None };
            let (link, inserted) = links.get(&three).ok_or(missing)?;
            match vanity {
                Some(vanity) if vanity != link.code => Err(Error::Conflict {
                    code: "link_exists",
                    field: Some("vanity"),
                    message: format!(
                        "these three have a link already, with the code {}: use that one, or ask for the vanity on \
                         another channel",
                        link.code
                    ),
                }),
                _ => Ok(IssuedLink {
                    created: *inserted && first_answers.insert(link.id),
                    shown: show::shown(&space, &contents, base, link.clone()),
                }),
            }
        })
        .collect())
}

fn read(item: &LinkFields, only: Option<AdvocateId>) -> Result<(Three, Option<Code>), Error> {
    let mut check = Check::default();
    let content = check.required_word("content_id", &item.content_id);
    let advocate = match (&item.advocate_id, only) {
        (Field::Absent, Some(own)) => Some(own),
        (given, _) => check.required_word("advocate_id", given),
    };
    let channel = check.required_word("channel", &item.channel);
    let mut vanity = None;
    check.optional("vanity", &item.vanity, &mut vanity, |check, text| {
        let code = |error: &InvalidCode| match error {
            InvalidCode::Reserved => "reserved",
            InvalidCode::Form => "invalid",
        };
        Code::vanity(text).map_err(|error| check.refuse("vanity", code(&error), error.to_string())).ok()
    });
    check.finish()?;
    let (Some(content), Some(advocate), Some(channel)) = (content, advocate, channel) else {
        return Err(Error::field("content_id", "required", "content_id, advocate_id and channel must be given"));
    };
    if only.is_some_and(|own| own != advocate) {
        return Err(Error::NotFound { what: "advocate", field: Some("advocate_id") });
    }
    Ok((Three { content, advocate, channel }, vanity))
}

/// Why these three cannot have a new link.
fn refusal(
    three: &Three,
    contents: &Contents,
    advocates: &HashMap<AdvocateId, Advocate>,
    now_ms: i64,
    today: &str,
) -> Option<Error> {
    let Some((content, _)) = contents.get(&three.content) else {
        return Some(Error::NotFound { what: "content", field: Some("content_id") });
    };
    let Some(advocate) = advocates.get(&three.advocate) else {
        return Some(Error::NotFound { what: "advocate", field: Some("advocate_id") });
    };
    if content.is_over(now_ms) {
        return Some(Error::Conflict {
            code: "content_over",
            field: Some("content_id"),
            message: "this content has expired or is closed: it gets no new links".to_owned(),
        });
    }
    // Dates of one form compare as texts.
    if advocate.left_on.as_deref().is_some_and(|left| left < today) {
        return Some(Error::Conflict {
            code: "advocate_left",
            field: Some("advocate_id"),
            message: "this advocate has left the programme and gets no new links".to_owned(),
        });
    }
    None
}

fn charter_not_accepted() -> Error {
    Error::Conflict {
        code: "charter_not_accepted",
        field: Some("advocate_id"),
        message: "this advocate has not accepted the charter's newest version yet, which is done in the portal; an \
                  administrator's token may issue the link before"
            .to_owned(),
    }
}

struct Issuing<'a> {
    writing: &'a mut Writing,
    space: &'a Space,
    /// What is known of the three, and whether it was inserted here.
    links: HashMap<Three, (Link, bool)>,
}

impl Issuing<'_> {
    /// Whether the three have a link; remembers it then.
    async fn find(&mut self, three: &Three) -> Result<bool, Error> {
        if self.links.contains_key(three) {
            return Ok(true);
        }
        let found = self.writing.link_of(self.space.id, three.content, three.advocate, &three.channel).await?;
        let is_there = found.is_some();
        if let Some(link) = found {
            self.links.insert(three.clone(), (link, false));
        }
        Ok(is_there)
    }

    /// Inserts or finds the links of these; answers those whose vanity codes are taken.
    async fn insert(&mut self, wanted: Vec<(Three, Option<Code>)>) -> Result<HashSet<(Three, Code)>, Error> {
        let mut taken = HashSet::new();
        let mut seen = HashSet::with_capacity(wanted.len());
        let mut open: Vec<_> = wanted.into_iter().filter(|item| seen.insert(item.clone())).collect();
        for _ in 0..DRAWS {
            if open.is_empty() {
                return Ok(taken);
            }
            let drawn = open.iter().zip(ids::neighbours(open.len()));
            let links: Vec<_> = drawn.map(|((three, vanity), id)| self.link(id, three, vanity.clone())).collect();
            let inserted = self.writing.insert_links(self.space.id, &links).await?;
            let mut again = Vec::new();
            for ((three, vanity), link) in open.into_iter().zip(links) {
                if inserted.contains(&link.id) {
                    self.links.insert(three, (link, true));
                } else if !self.find(&three).await? {
                    // The three are free, so the code was not.
                    match vanity {
                        Some(vanity) => _ = taken.insert((three, vanity)),
                        None => again.push((three, None)),
                    }
                }
            }
            open = again;
        }
        if open.is_empty() { Ok(taken) } else { Err(Error::Store(StoreError::Busy)) }
    }

    fn link(&self, id: u64, three: &Three, vanity: Option<Code>) -> Link {
        Link {
            id: LinkId::from_bits(id),
            space: self.space.id,
            content: three.content,
            advocate: three.advocate,
            channel: three.channel.clone(),
            code: vanity.unwrap_or_else(ids::random_code),
            disabled: false,
            created_at_ms: self.writing.at_ms(),
        }
    }
}
