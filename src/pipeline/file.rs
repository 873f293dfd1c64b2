//! One file's bytes into what was read of it: verdicts, returns, and what its own sheets and text do not keep. A
//! [`Cache`] keeps the answer in a folder, so that the next run reads only the files that changed.
//!
//! A kept answer is found by what it depends on: the file's bytes and its name, the templates, the units and this very
//! program. It is believed only if its checksum holds; any other file in the folder is passed over.
//!
//! By the name that outputs give it a file's bytes and cells are had once more, if it is still the file that was read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::inbox::Stored;
use super::worker;
use crate::discover::{self, Found, Kind, Trouble};
use crate::files::{self, sha256};
use crate::learn::{self, Unclaimed};
use crate::model::finding::Said;
use crate::model::statement::Text;
use crate::model::workbook::Remark;
use crate::model::{
    Catalogue, FileReport, Finding, Lang, Layout, Lost, OUTPUT_SHEETS, Original, Return, Units, Verdict, Workbook,
};
use crate::normalise::modernise;
use crate::recognise::{self, Lacks, Lexicon, Recognition};
use crate::settle::resent::Telling;
use crate::settle::{self, collective};
use crate::{extract, prose, read};

/// One file's verdicts (an archive has several) and returns.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct FileRead {
    pub(super) reports: Vec<FileReport>,
    pub(super) returns: Vec<Stored>,
    /// What its text, and its sheets of no known form, state and do not keep, found while it was read.
    pub(super) findings: Vec<Finding>,
    pub(super) texts: Vec<Text>,
    /// Sheets of no known form, to be learned from once all files are read.
    pub(super) unclaimed: Vec<Unclaimed>,
}

impl FileRead {
    pub(super) fn verdict(name: &str, verdict: Verdict, reason: Said) -> Self {
        Self { reports: vec![FileReport { reason, ..FileReport::new(name, verdict) }], ..Self::default() }
    }

    pub(super) fn refused(name: &str, refusal: &read::Refusal) -> Self {
        Self::verdict(name, Verdict::Refused, refusal.said())
    }

    /// Names the unit whose file it is, as far as its name tells, where nothing in it can be read.
    pub(super) fn whose(mut self, lexicon: &Lexicon) -> Self {
        for report in self.reports.iter_mut().filter(|r| r.verdict != Verdict::Read && r.sent) {
            report.unit = recognise::unit_of_file(&report.file, lexicon);
        }
        self
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.reports.extend(other.reports);
        self.returns.extend(other.returns);
        self.findings.extend(other.findings);
        self.texts.extend(other.texts);
        self.unclaimed.extend(other.unclaimed);
    }
}

/// What is needed to read a file.
pub struct Reader {
    lexicon: Lexicon,
    catalogue: Arc<Catalogue>,
    telling: Telling,
    /// How units' names begin.
    unit_kinds: Vec<String>,
}

impl Reader {
    pub fn new(catalogue: Arc<Catalogue>, units: &Units) -> Self {
        let (lexicon, telling) = (Lexicon::new(&catalogue, units), Telling::new(&catalogue.words));
        let unit_kinds = collective::kinds(&catalogue.words);
        Self { lexicon, catalogue, telling, unit_kinds }
    }

    /// The returns in a file, read as a run reads it.
    pub fn returns(&self, bytes: &[u8], name: &str) -> Vec<Return> {
        self.file(bytes, name).returns.iter().map(Stored::open).collect()
    }

    /// What a file that can't be read is, with the unit that its name tells.
    pub(super) fn refused(&self, name: &str, refusal: &read::Refusal) -> FileRead {
        FileRead::refused(name, refusal).whose(&self.lexicon)
    }

    pub(super) fn file(&self, bytes: &[u8], name: &str) -> FileRead {
        of_bytes(bytes, name, self).whose(&self.lexicon)
    }
}

