//! `tonghop serve` and `tonghop init`: the page over a workspace, and a new workspace.

use std::fmt::Write as _;

use super::args::{InitArgs, LangName, ServeArgs};
use super::{End, say};
use crate::model::Lang;
use crate::web::{self, Asked};
use crate::workspace::line::{How, Line};
use crate::workspace::{Workspace, units};

/// Serves the page until the program is ended.
pub fn serve(args: &ServeArgs) -> Result<End, String> {
    let lang = match args.lang {
        LangName::Vi => Lang::Vi,
        LangName::En => Lang::En,
    };
    let asked = Asked { folder: args.folder.clone(), port: args.port, open: !args.no_open, lang };
    web::serve(&asked, &|sentence| say::out(&format!("{sentence}\n")))?;
    Ok(End::Clean)
}

/// Makes a workspace and says what was proposed for it.
pub fn init(args: &InitArgs) -> Result<End, String> {
    let lang = args.common.lang();
    let workspace = Workspace::make(&args.folder).map_err(|trouble| trouble.said(lang))?;
    let run = Line::new(lang).run(&workspace, How::Files, &|_, _| {})?;
    let proposal = units::propose(&workspace, &run.outcome).map_err(|trouble| trouble.said(lang))?;
    let place = args.folder.display();
    let mut text = lang.pick(
        format!("Đã có thư mục làm việc {place}. Chép tệp các đơn vị gửi vào {place}/inbox.\n"),
        format!("{place} is a workspace. Copy the files that units send into {place}/inbox.\n"),
    );
    if !proposal.units.is_empty() {
        let count = proposal.units.len();
        let _ = writeln!(
            text,
            "{}",
            lang.pick(
                format!("Đề xuất {count} đơn vị trong units.csv, lấy tên từ các biểu; hãy xem và sửa lại cho đúng:"),
                format!("{count} units proposed in units.csv, by the names on the forms; look through them:"),
            )
        );
        for (code, name, level) in &proposal.units {
            let _ = writeln!(text, "  {code:8} {name} ({level})");
        }
    }
    for (level, forms) in &proposal.owes {
        let forms = forms.join(", ");
        let _ = writeln!(
            text,
            "{}",
            lang.pick(format!("Cấp “{level}” phải gửi: {forms}"), format!("Level “{level}” owes: {forms}"))
        );
    }
    say::out(&text);
    Ok(End::Clean)
}
