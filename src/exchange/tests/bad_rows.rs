//! Every kind of bad row, with file, line, column and reason; and what becomes of the others.

use super::*;

/// File, what stands there, what is put in its place, and what is said.
const BAD: &[(&str, &str, &str, &str)] = &[
    ("advocates.csv", "p-2,,", ",,", "advocates.csv:3: external_id: the cell is empty"),
    ("advocates.csv", "seven@acme.example", "seven", "advocates.csv:4: email: expected an e-mail address"),
    (
        "advocates.csv",
        "seven@acme.example",
        "ada.l@acme.example",
        "advocates.csv:4: email: the address ada.l@acme.example is another",
    ),
    ("advocates.csv", "partner", "friend", "advocates.csv:3: kind: \"friend\" is not known: expected one of"),
    ("advocates.csv", "de-CH", "german!", "advocates.csv:4: language: \"german!\" is no language"),
    ("advocates.csv", "2026-01-05", "05/01/2026", "advocates.csv:2: invited_on: \"05/01/2026\" is no date"),
    (
        "advocates.csv",
        "2026-01-20T08:00:00Z",
        "2026-01-20",
        "advocates.csv:3: registered_at: \"2026-01-20\" is no time",
    ),
    ("advocates.csv", "2026-06-30", "2026-06-31", "advocates.csv:3: left_on: \"2026-06-31\" is no date"),
    ("advocates.csv", "p-2,", "p-1,", "advocates.csv:3: external_id: this advocate stands on line 2 already"),
    ("campaigns.csv", "noël,🎄", "noël,", "campaigns.csv:3: name: the cell is empty"),
    ("campaigns.csv", "2026-03-01", "soon", "campaigns.csv:2: starts_on: \"soon\" is no date"),
    ("campaigns.csv", "noël", "spring", "campaigns.csv:3: external_id: this campaign stands on line 2 already"),
    ("contents.csv", "article", "essay", "contents.csv:2: kind: \"essay\" is not known"),
    ("contents.csv", "First", "", "contents.csv:2: title: the cell is empty"),
    (
        "contents.csv",
        "https://Brand.example",
        "javascript:alert(1)",
        "contents.csv:2: url: \"javascript:alert(1)\": expected an address",
    ),
    (
        "contents.csv",
        "https://Brand.example",
        "https://relais.test/x",
        "contents.csv:2: url: \"https://relais.test/x\": relais.test is a short-link host",
    ),
    ("contents.csv", "noël,,", "xmas,,", "contents.csv:4: campaign: there is no campaign \"xmas\""),
    (
        "contents.csv",
        "2026-06-30T00:00:00+02:00",
        "2026-01-30T00:00:00+02:00",
        "contents.csv:3: expires_at: it must be later",
    ),
    ("contents.csv", "k-3,", "k-2,", "contents.csv:4: external_id: this content stands on line 3 already"),
    ("links.csv", "aB3dE5gH7", "no code", "links.csv:2: code: \"no code\" is not known"),
    ("links.csv", "p-1", "ghost", "links.csv:2: advocate: there is no advocate \"ghost\""),
    ("links.csv", "k-1", "k-9", "links.csv:2: content: there is no content \"k-9\""),
    ("links.csv", "bake-with-us,true", "other,true", "links.csv:3: vanity: \"other\" is not known"),
    ("links.csv", "false,false", "true,false", "links.csv:2: vanity: the code has the form of a drawn one"),
    ("links.csv", "jobs-2026", "aB3dE5gH7", "links.csv:4: code: this code stands on line 2 already"),
    ("links.csv", "us,true", "us,maybe", "links.csv:3: disabled: \"maybe\" is not known: expected one of: true, false"),
    ("shares.csv", "s-2,", ",", "shares.csv:3: external_id: the cell is empty"),
    ("shares.csv", "s-2,", "s-1,", "shares.csv:3: external_id: this share stands on line 2 already"),
    ("shares.csv", "k-2,teams", "k-9,teams", "shares.csv:5: content: there is no content \"k-9\""),
    ("shares.csv", "teams", "Teams!", "shares.csv:5: channel: \"Teams!\" is not known: a channel is"),
    (
        "shares.csv",
        "2026-03-02T10:00:00+01:00",
        "2026-03-02T10:00:00",
        "shares.csv:2: shared_at: \"2026-03-02T10:00:00\" is no time",
    ),
    ("sign_ins.csv", "p-1,2026-03-03", "ghost,2026-03-03", "sign_ins.csv:3: advocate: there is no advocate \"ghost\""),
    ("sign_ins.csv", "2026-03-03T09:59:00Z", "", "sign_ins.csv:3: signed_in_at: the cell is empty"),
    ("applications.csv", "hired", "dismissed", "applications.csv:2: stage: \"dismissed\" is not known"),
    ("applications.csv", "p-2,k-2", "p-2,k-9", "applications.csv:2: content: there is no content \"k-9\""),
    ("applications.csv", "ap-2", "", "applications.csv:5: external_id: the cell is empty"),
    (
        "clicks.csv",
        "k-1,linkedin,2026-04",
        "k-9,linkedin,2026-04",
        "clicks.csv:5: content: there is no content \"k-9\"",
    ),
    ("clicks.csv", "preview", "robot", "clicks.csv:5: class: \"robot\" is not known"),
    ("clicks.csv", "US", "usa", "clicks.csv:5: country: \"usa\" is no country"),
    ("clicks.csv", "gone", "lost", "clicks.csv:8: answer: \"lost\" is not known"),
    ("clicks.csv", "x,2026", ",2026", "clicks.csv:6: channel: the cell is empty"),
    ("clicks.csv", "2026-07-01T00:00:00+02:00", "yesterday", "clicks.csv:8: clicked_at: \"yesterday\" is no time"),
    ("clicks.csv", "qr,2026", "qr,,2026", "clicks.csv:8: the row has 10 cells, the header has 9"),
];

