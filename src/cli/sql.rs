//! `tonghop sql`: a form's consolidation as SQL, for where one machine is outgrown.

use super::args::SqlArgs;
use super::{End, forms, run, say};
use crate::write;

pub fn run(args: &SqlArgs) -> Result<End, String> {
    let catalogue = run::load(&args.common)?;
    let form = forms::find(&catalogue, &args.form)
        .ok_or_else(|| forms::unknown(&catalogue, &args.form, args.common.lang()))?;
    say::out(&write::sql::consolidation(&catalogue, form, args.period));
    Ok(End::Clean)
}
