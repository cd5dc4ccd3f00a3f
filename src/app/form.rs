//! From the connection form to the options of a client.

use std::path::PathBuf;

use crate::capture::options::{Authorization, ConnectOptions};
use crate::protocol::permessage_deflate::{Offer, ParameterError};
use crate::ui::action::{AuthorizationKind, ConnectionForm};

/// Why a form cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FormError {
    /// A header line without a colon.
    #[error("Header line {line}, “{text}”, is not `Name: value`.")]
    HeaderLine {
        /// Counted from 1.
        line: usize,
        /// What it says.
        text: String,
    },
    /// The parameters of the offer of compression.
    #[error("The parameters of compression cannot be offered: {0} (RFC 7692 7.1).")]
    Compression(#[from] ParameterError),
}

/// The options that a form describes.
pub(super) fn options(form: &ConnectionForm) -> Result<ConnectOptions, FormError> {
    let text = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut options = ConnectOptions::new(form.url.trim());
    for (index, line) in form.headers.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, value) =
            line.split_once(':').ok_or_else(|| FormError::HeaderLine { line: index + 1, text: line.trim().into() })?;
        options.headers.push((name.trim().into(), value.trim().into()));
    }
    options.subprotocols = form.subprotocols.split(',').filter_map(text).collect();
    options.origin = text(&form.origin);
    options.authorization = match form.authorization {
        AuthorizationKind::None => None,
        AuthorizationKind::Basic => {
            Some(Authorization::Basic { user: form.user.clone(), password: form.password.clone() })
        }
        AuthorizationKind::Bearer => Some(Authorization::Bearer { token: form.token.trim().into() }),
    };
    options.extra_authority = text(&form.extra_authority).map(PathBuf::from);
    options.compression = match &form.compression {
        compression if compression.is_offered => Some(Offer::with_parameters(&compression.parameters)?),
        _ => None,
    };
    options.accept_any_certificate = form.accept_any_certificate;
    Ok(options)
}
