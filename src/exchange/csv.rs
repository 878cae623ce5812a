//! Reads CSV strictly, row by row, in bounded memory.
//!
//! The form is RFC 4180's: comma, double quotes, a quote inside a quoted cell doubled, lines ended by LF
//! or CR LF. What departs from it is refused with the line on which its row begins, as an editor counts.
//! The `csv` crate writes our files, but it does not read them: it takes a quote that never ends, text
//! behind a closing quote and a lone CR as they come, so a damaged file would be imported as other data
//! than its author meant, and it counts the lines of CR LF files differently.
//!
//! A bad row does not end the reading, unless nobody can say where the next one begins.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::refusal::{Refusals, shown};

/// Longest cell, in bytes.
pub const MAX_CELL_BYTES: usize = 64 * 1024;
/// Cells of a row, at most: more than any file has columns, so that a row of commas stays small.
const MAX_CELLS: usize = 256;
/// Bytes that are read at once.
const BUFFER_BYTES: usize = 1 << 16;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Which columns a file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Those that must stand in the header, in the order of [`Row::cells`].
    pub required: Vec<String>,
    /// Those that may, behind the required ones.
    pub optional: Vec<String>,
    /// Others are looked over, instead of being refused by name.
    pub others: bool,
    /// What stands between cells.
    pub delimiter: u8,
    /// A byte order mark is looked over, instead of being refused.
    pub mark: bool,
}

/// One row. Its cells stand in the order of [`Columns`], whatever the file's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line on which it begins, from 1.
    pub line: u64,
    text: Box<str>,
    cells: Box<[(u32, u32)]>,
}

impl Row {
    /// All cells; those of optional columns that the file does not have are empty.
    ///
    /// # Panics
    /// When `N` is not the number of columns that the reader was opened with.
    pub fn cells<const N: usize>(&self) -> [&str; N] {
        assert_eq!(N, self.cells.len(), "as many as there are columns");
        std::array::from_fn(|index| self.cell(index))
    }

    /// The cell of the column with this index.
    pub fn cell(&self, index: usize) -> &str {
        let (from, to) = self.cells[index];
        &self.text[from as usize..to as usize]
    }
}

/// Reads one file.
pub struct Reader<R> {
    input: R,
    file: String,
    /// Where each column stands in the file; none for an optional one that is not there.
    places: Vec<Option<usize>>,
    names: Vec<String>,
    delimiter: u8,
    /// Line of the next byte.
    line: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    over: bool,
    read: Arc<AtomicU64>,
}

/// What one physical row was.
enum Parsed {
    Whole,
    /// A problem, and the index of the cell that it stands in.
    Bad(String, usize),
    /// As bad, and nobody knows where the next row begins.
    Lost(String, usize),
    End,
}

impl Reader<BufReader<File>> {
    /// Opens a file and checks its header. `None` when the header, or the file, cannot be used; `refusals` says why.
    ///
    /// # Errors
    /// When reading fails.
    pub fn open(
        path: &Path,
        columns: &Columns,
        read: Arc<AtomicU64>,
        refusals: &mut Refusals,
    ) -> io::Result<Option<Self>> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = File::open(path)?;
        Reader::new(BufReader::with_capacity(BUFFER_BYTES, file), name, columns, read, refusals)
    }
}

