//! The frame around every page.

use std::ops::Deref;

use super::assets::{self, Icon};
use super::{Area, Entry, Flash, Person, look};
use crate::look::Look;
use crate::model::{Role, Space};
use crate::texts::Texts;

/// What `templates/base.html` needs; a field `page` of every template. Messages are said through
/// it: `{{ page.say("feed-title") }}`.
#[derive(Clone)]
pub(in crate::portal) struct Page {
    texts: &'static Texts,
    /// The space, once it is known.
    pub(in crate::portal) space: Option<Brand>,
    /// Who is signed in.
    pub(in crate::portal) person: Option<Reader>,
    /// The part of the portal.
    pub(in crate::portal) area: Area,
    /// The entry of the navigation that the page belongs to.
    here: &'static str,
    /// The way back to the pages above this one: address and text.
    pub(in crate::portal) trail: Vec<(String, String)>,
    flash: Option<Flash>,
}

/// A space as pages show it.
#[derive(Clone)]
pub(in crate::portal) struct Brand {
    /// Its name.
    pub(in crate::portal) name: String,
    /// Its short name.
    pub(in crate::portal) slug: String,
    /// IANA name.
    time_zone: String,
    look: Look,
}

/// Whoever reads the page.
#[derive(Clone)]
pub(in crate::portal) struct Reader {
    /// How the person is called, or its address.
    pub(in crate::portal) name: String,
    role: Role,
    /// Whether the person manages a team.
    manages: bool,
    /// What its forms send back.
    pub(in crate::portal) csrf: String,
}

impl Page {
    /// The frame for somebody who is not signed in.
    pub(in crate::portal) fn of_nobody(texts: &'static Texts, space: Option<&Space>) -> Self {
        let space = space.map(Brand::new);
        Self { texts, space, person: None, area: Area::Share, here: "", trail: Vec::new(), flash: None }
    }

    /// The frame for a person.
    pub(super) fn of_person(person: &Person) -> Self {
        let record = &person.record;
        let name = record.name.clone().or_else(|| record.email.clone()).unwrap_or_default();
        let reader = Reader { name, role: person.role(), manages: person.manages, csrf: person.visitor.csrf.clone() };
        let flash = Flash::read(&person.visit.headers);
        Self { person: Some(reader), flash, ..Self::of_nobody(person.texts, Some(&person.space)) }
    }

    /// The same at an entry of an area's navigation.
    pub(super) fn at(self, area: Area, here: &'static str) -> Self {
        Self { area, here, ..self }
    }

    /// The same with the way back to a page above this one.
    #[must_use]
    pub(in crate::portal) fn below(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.trail.push((path.into(), text.into()));
        self
    }

    /// The areas that the header offers; none when there is but one.
    pub(in crate::portal) fn areas(&self) -> Vec<Area> {
        let Some(reader) = &self.person else { return Vec::new() };
        let open: Vec<_> =
            Area::ALL.iter().copied().filter(|area| area.is_open_to(reader.role, reader.manages)).collect();
        if open.len() > 1 { open } else { Vec::new() }
    }

    /// The area's navigation.
    pub(in crate::portal) fn entries(&self) -> &'static [Entry] {
        if self.person.is_some() { self.area.entries() } else { &[] }
    }

    /// Whether the page belongs to this entry.
    pub(in crate::portal) fn is_here(&self, entry: &&Entry) -> bool {
        entry.path == self.here
    }

    /// Whose pages these are.
    pub(in crate::portal) fn brand(&self) -> &str {
        self.space.as_ref().map_or("Relais", |space| &space.name)
    }

    /// The path of the space's logo.
    pub(in crate::portal) fn logo(&self) -> Option<&str> {
        self.space.as_ref().and_then(|space| space.look.logo.as_deref())
    }

    /// The path of the space's colours.
    pub(in crate::portal) fn look(&self) -> String {
        look::path(&self.space.as_ref().map_or_else(Look::default, |space| space.look.clone()))
    }

    /// The brand's colour, for the frame that a phone draws.
    pub(in crate::portal) fn accent(&self) -> String {
        self.space.as_ref().map_or_else(Look::default, |space| space.look.clone()).accent.to_string()
    }

    /// What was just done.
    pub(in crate::portal) fn flash(&self) -> Option<String> {
        self.flash.as_ref()?.say(self.texts)
    }

    /// What forms of this page send back.
    pub(in crate::portal) fn csrf(&self) -> &str {
        self.person.as_ref().map_or("", |reader| &reader.csrf)
    }

    /// The path of an asset.
    pub(in crate::portal) fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }

    /// An icon.
    pub(in crate::portal) fn icon(&self, name: &'static str) -> Icon {
        Icon::new(name)
    }

    /// Date and time of an instant where the space is.
    pub(in crate::portal) fn time(&self, at_ms: &i64) -> String {
        self.texts.instant(self.zone(), *at_ms)
    }

    /// The date of an instant where the space is.
    pub(in crate::portal) fn date_of(&self, at_ms: &i64) -> String {
        self.texts.day(self.zone(), *at_ms)
    }

    /// Hour and minute of an instant where the space is.
    pub(in crate::portal) fn clock_of(&self, at_ms: &i64) -> String {
        self.texts.clock(self.zone(), *at_ms)
    }

    /// The time zone in which the page tells times.
    pub(in crate::portal) fn zone(&self) -> &str {
        self.space.as_ref().map_or("UTC", |space| &space.time_zone)
    }
}

impl Deref for Page {
    type Target = Texts;

    fn deref(&self) -> &Texts {
        self.texts
    }
}

impl Brand {
    fn new(space: &Space) -> Self {
        let Space { name, slug, time_zone, .. } = space.clone();
        Self { name, slug, time_zone, look: Look::of(space) }
    }
}
