//! Turns what a template says of the province's workbook into places on the form, and refuses what the form has not.

use std::sync::Arc;

use toml::Spanned;

use super::complaint::Complaint;
use super::raw::{RawMainFigure, RawOverview, RawPublished};
use crate::model::entry::TOTAL;
use crate::model::form::MainChart;
use crate::model::rule::{Place, Sign};
use crate::model::{Column, Form, Kind, Line, Lines, MainFigure, Overview, Published, Rule, Spot, Table};
use crate::rule::Claim;

/// The main figures and charts of a form.
pub fn overview(file: &str, text: &str, form: &Form, raw: RawOverview) -> Result<Overview, Complaint> {
    let mut made = Overview::default();
    let mut ids: Vec<String> = Vec::new();
    for spanned in raw.figures {
        let at = Source { file, text, offset: spanned.span().start };
        let figure = spanned.into_inner();
        if ids.contains(&figure.id) {
            return Err(at.refused(format!("two main figures are called '{}'", figure.id)));
        }
        made.figures.push(main_figure(&at, form, &figure)?);
        ids.push(figure.id);
    }
    for spanned in raw.charts {
        let at = Source { file, text, offset: spanned.span().start };
        let chart = spanned.into_inner();
        let find = |id: &String| {
            ids.iter().position(|known| known == id).ok_or_else(|| {
                at.refused(format!("there is no main figure '{id}'")).nearest(id, ids.iter().map(String::as_str))
            })
        };
        let figures = chart.figures.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let percent = figures.iter().filter(|i| made.figures[**i].percent).count();
        if figures.is_empty() || (percent > 0 && percent < figures.len()) {
            return Err(
                at.refused(format!("the chart '{}' wants figures of one sort: amounts or percentages", chart.title))
            );
        }
        made.charts.push(MainChart { title: chart.title, figures });
    }
    Ok(made)
}

/// Main figures of a form whose template names none.
const MOST_FIGURES: usize = 8;

/// The main figures and charts of a form that was learned: those of its total line, or of its lines. Of a total and its
/// parts the total is shown.
pub fn inferred(form: &Form, rules: &[Rule]) -> Overview {
    let mut figures: Vec<(MainFigure, Kind)> =
        form.tables.iter().flat_map(|table| inferred_of_table(form, table, rules)).collect();
    figures.truncate(MOST_FIGURES);
    let chart = |percent: bool| {
        let at = figures.iter().position(|(f, kind)| f.percent == percent && (percent || *kind != Kind::Open))?;
        Some(MainChart { title: format!("{} theo đơn vị", figures[at].0.name), figures: vec![at] })
    };
    let charts = [false, true].into_iter().filter_map(chart).collect();
    Overview { figures: figures.into_iter().map(|(figure, _)| figure).collect(), charts }
}

