//! `tonghop.toml`, what a workspace knows of the office: its names, its deadlines, and which unit owes which form.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Complaint, complaint};
use crate::model::{Office, Period, Units};

/// A new workspace's file.
pub const BLANK: &str = "\
# Thư mục làm việc của tonghop. Sửa ở trang “Bắt đầu”, hoặc sửa ngay ở đây bằng Notepad.

# Tỉnh, cơ quan tổng hợp, người ký và chức vụ, nơi nhận báo cáo: để in trên báo cáo và thư.
province = \"\"
agency = \"\"
signer = \"\"
title = \"\"
address = \"\"
contact = \"\"
# Kỳ đang làm: 2023-Q3, 2023-H1, 2023-9M, 2023
period = \"\"

# Hạn gửi của từng kỳ, nếu khác hạn in trên biểu:
# \"2023-Q3\" = \"2023-09-20\"
[deadlines]

# Đơn vị nào phải gửi biểu nào; không ghi thì suy từ những đơn vị đã gửi:
# [[owes]]
# level = \"so\"
# forms = [\"II.06a/VPCP/KSTT\", \"CCHC/BM1\"]
";

/// What `tonghop.toml` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub province: String,
    pub agency: String,
    pub signer: String,
    pub title: String,
    pub address: String,
    pub contact: String,
    /// The period that was worked on last.
    pub period: String,
    /// Period → its last day, as text.
    pub deadlines: BTreeMap<String, String>,
    pub owes: Vec<Owes>,
}

/// Which forms a level or some units owe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Owes {
    pub level: String,
    pub units: Vec<String>,
    pub forms: Vec<String>,
}

/// Reads a workspace's file.
///
/// # Errors
/// A file that can't be read, an unknown field, a period or a day that is none.
pub fn load(path: &Path) -> Result<Settings, Complaint> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|e| Complaint::about(&name, (format!("không đọc được tệp: {e}"), format!("it can't be read: {e}"))))?;
    parse(&name, &text)
}

fn parse(name: &str, text: &str) -> Result<Settings, Complaint> {
    let text = text.trim_start_matches('\u{feff}');
    let settings: Settings = complaint::parse(name, text)?;
    for (period, day) in &settings.deadlines {
        if period.parse::<Period>().is_err() {
            let what = (format!("'{period}' không phải là kỳ báo cáo"), format!("'{period}' is no period"));
            return Err(Complaint::at(name, text, text.find(period.as_str()).unwrap_or(0), what));
        }
        if day.parse::<NaiveDate>().is_err() {
            let what = (
                format!("'{day}' không phải là ngày: viết 2023-09-20"),
                format!("'{day}' is no date: write 2023-09-20"),
            );
            return Err(Complaint::at(name, text, text.find(day.as_str()).unwrap_or(0), what));
        }
    }
    Ok(settings)
}

impl Settings {
    /// The last day for a period, where the office has set one.
    pub fn deadline(&self, period: Period) -> Option<NaiveDate> {
        self.deadlines.get(&period.to_string())?.parse().ok()
    }

    /// The period worked on last.
    pub fn period(&self) -> Option<Period> {
        self.period.parse().ok()
    }

    /// The office as it names itself.
    pub fn office(&self) -> Office {
        let Self { province, agency, signer, title, address, contact, .. } = self.clone();
        Office { province, agency, signer, title, address, contact }
    }

    /// Tells each unit which forms it owes, where that is said of its level or of itself.
    pub fn owe(&self, units: &mut Units) {
        units.office = self.office();
        for unit in &mut units.list {
            let level = self.owes.iter().filter(|o| o.units.is_empty() && o.level == unit.level);
            let own = self.owes.iter().filter(|o| o.units.iter().any(|code| **code == *unit.code));
            let own: Vec<&Owes> = own.collect();
            let owed: Vec<&Owes> = if own.is_empty() { level.collect() } else { own };
            if !owed.is_empty() {
                let forms = owed.iter().flat_map(|o| &o.forms);
                unit.owes = Some(forms.map(|f| f.as_str().into()).collect());
            }
        }
    }
}

