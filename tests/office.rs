//! LibreOffice opens what is written, works every formula out again, and must agree with the results stored in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::program::{samples_consolidated, scratch};

/// Makes LibreOffice work formulas out on loading, whoever wrote the file; by default it trusts stored results.
pub const ALWAYS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// The workbook after LibreOffice has worked it out; none where there is no LibreOffice.
fn worked_out(workbook: &Path) -> Option<PathBuf> {
    let place = scratch("office");
    let profile = place.join("profile/user");
    fs::create_dir_all(&profile).unwrap();
    fs::write(profile.join("registrymodifications.xcu"), ALWAYS).unwrap();
    let run = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            place.join("profile").display()
        ))
        .args([
            "--headless",
            "--norestore",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
        ])
        .arg(&place)
        .arg(workbook)
        .output();
    match run {
        Ok(output) => {
            let out = place.join(workbook.file_name().unwrap());
            assert!(
                out.exists(),
                "LibreOffice wrote nothing: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            Some(out)
        }
        Err(_) if std::env::var_os("CI").is_none() => {
            println!("skipped: soffice is not here; tests/run installs it");
            None
        }
        Err(error) => panic!("soffice: {error}"),
    }
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
    let ours = samples_consolidated().join("tong-hop.xlsx");
    let Some(theirs) = worked_out(&ours) else {
        return;
    };
    let (mut ours, mut theirs): (Xlsx<_>, Xlsx<_>) =
        (open_workbook(ours).unwrap(), open_workbook(theirs).unwrap());
    let (mut formulas, mut wrong) = (0, Vec::new());
    for sheet in ours.sheet_names() {
        let written = ours.worksheet_formula(&sheet).unwrap();
        let (stored, worked) = (
            ours.worksheet_range(&sheet).unwrap(),
            theirs.worksheet_range(&sheet).unwrap(),
        );
        let Some((top, left)) = written.start() else {
            continue;
        };
        for (row, column, formula) in written.used_cells() {
            let at = (
                top + u32::try_from(row).unwrap(),
                left + u32::try_from(column).unwrap(),
            );
            formulas += 1;
            let (is, should) = (stored.get_value(at), worked.get_value(at));
            let error =
                matches!(is, Some(Data::Error(_))) || matches!(should, Some(Data::Error(_)));
            let same = match (number(is), number(should)) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
                _ => shown(is) == shown(should),
            };
            if error || !same {
                wrong.push(format!(
                    "{sheet} {at:?} ={formula}: stored {is:?}, worked out {should:?}"
                ));
            }
        }
    }
    assert!(formulas > 1000, "only {formulas} formulas");
    assert!(
        wrong.is_empty(),
        "{} of {formulas} differ:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    println!("{formulas} formulas agree");
}