fn inferred_of_table(form: &Form, table: &Table, rules: &[Rule]) -> Vec<(MainFigure, Kind)> {
    let of_table = rules.iter().filter(|r| r.table == table.id);
    let claims = of_table.flat_map(|rule| rule.kind.claims_where(|place| Some(place.clone())));
    let sums: Vec<(Place, Vec<(Place, Sign)>)> = claims
        .filter_map(|claim| match claim {
            Claim::Sum { total, terms, .. } => Some((total, terms)),
            _ => None,
        })
        .collect();
    let is = |place: &Place, line: &str, column: &str| {
        place.line.as_deref().is_none_or(|l| l == line)
            && place.column.as_deref().is_none_or(|c| c == column)
            && place.form.as_deref().is_none_or(|f| *f == *form.id)
    };
    let kind = |line: &str, column: &str| table.nature(line, column).map(|(kind, _)| kind);
    let is_part = |line: &str, column: &str| {
        sums.iter().any(|(total, terms)| {
            let of = |place: &Option<String>, own: &str| place.clone().unwrap_or_else(|| own.to_owned());
            kind(&of(&total.line, line), &of(&total.column, column)) == Some(Kind::Total)
                && terms.iter().any(|(term, sign)| *sign == Sign::Plus && is(term, line, column))
        })
    };
    let columns: Vec<&Column> = table.figures().collect();
    let mut at: Vec<(Arc<str>, &Column, String)> = Vec::new();
    match &table.lines {
        Lines::Open { total: false } => {}
        Lines::Open { total: true } => {
            at.extend(columns.iter().map(|c| (TOTAL.into(), *c, caption(&c.path))));
        }
        Lines::Fixed(lines) => {
            // Of several columns the total line says most; of one column the lines do.
            let totals = |line: &&Line| {
                columns.iter().all(|c| {
                    sums.iter().any(|(total, _)| total.line.is_some() && is(total, &line.code, &c.id))
                        || kind(&line.code, &c.id).is_none_or(Kind::is_quotient)
                })
            };
            match lines.iter().find(totals).filter(|_| columns.len() > 1) {
                Some(total) => at.extend(columns.iter().map(|c| (total.code.clone(), *c, caption(&c.path)))),
                None => {
                    let first = columns.iter().find(|c| c.kind != Kind::Plan).or(columns.first());
                    at.extend(first.iter().flat_map(|c| lines.iter().map(|l| (l.code.clone(), **c, l.label.clone()))));
                }
            }
        }
    }
    at.into_iter()
        .filter(|(line, column, _)| !is_part(line, &column.id))
        .filter_map(|(line, column, name)| {
            let kind = kind(&line, &column.id)?;
            let amount = kind.adds_over_units() && !matches!(kind, Kind::Opening | Kind::Plan);
            let spot = Spot { table: table.id.clone(), line, column: column.id.clone() };
            let figure = MainFigure {
                short: column.path.last().filter(|_| *spot.line == *TOTAL).cloned().unwrap_or_else(|| name.clone()),
                name,
                percent: kind == Kind::Ratio,
                sum: vec![spot],
                of: Vec::new(),
            };
            (amount || kind == Kind::Ratio).then_some((figure, kind))
        })
        .collect()
}

/// A column's captions as one name; the sign that follows its figures is not a part of it.
fn caption(path: &[String]) -> String {
    path.join(" – ").trim_end_matches("(%)").trim_end().to_owned()
}

/// What the province prints in a larger measure.
pub fn published(
    file: &str,
    text: &str,
    form: &Form,
    raw: Vec<Spanned<RawPublished>>,
) -> Result<Vec<Published>, Complaint> {
    let one = |spanned: Spanned<RawPublished>| {
        let at = Source { file, text, offset: spanned.span().start };
        let raw = spanned.into_inner();
        let spots = spots(&at, form, &raw.table, &raw.figures)?;
        if let Some((spot, _)) = spots.iter().find(|(_, kind)| kind.is_percentage()) {
            let name = name(&spot.line, &spot.column);
            return Err(at.refused(format!("'{name}' is a percentage, which has no larger measure")));
        }
        if raw.power == 0 || raw.power > 9 {
            return Err(at.refused("'power' wants 1 to 9: 3 from triệu đồng to tỷ đồng".into()));
        }
        Ok(Published {
            table: raw.table.as_str().into(),
            measure: raw.measure,
            power: raw.power,
            decimals: raw.decimals,
            figures: spots.into_iter().map(|(spot, _)| spot).collect(),
            across: raw.across,
        })
    };
    raw.into_iter().map(one).collect()
}

/// Where in a template something is said.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    offset: usize,
}

impl Source<'_> {
    fn refused(&self, what: String) -> Complaint {
        Complaint::at(self.file, self.text, self.offset, what)
    }
}

fn main_figure(at: &Source<'_>, form: &Form, raw: &RawMainFigure) -> Result<MainFigure, Complaint> {
    let sum = spots(at, form, &raw.table, &raw.sum)?;
    let of = spots(at, form, &raw.table, &raw.of)?;
    let shares = sum.iter().chain(&of).filter(|(_, kind)| kind.is_percentage());
    // A percentage stands alone; it is no part of a sum or of another percentage.
    if sum.is_empty() || (shares.count() > 0 && (sum.len() > 1 || !of.is_empty())) {
        return Err(at.refused(format!("the main figure '{}' wants amounts to add up, or one percentage", raw.id)));
    }
    let percent = !of.is_empty() || sum.iter().any(|(_, kind)| kind.is_percentage());
    let places = |list: Vec<(Spot, Kind)>| list.into_iter().map(|(spot, _)| spot).collect();
    Ok(MainFigure {
        name: raw.name.clone(),
        short: raw.short.clone().unwrap_or_else(|| raw.name.clone()),
        percent,
        sum: places(sum),
        of: places(of),
    })
}

