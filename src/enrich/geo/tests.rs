//! Against files of every layout, made by [`super::mmdb`].

use std::net::IpAddr;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;

pub(in crate::enrich) fn nested() -> Vec<u8> {
    mmdb::write(
        "GeoLite2-City",
        &[
            (
                "81.2.69.0",
                24,
                json!({
                    "city": {"geoname_id": 2_988_507, "names": {"de": "Paris (de)", "en": "Paris"}},
                    "continent": {"code": "EU"},
                    "country": {"iso_code": "FR", "is_in_european_union": true, "names": {"en": "France"}},
                    "registered_country": {"iso_code": "US"},
                    "subdivisions": [{"iso_code": "IDF", "names": {"en": "Île-de-France"}}, {"iso_code": "75"}],
                }),
            ),
            ("2001:4860::", 32, json!({"country": {"iso_code": "US"}})),
            // as DB-IP writes them: names only
            ("5.6.7.0", 24, json!({"country": {"iso_code": "de"}, "subdivisions": [{"names": {"en": "Bavaria"}}]})),
            ("9.9.9.0", 24, json!({"registered_country": {"iso_code": "US"}})),
        ],
    )
}

fn flat() -> Vec<u8> {
    mmdb::write(
        "DBIP-City-Lite",
        &[
            (
                "81.2.69.0",
                24,
                json!({"country_code": "FR", "state1": "Île-de-France", "state2": "", "city": "Paris", "postcode": 75000}),
            ),
            (
                "1.2.3.0",
                24,
                json!({"country": "United States", "country_code": "US", "region_code": "CA", "region": "California"}),
            ),
            ("1.2.4.0", 24, json!({"country": "GB", "region": "England", "city": "-"})),
            ("1.2.5.0", 24, json!({"country": "Nowhere", "city": "Atlantis"})),
            ("1.2.6.0", 24, json!({"country_code": "CH", "city": ["a layout", "that nobody knows"]})),
        ],
    )
}

struct Installed {
    geo: Geo,
    folder: tempfile::TempDir,
}

impl Installed {
    fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { geo: Geo::new(folder.path().join("geo.mmdb")), folder }
    }

    fn with(contents: &[u8]) -> Self {
        let installed = Self::empty();
        installed.replace(contents);
        assert!(matches!(installed.geo.refresh(), Ok(GeoRefresh::Loaded { .. })));
        installed
    }

    fn replace(&self, contents: &[u8]) {
        let fresh: PathBuf = self.folder.path().join("fresh");
        std::fs::write(&fresh, contents).expect("a file");
        std::fs::rename(&fresh, self.geo.path()).expect("a rename");
    }

    fn place(&self, address: &str) -> [String; 3] {
        let place = self.geo.place(address.parse::<IpAddr>().expect("an address"));
        [&place.country, &place.region, &place.city].map(|text| text.to_string())
    }
}

#[test]
fn a_nested_file_gives_codes_and_english_names() {
    let geo = Installed::with(&nested());
    for _ in 0..2 {
        assert_eq!(geo.place("81.2.69.142"), ["FR", "FR-IDF", "Paris"]);
    }
    assert_eq!(geo.place("::ffff:81.2.69.142"), ["FR", "FR-IDF", "Paris"]);
    assert_eq!(geo.place("2001:4860:4860::8888"), ["US", "", ""]);
    assert_eq!(geo.place("5.6.7.8"), ["DE", "Bavaria", ""]);
    assert_eq!(geo.place("9.9.9.9"), ["", "", ""], "where a network is registered is not where it is used");
    assert_eq!(geo.place("127.0.0.1"), ["", "", ""]);
}

#[test]
fn a_flat_file_gives_the_same() {
    let geo = Installed::with(&flat());
    assert_eq!(geo.place("81.2.69.142"), ["FR", "Île-de-France", "Paris"]);
    assert_eq!(geo.place("1.2.3.4"), ["US", "US-CA", ""]);
    assert_eq!(geo.place("1.2.4.4"), ["GB", "England", ""]);
    assert_eq!(geo.place("1.2.5.4"), ["", "", ""]);
    assert_eq!(geo.place("1.2.6.4"), ["CH", "", ""]);
}

