//! A small believable programme for somebody who looks at Relais for the first time.

use anyhow::Context;

use super::programme::Opened;
use crate::model::SpaceId;
use crate::portal;
use crate::programme::{
    AdvocateFields, AdvocateFilter, ContentFields, LinkFields, LinkFilter, MemberFields, Page, SpaceFields,
};

/// Slug of the demo's space.
const SLUG: &str = "verdier";
/// Domain of its people's addresses, which may sign up.
const DOMAIN: &str = "maison-verdier.example";

/// Name, team, city, language and kind of each advocate.
const PEOPLE: &[(&str, &str, &str, &str, &str)] = &[
    ("Camille Roux", "Ventes", "Paris", "fr", "employee"),
    ("Hugo Lefèvre", "Ventes", "Lyon", "fr", "employee"),
    ("Inès Bouchard", "Marketing", "Paris", "fr", "employee"),
    ("Julien Moreau", "R&D", "Grenoble", "fr", "employee"),
    ("Katarzyna Nowak", "R&D", "Grenoble", "en", "employee"),
    ("Louis Garnier", "Magasins", "Nantes", "fr", "employee"),
    ("Manon Dubois", "Magasins", "Lille", "fr", "employee"),
    ("Nadia Benali", "Ressources humaines", "Paris", "fr", "employee"),
    ("Oliver Hughes", "Sales UK", "London", "en", "employee"),
    ("Priya Sharma", "Sales UK", "London", "en", "employee"),
    ("Atelier Fontaine", "Revendeurs", "Bordeaux", "fr", "partner"),
    ("Sophie Lambert", "Clients", "Toulouse", "fr", "customer"),
];

/// Kind, path, title and summary of each content.
const CONTENTS: &[(&str, &str, &str, &str)] = &[
    ("article", "journal/cuir-vegetal", "Le cuir végétal, vingt ans plus tard", "Ce que nos ateliers ont appris."),
    (
        "article",
        "journal/repair",
        "Repair first: why we mend what we sell",
        "A bag that lasts is a bag that is mended.",
    ),
    ("campaign", "concours/printemps", "Concours de printemps : gagnez votre sac", "Jusqu’au 30 avril, en magasin."),
    ("job", "jobs/maroquinier-lyon", "Maroquinier ou maroquinière, Lyon", "CDI, formation de six mois à l’atelier."),
    ("job", "jobs/data-engineer", "Data engineer, Paris", "Python, ClickHouse, et des sacs."),
    ("video", "films/atelier", "Une journée à l’atelier", "Trois minutes avec celles et ceux qui cousent."),
    ("event", "portes-ouvertes", "Portes ouvertes à Grenoble", "Le 12 juin, visite des ateliers."),
];

/// Who is more than an advocate, by its place in [`PEOPLE`], and whom the demo lets in.
const PLAYERS: &[(usize, &str)] = &[(0, "advocate"), (2, "marketing"), (7, "recruiter")];

/// How long a printed sign-in address opens, in milliseconds: a demo is looked at for a day.
const ADDRESS_MS: i64 = 86_400_000;

/// Where each person may share each content.
const CHANNELS: &[&str] = &["linkedin", "whatsapp", "email", "qr"];

/// A link to show, and whose it is.
pub struct Shown {
    /// Its code.
    pub code: String,
    /// Who would share it.
    pub advocate: String,
    /// What it leads to.
    pub title: String,
}

/// An address that signs somebody in, once.
pub struct SignIn {
    /// What that person is: `advocate`, `marketing` or `recruiter`.
    pub role: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The address.
    pub address: String,
}

/// What the demo holds.
pub struct Demo {
    /// Its space.
    pub space: SpaceId,
    /// The brand.
    pub name: String,
    /// People, contents and links.
    pub counts: (usize, usize, usize),
    /// A link to try first.
    pub shown: Shown,
    /// An employee's, marketing's and a recruiter's way in.
    pub sign_ins: Vec<SignIn>,
}

/// Fills an installation; one that has the demo already is left as it is.
///
/// # Errors
/// When the store fails.
pub async fn fill(opened: &Opened) -> anyhow::Result<Demo> {
    let fields = SpaceFields {
        name: "Maison Verdier".to_owned().into(),
        fallback_url: "https://www.maison-verdier.example/".to_owned().into(),
        language: "fr".to_owned().into(),
        email_domains: vec![DOMAIN.to_owned()].into(),
        ..SpaceFields::default()
    };
    let (space, new) = opened.programme.create_or_update_space(SLUG, &fields).await?;
    if new {
        make(opened, space.id).await.context("filling the demo")?;
    }
    show(opened, space.id, space.name).await
}

