//! The same books through every container an office may send them in: the entries must be the same.
//!
//! LibreOffice writes .xls, .ods, HTML and .xlsx anew, and by way of HTML and Writer .docx. What it cannot write is written here:
//! .xlsb, .docx with the forms typed as Word tables, a portal's page in three alphabets, .mht, Excel's XML of 2003.
//! `tests/convert/all.sh` does the corpora, the samples and the seeds whole, and prints a table.

mod books;
mod broken;
mod compare;
mod office;
mod shown;
mod web;
mod word;
mod xlsb;
mod xml2003;

use std::path::{Path, PathBuf};

use tonghop::model::Workbook;

use crate::program::{home, scratch};
use books::Books;
use compare::{Kept, entries, known, report};
use office::Office;

/// A container: its name, what a book becomes in it, and how much of a cell's place it keeps.
struct Container {
    name: &'static str,
    ending: &'static str,
    made: Made,
    kept: Kept,
}

enum Made {
    /// By LibreOffice, one filter after another.
    ByOffice(&'static [&'static str]),
    /// By the tests, from what was read.
    Here(fn(&Workbook, usize) -> Vec<u8>),
}

const HTML: &str = "html:HTML (StarCalc)";

const CONTAINERS: [Container; 10] = [
    Container { name: "xls", ending: "xls", made: Made::ByOffice(&["xls:MS Excel 97"]), kept: Kept::Cells },
    Container { name: "ods", ending: "ods", made: Made::ByOffice(&["ods:calc8"]), kept: Kept::Cells },
    Container {
        name: "xlsx anew",
        ending: "xlsx",
        made: Made::ByOffice(&["xlsx:Calc MS Excel 2007 XML"]),
        kept: Kept::Cells,
    },
    Container { name: "html", ending: "xls", made: Made::ByOffice(&[HTML]), kept: Kept::Figures },
    Container {
        name: "docx (Writer)",
        ending: "docx",
        made: Made::ByOffice(&[HTML, "docx:MS Word 2007 XML"]),
        kept: Kept::Rounded,
    },
    Container { name: "docx (typed)", ending: "docx", made: Made::Here(word::document), kept: Kept::Figures },
    Container { name: "xlsb", ending: "xlsb", made: Made::Here(xlsb::workbook), kept: Kept::Cells },
    Container { name: "xml 2003", ending: "xls", made: Made::Here(xml2003::workbook), kept: Kept::Cells },
    Container { name: "portal's page", ending: "xls", made: Made::Here(web::page), kept: Kept::Figures },
    Container { name: "mht", ending: "mht", made: Made::Here(web::mail), kept: Kept::Figures },
];

/// Reads a folder of books through every container; one line each, and what differs.
fn measure(name: &str, inbox: &Path, units: &Path) -> Vec<String> {
    let place = scratch(&format!("convert-{name}"));
    let books = Books::take(inbox, &place.join("original"));
    let original = known(&entries(&place.join("original"), units));
    assert!(original.len() > 100, "{name}: only {} entries", original.len());
    let office = Office::start(&place);
    let mut short = Vec::new();
    println!("{name}: {} books, {} entries", books.found.len(), original.len());
    for container in &CONTAINERS {
        let folder = place.join(container.name.replace([' ', '(', ')', '\''], "-"));
        match &container.made {
            Made::Here(write) => books.write(&folder, container.ending, *write),
            Made::ByOffice(filters) => match &office {
                Some(office) => books.convert(&folder, container.ending, office, filters),
                None => continue,
            },
        }
        let found = known(&entries(&folder, units));
        short.extend(report(container.name, &container.kept, &original, &found));
    }
    short
}

fn none(short: &[String]) {
    assert!(short.is_empty(), "\n{}", short.join("\n"));
}

#[test]
fn a_quarter_of_the_samples_reads_the_same_through_every_container() {
    let samples = home().join("samples/quang-minh");
    none(&measure("sample", &samples.join("2023-Q3"), &samples.join("units.csv")));
}

#[test]
#[ignore = "some minutes; tests/convert/all.sh runs it"]
fn everything_reads_the_same_through_every_container() {
    let shared = home().join("../shared");
    let of_corpus = |name: &str| {
        (shared.join("corpus").join(name).join("inbox"), shared.join("corpus").join(name).join("units.csv"))
    };
    let samples = home().join("samples/quang-minh");
    let (clean, dirty) = (of_corpus("clean"), of_corpus("dirty"));
    let sources: [(&str, PathBuf, PathBuf); 4] = [
        ("seeds", home().join("tests/seeds"), clean.1.clone()),
        ("samples", samples.clone(), samples.join("units.csv")),
        ("clean", clean.0, clean.1),
        ("dirty", dirty.0, dirty.1),
    ];
    let mut short = Vec::new();
    for (name, inbox, units) in sources {
        if inbox.exists() && units.exists() {
            short.extend(measure(name, &inbox, &units));
        } else {
            println!("skipped: {} is not here", inbox.display());
        }
    }
    none(&short);
}
