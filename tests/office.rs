//! LibreOffice opens what is written, works every formula out again, and must agree with the results stored in it.

use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::program::{home, office, samples_consolidated, scratch, tonghop};

/// The workbooks after LibreOffice has worked them out, in the same order; none where there is no LibreOffice.
fn worked_out(workbooks: &[PathBuf]) -> Option<Vec<PathBuf>> {
    let place = scratch("office");
    let said = office(&place, "xlsx:Calc MS Excel 2007 XML", &place, workbooks)?;
    let out = |workbook: &PathBuf| {
        let out = place.join(workbook.file_name().unwrap());
        assert!(out.exists(), "LibreOffice wrote nothing: {said}");
        out
    };
    Some(workbooks.iter().map(out).collect())
}

/// Workbooks of all sorts: a quarter, a year of quarters, single forms, units of three levels and of none.
fn workbooks() -> Vec<PathBuf> {
    let shared = home().join("../shared");
    let corpus = |name: &str| shared.join("corpus").join(name).display().to_string();
    let sets = [
        ("year", "samples/quang-minh".to_owned(), "2023-9M"),
        ("seed-2021", "tests/seeds".to_owned(), "2021-Q1"),
        ("seed-2023", "tests/seeds".to_owned(), "2023"),
        ("clean", corpus("clean"), "2023"),
        ("dirty", corpus("dirty"), "2023-Q2"),
    ];
    let place = scratch("office-in");
    let quarter = place.join("quarter.xlsx");
    fs::copy(samples_consolidated().join("tong-hop.xlsx"), &quarter).unwrap();
    let mut made = vec![quarter];
    for (name, path, period) in sets {
        if !home().join(&path).exists() {
            println!("skipped: {path} is not here");
            continue;
        }
        let out = place.join(name);
        let args = ["consolidate", &path, "--period", period, "--out"];
        let out_name = out.display().to_string();
        let said = tonghop(home(), args.into_iter().chain([out_name.as_str()]));
        assert!(said.exit < 2, "{name}: {}{}", said.out, said.err);
        let workbook = place.join(format!("{name}.xlsx"));
        fs::copy(out.join("tong-hop.xlsx"), &workbook).unwrap();
        made.push(workbook);
    }
    made
}

fn number(data: Option<&Data>) -> Option<f64> {
    match data {
        Some(Data::Float(x)) => Some(*x),
        Some(Data::Int(x)) => Some(*x as f64),
        Some(Data::Bool(x)) => Some(f64::from(u8::from(*x))),
        _ => None,
    }
}

/// What a cell shows, as far as it can be compared: blank and empty text are one.
fn shown(data: Option<&Data>) -> String {
    data.map(ToString::to_string).unwrap_or_default()
}

#[test]
fn every_formula_agrees_with_libreoffice() {
    let ours = workbooks();
    let Some(theirs) = worked_out(&ours) else {
        return;
    };
    let (mut formulas, mut wrong) = (0, Vec::new());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let (found, differ) = compared(ours, theirs);
        let name = ours.file_stem().unwrap().display();
        println!("{name}: {found} formulas");
        assert!(found > 100, "{name}: only {found} formulas");
        formulas += found;
        wrong.extend(differ.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "{} of {formulas} differ:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    println!("{formulas} formulas agree");
}

/// How many formulas there are, and where what we stored is not what LibreOffice works out, or is an error.
fn compared(ours: &Path, theirs: &Path) -> (usize, Vec<String>) {
    let (mut ours, mut theirs): (Xlsx<_>, Xlsx<_>) = (open_workbook(ours).unwrap(), open_workbook(theirs).unwrap());
    let (mut formulas, mut wrong) = (0, Vec::new());
    for sheet in ours.sheet_names() {
        let written = ours.worksheet_formula(&sheet).unwrap();
        let (stored, worked) = (ours.worksheet_range(&sheet).unwrap(), theirs.worksheet_range(&sheet).unwrap());
        let Some((top, left)) = written.start() else {
            continue;
        };
        for (row, column, formula) in written.used_cells() {
            let at = (top + u32::try_from(row).unwrap(), left + u32::try_from(column).unwrap());
            formulas += 1;
            let (is, should) = (stored.get_value(at), worked.get_value(at));
            let error = matches!(is, Some(Data::Error(_))) || matches!(should, Some(Data::Error(_)));
            let same = match (number(is), number(should)) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
                _ => shown(is) == shown(should),
            };
            if error || !same {
                wrong.push(format!("{sheet} {at:?} ={formula}: stored {is:?}, worked out {should:?}"));
            }
        }
    }
    (formulas, wrong)
}
