//! `tonghop forms draft`: a workbook of a form nobody has described into a template to be completed by hand.

use std::fs;

use super::args::DraftArgs;
use super::{End, run, say};
use crate::model::Lang;
use crate::normalise::modernise;
use crate::pipeline;
use crate::workspace::forms::file_name;

pub fn run(args: &DraftArgs) -> Result<End, String> {
    let lang = args.common.lang();
    let catalogue = run::load(&args.common)?;
    let name = args.file.display().to_string();
    let bytes = fs::read(&args.file)
        .map_err(|e| lang.pick(format!("Không mở được {name}: {e}."), format!("{name} can't be opened: {e}.")))?;
    let mut workbook = pipeline::open(&bytes, &name).ok_or_else(|| {
        lang.pick(
            format!("{name} không phải là bảng tính đọc được; mở bằng Excel và lưu lại dạng .xlsx."),
            format!("{name} is no workbook that can be read; open it in Excel and save it as .xlsx."),
        )
    })?;
    modernise(&mut workbook);
    if let Some(sheet) = args.sheet.as_ref().filter(|s| workbook.sheets.iter().all(|known| known.name != **s)) {
        let known = workbook.sheets.iter().map(|s| format!("“{}”", s.name)).collect::<Vec<_>>().join(", ");
        return Err(lang.pick(
            format!("{name} không có sheet “{sheet}”; có: {known}."),
            format!("{name} has no sheet “{sheet}”; it has: {known}."),
        ));
    }
    let forms = pipeline::drafted(&workbook, &name, args.sheet.as_deref(), &catalogue);
    let drafts: Vec<(String, &str)> =
        forms.iter().filter_map(|f| Some((file_name(&f.id), f.learned.as_ref()?.template.as_str()))).collect();
    if drafts.is_empty() {
        return Err(lang.pick(
            format!("Không thấy bảng số liệu nào trong {name}: cần tiêu đề cột ở trên số liệu, hoặc trên một hàng đánh số cột."),
            format!("There is no table of figures in {name}: it needs captions above figures, or above a row of column numbers."),
        ));
    }
    for known in forms.iter().filter_map(|f| catalogue.form(&f.id)) {
        let id = &known.id;
        say::trouble(&lang.pick(
            format!("Biểu {id} đã có trong danh mục; bản nháp sẽ thay nó nếu đưa vào --templates."),
            format!("The form {id} is known already; with --templates the draft takes its place."),
        ));
    }
    match &args.out {
        Some(dir) => write(&drafts, dir, lang),
        None => {
            print(&drafts, lang);
            Ok(End::Clean)
        }
    }
}

/// One template as it is; several, each under the name of the file it belongs into.
fn print(drafts: &[(String, &str)], lang: Lang) {
    if let [(_, template)] = drafts {
        say::out(template);
        return;
    }
    for (file, template) in drafts {
        say::out(&format!("# ===== {file} =====\n{template}\n"));
    }
    let count = drafts.len();
    say::trouble(&lang.pick(
        format!("Tệp có {count} biểu, mỗi biểu một bản mẫu; dùng --out DIR để ghi thành từng tệp, hoặc --sheet để soạn một sheet."),
        format!("The workbook holds {count} forms, each with a template of its own; --out DIR writes a file for each, --sheet drafts one sheet."),
    ));
}

fn write(drafts: &[(String, &str)], dir: &std::path::Path, lang: Lang) -> Result<End, String> {
    let trouble = |place: String, e: std::io::Error| {
        lang.pick(format!("Không ghi được {place}: {e}."), format!("{place} can't be written: {e}."))
    };
    fs::create_dir_all(dir).map_err(|e| trouble(dir.display().to_string(), e))?;
    for (file, template) in drafts {
        let path = dir.join(file);
        let place = path.display().to_string();
        if path.exists() {
            return Err(lang.pick(
                format!("{place} đã có; đổi tên hoặc xóa nó rồi chạy lại."),
                format!("{place} is there already; rename or remove it and run again."),
            ));
        }
        fs::write(&path, template).map_err(|e| trouble(place.clone(), e))?;
        say::out(&format!("{place}\n"));
    }
    Ok(End::Clean)
}
