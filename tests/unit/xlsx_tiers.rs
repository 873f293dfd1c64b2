//! Our scanner and calamine come to the same cells wherever both can read; what each is for, and what neither reads.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::model::Content;

/// A sheet as each tier reads it by itself.
fn both(part: &str, context: &Context) -> (Result<Sheet, Stop>, Result<Sheet, Stop>) {
    let (mut one, mut other) = (Budget::default(), Budget::default());
    let mut scanned = Collector::new("", false, &mut one);
    let mut streamed = Collector::new("", false, &mut other);
    (
        scanner::read(part, context, &mut scanned).map(|()| scanned.finish()),
        by_calamine::read(part, context, &mut streamed).map(|()| streamed.finish()),
    )
}

/// Where two sheets differ first.
fn difference(one: &Sheet, other: &Sheet) -> Option<String> {
    let cells = one.cells.iter().zip(&other.cells).find(|(a, b)| a != b);
    if let Some((a, b)) = cells {
        return Some(format!("{a:?}\n   {b:?}"));
    }
    if one.cells.len() != other.cells.len() {
        return Some(format!("{} cells, {} cells", one.cells.len(), other.cells.len()));
    }
    let hidden = (&one.hidden_rows, &one.hidden_columns) != (&other.hidden_rows, &other.hidden_columns);
    if one.merged[..] != other.merged[..] {
        return Some(format!("merged {:?}\n   {:?}", &one.merged[..], &other.merged[..]));
    }
    hidden.then(|| "hidden rows or columns".to_owned())
}

fn books(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && name != ".git" {
            books(&path, found);
        } else if path.extension().is_some_and(|e| e == "xlsx" || e == "xlsm") {
            found.push(path);
        }
    }
}

/// The parts of a workbook's sheets, with what they share.
fn sheets(bytes: &[u8], mut each: impl FnMut(&str, &str, &Context)) -> Result<(), Refusal> {
    let mut package = Package::open(bytes, super::super::limits::caps())?;
    let home = package.main_part()?;
    let text = package.text(&home)?.ok_or_else(|| Refusal::corrupt(&home))?;
    let contents = contents(&text)?;
    let targets = package.relations(&home)?;
    let place = |kind: &str| targets.iter().find(|r| r.kind == kind).map(|r| r.target.as_str());
    let shared = cell::read(&package.text(place("sharedStrings").unwrap_or_default())?.unwrap_or_default())?;
    let looks = cell::read_styles(&package.text(place("styles").unwrap_or_default())?.unwrap_or_default())?;
    for listed in &contents.sheets {
        if let Some(relation) = targets.iter().find(|r| r.id == listed.id).filter(|r| r.kind == "worksheet")
            && let Some(part) = package.text(&relation.target)?
        {
            each(&listed.name, &part, &Context { shared: &shared, looks: &looks, from_1904: contents.from_1904 });
        }
    }
    Ok(())
}

