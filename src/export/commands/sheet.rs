//! 表格文件: CSV that Excel in China opens (UTF-8 with BOM) and XLSX in constant memory. A cell never becomes a formula
//! (S47), whoever typed it.

use crate::model::Format;
use kernel::error::{Error, Result};
use rust_xlsxwriter::{Format as Style, Workbook};
use std::borrow::Cow;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, made inert.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number in hundredths, written with two decimals.
    Decimal(i64),
    /// A share in ten thousandths, written in percent with two decimals.
    Share(i64),
    /// No value.
    Empty,
}

/// A file that grows row by row.
pub enum Sheet {
    /// Comma separated values.
    Csv(Box<csv::Writer<Vec<u8>>>),
    /// A workbook whose rows go to a temporary file as they come.
    Xlsx(Box<Book>),
}

/// A workbook being written.
pub struct Book {
    workbook: Workbook,
    row: u32,
}

/// Text that no spreadsheet takes for a formula: what begins like one gets an apostrophe.
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    const STARTS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(STARTS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

impl Sheet {
    /// A file with this head.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn new(format: Format, name: &str, head: &[String]) -> Result<Sheet> {
        match format {
            Format::Csv => {
                let mut writer =
                    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer("\u{feff}".as_bytes().to_vec());
                writer.write_record(head.iter().map(|title| inert(title).into_owned())).map_err(Error::internal)?;
                Ok(Sheet::Csv(Box::new(writer)))
            }
            Format::Xlsx => {
                let mut workbook = Workbook::new();
                let bold = Style::new().set_bold();
                let page = workbook.add_worksheet_with_constant_memory().map_err(Error::internal)?;
                page.set_name(sheet_name(name)).map_err(Error::internal)?;
                page.set_freeze_panes(1, 0).map_err(Error::internal)?;
                for (column, title) in (0_u16..).zip(head) {
                    page.write_string_with_format(0, column, inert(title), &bold).map_err(Error::internal)?;
                    page.set_column_width(column, 14).map_err(Error::internal)?;
                }
                Ok(Sheet::Xlsx(Box::new(Book { workbook, row: 1 })))
            }
        }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn row(&mut self, cells: &[Cell]) -> Result {
        match self {
            Sheet::Csv(writer) => writer.write_record(cells.iter().map(csv_text)).map_err(Error::internal),
            Sheet::Xlsx(book) => {
                let (row, decimal, share) = (book.row, Style::new().set_num_format("0.00"), Style::new().set_num_format("0.00%"));
                let page = book.workbook.worksheet_from_index(0).map_err(Error::internal)?;
                for (column, cell) in (0_u16..).zip(cells) {
                    match cell {
                        Cell::Text(text) => page.write_string(row, column, inert(text)).map(drop),
                        // Long numbers such as a ticket's are read, not added: as text they keep every digit.
                        Cell::Whole(whole) if whole.unsigned_abs() >= 1_000_000_000_000 => {
                            page.write_string(row, column, whole.to_string()).map(drop)
                        }
                        Cell::Whole(whole) => page.write_number(row, column, *whole as f64).map(drop),
                        Cell::Decimal(hundredths) => {
                            page.write_number_with_format(row, column, *hundredths as f64 / 100.0, &decimal).map(drop)
                        }
                        Cell::Share(parts) => page.write_number_with_format(row, column, *parts as f64 / 10_000.0, &share).map(drop),
                        Cell::Empty => Ok(()),
                    }
                    .map_err(Error::internal)?;
                }
                book.row += 1;
                Ok(())
            }
        }
    }

    /// Ends the file with what it is: filter, zone, as-of, definitions. In CSV these are the last lines, after an empty
    /// one; in a workbook a sheet of their own.
    ///
    /// # Errors
    /// When the file cannot be put together.
    pub fn finish(self, title: &str, manifest: &[(String, String)]) -> Result<Vec<u8>> {
        match self {
            Sheet::Csv(mut writer) => {
                writer.write_record([""]).map_err(Error::internal)?;
                for (name, value) in manifest {
                    writer.write_record([inert(name), inert(value)].map(Cow::into_owned)).map_err(Error::internal)?;
                }
                writer.into_inner().map_err(|error| Error::internal(error.error()))
            }
            Sheet::Xlsx(mut book) => {
                let page = book.workbook.add_worksheet_with_constant_memory().map_err(Error::internal)?;
                page.set_name(sheet_name(title)).map_err(Error::internal)?;
                page.set_column_width(0, 20).map_err(Error::internal)?;
                page.set_column_width(1, 60).map_err(Error::internal)?;
                for (row, (name, value)) in (0_u32..).zip(manifest) {
                    page.write_string(row, 0, inert(name)).map_err(Error::internal)?;
                    page.write_string(row, 1, inert(value)).map_err(Error::internal)?;
                }
                book.workbook.save_to_buffer().map_err(Error::internal)
            }
        }
    }
}

fn csv_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => inert(text).into_owned(),
        Cell::Whole(whole) => whole.to_string(),
        Cell::Decimal(hundredths) => decimal(*hundredths),
        Cell::Share(parts) => format!("{}%", decimal(*parts)),
        Cell::Empty => String::new(),
    }
}

/// Hundredths as people write them: `4.43`, `-0.07`.
fn decimal(hundredths: i64) -> String {
    let (sign, size) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// What a sheet may be called: no brackets, slashes, colons, stars; at most 31 characters.
fn sheet_name(name: &str) -> String {
    name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect()
}