impl<R: BufRead> Reader<R> {
    /// As [`Reader::open`], from anything that can be read.
    ///
    /// # Errors
    /// When reading fails.
    pub fn new(
        input: R,
        file: String,
        columns: &Columns,
        read: Arc<AtomicU64>,
        refusals: &mut Refusals,
    ) -> io::Result<Option<Self>> {
        let names: Vec<String> = columns.required.iter().chain(&columns.optional).cloned().collect();
        let mut reader = Self {
            input,
            file,
            places: Vec::new(),
            names,
            delimiter: columns.delimiter,
            line: 1,
            bytes: Vec::new(),
            ends: Vec::new(),
            over: false,
            read,
        };
        if reader.input.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
            if !columns.mark {
                let reason = "the file begins with a byte order mark: save it as UTF-8 without one";
                refusals.add_broken(&reader.file, 1, "", reason);
                return Ok(None);
            }
            reader.input.consume(BYTE_ORDER_MARK.len());
        }
        let problem = match reader.parse()? {
            Parsed::Whole => None,
            Parsed::Bad(reason, _) | Parsed::Lost(reason, _) => Some(reason),
            Parsed::End => Some("the file is empty: it must begin with a header".to_owned()),
        };
        if let Some(reason) = problem {
            refusals.add_broken(&reader.file, 1, "", reason);
            return Ok(None);
        }
        let Ok(header) = reader.texts() else {
            refusals.add_broken(&reader.file, 1, "", "the header is not UTF-8");
            return Ok(None);
        };
        Ok(reader.accept(&header, columns, refusals).then_some(reader))
    }

    /// Finds the columns in the header; false when it cannot be used.
    fn accept(&mut self, header: &[String], columns: &Columns, refusals: &mut Refusals) -> bool {
        let mut fits = true;
        let mut refuse = |column: &str, reason: String| {
            refusals.add_broken(&self.file, 1, column, reason);
            fits = false;
        };
        for (index, name) in header.iter().enumerate() {
            let known = self.names.contains(name);
            if !known && !columns.others {
                refuse(name, format!("unknown column {}: this file has {}", shown(name), self.names.join(",")));
            } else if known && header[..index].contains(name) {
                refuse(name, format!("the column {} stands twice in the header", shown(name)));
            }
        }
        for name in columns.required.iter().filter(|name| !header.contains(name)) {
            refuse(name, format!("the column {} is missing: this file has {}", shown(name), self.names.join(",")));
        }
        self.places = self.names.iter().map(|name| header.iter().position(|one| one == name)).collect();
        // Cells are counted against the header as it stands.
        self.names = header.to_vec();
        fits
    }

    /// The next good row; bad ones on the way are noted. `None` at the end.
    ///
    /// # Errors
    /// When reading fails.
    pub fn next_row(&mut self, refusals: &mut Refusals) -> io::Result<Option<Row>> {
        while !self.over {
            let line = self.line;
            let (reason, cell) = match self.parse()? {
                Parsed::End => break,
                Parsed::Bad(reason, cell) => (reason, cell),
                Parsed::Lost(reason, cell) => {
                    self.over = true;
                    refusals.broken = true;
                    (reason, cell)
                }
                // An empty line holds no data.
                Parsed::Whole if self.ends.len() == 1 && self.bytes.is_empty() && self.names.len() > 1 => continue,
                Parsed::Whole if self.ends.len() != self.names.len() => {
                    let reason = format!("the row has {} cells, the header has {}", self.ends.len(), self.names.len());
                    (reason, usize::MAX)
                }
                Parsed::Whole => match self.row(line) {
                    Ok(row) => return Ok(Some(row)),
                    Err(cell) => ("the cell is not UTF-8".to_owned(), cell),
                },
            };
            let column = self.names.get(cell).cloned().unwrap_or_default();
            refusals.add(&self.file, line, &column, reason);
        }
        Ok(None)
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    fn texts(&self) -> Result<Vec<String>, std::str::Utf8Error> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(from, to)| std::str::from_utf8(&self.bytes[from..*to]).map(str::to_owned))
            .collect()
    }

    /// The row that was parsed last, or the cell that is no text.
    fn row(&self, line: u64) -> Result<Row, usize> {
        let start = |index: usize| if index == 0 { 0 } else { self.ends[index - 1] };
        let Ok(text) = std::str::from_utf8(&self.bytes) else {
            let bad = (0..self.ends.len())
                .find(|index| std::str::from_utf8(&self.bytes[start(*index)..self.ends[*index]]).is_err());
            return Err(bad.unwrap_or(0));
        };
        // All of it may be UTF-8 while a character is torn by the end of a cell.
        if let Some(torn) = self.ends.iter().position(|end| !text.is_char_boundary(*end)) {
            return Err(torn);
        }
        let span = |place: &Option<usize>| place.map_or((0, 0), |at| (start(at) as u32, self.ends[at] as u32));
        Ok(Row { line, text: text.into(), cells: self.places.iter().map(span).collect() })
    }

    /// Reads one row into `bytes` and `ends`.
    fn parse(&mut self) -> io::Result<Parsed> {
        #[derive(Clone, Copy, PartialEq)]
        enum In {
            /// At the beginning of a cell.
            Start,
            Plain,
            Quoted,
            /// Behind a quote inside a quoted cell: it closes the cell, or is half of a quote.
            Closing,
        }
        self.bytes.clear();
        self.ends.clear();
        let mut state = In::Start;
        let mut problem: Option<(String, usize)> = None;
        let mut carriage = false;
        let mut empty = true;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                if empty {
                    return Ok(Parsed::End);
                }
                if state == In::Quoted {
                    let reason = "a quote is opened in this row and never closed: the file ends inside the cell";
                    return Ok(Parsed::Lost(reason.to_owned(), self.ends.len()));
                }
                if carriage {
                    problem.get_or_insert((LONE_CARRIAGE.to_owned(), self.ends.len()));
                }
                self.ends.push(self.bytes.len());
                return Ok(problem.map_or(Parsed::Whole, |(reason, cell)| Parsed::Bad(reason, cell)));
            }
            empty = false;
            let (mut used, mut ended) = (0, false);
            for &byte in buffer {
                used += 1;
                let cell = self.ends.len();
                if byte == b'\n' {
                    self.line += 1;
                }
                let mut refuse = |reason: &str| _ = problem.get_or_insert((reason.to_owned(), cell));
                if carriage && byte != b'\n' {
                    refuse(LONE_CARRIAGE);
                }
                let keep = match (state, byte) {
                    (_, 0) => {
                        refuse("the cell holds a NUL byte");
                        false
                    }
                    (In::Quoted, b'"') => {
                        state = In::Closing;
                        false
                    }
                    (In::Quoted, _) => true,
                    (In::Closing, b'"') => {
                        state = In::Quoted;
                        true
                    }
                    (In::Start, b'"') => {
                        state = In::Quoted;
                        false
                    }
                    (_, b'\n') => {
                        ended = true;
                        false
                    }
                    (_, b'\r') => {
                        carriage = true;
                        continue;
                    }
                    (_, byte) if byte == self.delimiter => {
                        state = In::Start;
                        if cell < MAX_CELLS {
                            self.ends.push(self.bytes.len());
                        }
                        carriage = false;
                        continue;
                    }
                    (In::Closing, _) => {
                        refuse("text stands behind the quote that closes the cell: double the quotes inside a cell");
                        state = In::Plain;
                        true
                    }
                    (_, b'"') => {
                        refuse("a quote stands inside a cell that does not begin with one: quote the whole cell");
                        true
                    }
                    _ => {
                        state = In::Plain;
                        true
                    }
                };
                carriage = false;
                if ended {
                    break;
                }
                if keep {
                    let begin = self.ends.last().copied().unwrap_or(0);
                    if self.bytes.len() - begin < MAX_CELL_BYTES {
                        self.bytes.push(byte);
                    } else {
                        problem.get_or_insert_with(|| (format!("a cell has at most {MAX_CELL_BYTES} bytes"), cell));
                    }
                }
            }
            self.input.consume(used);
            self.read.fetch_add(used as u64, Ordering::Relaxed);
            if ended {
                self.ends.push(self.bytes.len());
                return Ok(problem.map_or(Parsed::Whole, |(reason, cell)| Parsed::Bad(reason, cell)));
            }
        }
    }
}

const LONE_CARRIAGE: &str = "a carriage return stands alone: lines end with LF or CR LF";

/// Anything that can be read, for the tests of other files.
#[cfg(test)]
pub(super) fn read_all(text: &[u8], columns: &Columns) -> (Vec<Row>, Refusals) {
    let mut refusals = Refusals::default();
    let mut rows = Vec::new();
    let input = BufReader::with_capacity(7, text);
    let reader = Reader::new(input, "test.csv".to_owned(), columns, Arc::default(), &mut refusals);
    if let Some(mut reader) = reader.expect("bytes can be read") {
        while let Some(row) = reader.next_row(&mut refusals).expect("bytes can be read") {
            rows.push(row);
        }
    }
    (rows, refusals)
}
