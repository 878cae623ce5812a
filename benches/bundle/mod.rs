//! A bundle of any size, the same for the same numbers.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use relais::exchange::times::{self, Zone};

/// People of the programme.
const ADVOCATES: u64 = 2_000;
/// What they share.
const CONTENTS: u64 = 400;
const CHANNELS: [&str; 6] = ["linkedin", "x", "whatsapp", "email", "facebook", "qr"];
const COUNTRIES: [&str; 6] = ["FR", "FR", "FR", "BE", "CH", ""];
const DEVICES: [&str; 4] = ["mobile", "mobile", "desktop", ""];
const CLASSES: [&str; 8] = ["human", "human", "human", "human", "human", "preview", "bot", "scanner"];
/// 2025-11-01T00:00:00Z, and a year, in milliseconds.
const BEGIN_MS: i64 = 1_761_955_200_000;
const YEAR_MS: u64 = 365 * 86_400_000;

/// Marsaglia's xorshift64*: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 16) % bound
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// Writes a bundle of `clicks` clicks and a twentieth of it in shares. A tenth of the times is written in UTC.
pub(crate) fn write(folder: &Path, clicks: u64) {
    fs::create_dir_all(folder).expect("a folder");
    let zone = Zone::of("Europe/Paris").expect("a zone");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let sheet = |name: &str, header: &str| {
        let mut sheet = BufWriter::with_capacity(1 << 20, File::create(folder.join(name)).expect("a file"));
        writeln!(sheet, "{header}").expect("written");
        sheet
    };
    let mut out = sheet(
        "advocates.csv",
        "external_id,email,name,kind,team,location,language,cohort,invited_on,registered_at,left_on",
    );
    for n in 0..ADVOCATES {
        writeln!(
            out,
            "a-{n},a{n}@brand.example,\"Advocate {n}, Dr.\",employee,Team {},Paris,fr,wave-{},2025-10-01,\
             2025-10-15T09:00:00+02:00,",
            n % 40,
            n % 5
        )
        .expect("written");
    }
    out.flush().expect("written");
    let mut out = sheet("campaigns.csv", "external_id,name,starts_on,ends_on");
    writeln!(out, "c-1,Autumn,2025-11-01,").expect("written");
    out.flush().expect("written");
    let mut out = sheet("contents.csv", "external_id,kind,title,url,campaign,published_at,expires_at");
    for n in 0..CONTENTS {
        let kind = ["article", "job", "video"][n as usize % 3];
        writeln!(out, "k-{n},{kind},Content {n},https://brand.example/{n},c-1,2025-11-01T08:00:00+01:00,")
            .expect("written");
    }
    out.flush().expect("written");
    sheet("applications.csv", "external_id,advocate,content,channel,stage,occurred_at").flush().expect("written");

    let at = |dice: &mut Dice| {
        let ms = BEGIN_MS + (dice.below(YEAR_MS) / 1000 * 1000).cast_signed();
        times::write(ms, if dice.below(10) == 0 { "Z" } else { "" }, &zone)
    };
    let mut out = sheet("shares.csv", "external_id,advocate,content,channel,shared_at");
    for n in 0..clicks / 20 {
        let (advocate, content) = (dice.below(ADVOCATES), dice.below(CONTENTS));
        writeln!(out, "s-{n},a-{advocate},k-{content},{},{}", dice.of(&CHANNELS), at(&mut dice)).expect("written");
    }
    out.flush().expect("written");
    let mut out = sheet("clicks.csv", "advocate,content,channel,clicked_at,class,country,device,visitor");
    for _ in 0..clicks {
        let (advocate, content, visitor) = (dice.below(ADVOCATES), dice.below(CONTENTS), dice.next());
        let (channel, at, class) = (dice.of(&CHANNELS), at(&mut dice), dice.of(&CLASSES));
        let (country, device) = (dice.of(&COUNTRIES), dice.of(&DEVICES));
        writeln!(out, "a-{advocate},k-{content},{channel},{at},{class},{country},{device},{visitor:x}")
            .expect("written");
    }
    out.flush().expect("written");
}