async fn make(opened: &Opened, space: SpaceId) -> anyhow::Result<()> {
    let mut work = opened.programme.work().await?;
    let mut advocates = Vec::new();
    for (number, (name, team, location, language, kind)) in PEOPLE.iter().enumerate() {
        let fields = AdvocateFields {
            email: email(number).into(),
            name: (*name).to_owned().into(),
            kind: (*kind).to_owned().into(),
            team: (*team).to_owned().into(),
            location: (*location).to_owned().into(),
            language: (*language).to_owned().into(),
            cohort: (if number < 6 { "pilote" } else { "vague 2" }).to_owned().into(),
            invited_on: "2026-01-12".to_owned().into(),
            registered_at: "2026-01-19T09:00:00+01:00".to_owned().into(),
            ..AdvocateFields::default()
        };
        advocates.push(work.create_advocate(space, &fields).await?.advocate.id);
    }
    for (number, role) in PLAYERS {
        let fields = MemberFields { role: (*role).to_owned().into() };
        work.put_member(space, advocates[*number], &fields).await?;
    }
    let mut contents = Vec::new();
    for (kind, path, title, summary) in CONTENTS {
        let fields = ContentFields {
            kind: (*kind).to_owned().into(),
            title: (*title).to_owned().into(),
            summary: (*summary).to_owned().into(),
            url: format!("https://www.maison-verdier.example/{path}").into(),
            published_at: "2026-03-02T08:00:00+01:00".to_owned().into(),
            tracks_conversions: (*kind == "job").into(),
            external_id: path.replace('/', "-").into(),
            ..ContentFields::default()
        };
        contents.push(work.create_content(space, &fields).await?.id);
    }
    let wanted: Vec<LinkFields> = advocates
        .iter()
        .flat_map(|advocate| contents.iter().map(move |content| (advocate, content)))
        .flat_map(|(advocate, content)| {
            CHANNELS.iter().map(move |channel| LinkFields {
                advocate_id: advocate.to_string().into(),
                content_id: content.to_string().into(),
                channel: (*channel).to_owned().into(),
                ..LinkFields::default()
            })
        })
        .collect();
    for link in work.issue_links(space, &wanted, None).await? {
        link?;
    }
    work.commit().await?;
    Ok(())
}

async fn show(opened: &Opened, space: SpaceId, name: String) -> anyhow::Result<Demo> {
    let filter = LinkFilter { channel: Some("linkedin".parse()?), ..LinkFilter::default() };
    let page = Page { after: None, limit: 1 };
    let first = opened.programme.links(space, &filter, page).await?;
    let link = first.first().context("the demo has no link any more; start with an empty data_dir")?;
    let advocate = opened.programme.advocate(space, link.link.advocate).await?;
    let content = opened.programme.content(space, link.link.content).await?;
    let shown = Shown {
        code: link.link.code.as_str().to_owned(),
        advocate: advocate.name.unwrap_or_default(),
        title: content.title,
    };
    let counts = (PEOPLE.len(), CONTENTS.len(), PEOPLE.len() * CONTENTS.len() * CHANNELS.len());
    let sign_ins = sign_ins(opened, space).await?;
    Ok(Demo { space, name, counts, shown, sign_ins })
}

/// New addresses at each start; whoever was removed from the demo gets none.
async fn sign_ins(opened: &Opened, space: SpaceId) -> anyhow::Result<Vec<SignIn>> {
    let mut sign_ins = Vec::new();
    for (number, role) in PLAYERS {
        let filter = AdvocateFilter { email: Some(email(*number)), ..AdvocateFilter::default() };
        let found = opened.programme.advocates(space, &filter, Page { after: None, limit: 1 }).await?;
        let Some(person) = found.first() else { continue };
        let link = opened.auth.printed_link(space, person.advocate.id, ADDRESS_MS).await?;
        let address = opened.auth.site().address(&portal::link_path(&link));
        sign_ins.push(SignIn { role, name: PEOPLE[*number].0, address });
    }
    Ok(sign_ins)
}

fn email(number: usize) -> String {
    format!("demo{number}@{DOMAIN}")
}
