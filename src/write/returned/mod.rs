//! A run's findings into what goes back to each unit: its own workbooks with the cells marked, and a letter.
//!
//! Each finding becomes [`items`], the cells that the unit must look at with what to do. They are marked in the sender's own
//! .xlsx; a file that can't be marked itself is made anew as a [`lookalike`].

mod items;
mod lookalike;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

pub use items::Item;

use super::{Staged, WriteError, letters, outputs};
use crate::model::finding::Fact;
use crate::model::{Address, Finding, Lang, Lost, Original, Outcome, Period, Severity, Unsure, Workbook};
use crate::patch::{self, annotate};
use crate::words::Words;
use items::{Heading, annotation, items_of};

/// The folder within DIR.
const FOLDER: &str = "tra-lai";
/// The letter in each unit's folder.
const LETTER: &str = "thu-de-nghi.docx";

/// How a file of the run is had once more.
pub type Originals<'a> = &'a dyn Fn(&str) -> Result<Original, Lost>;

/// What went back.
#[derive(Debug, Default)]
pub struct Returned {
    pub units: Vec<Given>,
    pub files: Vec<PathBuf>,
    /// Received files that could not be marked themselves: their copies were made anew.
    pub rebuilt: Vec<String>,
    /// Sentences on copies that are not there or not quite the sender's, and on what lies in the folder from before.
    pub remarks: Vec<String>,
    /// Sentences on units that got nothing, since a file of theirs is open somewhere: what they had before is still there.
    pub failed: Vec<String>,
}

/// What one unit gets.
#[derive(Debug)]
pub struct Given {
    /// Its name.
    pub unit: String,
    pub folder: PathBuf,
    pub copies: usize,
    pub errors: usize,
    pub warnings: usize,
}

/// Writes the marked copies and letters into `DIR/tra-lai`.
///
/// # Errors
/// A folder or file that can't be written.
pub fn returned(
    outcome: &Outcome,
    period: Period,
    originals: Originals<'_>,
    lang: Lang,
    dir: &Path,
) -> Result<Returned, WriteError> {
    let copies = plan(outcome, period);
    let context = Context {
        outcome,
        period: lang.period(period),
        labels: Labels::of(outcome, &copies, &Words::of(outcome, lang)),
        originals,
        lang,
        dir,
    };
    let units: BTreeSet<&str> = copies.iter().map(|c| c.unit).collect();
    let folders = outputs::folders(units.into_iter());
    let mut returned = Returned::default();
    let place = dir.join(FOLDER);
    for copies in copies.chunk_by(|a, b| a.unit == b.unit) {
        let Some(unit) = copies.first().map(|c| c.unit) else { continue };
        // One number a finding in all that the unit gets: its files' first sheets and its letter.
        let mut numbers: BTreeMap<*const Finding, usize> = BTreeMap::new();
        for finding in copies.iter().flat_map(|copy| &copy.findings) {
            let next = numbers.len() + 1;
            numbers.entry(std::ptr::from_ref(*finding)).or_insert(next);
        }
        let made: Vec<Made> = copies.iter().map(|copy| context.copy(copy, &numbers)).collect();
        let folder = place.join(&folders[unit]);
        match context.give(unit, &made, &folder, &mut returned) {
            Ok(given) => returned.units.push(given),
            // One unit's open file does not keep the others waiting.
            Err(error @ (WriteError::File(..) | WriteError::Set(_) | WriteError::Folder(..))) => {
                returned.failed.push(format!("{}: {}", outcome.units.name(unit), error.say(lang)));
            }
            Err(error) => return Err(error),
        }
    }
    returned.remarks.extend([unclaimed(outcome, lang), left_over(&place, &returned.files, lang)].into_iter().flatten());
    Ok(returned)
}

/// What all copies are made with.
struct Context<'a> {
    outcome: &'a Outcome,
    period: String,
    labels: Labels<'a>,
    originals: Originals<'a>,
    lang: Lang,
    dir: &'a Path,
}

