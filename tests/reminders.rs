//! A unit that owes something gets a letter, ready to be sent; the others get none.

use std::fs;
use std::io::{Cursor, Read as _};

use crate::program::{home, scratch, tonghop};

/// The paragraphs of a Word file, one a line.
pub fn text(docx: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut xml = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let lines = xml.split("</w:p>").map(|p| {
        let runs = p.split("<w:t xml:space=\"preserve\">").skip(1);
        runs.map(|r| r.split("</w:t>").next().unwrap_or_default()).collect::<String>()
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn letters(name: &str) -> Vec<(String, String)> {
    let dir = scratch(name);
    let said = tonghop(
        home(),
        [
            "status",
            "samples/quang-minh",
            "--period",
            "2023-Q3",
            "--today",
            "2023-09-22",
            "--quiet",
            "--reminders",
            dir.to_str().unwrap(),
        ],
    );
    assert_eq!(said.exit, 0, "{}", said.err);
    let mut letters: Vec<(String, String)> = fs::read_dir(&dir)
        .unwrap()
        .map(|file| file.unwrap().path())
        // Beside the letters stands what they were when written.
        .filter(|path| path.extension().is_some_and(|e| e == "docx"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, text(&fs::read(path).unwrap()))
        })
        .collect();
    letters.sort();
    letters
}

#[test]
fn who_owes_something_gets_a_letter() {
    let letters = letters("reminders");
    let of = |name: &str| letters.iter().find(|(n, _)| n == name).map(|(_, text)| text);
    let late = of("BDT.docx").expect("the board of minorities has sent nothing");
    for words in [
        "Kính gửi: Ban Dân tộc\n",
        "báo cáo quý III năm 2023 (số liệu từ ngày 15/6/2023 đến ngày 14/9/2023)",
        "Biểu mẫu 3 – Cải cách thủ tục hành chính; hạn gửi: 20/9/2023 (theo Công văn 581/BNV-CCHC), đã quá hạn 2 ngày.",
        "hạn gửi: 25/9/2023 (theo Điều 13 Nghị định 09/2019/NĐ-CP), còn 3 ngày.",
        "[địa chỉ nhận báo cáo]",
    ] {
        assert!(late.contains(words), "{words}\n{late}");
    }
    let wrong = of("SXD.docx").expect("the construction department has a wrong sum");
    assert!(wrong.contains("Gợi ý sửa: ô H18 từ 51 thành 56."), "{wrong}");
    assert!(!wrong.contains("chưa nhận được"), "{wrong}");
    assert_eq!(of("SNV.docx"), None, "all is well there");
    assert_eq!(letters, self::letters("reminders-again"));
}