fn of_bytes(bytes: &[u8], name: &str, reader: &Reader) -> FileRead {
    let Reader { lexicon, catalogue, telling, unit_kinds } = reader;
    let file: Arc<str> = name.into();
    let sha256 = sha256(bytes);
    let report = |verdict, reason| FileReport { reason, sha256: sha256.clone(), ..FileReport::new(name, verdict) };
    let mut workbook = match read::read(bytes, name) {
        Err(refusal) => {
            return FileRead { reports: vec![report(Verdict::Refused, refusal.said())], ..FileRead::default() };
        }
        Ok(workbook) => workbook,
    };
    modernise(&mut workbook);
    if is_ours(&workbook) {
        let (vi, en) = (
            "Tệp do chính tonghop lập (bản tổng hợp), không phải báo cáo của đơn vị, nên không tính.",
            "A consolidation that tonghop itself wrote, no unit's report; it is not counted.",
        );
        let ours = FileReport { sent: false, ..report(Verdict::LeftOut, Said::new(vi, en)) };
        return FileRead { reports: vec![ours], ..FileRead::default() };
    }
    let (stated, text) = prose::prose(&workbook, &file, &catalogue.words);
    if text.as_ref().is_some_and(|t| !t.bound.is_empty()) {
        // A report of ours repeats the units' figures in its tables: counted again they would double.
        return FileRead {
            reports: vec![report(Verdict::Read, Said::default())],
            findings: stated,
            texts: text.into_iter().collect(),
            ..FileRead::default()
        };
    }
    let recognition = recognise::recognise(&workbook, name, lexicon);
    let mut returns = extract::extract(&workbook, &recognition.layouts, &file, catalogue);
    settle::empty(&mut returns);
    let verdict = if returns.is_empty() && !is_report(&workbook) { Verdict::LeftOut } else { Verdict::Read };
    let tables: Vec<(usize, u32, u32)> = recognition.layouts.iter().map(rows).collect();
    let report = FileReport {
        partly: !recognition.unplaced.is_empty(),
        unread: Said::of(|lang| remarks(&workbook, Remark::is_loss, lang)),
        province: if verdict == Verdict::Read { recognise::province(&workbook) } else { None },
        returned: workbook.returned.is_some(),
        titles: telling.titles(&workbook, &tables),
        ..report(verdict, Said::of(|lang| reason(&workbook, &recognition, lang)))
    };
    let pack = |ret: &Return| {
        let mut stored = Stored::of(ret);
        stored.units = collective::unit_rows(ret, catalogue, unit_kinds);
        stored
    };
    let mut unclaimed = learn::unclaimed(&workbook, &recognition.strange_sheets, name);
    unclaimed.extend(of_learned_forms(&workbook, &recognition, name, catalogue));
    FileRead {
        reports: vec![report],
        unclaimed,
        returns: returns.iter().map(pack).collect(),
        findings: stated,
        texts: text.into_iter().collect(),
    }
}

/// The sheets taken for a learned form: all of a run are placed together, as they were when it was learned.
fn of_learned_forms(
    workbook: &Workbook,
    recognition: &Recognition,
    name: &str,
    catalogue: &Catalogue,
) -> Vec<Unclaimed> {
    let placed = recognition.layouts.iter().map(|l| (l.sheet, &l.form));
    let claims = placed.chain(recognition.unplaced.iter().map(|u| (u.sheet, &u.form)));
    let mut sheets: Vec<(usize, &Arc<str>)> =
        claims.filter(|(_, form)| catalogue.form(form).is_some_and(|f| f.learned.is_some())).collect();
    sheets.sort_unstable();
    sheets.dedup_by_key(|(sheet, _)| *sheet);
    let claimed = |(sheet, form): (usize, &Arc<str>)| {
        let mut own = learn::unclaimed(workbook, &[sheet], name);
        own.iter_mut().for_each(|own| own.claimed = Some(form.to_string()));
        own
    };
    sheets.into_iter().flat_map(claimed).collect()
}

/// A table's sheet, and its first and last row.
fn rows(layout: &Layout) -> (usize, u32, u32) {
    let last = layout.rows.iter().map(|r| r.row).max().unwrap_or(layout.header.top);
    (layout.sheet, layout.header.top.min(last), last)
}

/// How a sheet of a consolidation says from whom its figures are.
const CONSOLIDATED: &str = "Tổng hợp từ báo cáo của ";
/// Sheets of a consolidation that tell it, renamed or saved by another program.
const TELLING_SHEETS: usize = 3;

/// Whether a workbook is a consolidation of ours: counted again, it would double what it is made of.
fn is_ours(workbook: &Workbook) -> bool {
    let named = workbook.sheets.iter().filter(|s| OUTPUT_SHEETS.contains(&s.name.as_str())).count();
    let says = |text: &str| text.strip_prefix(CONSOLIDATED).is_some_and(|rest| rest.ends_with(" đơn vị"));
    named >= TELLING_SHEETS || workbook.sheets.iter().any(|s| s.cells.iter().filter_map(|c| c.text()).any(says))
}