/// One file's copy, before it has a name.
pub struct Made {
    pub file: String,
    pub items: Vec<Item>,
    /// None where the file could not be had once more.
    pub bytes: Option<Vec<u8>>,
    /// What the copy's name ends in, where it is of another format.
    pub ending: Option<&'static str>,
    /// What there is to say of it, in the copy and in the letter.
    pub remarks: Vec<String>,
}

impl Context<'_> {
    fn copy(&self, copy: &Copy<'_>, numbers: &BTreeMap<*const Finding, usize>) -> Made {
        let original = (self.originals)(copy.file);
        let workbook = original.as_ref().ok().map(|o| &o.workbook);
        let mut items: Vec<Item> = Vec::new();
        for finding in &copy.findings {
            let number = numbers.get(&std::ptr::from_ref(*finding)).copied().unwrap_or_default();
            items.extend(items_of(
                finding,
                copy.file,
                number,
                workbook,
                &self.labels,
                &Words::of(self.outcome, self.lang),
            ));
        }
        let mut made = Made { file: copy.file.to_owned(), items, bytes: None, ending: None, remarks: Vec::new() };
        match original {
            Ok(original) => self.mark(copy.unit, &original, &mut made),
            Err(lost) => made.remarks.push(say_lost(&lost, self.lang)),
        }
        made
    }

    /// The sender's own file marked; else what was read of it.
    fn mark(&self, unit: &str, original: &Original, made: &mut Made) {
        let unit = self.outcome.units.name(unit);
        let workbook = &original.workbook;
        made.remarks.extend(carried(workbook));
        if patch::is_signed(&original.bytes) {
            made.remarks.push(self.lang.pick(
                "Tệp đơn vị gửi có chữ ký số; bản đánh dấu này làm chữ ký mất hiệu lực, sửa xong đơn vị ký lại.",
                "The file was signed; marking it voids the signature, so sign it again once it is corrected.",
            ).to_owned());
        }
        let annotated = |items: &[Item], bytes: &[u8], workbook: &Workbook, remarks: &[String]| {
            let heading = Heading { unit, period: &self.period, remarks, lang: self.lang };
            let annotation = annotation(items, workbook, &heading);
            annotate(bytes, &annotation, workbook.returned.as_ref())
        };
        let marked = annotated(&made.items, &original.bytes, workbook, &made.remarks);
        if let Ok(bytes) = marked {
            made.bytes = Some(bytes);
            return;
        }
        let Ok(like) = lookalike::lookalike(workbook) else {
            made.remarks.push(
                self.lang
                    .pick(
                        "Không đánh dấu được vào tệp; xem danh sách trong thư.",
                        "The file can't be marked; see the letter for the list.",
                    )
                    .to_owned(),
            );
            return;
        };
        made.remarks = vec![rebuilt(&made.file, self.lang)];
        let mut renamed = workbook.clone();
        renamed.returned = None;
        for sheet in &mut renamed.sheets {
            sheet.name.clone_from(&like.names[&sheet.name]);
        }
        for item in made.items.iter_mut().filter(|i| i.file.is_none()) {
            let Some(name) = like.names.get(&item.sheet) else { continue };
            if item.place == format!("{}!{}", item.sheet, item.cell) {
                item.place = format!("{name}!{}", item.cell);
            }
            item.sheet.clone_from(name);
        }
        made.bytes = annotated(&made.items, &like.bytes, &renamed, &made.remarks).ok();
        made.ending = Some("xlsx");
    }

    /// Writes a unit's copies and its letter.
    fn give(&self, unit: &str, made: &[Made], folder: &Path, returned: &mut Returned) -> Result<Given, WriteError> {
        let name = self.outcome.units.name(unit);
        let named: Vec<(&str, Option<&str>)> =
            made.iter().filter(|m| m.bytes.is_some()).map(|m| (m.file.as_str(), m.ending)).collect();
        let paths = outputs::files(&named);
        let mut staged = Staged::within(self.dir, chrono::Local::now().date_naive());
        for copy in made {
            match copy.ending {
                Some(_) => returned.rebuilt.push(copy.file.clone()),
                None => returned
                    .remarks
                    .extend(copy.remarks.iter().map(|remark| format!("{name} — {}: {remark}", copy.file))),
            }
            let Some((bytes, path)) = copy.bytes.as_ref().zip(paths.get(copy.file.as_str())) else { continue };
            let path = folder.join(path);
            stage(&mut staged, &path, bytes)?;
        }
        let letter = letters::corrections(name, made, &paths, self.outcome, &self.period)?;
        stage(&mut staged, &folder.join(LETTER), &letter)?;
        returned.files.extend(staged.finish()?);
        // A finding that two files share is one.
        let counted = |errors: bool| {
            let items = made.iter().flat_map(|m| &m.items).filter(|i| i.leads);
            items.filter(|i| (i.severity == Severity::Error) == errors).map(|i| i.number).collect::<BTreeSet<_>>().len()
        };
        Ok(Given {
            unit: name.to_owned(),
            folder: folder.to_owned(),
            copies: named.len(),
            errors: counted(true),
            warnings: counted(false),
        })
    }
}

