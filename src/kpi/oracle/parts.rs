//! Counting rows: one function a figure, one predicate a kind of row.

use std::collections::BTreeSet;

use jiff::ToSpan as _;

use super::bundle::{Application, Bundle, Click, Key, Person, Share};
use super::{Numbers, Period};
use crate::kpi::dimension::Dimension;
use crate::kpi::registry::Kpi;

/// 30 x 24 hours, in milliseconds.
const COHORT_MS: i64 = 30 * 24 * 3_600_000;

/// A part of a split that is not by time.
pub(super) enum Part {
    Whole,
    Of(Dimension, Key),
}

/// Rows of one part in one period.
struct Rows<'a> {
    bundle: &'a Bundle,
    period: Period,
    part: &'a Part,
    start_ms: i64,
    end_ms: i64,
}

/// The figures of a KPI in one part of one period, each with its class or channel.
pub(super) fn figures(bundle: &Bundle, kpi: &Kpi, period: Period, part: &Part) -> Vec<(Option<String>, Numbers)> {
    let (start_ms, end_ms) = (bundle.calendar.start_ms(period), bundle.calendar.end_ms(period));
    let rows = Rows { bundle, period, part, start_ms, end_ms };
    match kpi.id().as_str() {
        "clicks_by_class" => rows.by_class(),
        "channel_mix" => rows.by_channel(),
        id => vec![(None, rows.numbers(id))],
    }
}

fn len<T>(things: impl IntoIterator<Item = T>) -> f64 {
    things.into_iter().map(|_| 1.0).sum()
}

