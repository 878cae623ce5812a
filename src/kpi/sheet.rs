//! Answers as tables: for terminals, as CSV and as spreadsheets.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::answer::{Answer, Figure};
use super::registry::{KPIS, Kpi};

/// The columns of a table of figures.
pub const COLUMNS: [&str; 14] = [
    "name",
    "split",
    "key",
    "label",
    "detail",
    "value",
    "low",
    "high",
    "numerator",
    "denominator",
    "unit",
    "definition",
    "additive",
    "withheld",
];

/// What stands in a cell.
enum Cell {
    Text(String),
    Number(Option<f64>),
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn cells(figure: &Figure) -> [Cell; 14] {
    let by = figure.split.as_ref().map(|(by, _)| *by);
    [
        text(figure.kpi.id()),
        text(by.map_or("", |by| by.as_str())),
        text(figure.key().unwrap_or_default()),
        text(figure.label.as_deref().unwrap_or_default()),
        text(figure.detail.as_deref().unwrap_or_default()),
        Cell::Number(figure.value),
        Cell::Number(figure.range.map(|(low, _)| low)),
        Cell::Number(figure.range.map(|(_, high)| high)),
        Cell::Number(figure.numerator),
        Cell::Number(figure.denominator),
        text(figure.kpi.unit),
        text(figure.kpi.definition()),
        text(if figure.kpi.adds_up(by) { "yes" } else { "no" }),
        text(if figure.withheld { "yes" } else { "no" }),
    ]
}

/// Security 24: a text that a spreadsheet would compute gets an apostrophe in front.
pub fn defused(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

/// The figures as CSV (RFC 4180, UTF-8, CR LF, with a header). Null is empty; texts are [`defused`].
pub fn csv(answer: &Answer) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let infallible = "memory takes bytes, and every record has the same cells";
    writer.write_record(COLUMNS).expect(infallible);
    for figure in &answer.figures {
        let record = cells(figure).map(|cell| match cell {
            Cell::Text(text) => defused(text),
            Cell::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        });
        writer.write_record(record).expect(infallible);
    }
    writer.into_inner().expect(infallible)
}

/// Rows of a sheet, the header among them.
const MAX_ROWS: usize = 1_048_576;

/// The figures as a spreadsheet (XLSX), with a second sheet that says what each is. Texts are written as texts and
/// [`defused`], for whoever saves the sheet as CSV.
///
/// # Errors
/// More figures than a sheet has rows (1,048,576).
pub fn xlsx(answer: &Answer) -> Result<Vec<u8>, XlsxError> {
    // Said before most of it is written: a sheet of that size takes a while.
    if answer.figures.len() >= MAX_ROWS {
        return Err(XlsxError::RowColumnLimitError);
    }
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("KPIs")?;
    for (column, name) in (0u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    for (row, figure) in (1u32..).zip(&answer.figures) {
        for (column, cell) in (0u16..).zip(cells(figure)) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, defused(text))?,
                Cell::Number(Some(number)) => sheet.write_number(row, column, number)?,
                Cell::Number(None) => sheet,
            };
        }
    }
    let sheet = book.add_worksheet().set_name("Definitions")?;
    for (column, name) in (0u16..).zip(["definition", "unit", "numerator", "denominator"]) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    let shown = KPIS.iter().filter(|kpi| answer.of(kpi).next().is_some());
    for (row, kpi) in (1u32..).zip(shown) {
        for (column, words) in (0u16..).zip(in_words(kpi)) {
            sheet.write_string(row, column, words)?;
        }
    }
    book.save_to_buffer()
}

fn in_words(kpi: &Kpi) -> [String; 4] {
    let denominator = kpi.denominator.unwrap_or_default();
    [kpi.definition(), kpi.unit.to_owned(), kpi.numerator.to_owned(), denominator.to_owned()]
}