fn stage(staged: &mut Staged, path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| WriteError::folder(folder, &e))?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    staged.add(folder, &name.unwrap_or_default(), bytes)
}

fn say_lost(lost: &Lost, lang: Lang) -> String {
    match lost {
        Lost::Gone => lang.pick(
            "tệp không còn ở chỗ cũ nên không có bản đánh dấu; chạy lại khi có tệp",
            "the file is gone, so there is no marked copy; run again when it is there",
        ),
        Lost::Changed => lang.pick(
            "tệp đã đổi từ lúc đọc nên không có bản đánh dấu; chạy lại",
            "the file has changed since it was read, so there is no marked copy; run again",
        ),
        Lost::Twice => lang.pick(
            "có hai tệp khác nhau cùng tên này nên không có bản đánh dấu; đổi tên một tệp rồi chạy lại",
            "two files that differ go by this name, so there is no marked copy; rename one and run again",
        ),
        Lost::Unreadable => lang.pick("không đọc lại được tệp", "the file can't be read again"),
    }
    .to_owned()
}

/// How the sentence begins that a copy is no file of the sender's.
const REBUILT: [&str; 2] = ["Đây không phải tệp gốc", "This is not the file itself"];

fn rebuilt(file: &str, lang: Lang) -> String {
    let own = file.rsplit('/').next().unwrap_or_default();
    lang.pick(
        format!("{} mà là bản .xlsx dựng lại từ số liệu đọc được trong “{own}” (dạng tệp ấy không ghi chú trực tiếp được): chỉ có giá trị, không có công thức, hình ảnh. Nên sửa trong tệp gốc rồi gửi lại tệp gốc.", REBUILT[0]),
        format!("{} but an .xlsx made from what was read in “{own}” (that format can't be marked): values only, no formulas, no pictures. Better correct your own file and send that.", REBUILT[1]),
    )
}

/// The same of a copy made earlier: it is still no file of the sender's.
fn carried(workbook: &Workbook) -> Option<String> {
    let cells = workbook.returned.iter().flat_map(|s| &s.cells);
    cells.filter_map(|c| c.text()).find(|text| REBUILT.iter().any(|head| text.starts_with(head))).map(str::to_owned)
}

/// A sentence on files with something to correct of which nothing says whose they are.
fn unclaimed(outcome: &Outcome, lang: Lang) -> Option<String> {
    let lost = nobodys(outcome);
    let list = lost.join(", ");
    (!lost.is_empty()).then(|| {
        lang.pick(
            format!("Không rõ là của đơn vị nào nên không trả lại được: {list}."),
            format!("Nothing says whose these are, so they can't go back: {list}."),
        )
    })
}

/// A sentence on files in the folder that this run did not write.
fn left_over(place: &Path, written: &[PathBuf], lang: Lang) -> Option<String> {
    let written: BTreeSet<&Path> = written.iter().map(PathBuf::as_path).collect();
    let mut left = BTreeSet::new();
    let mut folders = vec![place.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if !written.contains(path.as_path())
                && let Ok(own) = path.strip_prefix(place)
            {
                left.insert(own.display().to_string());
            }
        }
    }
    let list = left.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let place = place.display();
    (!left.is_empty()).then(|| {
        lang.pick(
            format!("Trong {place} còn tệp không phải của lần chạy này: {list}; xoá đi nếu là của lần trước."),
            format!("{place} holds files that are not of this run: {list}; delete them if they are of an earlier one."),
        )
    })
}

