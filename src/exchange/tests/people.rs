//! Lists of people in somebody else's columns.

use super::*;
use crate::exchange::bundle::ADVOCATES;
use crate::model::{Changes, PeopleMap};

const MAP: &str = r#"
delimiter = ";"
[columns]
external_id = "Matricule"
email = "E-mail"
name = "Nom"
team = "Service"
invited_on = "Invité"
registered_at = "Inscrit"
[constants]
kind = "employee"
[formats]
invited_on = "%d/%m/%Y"
registered_at = "%d/%m/%Y %H:%M"
"#;

const LIST: &str = "\u{feff}Matricule;Nom;Service;E-mail;Bureau;Invité;Inscrit\r\n\
    p-1;Ada King;Recherche;ada.king@acme.example;12;05/01/2026;20/01/2026 09:00\r\n\
    p-9;Grace Hopper;Recherche;grace@acme.example;13;;\r\n";

fn map(room: &Room, text: &str) -> Result<PeopleMap, Error> {
    let path = room.scratch.path().join("people.toml");
    fs::write(&path, text).expect("written");
    open_map(&path)
}

async fn import_list(room: &Room, list: &str, dry_run: bool) -> Imported {
    let path = room.scratch.path().join("people.csv");
    fs::write(&path, list).expect("written");
    let map = map(room, MAP).expect("a map");
    import_people(&room.place, &path, &map, false, dry_run, &Progress::default()).await.expect("an answer")
}

#[tokio::test]
async fn a_list_adds_and_changes_people_and_leaves_what_it_does_not_name() {
    let room = Room::new().await;
    take(&room.place, &testdata()).await;
    let dry = import_list(&room, LIST, true).await;
    assert_eq!(dry.files["people.csv"], Changes { added: 1, changed: 1, left: 0 });
    assert!(!dry.kept);
    let ada = &dry.people[0];
    assert!(ada.line == 2 && ada.advocate_id.is_some());
    let said = |index: usize| (ada.fields[index].field.as_str(), ada.fields[index].after.as_deref());
    assert_eq!(said(0), ("email", Some("ada.king@acme.example")));
    assert!(ada.fields.iter().all(|field| field.before != field.after && field.field != "location"), "{ada:?}");
    let grace = &dry.people[1];
    assert_eq!((grace.line, grace.advocate_id, grace.external_id.as_deref()), (3, None, Some("p-9")));
    assert!(grace.fields.iter().all(|field| field.before.is_none()));
    let real = import_list(&room, LIST, false).await;
    assert_eq!((real.files, real.kept), (dry.files, true));
    let again = import_list(&room, LIST, false).await;
    assert_eq!(again.files["people.csv"], Changes { added: 0, changed: 0, left: 2 });
    let people = rows(&room.export(&room.place).await, &ADVOCATES);
    let ada = people.iter().find(|row| row[0] == "p-1").expect("Ada");
    assert_eq!(
        ada.join("|"),
        "p-1|ada.king@acme.example|Ada King|employee|Recherche|Paris|fr|wave-1|2026-01-05|2026-01-20T09:00:00+01:00|"
    );
    assert_eq!(people.len(), 4, "those who are not in the list stay");
}

#[tokio::test]
async fn two_people_may_exchange_their_addresses() {
    let room = Room::new().await;
    import_list(&room, LIST, false).await;
    let swapped = LIST.replace("ada.king@", "x@").replace("grace@", "ada.king@").replace("x@", "grace@");
    let answer = import_list(&room, &swapped, false).await;
    assert_eq!(answer.refused.listed, []);
    assert_eq!(answer.files["people.csv"], Changes { added: 0, changed: 2, left: 0 });
}

#[tokio::test]
async fn a_date_in_another_format_is_refused_by_our_column() {
    let room = Room::new().await;
    let answer = import_list(&room, &LIST.replace("05/01/2026", "2026-01-05"), false).await;
    let said = "people.csv:2: invited_on: \"2026-01-05\" is not written as \"%d/%m/%Y\"";
    assert_eq!(answer.refused.listed[0].to_string(), said);
    assert!(!answer.kept && answer.files.is_empty());
}

#[tokio::test]
async fn a_map_that_means_nothing_is_refused_with_the_reason() {
    let room = Room::new().await;
    for (text, said) in [
        ("[columns]\nsalary = \"Lohn\"", "\"salary\" is no column of ours"),
        ("[columns]\nname = \"Nom\"", "columns must name external_id or email"),
        ("[columns]\nemail = \"E\"\n[constants]\nemail = \"x\"", "email has a column and a constant"),
        ("[columns]\nemail = \"E\"\n[formats]\nname = \"%d\"", "name holds no dates"),
        ("delimiter = \"||\"\n[columns]\nemail = \"E\"", "delimiter is one character"),
        ("colums = 1", "unknown field `colums`"),
    ] {
        let error = map(&room, text).expect_err("refused").to_string();
        assert!(error.contains(said), "{error}");
    }
}
