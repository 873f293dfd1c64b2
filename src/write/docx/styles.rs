//! The looks a document has by name, so that an official who changes one changes it everywhere.

use std::fmt::Write as _;

use super::mm;
use super::paragraph::Style;
use crate::write::style::FONT;

impl Style {
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Body => "BodyText",
            Self::Plain => "Normal",
            Self::Title => "Title",
            Self::Heading(1) => "Heading1",
            Self::Heading(2) => "Heading2",
            Self::Heading(_) => "Heading3",
            Self::Cell => "TableText",
            Self::Caption => "Caption",
            Self::Recipients => "Recipients",
        }
    }
}

/// A style's name as Word knows it, its paragraphs' properties and its letters'.
struct Look {
    id: &'static str,
    name: &'static str,
    paragraph: String,
    letters: &'static str,
}

/// styles.xml.
pub(super) fn xml() -> String {
    let mut out = format!(
        "{}<w:styles xmlns:w=\"{}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"{FONT}\" w:hAnsi=\"{FONT}\" w:eastAsia=\"{FONT}\" w:cs=\"{FONT}\"/>\
         <w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/><w:lang w:val=\"vi-VN\" w:eastAsia=\"vi-VN\" w:bidi=\"ar-SA\"/>\
         </w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>",
        super::package::DECLARATION,
        super::package::MAIN
    );
    out.push_str("<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>");
    for look in looks() {
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"{}\"><w:name w:val=\"{}\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>{}</w:pPr><w:rPr>{}</w:rPr></w:style>",
            look.id, look.name, look.paragraph, look.letters
        );
    }
    out.push_str("</w:styles>");
    out
}

fn looks() -> [Look; 8] {
    const BOLD: &str = "<w:b/><w:bCs/>";
    let first = mm(127) / 10;
    // Paragraphs stand 6 pt apart, lines single to one and a half (Phụ lục I, phần II).
    let body = format!(
        "<w:spacing w:before=\"120\" w:line=\"264\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"{first}\"/><w:jc w:val=\"both\"/>"
    );
    let heading = |level: u8| {
        format!(
            "<w:keepNext/><w:spacing w:before=\"120\" w:line=\"264\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"{first}\"/><w:jc w:val=\"left\"/><w:outlineLvl w:val=\"{}\"/>",
            level - 1
        )
    };
    let look = |id, name, paragraph: String, letters| Look { id, name, paragraph, letters };
    [
        look("BodyText", "Body Text", body, ""),
        look("Title", "Title", "<w:keepNext/><w:jc w:val=\"center\"/>".to_owned(), BOLD),
        look("Heading1", "heading 1", heading(1), BOLD),
        look("Heading2", "heading 2", heading(2), BOLD),
        look("Heading3", "heading 3", heading(3), ""),
        look(
            "TableText",
            "Table Text",
            "<w:spacing w:before=\"20\" w:after=\"20\"/>".to_owned(),
            "<w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/>",
        ),
        look(
            "Caption",
            "caption",
            "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"60\"/><w:jc w:val=\"center\"/>".to_owned(),
            "<w:b/><w:bCs/><w:sz w:val=\"26\"/><w:szCs w:val=\"26\"/>",
        ),
        look("Recipients", "Recipients", String::new(), "<w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>"),
    ]
}