/// Whether a document is text for the most part: a report without forms is read, a form that nobody knows is not.
fn is_report(workbook: &Workbook) -> bool {
    workbook.sheets.iter().any(|sheet| {
        let length = |c: &crate::model::Cell| c.text().map_or(0, str::len);
        let all: usize = sheet.cells.iter().map(length).sum();
        let own = sheet.paragraphs.iter().filter_map(|p| sheet.get(p.row, 0));
        2 * own.map(length).sum::<usize>() > all && all > 0
    })
}

/// What there is to say of a file that was opened: what was left out of it and why, and what to do.
fn reason(workbook: &Workbook, recognition: &Recognition, lang: Lang) -> String {
    let sheets =
        |list: &[usize]| list.iter().map(|i| format!("“{}”", workbook.sheets[*i].name)).collect::<Vec<_>>().join(", ");
    let mut sentences = Vec::new();
    let no_form = recognition.layouts.is_empty() && recognition.unplaced.is_empty();
    if no_form && !is_report(workbook) {
        sentences.push(lang.pick(
            "Không có biểu nào nhận ra được; nếu đây là biểu báo cáo, gửi lại theo mẫu".to_owned(),
            "No known form was recognised; if this is a report, send it on the form".to_owned(),
        ));
    } else if !no_form && !recognition.strange_sheets.is_empty() {
        let list = sheets(&recognition.strange_sheets);
        sentences.push(
            lang.pick(
                format!("sheet không phải biểu đã biết: {list}"),
                format!("sheets that are no known form: {list}"),
            ),
        );
    }
    for table in &recognition.unplaced {
        let (form, sheet, cell) = (&table.form, &workbook.sheets[table.sheet].name, table.cell);
        sentences.push(match table.lacks {
            Lacks::Lines => lang.pick(format!("{sheet}!{cell}: có tên biểu {form} nhưng các dòng bên dưới không phải dòng của biểu; số liệu ở đó chưa được đọc"), format!("{sheet}!{cell}: the title of {form} stands here, but the rows below are none of its lines; their figures are not read")),
            Lacks::Block => lang.pick(format!("{sheet}!{cell}: biểu {form} có nhiều khối cột giống nhau mà không ghi khối nào là kỳ báo cáo; số liệu ở đó chưa được đọc. Ghi kỳ trên từng khối hoặc chỉ để lại khối của kỳ báo cáo"), format!("{sheet}!{cell}: {form} has several blocks of the same columns, and nothing says which is the period's; their figures are not read. Write the period over each block, or leave one")),
            Lacks::Unit => lang.pick(format!("{sheet}!{cell}: biểu {form} không cho biết đơn vị nào báo cáo; ghi tên đơn vị ở đầu biểu hoặc trong tên tệp"), format!("{sheet}!{cell}: nothing says whose {form} this is; write the unit's name above the table or in the file's name")),
            Lacks::Period => lang.pick(format!("{sheet}!{cell}: biểu {form} không cho biết kỳ báo cáo; ghi kỳ ở đầu biểu hoặc trong tên tệp"), format!("{sheet}!{cell}: nothing says which period this {form} is for; write it above the table or in the file's name")),
        });
    }
    if !recognition.hidden_sheets.is_empty() {
        let list = sheets(&recognition.hidden_sheets);
        sentences.push(lang.pick(format!("bỏ qua sheet ẩn: {list}"), format!("hidden sheets left out: {list}")));
    }
    for (sheet, row) in &recognition.cut_sheets {
        let name = &workbook.sheets[*sheet].name;
        sentences.push(lang.pick(
            format!("“{name}” có quá nhiều chữ, từ hàng {} trở xuống chưa xem; nếu biểu nằm ở đó, gửi riêng biểu", row + 1),
            format!("“{name}” has too much text and is not looked at from row {} down; if a form stands there, send it by itself", row + 1),
        ));
    }
    sentences.extend(Some(remarks(workbook, |_| true, lang)).filter(|said| !said.is_empty()));
    sentences.join("; ")
}

fn remarks(workbook: &Workbook, which: impl Fn(&Remark) -> bool, lang: Lang) -> String {
    let wanted = workbook.remarks.iter().filter(|remark| which(remark));
    wanted.map(|remark| remark.in_words(lang)).collect::<Vec<_>>().join("; ")
}

pub(super) struct Cache {
    folder: PathBuf,
    setting: [u8; 32],
}

impl Cache {
    pub(super) fn new(folder: &Path, catalogue: &Catalogue, units: &Units) -> Self {
        let program = std::env::current_exe().and_then(fs::metadata).map(|about| (about.len(), about.modified().ok()));
        let setting = format!("{} {program:?} {catalogue:?} {units:?}", env!("CARGO_PKG_VERSION"));
        Self { folder: folder.to_path_buf(), setting: Sha256::digest(setting).into() }
    }