fn spoil(folder: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(folder.join(file)).expect("a file");
    assert!(text.contains(from), "{file} holds {from}");
    fs::write(folder.join(file), text.replacen(from, to, 1)).expect("written");
}

#[tokio::test]
async fn each_kind_of_bad_row_is_named_and_nothing_is_imported() {
    let room = Room::new().await;
    let seq = room.place.store.latest_seq().await.expect("reads");
    for (file, from, to, said) in BAD {
        let folder = room.bundle();
        spoil(&folder, file, from, to);
        let answer = import(&room.place, &of(&folder), &Progress::default()).await.expect("an answer");
        let listed: Vec<String> = answer.refused.listed.iter().map(ToString::to_string).collect();
        assert!(listed.iter().any(|row| row.starts_with(said)), "{said}\n{listed:?}");
        assert!(!answer.kept && answer.files.is_empty());
        assert_eq!(place_of(&room).await, (seq, 0), "{said}");
    }
}

async fn place_of(room: &Room) -> (u64, u64) {
    let clicks = room.place.warehouse.count_clicks(room.place.space, 0, 4_000_000_000_000).await.expect("counted");
    (room.place.store.latest_seq().await.expect("reads"), clicks.clicks)
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let room = Room::new().await;
    let folder = room.bundle();
    spoil(&folder, "clicks.csv", "preview", "robot");
    spoil(&folder, "advocates.csv", "customer", "friend");
    spoil(&folder, "advocates.csv", "de-CH", "german!");
    let answer = import(&room.place, &of(&folder), &Progress::default()).await.expect("an answer");
    assert_eq!(answer.refused.rows, 2);
    assert_eq!(answer.refused.listed.len(), 3);
}

#[tokio::test]
async fn bad_rows_may_be_skipped_and_those_that_lean_on_them_are_bad_too() {
    let room = Room::new().await;
    let folder = room.bundle();
    spoil(&folder, "contents.csv", "job", "essay");
    let skip = Import { skip_bad_rows: true, ..of(&folder) };
    let answer = import(&room.place, &skip, &Progress::default()).await.expect("an answer");
    assert!(answer.kept);
    assert_eq!(answer.files["contents.csv"].added, 2);
    assert_eq!(answer.files["links.csv"].added, 1);
    assert_eq!(answer.files["shares.csv"].added, 3);
    assert_eq!(answer.files["clicks.csv"].added, 4);
    let files: Vec<&str> = answer.refused.listed.iter().map(|row| row.file.as_str()).collect();
    assert_eq!(files.iter().filter(|file| **file == "clicks.csv").count(), 3, "{:?}", answer.refused.listed);
}

#[tokio::test]
async fn a_file_that_is_missing_or_has_another_header_is_never_skipped() {
    let room = Room::new().await;
    type Spoil = fn(&Path);
    let spoiled: [(&str, Spoil); 3] = [
        ("campaigns.csv:1: the file is missing", |folder| fs::remove_file(folder.join("campaigns.csv")).expect("gone")),
        ("shares.csv:1: shared_at: the column \"shared_at\" is missing", |folder| {
            spoil(folder, "shares.csv", "shared_at", "at");
        }),
        ("clicks.csv:8: visitor: a quote is opened", |folder| spoil(folder, "clicks.csv", "0007,gone", "\"0007,gone")),
    ];
    for (said, spoil) in spoiled {
        let folder = room.bundle();
        spoil(&folder);
        let skip = Import { skip_bad_rows: true, ..of(&folder) };
        let answer = import(&room.place, &skip, &Progress::default()).await.expect("an answer");
        let listed: Vec<String> = answer.refused.listed.iter().map(ToString::to_string).collect();
        assert!(answer.refused.broken && !answer.kept, "{said}");
        assert!(listed.iter().any(|row| row.starts_with(said)), "{said}\n{listed:?}");
    }
}

#[tokio::test]
async fn a_code_that_something_else_has_is_refused() {
    let room = Room::new().await;
    take(&room.place, &testdata()).await;
    let other = room.space("elsewhere", "Europe/Paris").await;
    let answer = import(&other, &of(&testdata()), &Progress::default()).await.expect("an answer");
    let listed: Vec<String> = answer.refused.listed.iter().map(ToString::to_string).collect();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0], "links.csv:2: code: the code aB3dE5gH7 is taken by another link of this installation");

    let folder = room.bundle();
    spoil(&folder, "links.csv", "aB3dE5gH7", "aB3dE5gH8");
    let answer = import(&room.place, &of(&folder), &Progress::default()).await.expect("an answer");
    let said = "links.csv:2: code: advocate, content and channel have a link already, with the code aB3dE5gH7";
    assert_eq!(answer.refused.listed[0].to_string(), said);
}
