//! The afternoon of README.vi.md by the command line, step by step, as an official has it: what comes in twice, what she
//! edits, what comes back. One folder, in order; each step is what the one before left.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::program::{Said, home, scratch, tonghop};

struct Afternoon(PathBuf);

impl Afternoon {
    fn begin() -> Self {
        let folder = scratch("afternoon");
        copy(&home().join("samples/quang-minh"), &folder.join("inbox"));
        fs::rename(folder.join("inbox/units.csv"), folder.join("units.csv")).unwrap();
        Self(folder)
    }

    fn run(&self, line: &[&str]) -> Said {
        tonghop(&self.0, line)
    }

    fn bytes(&self, file: &str) -> Vec<u8> {
        fs::read(self.0.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The rows of a total's table.
    fn totals(&self, folder: &str) -> Vec<u8> {
        self.bytes(&format!("{folder}/consolidated.csv"))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|e| e.unwrap()) {
        let there = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &there),
            false => drop(fs::copy(entry.path(), there).unwrap()),
        }
    }
}

/// A document with one text in place of another.
fn edit(file: &Path, from: &str, to: &str) {
    let mut archive = zip::ZipArchive::new(fs::File::open(file).unwrap()).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        if name == "word/document.xml" {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(from), "{from} is not in {}", file.display());
            bytes = text.replacen(from, to, 1).into_bytes();
        }
        parts.push((name, bytes));
    }
    let mut zip = zip::ZipWriter::new(fs::File::create(file).unwrap());
    for (name, bytes) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn says(said: &Said, words: &[&str]) {
    let all = format!("{}{}", said.out, said.err);
    for word in words {
        assert!(all.contains(word), "“{word}” is not in\n{all}");
    }
}

/// How many errors the last line counts.
fn errors(said: &Said) -> usize {
    let line = said.out.lines().rfind(|l| l.contains(" lỗi, ")).unwrap_or_else(|| panic!("{}{}", said.out, said.err));
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|w| *w == "lỗi,").unwrap();
    words[at - 1].parse().unwrap()
}