/// One file that goes back to one unit.
pub struct Copy<'a> {
    pub unit: &'a str,
    pub file: &'a str,
    /// In the outcome's order: errors first.
    pub findings: Vec<&'a Finding>,
}

/// What goes back, by unit and file.
pub fn plan(outcome: &Outcome, period: Period) -> Vec<Copy<'_>> {
    let mut copies: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in &outcome.findings {
        if finding.severity == Severity::Note || finding.waived.is_some() {
            continue;
        }
        // What was sent again, or for others too, is the clerk's to know; the sender has nothing to correct in it.
        if let Fact::Doubt { what: Unsure::OlderVersion { .. } | Unsure::Collective { .. }, .. } = &finding.fact {
            continue;
        }
        let Some(unit) = whose(outcome, finding, period) else { continue };
        for file in files(finding) {
            copies.entry((unit, file)).or_default().push(finding);
        }
    }
    copies.into_iter().map(|((unit, file), findings)| Copy { unit, file, findings }).collect()
}

/// The unit that has to correct it; none where it is of another period, or nothing says whose it is.
fn whose<'a>(outcome: &'a Outcome, finding: &'a Finding, period: Period) -> Option<&'a str> {
    if let Some(own) = finding.period {
        return (period.holds(own) && !finding.unit.is_empty()).then_some(&finding.unit);
    }
    // A sheet of no known form, or running text, is its file's unit's.
    let of_file = outcome.returns.iter().filter(|r| r.file == finding.file);
    let units: BTreeSet<&str> = of_file.filter(|r| period.holds(r.period)).map(|r| &*r.unit).collect();
    match (units.len(), units.first()) {
        (1, Some(unit)) => Some(unit),
        _ => None,
    }
}

/// Files with something to correct of which nothing says whose they are.
pub fn nobodys(outcome: &Outcome) -> Vec<&str> {
    let mut files: BTreeSet<&str> = BTreeSet::new();
    for finding in &outcome.findings {
        let matters = finding.severity != Severity::Note && finding.waived.is_none();
        let mut of_file = outcome.returns.iter().filter(|r| r.file == finding.file);
        if matters && finding.period.is_none() && of_file.next().is_none() {
            files.insert(&finding.file);
        }
    }
    files.into_iter().collect()
}

/// The files that hold a cell most suspect; the finding's own where no cell is suspected.
fn files(finding: &Finding) -> BTreeSet<&str> {
    let suspects = &finding.suspects[..finding.equal_suspects()];
    let cells = suspects.iter().flat_map(|s| &s.cells);
    let files: BTreeSet<&str> = cells.map(|c| c.elsewhere.as_ref().map_or(&*finding.file, |(file, _)| file)).collect();
    if files.is_empty() { BTreeSet::from([&*finding.file]) } else { files }
}

/// What each cell is called in print, by file, sheet and cell.
pub struct Labels<'a>(BTreeMap<(&'a str, &'a str, u32, u32), String>);

impl<'a> Labels<'a> {
    /// The labels of all cells that some copy names.
    pub fn of(outcome: &'a Outcome, copies: &[Copy<'_>], words: &Words<'_>) -> Self {
        let wanted: BTreeSet<&str> = copies.iter().map(|c| c.file).collect();
        let mut labels = BTreeMap::new();
        for ret in &outcome.returns {
            if !wanted.contains(&*ret.file) {
                continue;
            }
            for entry in &ret.entries {
                let place = (&*ret.file, &*ret.sheet, entry.cell.row, entry.cell.column);
                labels.insert(place, words.label(&ret.form, &ret.table, &entry.line, &entry.column));
            }
        }
        Self(labels)
    }

    pub fn get(&self, file: &str, sheet: &str, cell: Address) -> String {
        let place = (file, sheet, cell.row, cell.column);
        self.0.get(&place).cloned().unwrap_or_default()
    }
}
