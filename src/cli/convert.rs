//! `closelook convert`: a saved session in another format.

use super::arguments::ConvertArguments;
use super::failure::Failure;
use super::inspect::open;
use super::record::save;

/// Opens one file and saves the session as the other.
pub(super) fn run(arguments: &ConvertArguments) -> Result<(), Failure> {
    let session = open(&arguments.input, arguments.conversation)?;
    save(&session, &arguments.output)
}
