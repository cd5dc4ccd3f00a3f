//! `closelook convert`: a saved session, or some of its frames, in another format, with what is to be said of it.

use std::ops::ControlFlow;

use crate::report::{self, Saving};

use super::arguments::ConvertArguments;
use super::failure::Failure;
use super::inspect::{open, selection};

/// Opens one file and saves the session as the other.
pub(super) fn run(arguments: &ConvertArguments) -> Result<(), Failure> {
    let form = arguments.form()?;
    let mut session = open(&arguments.input, arguments.conversation)?;
    for annotation in arguments.annotations() {
        let count = session.frames.len();
        session =
            session.annotated(annotation).ok_or_else(|| Failure::NoFrame { path: arguments.input.clone(), count })?;
    }
    let selection = selection(&session, arguments.filter.as_ref());
    let saving = Saving { form, selection, masks_secrets: arguments.mask_secrets };
    Ok(report::save(&session, &arguments.output, &saving, &mut |_| ControlFlow::Continue(()))?)
}
