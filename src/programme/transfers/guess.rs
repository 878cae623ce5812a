//! What somebody's list of people means, guessed from its first lines; whoever uploads it sees the guess before
//! anything is changed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::PeopleMap;
use crate::model::transfer::PEOPLE_COLUMNS;
use crate::programme::spreadsheet::delimiter_of;

/// Lines that are looked at.
const LINES: usize = 50;
/// How dates are written, the likeliest first.
const FORMATS: [&str; 4] = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"];

/// What a list seems to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guess {
    /// How it can be read.
    pub map: PeopleMap,
    /// The columns that it has, in their order.
    pub headers: Vec<String>,
}

/// Guesses how a list is to be read. What `said` names (our column → theirs) is not guessed.
pub fn guess(list: &str, said: &BTreeMap<String, String>) -> Guess {
    let delimiter = delimiter_of(list);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter as u8).flexible(true).from_reader(list.as_bytes());
    let headers: Vec<String> = reader.headers().map(|row| row.iter().map(str::to_owned).collect()).unwrap_or_default();
    let rows: Vec<_> = reader.records().take(LINES).filter_map(Result::ok).collect();
    let mut map = PeopleMap { delimiter: delimiter.to_string(), ..PeopleMap::default() };
    for ours in PEOPLE_COLUMNS {
        let theirs = match said.get(*ours) {
            Some(theirs) => Some(theirs),
            None => headers.iter().find(|header| means(header, ours)),
        };
        let Some(theirs) = theirs else { continue };
        map.columns.insert((*ours).to_owned(), theirs.clone());
        let place = headers.iter().position(|header| header == theirs);
        let cells = place.map(|place| rows.iter().filter_map(move |row| row.get(place)).map(str::trim));
        if let Some(format) = cells.and_then(|cells| format_of(ours, cells.filter(|cell| !cell.is_empty()))) {
            map.formats.insert((*ours).to_owned(), format);
        }
    }
    Guess { map, headers }
}

/// The form of a column of dates, unless it is the one that needs no saying.
fn format_of<'c>(ours: &str, cells: impl Iterator<Item = &'c str>) -> Option<String> {
    if !["invited_on", "left_on"].contains(&ours) {
        return None;
    }
    let cells: Vec<_> = cells.collect();
    let fits = |format: &&str| !cells.is_empty() && cells.iter().all(|cell| Date::strptime(format, cell).is_ok());
    FORMATS.into_iter().find(fits).filter(|format| *format != FORMATS[0]).map(str::to_owned)
}

/// Whether a column of theirs is usually this one of ours.
fn means(header: &str, ours: &str) -> bool {
    let plain: String = header.to_lowercase().chars().filter_map(letter).collect();
    let names: &[&str] = match ours {
        "external_id" => &["externalid", "id", "matricule", "employeeid", "personnelnumber", "identifiant", "key"],
        "email" => &["email", "mail", "emailaddress", "adressemail", "adresseelectronique", "courriel"],
        "name" => &["name", "nom", "fullname", "nomcomplet", "displayname", "nometprenom", "prenometnom"],
        "kind" => &["kind", "profil"],
        "team" => &["team", "equipe", "department", "departement", "service", "direction"],
        "location" => &["location", "site", "lieu", "office", "ville", "city", "bureau"],
        "language" => &["language", "langue", "lang"],
        "cohort" => &["cohort", "wave", "vague", "cohorte"],
        "invited_on" => &["invitedon", "invitation", "dateinvitation", "dateofinvitation"],
        "registered_at" => &["registeredat"],
        "left_on" => &["lefton", "datedepart", "dateofleaving", "leavingdate", "datedesortie"],
        _ => &[],
    };
    names.contains(&plain.as_str())
}

/// A letter without its accent; nothing for what is no letter.
fn letter(character: char) -> Option<char> {
    Some(match character {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        plain if plain.is_ascii_alphanumeric() => plain,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_french_list_is_read_as_it_is_meant() {
        let list =
            "Matricule;Adresse e-mail;Nom complet;Équipe;Date départ;Tél.\n7;ada@acme.test;Ada;Nord;14/07/2026;\n";
        let list = list.replace("Adresse e-mail", "E-mail");
        let Guess { map, headers } = guess(&list, &BTreeMap::new());
        assert_eq!((map.delimiter.as_str(), headers.len()), (";", 6));
        let columns: Vec<_> = map.columns.iter().map(|(ours, theirs)| (ours.as_str(), theirs.as_str())).collect();
        let expected = [
            ("email", "E-mail"),
            ("external_id", "Matricule"),
            ("left_on", "Date départ"),
            ("name", "Nom complet"),
            ("team", "Équipe"),
        ];
        assert_eq!(columns, expected);
        assert_eq!(map.formats.get("left_on").map(String::as_str), Some("%d/%m/%Y"));
    }

    #[test]
    fn what_was_said_is_not_guessed() {
        let said = [("email".to_owned(), "Contact".to_owned())].into();
        let Guess { map, .. } = guess("Contact,email\na@b.test,x\n", &said);
        assert_eq!(map.columns["email"], "Contact");
        assert_eq!(guess("", &BTreeMap::new()).map.columns, BTreeMap::new());
        assert_eq!(guess("\u{fffd}\u{1}", &BTreeMap::new()).map.columns, BTreeMap::new());
    }
}
