//! What a blank form sent out by tonghop says of itself in a hidden name, to text and back: so that it is known again
//! whatever became of its file's name, its sheets' names and its title.

use crate::model::{Form, Lines, Period};

/// The hidden name, defined for the form's own sheet.
pub const NAME: &str = "tonghop_bieu";
/// The first field; a later way to write it takes another.
const VERSION: &str = "tonghop-1";
/// The longest text a formula may hold.
const LONGEST: usize = 255;

/// A blank form's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub form: String,
    /// Which wording of the form was sent out.
    pub print: String,
    pub period: Period,
    /// The unit's code; empty where no list of units was there.
    pub unit: String,
    pub name: String,
}

impl Issued {
    /// As a formula's text, with its quotes.
    pub fn to_text(&self) -> String {
        let plain = |text: &str| text.replace(['|', '"', '\n', '\r'], " ");
        let period = self.period.to_string();
        let fields = [VERSION, &self.form, &self.print, &period, &self.unit, &self.name];
        let mut text = fields.map(plain).join("|");
        while text.encode_utf16().count() > LONGEST {
            text.pop();
        }
        format!("\"{text}\"")
    }

    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('=').trim_matches('"');
        let mut fields = text.splitn(6, '|').map(str::trim);
        if fields.next() != Some(VERSION) {
            return None;
        }
        let mut next = || fields.next().map(str::to_owned);
        Some(Self { form: next()?, print: next()?, period: next()?.parse().ok()?, unit: next()?, name: next()? })
    }
}

/// A fingerprint of a form's columns and lines: the same for the same wording, on every machine (FNV-1a).
pub fn print(form: &Form) -> String {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    let mut take = |text: &str| {
        for byte in text.bytes().chain([0]) {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    take(&form.id);
    for table in &form.tables {
        take(&table.id);
        for column in &table.columns {
            take(&column.id);
            take(column.kind.name());
            column.path.iter().for_each(|caption| take(caption));
        }
        if let Lines::Fixed(lines) = &table.lines {
            for line in lines {
                take(&line.code);
                take(line.kind.name());
                take(&line.label);
            }
        }
    }
    format!("{:08x}", (sum >> 32) ^ (sum & 0xffff_ffff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_reads_back() {
        let issued = Issued {
            form: "II.06a/VPCP/KSTT".into(),
            print: "0a1b2c3d".into(),
            period: "2023-Q3".parse().unwrap(),
            unit: "STC".into(),
            name: "Sở Tài \"chính\" | tỉnh".into(),
        };
        let back = Issued::parse(&issued.to_text()).unwrap();
        assert_eq!(back.name, "Sở Tài  chính    tỉnh");
        assert_eq!(Issued { name: issued.name.clone(), ..back }, issued);
        for strange in ["", "\"x|y\"", "\"tonghop-1|II.06a|x\"", "$A$1", "\"tonghop-2|a|b|2023|c|d\""] {
            assert_eq!(Issued::parse(strange), None, "{strange}");
        }
        let long = Issued { name: "Trường ".repeat(90), ..issued };
        assert!(long.to_text().encode_utf16().count() <= LONGEST + 2);
        assert!(Issued::parse(&long.to_text()).is_some());
    }
}