/// The figures for a terminal: aligned columns, a line each; control characters of keys are shown as `?`.
pub fn table(answer: &Answer) -> String {
    let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), shown);
    let line = |figure: &Figure| {
        let key = match &figure.split {
            Some((_, key)) => key.as_deref().unwrap_or("(none)"),
            None => "",
        };
        let key = [Some(key), figure.label.as_deref().filter(|label| *label != key), figure.detail.as_deref()];
        let key = key.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
        let key: String = key.chars().map(|character| if character.is_control() { '?' } else { character }).collect();
        let parts = match (figure.withheld, figure.denominator, figure.range) {
            (true, _, _) => "withheld".to_owned(),
            (_, Some(_), _) => format!("{} / {}", number(figure.numerator), number(figure.denominator)),
            (_, _, Some((low, high))) => format!("{} to {}", shown(low), shown(high)),
            _ => String::new(),
        };
        [figure.kpi.id(), key, number(figure.value), figure.kpi.unit.to_owned(), parts]
    };
    let lines: Vec<[String; 5]> = answer.figures.iter().map(line).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2), width(3)];
    let mut table = String::new();
    for [name, key, value, unit, parts] in &lines {
        let line = format!(
            "{name:<0$}  {key:<1$}  {value:>2$} {unit:<3$}  {parts}",
            widths[0], widths[1], widths[2], widths[3]
        );
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

/// At most four digits behind the point, and no zeros at the end.
fn shown(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::dimension::Dimension;

    fn answer() -> Answer {
        let kpi = Kpi::find("clicks_per_share").expect("a KPI");
        let figure = |key: Option<&str>, numerator: f64, denominator: f64| Figure {
            kpi,
            split: Some((Dimension::Team, key.map(str::to_owned))),
            label: key.map(str::to_owned),
            detail: None,
            withheld: false,
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: (denominator != 0.0).then(|| numerator / denominator),
            range: None,
        };
        let withheld =
            Figure { withheld: true, numerator: None, denominator: None, ..figure(Some("R&D\nLab"), 0.0, 0.0) };
        let figures = vec![figure(Some("=1+1"), 7.0, 4.0), withheld, figure(None, 3.0, 0.0)];
        Answer { figures, classifier_versions: vec![1] }
    }

    #[test]
    fn security_24_cells_that_a_spreadsheet_would_compute_are_texts() {
        for hostile in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(defused(hostile.to_owned()), format!("'{hostile}"));
        }
        let corpus: Vec<String> = serde_json::from_str(include_str!("../tests/hostile.json")).expect("a list of texts");
        for hostile in corpus {
            assert!(!defused(hostile.clone()).starts_with(['=', '+', '-', '@', '\t', '\r']), "{hostile:?}");
        }
        for plain in ["", "a=b", "2026-03-02", "'x"] {
            assert_eq!(defused(plain.to_owned()), plain);
        }
    }

    #[test]
    fn csv_has_a_header_null_is_empty_and_hostile_texts_are_defused() {
        let text = String::from_utf8(csv(&answer())).expect("UTF-8");
        assert_eq!(
            text,
            "name,split,key,label,detail,value,low,high,numerator,denominator,unit,definition,additive,withheld\r\n\
             clicks_per_share,team,'=1+1,'=1+1,,1.75,,,7,4,clicks/share,clicks_per_share v1,no,no\r\n\
             clicks_per_share,team,\"R&D\nLab\",\"R&D\nLab\",,,,,,,clicks/share,clicks_per_share v1,no,yes\r\n\
             clicks_per_share,team,,,,,,,3,0,clicks/share,clicks_per_share v1,no,no\r\n"
        );
    }

    #[test]
    fn a_spreadsheet_holds_the_texts_as_texts() {
        let bytes = xlsx(&answer()).expect("a spreadsheet");
        assert!(bytes.starts_with(b"PK"));
        // A formula would be an element of its own, in the sheets; the texts stand in a file beside.
        assert!(!bytes.windows(3).any(|window| window == b"<f>"));
    }

    #[test]
    fn a_table_is_aligned_and_shows_no_control_characters() {
        assert_eq!(
            table(&answer()),
            "clicks_per_share  =1+1     1.75 clicks/share  7 / 4\n\
             clicks_per_share  R&D?Lab     - clicks/share  withheld\n\
             clicks_per_share  (none)      - clicks/share  3 / 0\n"
        );
    }
}