impl Rows<'_> {
    fn numbers(&self, id: &str) -> Numbers {
        let published = || len(self.published());
        let registered = || len(self.people().filter(|person| self.is_active(person)));
        let invited = || len(self.people().filter(|person| self.is_invited(person)));
        let sharers = || self.sharers().len() as f64;
        let shares = || len(self.shares());
        let contents = || self.shares().map(|share| share.content).collect::<BTreeSet<_>>().len() as f64;
        let clicks = || len(self.clicks().filter(|click| click.counts()));
        let job_clicks = || {
            let jobs = self.clicks().filter(|click| self.bundle.contents[click.content].kind == "job");
            len(jobs.filter(|click| click.counts()))
        };
        let applications = || len(self.applications("applied"));
        let hires = || len(self.applications("hired"));
        match id {
            "contents_published" => Numbers::count(published()),
            "contents_per_weekday" => {
                Numbers::ratio(published(), f64::from(self.period.working_days(&self.bundle.calendar)))
            }
            "content_usage_rate" => Numbers::ratio(len(self.published().filter(|at| self.is_used(*at))), published()),
            "advocates_invited" => Numbers::count(invited()),
            "advocates_registered" => Numbers::count(registered()),
            "adoption_rate" => {
                let adopted = self.people().filter(|person| self.is_active(person) && self.is_invited(person));
                Numbers::ratio(len(adopted), invited())
            }
            "active_sharers" => Numbers::count(sharers()),
            "active_sharer_ratio" => Numbers::ratio(sharers(), registered()),
            "active_sharer_ratio@engaged" => {
                let signed_in = self.bundle.sign_ins.iter().filter(|(_, at)| self.is_inside(*at)).map(|(at, _)| *at);
                let signed_in = signed_in.filter(|at| self.has_person(Some(*at)));
                let signed_in = signed_in.filter(|at| self.is_active(&self.bundle.people[*at]));
                let engaged: BTreeSet<usize> = self.sharers().into_iter().chain(signed_in).collect();
                Numbers::ratio(engaged.len() as f64, registered())
            }
            "shares" => Numbers::count(shares()),
            "shares_per_active_sharer" => {
                let active = |share: &&Share| share.person.is_some_and(|at| self.is_active(&self.bundle.people[at]));
                Numbers::ratio(len(self.shares().filter(active)), sharers())
            }
            "contents_shared" => Numbers::count(contents()),
            "clicks" => Numbers::count(clicks()),
            "unique_visitors" => {
                let day = |at_ms: i64| {
                    let instant = jiff::Timestamp::from_millisecond(at_ms).expect("an instant");
                    instant.to_zoned(self.bundle.calendar.zone.clone()).date()
                };
                let counting = self.clicks().filter(|click| click.counts());
                let visitors = counting.filter_map(|click| Some((day(click.at_ms), click.visitor.clone()?)));
                Numbers::count(visitors.collect::<BTreeSet<_>>().len() as f64)
            }
            "clicks_per_share" => Numbers::ratio(clicks(), shares()),
            "clicks_per_content" => Numbers::ratio(clicks(), contents()),
            "clicks_per_content@cohort" => self.cohort(),
            "landed_share_rate" => Numbers::ratio(len(self.shares().filter(|share| self.has_landed(share))), shares()),
            "earned_media_value" if self.bundle.rates.is_empty() => Numbers::UNKNOWN,
            "earned_media_value" => Numbers::count(self.value()),
            "applications" => Numbers::count(applications()),
            "hires" => Numbers::count(hires()),
            "click_to_application_rate" => Numbers::ratio(applications(), job_clicks()),
            "application_to_hire_rate" => Numbers::ratio(hires(), applications()),
            "clicks_per_hire" => Numbers::ratio(job_clicks(), hires()),
            other => unreachable!("{other} is no KPI"),
        }
    }

    fn by_class(&self) -> Vec<(Option<String>, Numbers)> {
        let of = |class: &str| {
            let clicks = self.clicks().filter(|click| click.class == class && (class != "human" || click.counts()));
            Numbers::count(len(clicks))
        };
        let classes: BTreeSet<&str> = self.clicks().map(|click| click.class.as_str()).collect();
        classes.into_iter().map(|class| (Some(class.to_owned()), of(class))).collect()
    }

    fn by_channel(&self) -> Vec<(Option<String>, Numbers)> {
        let of = |channel: &str| len(self.shares().filter(|share| share.channel == channel));
        let channels: BTreeSet<&str> = self.shares().map(|share| share.channel.as_str()).collect();
        let ratio = |channel: &str| Numbers::ratio(of(channel), len(self.shares()));
        channels.into_iter().map(|channel| (Some(channel.to_owned()), ratio(channel))).collect()
    }

    fn is_inside(&self, at_ms: i64) -> bool {
        (self.start_ms..self.end_ms).contains(&at_ms)
    }

    fn has_person(&self, person: Option<usize>) -> bool {
        let Part::Of(by, key) = self.part else { return true };
        self.bundle.key_of_person(*by, person).is_none_or(|of| of == *key)
    }

    fn has_content(&self, content: usize) -> bool {
        let Part::Of(by, key) = self.part else { return true };
        self.bundle.key_of_content(*by, content).is_none_or(|of| of == *key)
    }

    fn has_channel(&self, channel: Option<&str>) -> bool {
        !matches!(self.part, Part::Of(Dimension::Channel, key) if key.as_deref() != channel)
    }

    fn people(&self) -> impl Iterator<Item = &Person> {
        let people = self.bundle.people.iter().enumerate();
        people.filter(|(at, _)| self.has_person(Some(*at))).map(|(_, person)| person)
    }

    fn is_active(&self, person: &Person) -> bool {
        let stays = person.left_on.is_none_or(|left| left >= self.period.from());
        person.registered_ms.is_some_and(|at| at < self.end_ms) && stays
    }

    fn is_invited(&self, person: &Person) -> bool {
        let stays = person.left_on.is_none_or(|left| left >= self.period.from());
        person.invited_on.is_some_and(|on| on <= self.period.to()) && stays
    }

    fn published(&self) -> impl Iterator<Item = usize> {
        let contents = self.bundle.contents.iter().enumerate();
        let published = contents.filter(|(_, content)| content.published_ms.is_some_and(|at| self.is_inside(at)));
        published.map(|(at, _)| at).filter(|at| self.has_content(*at))
    }

    fn is_used(&self, content: usize) -> bool {
        let last = self.period.to().checked_add(15.days()).expect("a date");
        let until = self.bundle.calendar.midnight_ms(last);
        let published = self.bundle.contents[content].published_ms.expect("it is published");
        let mut shares = self.bundle.shares.iter().filter(|share| share.content == content);
        shares.any(|share| (published..until).contains(&share.at_ms))
    }

    fn shares(&self) -> impl Iterator<Item = &Share> {
        let shares = self.bundle.shares.iter().filter(|share| self.is_inside(share.at_ms));
        shares.filter(|share| {
            self.has_person(share.person) && self.has_content(share.content) && self.has_channel(Some(&share.channel))
        })
    }

    fn sharers(&self) -> BTreeSet<usize> {
        let people = self.shares().filter_map(|share| share.person);
        people.filter(|at| self.is_active(&self.bundle.people[*at])).collect()
    }

    fn clicks(&self) -> impl Iterator<Item = &Click> {
        let clicks = self.bundle.clicks.iter().filter(|click| self.is_inside(click.at_ms));
        clicks.filter(|click| {
            let in_country = !matches!(self.part, Part::Of(Dimension::Country, key) if *key != click.country);
            in_country
                && self.has_person(click.person)
                && self.has_content(click.content)
                && self.has_channel(Some(&click.channel))
        })
    }

    fn has_landed(&self, share: &Share) -> bool {
        self.bundle.clicks.iter().any(|click| {
            let same_link =
                click.person == share.person && click.content == share.content && click.channel == share.channel;
            same_link && click.counts() && (share.at_ms..self.end_ms).contains(&click.at_ms)
        })
    }

    fn cohort(&self) -> Numbers {
        let (mut clicks, mut shared) = (0.0, 0.0);
        for content in self.published() {
            let published = self.bundle.contents[content].published_ms.expect("it is published");
            let within = |at_ms: i64| (published..published + COHORT_MS).contains(&at_ms);
            let of_it = self.bundle.clicks.iter().filter(|click| click.content == content && click.counts());
            clicks += len(of_it.filter(|click| within(click.at_ms)));
            let is_shared = self.bundle.shares.iter().any(|share| share.content == content && within(share.at_ms));
            shared += if is_shared { 1.0 } else { 0.0 };
        }
        Numbers::ratio(clicks, shared)
    }

    /// The middle estimate.
    fn value(&self) -> f64 {
        let counting = self.clicks().filter(|click| click.counts());
        counting.map(|click| self.rate(click)[1]).sum()
    }

    fn rate(&self, click: &Click) -> [f64; 3] {
        let instant = jiff::Timestamp::from_millisecond(click.at_ms).expect("an instant");
        let day = instant.to_zoned(self.bundle.calendar.zone.clone()).date();
        let begun = self
            .bundle
            .rates
            .iter()
            .filter(|(channel, from, _)| *channel == click.channel && from.is_none_or(|from| from <= day));
        begun.max_by_key(|(_, from, _)| *from).map_or([0.0; 3], |(_, _, rates)| *rates)
    }

    fn applications(&self, stage: &str) -> impl Iterator<Item = &Application> {
        let credited = self.bundle.applications.iter().filter(|application| application.person.is_some());
        credited.filter(move |application| {
            application.reached.get(stage).is_some_and(|at| self.is_inside(*at))
                && self.has_person(application.person)
                && application.content.map_or_else(|| self.has_no_content(), |at| self.has_content(at))
                && self.has_channel(application.channel.as_deref())
        })
    }

    /// Whether what has no content belongs to the part.
    fn has_no_content(&self) -> bool {
        use Dimension as D;
        !matches!(self.part, Part::Of(D::Content | D::ContentKind | D::Campaign, Some(_)))
    }
}
