//! A package of the kind that Excel opens without a question: what LibreOffice forgives and Excel does not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

/// The children of `worksheet` in the order of its schema (CT_Worksheet, ECMA-376 part 1, 18.3.1.99).
const ORDER: [&str; 38] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
];

pub type Parts = BTreeMap<String, Vec<u8>>;

/// The parts of a package, inflated.
pub fn parts(bytes: &[u8]) -> Parts {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert!(parts.insert(name.clone(), bytes).is_none(), "{name} twice");
    }
    parts
}

/// The parts as they lie in the zip, deflated or not.
pub fn raw(bytes: &[u8]) -> Parts {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index_raw(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        parts.insert(file.name().unwrap().into_owned(), bytes);
    }
    parts
}

/// One element met: its local name, its attributes by local name, how deep it lies and in what, and its text.
#[derive(Debug, Clone)]
pub struct Met {
    pub name: String,
    pub within: String,
    pub depth: usize,
    attributes: HashMap<String, String>,
    pub text: String,
}

impl Met {
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// Every element of a part, in order; `loose` for drawings of notes, which are not always XML.
pub fn elements(name: &str, bytes: &[u8], loose: bool) -> Vec<Met> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().check_end_names = !loose;
    reader.config_mut().allow_unmatched_ends = loose;
    let (mut met, mut open): (Vec<Met>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{name}: {e}")) {
            Event::Start(e) => {
                met.push(one(&e, open.last().map(|i| met[*i].name.clone()), open.len()));
                open.push(met.len() - 1);
            }
            Event::Empty(e) => met.push(one(&e, open.last().map(|i| met[*i].name.clone()), open.len())),
            Event::End(_) => drop(open.pop()),
            Event::Text(t) => {
                if let Some(last) = open.last() {
                    met[*last].text.push_str(&t);
                }
            }
            Event::Eof => return met,
            _ => {}
        }
    }
}

fn one(e: &quick_xml::events::BytesStart<'_>, within: Option<String>, depth: usize) -> Met {
    let mut attributes = HashMap::new();
    let mut names = HashSet::new();
    for attribute in e.attributes() {
        let attribute = attribute.unwrap_or_else(|x| panic!("<{}>: {x}", e.name().as_ref()));
        assert!(names.insert(attribute.key.as_ref().to_owned()), "{} twice", attribute.key.as_ref());
        let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
        attributes.insert(attribute.key.local_name().as_ref().to_owned(), value);
    }
    Met {
        name: e.local_name().as_ref().to_owned(),
        within: within.unwrap_or_default(),
        depth,
        attributes,
        text: String::new(),
    }
}

/// The part that is the workbook.
pub fn home_part(parts: &Parts) -> Option<String> {
    let all = relations(parts, "");
    let home = all.into_values().find(|(kind, _)| kind == "officeDocument");
    home.map(|(_, part)| part)
}

/// What a part points to: id → (last word of the type, target from the package's root).
pub fn relations(parts: &Parts, of: &str) -> BTreeMap<String, (String, String)> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let beside = format!("{folder}/_rels/{file}.rels");
    let Some(bytes) = parts.get(beside.trim_start_matches('/')) else {
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for relation in elements(&beside, bytes, false) {
        if relation.name != "Relationship" {
            continue;
        }
        let kind = relation.get("Type").rsplit('/').next().unwrap().to_owned();
        let external = relation.get("TargetMode") == "External";
        let target = if external {
            String::new()
        } else {
            let target = relation.get("Target");
            let target = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("{folder}/{target}"),
            };
            let mut steps: Vec<&str> = Vec::new();
            for step in target.split('/').filter(|s| !s.is_empty() && *s != ".") {
                match step {
                    ".." => drop(steps.pop()),
                    step => steps.push(step),
                }
            }
            steps.join("/")
        };
        let old = found.insert(relation.get("Id").to_owned(), (kind, target));
        assert!(old.is_none(), "{beside}: {} twice", relation.get("Id"));
    }
    found
}

/// What is unsound in a package, a line each; a sender's own faults are in it too.
pub fn faults(bytes: &[u8]) -> BTreeSet<String> {
    let parts = parts(bytes);
    let mut faults = BTreeSet::new();
    types(&parts, &mut faults);
    for name in parts.keys().filter(|n| n.ends_with(".rels")) {
        let of = name.replace("_rels/", "");
        let of = of.trim_end_matches(".rels");
        for (id, (_, target)) in relations(&parts, of) {
            if !target.is_empty() && !parts.contains_key(&target) {
                faults.insert(format!("{name}: {id} leads to {target}, which is not there"));
            }
        }
    }
    let Some(home) = home_part(&parts) else {
        return BTreeSet::from(["no workbook".to_owned()]);
    };
    let looks = styles(&parts, &home, &mut faults);
    workbook(&parts, &home, looks, &mut faults);
    faults
}