/// The text with a value changed: `name`, or `deadlines.2023-Q3` for a period's. Everything else stays.
pub fn set(text: &str, name: &str, value: &str) -> String {
    let quoted = toml::Value::String(value.to_owned()).to_string();
    let (section, key) = match name.split_once('.') {
        Some((section, key)) => (Some(section), format!("\"{key}\"")),
        None => (None, name.to_owned()),
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let header = |line: &str| line.trim_start().starts_with('[');
    let start = match section {
        None => 0,
        Some(section) => {
            let wanted = format!("[{section}]");
            match lines.iter().position(|line| line.trim() == wanted) {
                Some(at) => at + 1,
                None => {
                    lines.push(wanted);
                    lines.len()
                }
            }
        }
    };
    let end = lines[start..].iter().position(|line| header(line)).map_or(lines.len(), |at| start + at);
    let is_it = |line: &String| line.split_once('=').is_some_and(|(own, _)| own.trim() == key);
    let new = format!("{key} = {quoted}");
    match lines[start..end].iter().position(is_it) {
        Some(at) => lines[start + at] = new,
        None => lines.insert(if section.is_none() { last_value(&lines[..end]) } else { start }, new),
    }
    lines.join("\n") + "\n"
}

/// The text with the obligations replaced.
pub fn set_owes(text: &str, owes: &[Owes]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.trim_start().starts_with('[') {
            within = line.trim() == "[[owes]]";
        }
        if !within {
            kept.push(line);
        }
    }
    let mut text = kept.join("\n").trim_end().to_owned() + "\n";
    let list = |names: &[String]| {
        let quoted: Vec<String> = names.iter().map(|n| toml::Value::String(n.clone()).to_string()).collect();
        format!("[{}]", quoted.join(", "))
    };
    for owes in owes {
        text.push_str("\n[[owes]]\n");
        if !owes.level.is_empty() {
            text.push_str(&format!("level = {}\n", toml::Value::String(owes.level.clone())));
        }
        if !owes.units.is_empty() {
            text.push_str(&format!("units = {}\n", list(&owes.units)));
        }
        text.push_str(&format!("forms = {}\n", list(&owes.forms)));
    }
    text
}

/// Behind the last value before the first section.
fn last_value(lines: &[String]) -> usize {
    lines
        .iter()
        .rposition(|line| line.contains('=') && !line.trim_start().starts_with('#'))
        .map_or(lines.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_changed_and_the_rest_stays() {
        let text = set(BLANK, "province", "Tỉnh \"Quảng\" Minh");
        let text = set(&set(&text, "deadlines.2023-Q3", "2023-09-20"), "deadlines.2023-Q3", "2023-09-21");
        let settings = parse("t", &text).unwrap();
        assert_eq!(settings.province, "Tỉnh \"Quảng\" Minh");
        assert_eq!(settings.deadline("2023-Q3".parse().unwrap()), "2023-09-21".parse().ok());
        assert!(text.contains("# Kỳ đang làm"));
        let owes = Owes { level: "so".into(), forms: vec!["CCHC/BM1".into()], ..Owes::default() };
        let text = set_owes(&set_owes(&text, std::slice::from_ref(&owes)), std::slice::from_ref(&owes));
        assert_eq!(parse("t", &text).unwrap().owes, [owes]);
        assert!(set(&text, "agency", "A").find("agency").unwrap() < text.find("[deadlines]").unwrap());
    }

    #[test]
    fn what_is_no_day_is_refused_where_it_stands() {
        let text = BLANK.replace("[deadlines]", "[deadlines]\n\"2023-Q3\" = \"20/9\"");
        assert!(parse("tonghop.toml", &text).unwrap_err().in_vietnamese().contains("'20/9' không phải là ngày"));
    }
}