    /// The name under which an answer is kept.
    pub(super) fn key(&self, bytes: &[u8], name: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.setting);
        hash.update(Sha256::digest(bytes));
        hash.update(name);
        files::hex(&hash.finalize())
    }

    pub(super) fn get(&self, key: &str) -> Option<FileRead> {
        let kept = fs::read(self.folder.join(key)).ok()?;
        let (checksum, bytes) = kept.split_first_chunk::<32>()?;
        let whole = *checksum == <[u8; 32]>::from(Sha256::digest(bytes));
        whole.then(|| worker::unpack(bytes).ok()).flatten()
    }

    /// Keeps an answer; a folder that is full or closed only costs the next run its time.
    pub(super) fn put(&self, key: &str, read: &FileRead) {
        let Ok(bytes) = worker::pack(read) else { return };
        let kept = [Sha256::digest(&bytes).as_slice(), &bytes].concat();
        let beside = self.folder.join(format!(".{key}.{}", std::process::id()));
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&beside, kept))
            .and_then(|()| files::rename(&beside, &self.folder.join(key)));
        if written.is_err() {
            let _ = fs::remove_file(beside);
        }
    }
}

/// Archives already unpacked, by their paths.
type Archives = HashMap<PathBuf, Vec<(String, Vec<u8>)>>;

/// The files under the paths of a run.
pub struct Originals {
    found: Vec<Found>,
    /// Each file's SHA-256 as it was read.
    read: HashMap<String, Vec<String>>,
    archives: RefCell<Archives>,
}

impl Originals {
    /// # Errors
    /// A PATH that is not there any more or can't be searched.
    pub fn new(paths: &[PathBuf], files: &[FileReport]) -> Result<Self, Trouble> {
        let mut read: HashMap<String, Vec<String>> = HashMap::new();
        for file in files.iter().filter(|f| !f.sha256.is_empty()) {
            let known = read.entry(file.file.to_string()).or_default();
            if !known.contains(&file.sha256) {
                known.push(file.sha256.clone());
            }
        }
        Ok(Self { found: discover::discover(paths)?, read, archives: RefCell::default() })
    }

    /// # Errors
    /// It is gone, another file has taken its place, or two files that differ have the name.
    pub fn get(&self, name: &str) -> Result<Original, Lost> {
        let [sha] = self.read.get(name).map_or(&[][..], Vec::as_slice) else {
            return Err(if self.read.contains_key(name) { Lost::Twice } else { Lost::Gone });
        };
        original(self.bytes(name), sha, name)
    }

    /// A file outside archives, found by its report.
    ///
    /// # Errors
    /// It is gone, or another file has taken its place.
    pub fn one(report: &FileReport) -> Result<Original, Lost> {
        let bytes = report.path.as_ref().and_then(|path| std::fs::read(path).ok());
        original(bytes, &report.sha256, &report.file)
    }

    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        if let Some(found) = self.found.iter().find(|f| f.source.name == name && f.kind == Kind::Workbook) {
            return std::fs::read(&found.source.path).ok();
        }
        self.found.iter().filter(|f| f.kind == Kind::Archive).find_map(|found| {
            let inner = name.strip_prefix(&found.source.name)?.strip_prefix('/')?;
            let mut archives = self.archives.borrow_mut();
            let path = &found.source.path;
            let files = archives.entry(path.clone()).or_insert_with(|| {
                let bytes = std::fs::read(path).unwrap_or_default();
                let mut files = Vec::new();
                // What spoils an archive was said when it was read; the files before it stand.
                let _ = read::unpack(&bytes, &found.source.name, &mut |name, _, bytes| {
                    files.extend(bytes.ok().map(|bytes| (name, bytes)));
                });
                files
            });
            let file = files.iter().find(|(own, _)| own == inner)?;
            Some(file.1.clone())
        })
    }
}

/// A file's bytes and cells, if they are still those that were read.
fn original(bytes: Option<Vec<u8>>, sha: &str, name: &str) -> Result<Original, Lost> {
    let bytes = bytes.ok_or(Lost::Gone)?;
    if sha256(&bytes) != *sha {
        return Err(Lost::Changed);
    }
    let mut workbook = read::read(&bytes, name).map_err(|_| Lost::Unreadable)?;
    modernise(&mut workbook);
    Ok(Original { bytes, workbook })
}

#[cfg(test)]
#[path = "../../tests/unit/pipeline_reopen.rs"]
mod tests;