fn types(parts: &Parts, faults: &mut BTreeSet<String>) {
    let list = "[Content_Types].xml";
    let (mut endings, mut own) = (HashSet::new(), HashSet::new());
    for listed in elements(list, &parts[list], false) {
        match listed.name.as_str() {
            "Default" if !endings.insert(listed.get("Extension").to_lowercase()) => {
                faults.insert(format!("{list}: {} twice", listed.get("Extension")));
            }
            "Override" => {
                let part = listed.get("PartName").trim_start_matches('/').to_owned();
                if !parts.contains_key(&part) {
                    faults.insert(format!("{list}: {part} is not there"));
                }
                if !own.insert(part.clone()) {
                    faults.insert(format!("{list}: {part} twice"));
                }
            }
            _ => {}
        }
    }
    for part in parts.keys().filter(|p| *p != list && !p.ends_with('/')) {
        let ending = part.rsplit('.').next().unwrap().to_lowercase();
        if !own.contains(part) && !endings.contains(&ending) {
            faults.insert(format!("{list}: nothing says what {part} is"));
        }
    }
}

/// How many looks cells may have.
fn styles(parts: &Parts, home: &str, faults: &mut BTreeSet<String>) -> usize {
    let part = relations(parts, home).into_values().find(|(kind, _)| kind == "styles");
    let Some(bytes) = part.as_ref().and_then(|(_, part)| parts.get(part)) else {
        return 1;
    };
    let met = elements("styles", bytes, false);
    let count = |list: &str, item: &str| met.iter().filter(|m| m.within == list && m.name == item).count();
    let lists = [("fonts", "font"), ("fills", "fill"), ("borders", "border"), ("cellXfs", "xf")];
    for (list, item) in lists {
        let said = met.iter().find(|m| m.name == list && m.depth == 1);
        let said = said.map(|m| m.get("count").to_owned()).unwrap_or_default();
        if !said.is_empty() && said != count(list, item).to_string() {
            faults.insert(format!("styles: {list} says {said} and has {}", count(list, item)));
        }
    }
    for xf in met.iter().filter(|m| m.name == "xf" && m.within == "cellXfs") {
        for (id, list, item) in
            [("fontId", "fonts", "font"), ("fillId", "fills", "fill"), ("borderId", "borders", "border")]
        {
            let number: usize = xf.get(id).parse().unwrap_or(0);
            if number >= count(list, item) {
                faults.insert(format!("styles: {id} {number} of {}", count(list, item)));
            }
        }
    }
    let rank = |name: &str| {
        [
            "numFmts",
            "fonts",
            "fills",
            "borders",
            "cellStyleXfs",
            "cellXfs",
            "cellStyles",
            "dxfs",
            "tableStyles",
            "colors",
            "extLst",
        ]
        .iter()
        .position(|n| *n == name)
    };
    let order: Vec<_> = met.iter().filter(|m| m.depth == 1).filter_map(|m| rank(&m.name)).collect();
    if !order.is_sorted() {
        faults.insert("styles: lists out of order".into());
    }
    count("cellXfs", "xf").max(1)
}

fn workbook(parts: &Parts, home: &str, looks: usize, faults: &mut BTreeSet<String>) {
    let met = elements(home, &parts[home], false);
    let related = relations(parts, home);
    let sheets: Vec<&Met> = met.iter().filter(|m| m.name == "sheet" && m.within == "sheets").collect();
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for sheet in &sheets {
        let name = sheet.get("name");
        if !names.insert(name.to_lowercase()) || name.is_empty() || name.encode_utf16().count() > 31 {
            faults.insert(format!("{home}: the name {name}"));
        }
        if !ids.insert(sheet.get("sheetId").to_owned()) {
            faults.insert(format!("{home}: sheetId {}", sheet.get("sheetId")));
        }
        match related.get(sheet.get("id")) {
            Some((kind, part)) if kind == "worksheet" && parts.contains_key(part) => {
                worksheet(parts, part, looks, faults);
            }
            Some(_) => {}
            None => drop(faults.insert(format!("{home}: {name} leads nowhere"))),
        }
    }
    let within = |text: &str| text.is_empty() || text.parse::<usize>().is_ok_and(|n| n < sheets.len());
    for m in met.iter().filter(|m| matches!(m.name.as_str(), "definedName" | "workbookView")) {
        for counted in ["localSheetId", "activeTab", "firstSheet"] {
            if !within(m.get(counted)) {
                faults.insert(format!("{home}: {counted} {}", m.get(counted)));
            }
        }
    }
    let sections: Vec<&str> = met.iter().filter(|m| m.depth == 1).map(|m| m.name.as_str()).collect();
    let rank = |name: &&&str| {
        [
            "fileVersion",
            "workbookPr",
            "workbookProtection",
            "bookViews",
            "sheets",
            "externalReferences",
            "definedNames",
            "calcPr",
        ]
        .iter()
        .position(|n| *n == **name)
    };
    if !sections.iter().filter_map(|s| rank(&s)).collect::<Vec<_>>().is_sorted() {
        faults.insert(format!("{home}: sections out of order"));
    }
}