#[test]
fn a_missing_file_is_no_error_and_one_that_appears_is_loaded() {
    let geo = Installed::empty();
    assert_eq!(geo.geo.refresh().expect("no error"), GeoRefresh::Missing);
    assert_eq!(geo.place("81.2.69.142"), ["", "", ""]);
    geo.replace(&nested());
    let loaded = geo.geo.refresh().expect("a sound file");
    let GeoRefresh::Loaded { database_type, built_at_s, bytes } = loaded else { panic!("{loaded:?}") };
    assert_eq!((database_type.as_str(), built_at_s), ("GeoLite2-City", 1_772_000_000));
    assert_eq!(bytes, nested().len() as u64);
    assert_eq!(geo.geo.refresh().expect("no error"), GeoRefresh::Unchanged);
    std::fs::remove_file(geo.geo.path()).expect("removed");
    assert_eq!(geo.geo.refresh().expect("no error"), GeoRefresh::Missing);
    assert_eq!(geo.place("81.2.69.142")[0], "FR", "what was loaded stays in use");
}

#[test]
fn a_file_replaced_while_it_is_read_from_is_taken_up() {
    let geo = Installed::with(&nested());
    assert_eq!(geo.place("81.2.69.142")[1], "FR-IDF");
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while geo.place("81.2.69.142")[1] == "FR-IDF" {}
            geo.place("81.2.69.142")
        });
        geo.replace(&flat());
        assert!(matches!(geo.geo.refresh(), Ok(GeoRefresh::Loaded { .. })));
        assert_eq!(reader.join().expect("no panic"), ["FR", "Île-de-France", "Paris"]);
    });
}

#[test]
fn a_broken_file_is_said_once_and_the_old_one_stays_in_use() {
    let geo = Installed::with(&nested());
    let whole = nested();
    let mut scrambled = whole.clone();
    let middle = scrambled.len() - 300;
    scrambled[..middle].fill(0xff);
    for broken in [&b"not a database"[..], b"", &whole[..whole.len() / 2], &scrambled] {
        geo.replace(broken);
        let error = geo.geo.refresh().expect_err("it is broken");
        assert!(matches!(error, GeoError::Broken { .. }), "{error}");
        assert!(error.to_string().contains("geo.mmdb"), "{error}");
        assert_eq!(geo.geo.refresh().expect("said already"), GeoRefresh::Unchanged);
        assert_eq!(geo.place("81.2.69.142"), ["FR", "FR-IDF", "Paris"]);
    }
    geo.replace(&flat());
    assert!(matches!(geo.geo.refresh(), Ok(GeoRefresh::Loaded { .. })));
}

#[test]
fn a_file_cut_short_in_place_harms_nobody() {
    let geo = Installed::with(&nested());
    let file = std::fs::OpenOptions::new().write(true).open(geo.geo.path()).expect("the file");
    file.set_len(10).expect("cut short");
    assert_eq!(geo.place("81.2.69.142"), ["FR", "FR-IDF", "Paris"]);
    assert!(matches!(geo.geo.refresh(), Err(GeoError::Broken { .. })));
    assert_eq!(geo.place("81.2.69.142"), ["FR", "FR-IDF", "Paris"]);
}

#[test]
fn a_folder_in_the_files_place_is_a_clear_error() {
    let geo = Installed::empty();
    std::fs::create_dir(geo.geo.path()).expect("a folder");
    let error = geo.geo.refresh().expect_err("no file");
    assert!(error.to_string().contains("enrich.geo_database"), "{error}");
}

#[test]
fn names_are_bounded_and_without_control_characters() {
    let long: Value = json!({"country_code": "FR", "city": format!("a\nb\u{0}{}", "é".repeat(100))});
    let geo = Installed::with(&mmdb::write("x", &[("1.2.3.0", 24, long)]));
    let [_, _, city] = geo.place("1.2.3.4");
    assert!(city.starts_with("abé") && city.len() <= 80, "{city}");
}