/// The places that names mean: columns of an open table, lines of an indicator form.
fn spots(at: &Source<'_>, form: &Form, table: &str, names: &[String]) -> Result<Vec<(Spot, Kind)>, Complaint> {
    let Some(found) = form.tables.iter().find(|t| *t.id == *table) else {
        return Err(at.refused(format!("the form has no table '{table}'")));
    };
    names.iter().map(|name| spot(found, name).ok_or_else(|| unknown(at, found, name))).collect()
}

fn spot(table: &Table, wanted: &str) -> Option<(Spot, Kind)> {
    let (line, column, kind) = match &table.lines {
        Lines::Open { total } => {
            let column = table.figures().find(|c| *c.id == *wanted && *total)?;
            (TOTAL.into(), column.id.clone(), column.kind)
        }
        Lines::Fixed(lines) => {
            let line = lines.iter().find(|l| *l.code == *wanted)?;
            let column = table.figures().next()?;
            (line.code.clone(), column.id.clone(), line.kind)
        }
    };
    let adds_up = kind.has_figure() && !matches!(kind, Kind::Code | Kind::Percent);
    adds_up.then(|| {
        let spot = Spot { table: table.id.clone(), line, column };
        (spot, kind)
    })
}

fn unknown(at: &Source<'_>, table: &Table, wanted: &str) -> Complaint {
    let known: Vec<&str> = match &table.lines {
        Lines::Open { .. } => table.figures().map(|c| &*c.id).collect(),
        Lines::Fixed(lines) => lines.iter().map(|l| &*l.code).collect(),
    };
    at.refused(format!("the form has no figure '{wanted}' that adds up over units")).nearest(wanted, known)
}

/// What a template calls the place.
fn name<'a>(line: &'a str, column: &'a str) -> &'a str {
    if line == TOTAL { column } else { line }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::load;

    fn refused(section: &str) -> String {
        static RUN: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let run = RUN.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("tonghop-overview-{}-{run}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let form = include_str!("../../templates/forms/cchc_bm6.toml");
        let bare = form.split("[overview]").next().unwrap();
        let rules = &form[form.find("[[rules]]").unwrap()..];
        std::fs::write(folder.join("f.toml"), format!("{bare}\n{section}\n{rules}")).unwrap();
        let said = load(Some(&folder)).map(|_| ()).map_err(|e| e.to_string());
        std::fs::remove_dir_all(&folder).unwrap();
        said.unwrap_err()
    }

    #[test]
    fn what_the_form_has_not_is_refused_where_it_is_said() {
        let figure = |rest: &str| format!("[overview]\nfigures = [{{ id = \"a\", name = \"A\", {rest} }}]");
        let said = refused(&figure("sum = [\"1.11\"]"));
        assert!(said.contains("f.toml:") && said.contains("'1.11'") && said.contains("did you mean '1.1'?"), "{said}");
        let said = refused(&figure("sum = [\"1\", \"1.1\"]"));
        assert!(said.contains("wants amounts to add up, or one percentage"), "{said}");
        let said = refused(&figure("sum = [\"1.1\"], colour = \"red\""));
        assert!(said.contains("colour"), "{said}");
        let chart = "[overview]\nfigures = [{ id = \"a\", name = \"A\", sum = [\"1.1\"] }]\ncharts = [{ title = \"T\", figures = [\"b\"] }]";
        assert!(refused(chart).contains("no main figure 'b'"));
        let published = "[[published]]\nmeasure = \"Tỷ đồng\"\npower = 3\nfigures = [\"1\"]";
        assert!(refused(published).contains("is a percentage"));
    }
}