fn worksheet(parts: &Parts, part: &str, looks: usize, faults: &mut BTreeSet<String>) {
    let met = elements(part, &parts[part], false);
    let rank = |m: &Met| ORDER.iter().position(|n| *n == m.name);
    let order: Vec<usize> = met.iter().filter(|m| m.depth == 1).filter_map(rank).collect();
    if !order.is_sorted() {
        faults.insert(format!("{part}: sections out of order"));
    }
    let mut last = (0u32, 0u32);
    for m in &met {
        if m.name == "row" && m.within == "sheetData" {
            let row: u32 = m.get("r").parse().unwrap_or(last.0 + 1);
            if row <= last.0 {
                faults.insert(format!("{part}: row {row} after {}", last.0));
            }
            last = (row, 0);
        } else if m.name == "c" && m.within == "row" {
            let column = match m.get("r") {
                "" => last.1 + 1,
                place => tonghop::model::Address::parse(place).unwrap().column + 1,
            };
            if column <= last.1 {
                faults.insert(format!("{part}: column {column} after {} in row {}", last.1, last.0));
            }
            last.1 = column;
            if m.get("s").parse().unwrap_or(0) >= looks {
                faults.insert(format!("{part}: look {} of {looks}", m.get("s")));
            }
        }
    }
    let related = relations(parts, part);
    for m in met.iter().filter(|m| m.name == "legacyDrawing") {
        let leads = related.get(m.get("id")).is_some_and(|(kind, _)| kind == "vmlDrawing");
        if !leads {
            faults.insert(format!("{part}: legacyDrawing {} leads to no drawing", m.get("id")));
        }
    }
    let comments = related.values().find(|(kind, _)| kind == "comments");
    let Some((_, comments)) = comments.filter(|(_, c)| parts.contains_key(c)) else {
        return;
    };
    let drawn: Vec<Vec<Met>> = related
        .values()
        .filter(|(kind, target)| kind == "vmlDrawing" && parts.contains_key(target))
        .map(|(_, target)| elements(target, &parts[target], true))
        .collect();
    notes(comments, &elements(comments, &parts[comments], false), &drawn, faults);
    for drawing in &drawn {
        let mut ids = HashSet::new();
        for shape in drawing.iter().filter(|m| m.name == "shape") {
            if !ids.insert(shape.get("id")) {
                faults.insert(format!("{part}: two shapes {}", shape.get("id")));
            }
        }
    }
}

fn notes(part: &str, met: &[Met], drawn: &[Vec<Met>], faults: &mut BTreeSet<String>) {
    let authors = met.iter().filter(|m| m.name == "author").count();
    let mut places = HashSet::new();
    let mut boxes: HashSet<(u32, u32)> = HashSet::new();
    for drawing in drawn {
        let mut row = None;
        for m in drawing {
            match m.name.as_str() {
                "Row" => row = m.text.trim().parse().ok(),
                "Column" => boxes.extend(row.zip(m.text.trim().parse().ok())),
                "Anchor" => {
                    let n: Vec<u32> = m.text.split(',').filter_map(|n| n.trim().parse().ok()).collect();
                    let grows = n.len() == 8 && (n[0], n[1]) < (n[4], n[5]) && (n[2], n[3]) < (n[6], n[7]);
                    if !grows {
                        faults.insert(format!("{part}: a box of {}", m.text));
                    }
                }
                _ => {}
            }
        }
    }
    for comment in met.iter().filter(|m| m.name == "comment") {
        let place = comment.get("ref");
        if !places.insert(place.to_owned()) {
            faults.insert(format!("{part}: two notes on {place}"));
        }
        if comment.get("authorId").parse().unwrap_or(usize::MAX) >= authors {
            faults.insert(format!("{part}: the author of {place}"));
        }
        let at = tonghop::model::Address::parse(place).unwrap();
        if !boxes.contains(&(at.row, at.column)) {
            faults.insert(format!("{part}: {place} has no box"));
        }
    }
}
