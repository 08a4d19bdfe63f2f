//! Pure tests: cells and files.

use crate::commands::sheet::{Cell, Sheet, inert};
use crate::model::Format;
use proptest::prelude::*;

proptest! {
    #[test]
    fn no_cell_is_a_formula(text in "\\PC{0,12}|[=+@\t\r\n\\-＝＋－＠][\\PC]{0,12}") {
        let cell = inert(&text);
        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{cell:?}");
        prop_assert_eq!(cell.trim_start_matches('\''), text.trim_start_matches('\''), "nothing is lost");
        prop_assert_eq!(inert(&cell).into_owned(), cell.clone().into_owned(), "twice changes nothing");
        // The same cell through a whole file: quoting brings back exactly what was written.
        let mut sheet = Sheet::new(Format::Csv, "表", &["列".to_owned()]).unwrap();
        sheet.row(&[Cell::Text(text.clone()), Cell::Text("尾".to_owned())]).unwrap();
        let file = sheet.finish("说明", &[]).unwrap();
        let body = core::str::from_utf8(&file).unwrap().strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(body.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        prop_assert_eq!(row.get(0), Some(cell.as_ref()));
        prop_assert_eq!(row.get(1), Some("尾"));
    }
}

#[test]
fn a_workbook_is_written_row_by_row() {
    let mut sheet = Sheet::new(Format::Xlsx, "工单满意度统计 [x]", &["客服".to_owned(), "参评率".to_owned()]).unwrap();
    for at in 0..1000 {
        sheet.row(&[Cell::Text(format!("=cmd|{at}")), Cell::Share(at * 10), Cell::Whole(26_112_200_810_001), Cell::Empty]).unwrap();
    }
    let file = sheet.finish("说明", &[("时区".to_owned(), "UTC+8".to_owned())]).unwrap();
    assert_eq!(&file[..4], b"PK\x03\x04");
}

#[test]
fn numbers_keep_two_decimals_and_their_sign() {
    let mut sheet = Sheet::new(Format::Csv, "表", &["列".to_owned()]).unwrap();
    sheet.row(&[Cell::Whole(-3), Cell::Decimal(-7), Cell::Decimal(443), Cell::Share(7286), Cell::Share(-5), Cell::Empty]).unwrap();
    let file = String::from_utf8(sheet.finish("说明", &[]).unwrap()).unwrap();
    assert!(file.contains("\r\n-3,-0.07,4.43,72.86%,-0.05%,\r\n"), "{file}");
}