#[test]
fn both_tiers_come_to_the_same_cells_over_every_workbook_at_hand() {
    let mut found = Vec::new();
    books(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    if let Some(folder) = std::env::var_os("TONGHOP_WORKBOOKS") {
        books(Path::new(&folder), &mut found);
    }
    let (mut read, mut ours, mut theirs, mut neither, mut wrong) = (0, 0, 0, 0, Vec::new());
    for path in &found {
        let bytes = fs::read(path).unwrap();
        let unread = sheets(&bytes, |name, part, context| {
            read += 1;
            match both(part, context) {
                (Ok(one), Ok(other)) => {
                    wrong.extend(difference(&one, &other).map(|d| format!("{} [{name}]: {d}", path.display())))
                }
                (Ok(_), Err(Stop::Odd(why))) => {
                    ours += 1;
                    println!("calamine does not read {} [{name}]: {why}", path.display());
                }
                (Err(Stop::Odd(why)), Ok(_)) => {
                    theirs += 1;
                    println!("our scanner does not read {} [{name}]: {why}", path.display());
                }
                (Err(Stop::Odd(why)), Err(Stop::Odd(theirs))) => {
                    neither += 1;
                    println!("neither reads {} [{name}]: {why}; {theirs}", path.display());
                }
                // Over a limit for one is over it for both.
                (one, other) => assert_eq!(one.err(), other.err(), "{} [{name}]", path.display()),
            }
        });
        if let Err(refusal) = unread {
            println!("{}: {}", path.display(), refusal.said().en);
        }
    }
    println!(
        "{} books, {read} sheets: {ours} by us alone, {theirs} by calamine alone, {neither} by neither",
        found.len()
    );
    assert!(read > 100, "only {read} sheets");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn looks() -> Vec<super::super::looks::Look> {
    cell::read_styles(
        r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm"/></numFmts>
        <fonts><font><name val="Arial"/></font><font><strike/><name val=".VnTime"/></font></fonts>
        <cellXfs><xf fontId="0"/><xf numFmtId="10" fontId="1"/><xf numFmtId="164"/></cellXfs></styleSheet>"#,
    )
    .unwrap()
}

const ROWS: &str = r#"<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>0.6757</v></c><c r="C2" s="2"><v>45000</v></c></row>
<row r="3" hidden="1"><c r="A3"><f t="shared" si="0" ref="A3:A4">SUM(B3:C3)</f><v>5</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>
<c r="C3" t="b"><v>1</v></c><c r="D3" t="str"><f>"x"&amp;"y"</f><v>x &lt; y_x0041_</v></c></row>
<row><c><f t="shared" si="0"/><v>1E-3</v></c><c t="d"><v>2023-03-31</v></c><c r="AB4" t="inlineStr"><is><r><rPr><strike/></rPr><t>15</t></r><r><t xml:space="preserve"> 51</t></r></is></c></row>"#;

fn sheet_of(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="m" xmlns:r="r"><dimension ref="A2:AB4"/><cols><col min="2" max="3" hidden="1"/></cols><sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells></worksheet>"#
    )
}

#[test]
fn a_sheet_of_any_spelling_comes_to_the_same_cells() {
    let shared =
        cell::read("<sst><si><t>một</t></si><si><r><rPr><rFont val=\".VnTime\"/></rPr><t>hai</t></r></si></sst>")
            .unwrap();
    let looks = looks();
    let context = Context { shared: &shared, looks: &looks, from_1904: true };
    let plain = sheet_of(ROWS);
    let (ours, theirs) = both(&plain, &context);
    let ours = ours.unwrap();
    assert_eq!(difference(&ours, &theirs.unwrap()), None);
    assert_eq!(ours.get(1, 0).unwrap().font(), Some(".VnTime"));
    assert_eq!(ours.get(1, 1).unwrap().struck(), crate::model::Struck::Whole);
    assert_eq!(ours.get(1, 2).unwrap().content, Content::Date(46462.0));
    assert_eq!(ours.get(3, 0).unwrap().formula.as_deref(), Some("SUM(B4:C4)"));
    assert_eq!(ours.get(3, 27).unwrap().content, Content::Text(" 51".into()));
    // With a prefix, comments, other quotes or line ends it is calamine's alone, and the same.
    for odd in [
        plain.replace('<', "<x:").replace("<x:/", "</x:").replace("<x:?", "<?"),
        plain.replace("<row", "<!-- hàng --><row"),
        plain.replace('"', "'").replace("'x'&amp;'y'", "\"x\"&amp;\"y\""),
        plain.replace("</row>", "</row  >"),
    ] {
        let (ours, theirs) = both(&odd, &context);
        assert!(matches!(ours, Err(Stop::Odd(_))), "{odd}");
        assert_eq!(difference(&both(&plain, &context).0.unwrap(), &theirs.unwrap()), None, "{odd}");
    }
}

#[test]
fn what_calamine_would_misread_in_silence_is_refused() {
    let shared = cell::read("<sst><si><t>một</t></si><si><t>hai</t></si></sst>").unwrap();
    let context = Context { shared: &shared, looks: &[], from_1904: false };
    for (odd, why) in [
        // Another text, nothing, half a number.
        ("<row><c t=\"s\"><v> 1 </v></c></row>", "t=\"s\""),
        ("<row><c><v><![CDATA[12]]></v></c></row>", "CData"),
        ("<row><c><v>1<!-- -->2</v></c></row>", "Comment"),
        ("<row><c><v>&#49;2</v></c></row>", "GeneralRef"),
        // Places that overflow.
        ("<row><c r=\"A99999999999\"><v>1</v></c></row>", "A99999999999"),
        ("<row r=\"99999999999\"><c><v>1</v></c></row>", "row"),
        ("<row><c s=\"x\"><v>1</v></c></row>", "s=\"x\""),
    ] {
        // The comment keeps it from our scanner.
        let part = sheet_of(&format!("<!-- -->{odd}"));
        match both(&part, &context).1 {
            Err(Stop::Odd(found)) => assert!(found.contains(why), "{odd}: {found}"),
            other => panic!("{odd}: {other:?}"),
        }
    }
    let reversed = sheet_of("<!-- -->").replace("A1:B2", "B2:A1");
    assert!(matches!(both(&reversed, &context).1, Err(Stop::Odd(_))));
}