#[test]
fn an_officials_afternoon() {
    let day = Afternoon::begin();

    // Who has sent what; a file of a known unit that cannot be read is no silence.
    says(
        &day.run(&["status", "inbox", "--period", "Q3/2023"]),
        &["Quý III năm 2023", "Ban Dân tộc", "quá hạn", "lấy bản mới"],
    );
    fs::write(day.0.join("inbox/2023-Q3/Ban Dân tộc KSTT quý III.xlsx"), "").unwrap();
    let status = day.run(&["status", "inbox", "--period", "2023-Q3"]);
    says(&status, &["tệp hỏng", "Có tệp nhưng không đọc được:", "2023-Q3/Ban Dân tộc KSTT quý III.xlsx"]);
    fs::remove_file(day.0.join("inbox/2023-Q3/Ban Dân tộc KSTT quý III.xlsx")).unwrap();

    // What is wrong; each finding has the rule by which it may be waived, and a unit may be named in full.
    let before = day.run(&["check", "inbox"]);
    assert_eq!(before.exit, 1);
    says(&before, &["Sở Tài chính, Quý III năm 2023", "Đã đọc 90/93 tệp"]);
    let waiver = "rule,unit,period,reason,by,until\nCCHC/BM4:khong-am,Sở Tài chính,2023-Q3,số đúng,Lan,2999-12-31\n";
    fs::write(day.0.join("waivers.csv"), waiver).unwrap();
    let waived = day.run(&["check", "inbox"]);
    assert_eq!(errors(&waived) + 1, errors(&before));
    fs::remove_file(day.0.join("waivers.csv")).unwrap();

    // Only the certain is written, into copies; the unit's corrected file comes back and counts in place of its first.
    says(&day.run(&["check", "inbox", "--fix", "da-sua"]), &["E12: 216 → 261 — đảo hai chữ số", "bỏ sót H17"]);
    let resent = "quy 2/STC - KSTT quý II.2023";
    fs::copy(day.0.join(format!("da-sua/{resent}.xlsx")), day.0.join(format!("inbox/{resent} (gửi lại).xlsx")))
        .unwrap();
    let after = day.run(&["check", "inbox"]);
    says(&after, &["tên tệp ghi “gửi lại”", "khác ở 1 ô: E12: 216 → 261"]);
    assert_eq!(errors(&after) + 1, errors(&before));
    let sent_back = day.run(&["return", "inbox", "--period", "2023-Q2", "--out", "tra"]);
    says(&sent_back, &["Sở Tài nguyên và Môi trường"]);
    assert!(!day.0.join("tra/tra-lai/STC").exists(), "an accepted resend is not sent back");

    // The totals: the same however often they are made, wherever they are kept, and with a copy of them in the inbox.
    let make = |out: &str| day.run(&["consolidate", "inbox", "--period", "2023-Q3", "--out", out]);
    says(&make("inbox/ket-qua"), &["II.06a/VPCP/KSTT: tổng hợp từ 15/16 đơn vị"]);
    let first = day.totals("inbox/ket-qua");
    make("inbox/ket-qua");
    fs::copy(day.0.join("inbox/ket-qua/tong-hop.xlsx"), day.0.join("inbox/Bảng cộng.xlsx")).unwrap();
    says(&make("ket-qua"), &["Bảng cộng.xlsx — bỏ qua: Tệp do chính tonghop lập"]);
    assert_eq!(day.totals("inbox/ket-qua"), first);
    assert_eq!(day.totals("ket-qua"), first);
    assert!(day.0.join("ket-qua/tra-lai/SXD").is_dir());

    // A half-year counts who sent both of its quarters, and names the others with what they lack.
    let half = day.run(&["consolidate", "inbox", "--period", "6T2023", "--out", "nua-nam"]);
    says(&half, &["tổng hợp từ 14/16 đơn vị", "UBND xã Phú Sơn: thiếu Quý I năm 2023"]);

    // Her own words in the report stay, the new one stands beside; what it says is held against the totals.
    let report = day.0.join("ket-qua/bao-cao.docx");
    edit(&report, ">1.042<", ">1.024<");
    let edited = day.bytes("ket-qua/bao-cao.docx");
    make("ket-qua");
    assert_eq!(day.bytes("ket-qua/bao-cao.docx"), edited);
    let beside = fs::read_dir(day.0.join("ket-qua")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    assert!(beside.into_iter().any(|name| name.starts_with("bao-cao (")));
    let held = day.run(&["check", "ket-qua/bao-cao.docx", "--against", "ket-qua"]);
    assert_eq!(errors(&held), 1);
    says(&held, &["“1.024” → 1.042", "Đã đối chiếu với ket-qua:"]);
    assert_eq!(day.run(&["check", "ket-qua/bao-cao.docx", "--against", "nua-nam"]).exit, 2);

    // Figures of one unit alone are no match for a report of all of them, nor the other way round.
    let one = "inbox/2023-Q3/STC - KSTT quý III.2023.xlsx";
    day.run(&["consolidate", one, "--period", "2023-Q3", "--out", "mot-don-vi"]);
    let own = day.run(&["check", "mot-don-vi/bao-cao.docx", "--against", "mot-don-vi", "--units", "units.csv"]);
    assert_eq!(own.exit, 0, "{}{}", own.out, own.err);
    let other = day.run(&["check", "mot-don-vi/bao-cao.docx", "--against", "ket-qua", "--units", "units.csv"]);
    assert_eq!(other.exit, 2, "{}{}", other.out, other.err);
    says(&other, &["Sở Tài chính", "không đối chiếu được"]);

    // Blank forms for the next period never take the place of one that is filled in.
    let blank = ["forms", "blank", "II.06a", "--unit", "Sở Tài chính", "--units", "units.csv", "--period", "2023-Q3"];
    let to = |out: &'static str| [&blank[..], &["--out", out]].concat();
    assert_eq!(day.run(&to("trong.xlsx")).exit, 0);
    assert_eq!(day.run(&to("trong.xlsx")).exit, 0);
    fs::copy(day.0.join(one), day.0.join("da-dien.xlsx")).unwrap();
    says(&day.run(&to("da-dien.xlsx")), &["đã có số liệu, không ghi đè"]);
    assert_eq!(day.bytes("da-dien.xlsx"), day.bytes(one));

    // What cannot be done is said in her language, with exit 2.
    for (line, words) in [
        (&["check", "khong-co"][..], "Không có tệp hay thư mục “khong-co”"),
        (&["consolidate", "inbox", "--period", "quy9", "--out", "x"], "không phải là kỳ báo cáo"),
    ] {
        let said = day.run(line);
        assert_eq!(said.exit, 2, "{line:?}");
        says(&said, &[words]);
    }
}
