//! A drawn story as an exchange bundle, so that it comes in by the door that everybody's history comes in by.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

use super::draw::{Chance, Plan};
use super::story::Story;
use crate::exchange::bundle::{ADVOCATES, APPLICATIONS, CAMPAIGNS, CLICKS, CONTENTS, FileOf, LINKS, SHARES, SIGN_INS};
use crate::exchange::times::{self, Zone};
use crate::model::{Channel, Code};

/// The code of each link, by person, content and channel.
pub(super) type Codes = HashMap<(usize, usize, Channel), Code>;

/// Draws a code for every link that was shared. `seed` is kept with the installation: nobody else's demo has the
/// same codes, and a filling that goes on has them again.
pub(super) fn codes(story: &Story, plan: &Plan, seed: u64) -> Codes {
    let mut chance = Chance::of(&story.slug, &format!("codes {seed}"));
    let shared: BTreeSet<_> =
        plan.shares.iter().map(|share| (share.person, share.content, share.channel.clone())).collect();
    let mut taken = BTreeSet::new();
    let mut draw = || loop {
        let letter = |_| char::from(Code::ALPHABET[chance.below(Code::ALPHABET.len())]);
        let text: String = (0..Code::ISSUED_LEN).map(letter).collect();
        if taken.insert(text.clone()) {
            return Code::issued(&text).expect("drawn from the alphabet, in its length");
        }
    };
    shared.into_iter().map(|three| (three, draw())).collect()
}

/// Writes the bundle into a new folder.
pub(super) fn write(plan: &Plan, codes: &Codes, zone: &Zone, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let at = |at_ms: Option<i64>| at_ms.map(|at_ms| times::write(at_ms, "", zone)).unwrap_or_default();
    let on = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();

    let mut sheet = Sheet::new(folder, &ADVOCATES)?;
    for person in &plan.people {
        let (invited_on, left_on) = (on(Some(person.invited_on)), on(person.left_on));
        let registered_at = at(person.registered_at_ms);
        sheet.row([
            &person.key,
            &person.email,
            &person.name,
            person.kind.as_str(),
            &person.team,
            &person.place,
            &person.language,
            &person.cohort,
            &invited_on,
            &registered_at,
            &left_on,
        ])?;
    }
    sheet.end()?;

    let mut sheet = Sheet::new(folder, &CAMPAIGNS)?;
    for campaign in &plan.campaigns {
        let (starts_on, ends_on) = (on(Some(campaign.starts_on)), on(Some(campaign.ends_on)));
        sheet.row([&campaign.key, &campaign.name, &starts_on, &ends_on])?;
    }
    sheet.end()?;

    let mut sheet = Sheet::new(folder, &CONTENTS)?;
    for content in &plan.contents {
        let campaign = content.campaign.map_or("", |number| &plan.campaigns[number].key);
        let (published_at, expires_at) = (at(Some(content.published_at_ms)), at(content.expires_at_ms));
        let kind = content.kind.as_str();
        sheet.row([&content.key, kind, &content.title, &content.url, campaign, &published_at, &expires_at])?;
    }
    sheet.end()?;

    let mut links: Vec<_> = codes.iter().collect();
    links.sort_unstable();
    let mut sheet = Sheet::new(folder, &LINKS)?;
    for ((person, content, channel), code) in links {
        let (person, content) = (&plan.people[*person].key, &plan.contents[*content].key);
        sheet.row([code.as_str(), person, content, channel.as_str(), "false", "false"])?;
    }
    sheet.end()?;

    let mut sheet = Sheet::new(folder, &SHARES)?;
    for (number, share) in plan.shares.iter().enumerate() {
        let (person, content) = (&plan.people[share.person].key, &plan.contents[share.content].key);
        let (key, shared_at) = (format!("S{:06}", number + 1), at(Some(share.at_ms)));
        sheet.row([&key, person, content, share.channel.as_str(), &shared_at])?;
    }
    sheet.end()?;

    let mut sheet = Sheet::new(folder, &SIGN_INS)?;
    for (person, at_ms) in &plan.sign_ins {
        sheet.row([&plan.people[*person].key, at(Some(*at_ms)).as_str()])?;
    }
    sheet.end()?;

    // Applications come in by messages, which say whom they credit and why.
    Sheet::new(folder, &APPLICATIONS)?.end()?;

    let mut sheet = Sheet::new(folder, &CLICKS)?;
    for click in &plan.clicks {
        let share = &plan.shares[click.share];
        let (person, content) = (&plan.people[share.person].key, &plan.contents[share.content].key);
        let clicked_at = at(Some(click.at_ms));
        sheet.row([
            person,
            content,
            share.channel.as_str(),
            &clicked_at,
            click.class.as_str(),
            &click.country,
            &click.device,
            &click.visitor,
            click.answer.as_str(),
        ])?;
    }
    sheet.end()
}

/// A file of the bundle under the pen.
struct Sheet(csv::Writer<BufWriter<File>>);

impl Sheet {
    fn new(folder: &Path, file: &FileOf) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(folder.join(file.name))?));
        writer.write_record(file.columns.iter().chain(file.optional))?;
        Ok(Self(writer))
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) -> io::Result<()> {
        Ok(self.0.write_record(cells)?)
    }

    fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}
