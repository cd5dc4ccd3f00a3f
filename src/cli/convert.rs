//! `closelook convert`: a saved session, or some of its frames, in another format.

use std::ops::ControlFlow;

use crate::logs::LogError;
use crate::report::{self, Saving};

use super::arguments::ConvertArguments;
use super::failure::Failure;
use super::inspect::{open, selection};

/// Opens one file and saves the session as the other.
pub(super) fn run(arguments: &ConvertArguments) -> Result<(), Failure> {
    let form = arguments.form()?;
    // What cannot be done is told before a long log is read.
    if arguments.filter.is_some() && !form.takes_selection() {
        return Err(LogError::NotInParts { ending: form.ending() }.into());
    }
    let session = open(&arguments.input, arguments.conversation)?;
    let selection = selection(&session, arguments.filter.as_ref());
    let saving = Saving { form, selection, masks_secrets: arguments.mask_secrets };
    Ok(report::save(&session, &arguments.output, &saving, &mut |_| ControlFlow::Continue(()))?)
}
