//! The upgrade request of a recorded session, to be asked again: its address, its header fields, and which secrets are not there.

use std::ops::Range;

use crate::capture::options::{ConnectOptions, EndpointMode};
use crate::capture::target::{Target, TargetError};
use crate::protocol::http::RequestHead;
use crate::protocol::secret::{is_secret_header, masked_in_header, masked_in_url, secrets_in_header};
use crate::session::{EventKind, Session};

const HOST: &str = "Host";
const SUBPROTOCOLS: &str = "Sec-WebSocket-Protocol";

/// Header fields that every request makes anew.
const MADE_ANEW: [&str; 2] = [HOST, "Sec-WebSocket-Key"];

/// Why a session cannot be asked for again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestProblem {
    /// There is nothing to replay.
    #[error(
        "This is not the record of a WebSocket session: the upgrade did not succeed, so there is nothing to replay."
    )]
    NoSession,
    /// Nobody knows where the server was.
    #[error("The log does not say where the server was. Give the URL of the one that is to be asked.")]
    NoAddress,
    /// The address is none.
    #[error(transparent)]
    Address(#[from] TargetError),
}

/// A recorded request as it can be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    url: String,
    host: Option<String>,
    headers: Vec<(String, String)>,
    withheld: Vec<String>,
    inflation_limit: u64,
}

/// A secret that was masked when the log was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingSecret {
    /// What it is, as in `Authorization`.
    pub name: String,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Url(Range<usize>),
    /// In the value of the header field at this place of the list.
    Header(usize, Range<usize>),
}

impl RecordedRequest {
    /// The request of a session, to be sent to `url`, or to where it went then. A URL without a path gets the recorded one.
    ///
    /// Another server gets no secrets of the recorded request unless it is trusted with them.
    ///
    /// # Errors
    /// See [`RequestProblem`].
    pub fn of(session: &Session, url: Option<&str>, is_trusted: bool) -> Result<RecordedRequest, RequestProblem> {
        let handshake = &session.handshake;
        let head = handshake.request.as_ref().filter(|_| handshake.is_upgraded()).ok_or(RequestProblem::NoSession)?;
        let recorded = recorded_url(session, head);
        let url = match url.map(str::trim) {
            Some(url) => with_path(url, recorded.as_deref(), head),
            None => recorded.clone().ok_or(RequestProblem::NoAddress)?,
        };
        let target = Target::parse(&url)?;
        let is_same = recorded
            .and_then(|recorded| Target::parse(&recorded).ok())
            .is_some_and(|recorded| recorded.is_same_origin(&target));
        let host = head.headers.first(HOST).filter(|host| is_same && *host != target.host_header());
        let mut request = RecordedRequest {
            url,
            host: host.map(str::to_owned),
            headers: Vec::new(),
            withheld: Vec::new(),
            inflation_limit: session.inflation_limit,
        };
        let repeated = |name: &str| !MADE_ANEW.iter().any(|anew| name.eq_ignore_ascii_case(anew));
        for header in head.headers.0.iter().filter(|header| repeated(&header.name)) {
            if is_same || is_trusted {
                request.headers.push((header.name.clone(), header.value.clone()));
            } else {
                request.add_without_secrets(&header.name, &header.value);
            }
        }
        Ok(request)
    }

    fn add_without_secrets(&mut self, name: &str, value: &str) {
        let secrets = [secrets_in_header(name, value), masked_in_header(name, value)].concat();
        if secrets.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
            return;
        }
        self.withheld.push(name.to_owned());
        if name.eq_ignore_ascii_case(SUBPROTOCOLS) {
            let is_secret = |element: &str| {
                !secrets_in_header(name, element).is_empty() || !masked_in_header(name, element).is_empty()
            };
            let others: Vec<&str> = value.split(',').map(str::trim).filter(|element| !is_secret(element)).collect();
            if !others.is_empty() {
                self.headers.push((name.to_owned(), others.join(", ")));
            }
        }
    }

    /// Where it goes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The header fields with secrets that are not sent, because the server is another one.
    pub fn withheld(&self) -> &[String] {
        &self.withheld
    }

    /// Leaves out the recorded fields of this name, because there are others to take their place.
    pub fn leave_out(&mut self, name: &str) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// The secrets that were masked in the log, in the order in which [`options`](Self::options) wants them.
    pub fn missing(&self) -> Vec<MissingSecret> {
        let in_url = masked_in_url(&self.url).into_iter().map(|range| MissingSecret {
            name: format!("{} of the address", name_before(&self.url, &range).unwrap_or("user and password")),
            place: Place::Url(range),
        });
        let in_headers = self.headers.iter().enumerate().flat_map(|(index, (name, value))| {
            masked_in_header(name, value).into_iter().map(move |range| MissingSecret {
                name: match name_before(value, &range) {
                    Some(parameter) if !is_secret_header(name) => format!("{parameter} in {name}"),
                    _ => name.clone(),
                },
                place: Place::Header(index, range),
            })
        });
        in_url.chain(in_headers).collect()
    }

    /// The options of a connection that asks like this, with these in the places of the missing secrets; a header field whose secret
    /// is empty is left out.
    pub fn options(mut self, secrets: &[String]) -> ConnectOptions {
        let missing = self.missing();
        // From the last on, so that the places of those before stay true.
        for (secret, text) in missing.iter().zip(secrets).rev() {
            match &secret.place {
                Place::Url(range) => self.url.replace_range(range.clone(), text.trim()),
                Place::Header(index, range) => {
                    if let Some((_, value)) = self.headers.get_mut(*index) {
                        value.replace_range(range.clone(), text.trim());
                    }
                }
            }
        }
        self.headers.retain(|(name, value)| !value.is_empty() || !is_secret_header(name));
        ConnectOptions {
            headers: self.headers,
            host: self.host,
            compression: None,
            inflation_limit: self.inflation_limit,
            endpoint: EndpointMode::Manual,
            ..ConnectOptions::new(self.url)
        }
    }
}

/// The name of the parameter whose value this is.
fn name_before<'text>(text: &'text str, value: &Range<usize>) -> Option<&'text str> {
    let before = text.get(..value.start)?.strip_suffix('=')?;
    Some(before.get(before.rfind(['?', '&', '#'])? + 1..).unwrap_or_default())
}

/// Where the recorded request went.
fn recorded_url(session: &Session, head: &RequestHead) -> Option<String> {
    let was_redirected = session.records().any(|(_, kind)| matches!(kind, EventKind::Redirected { .. }));
    if let Some(url) = session.origin.url.as_ref().filter(|_| !was_redirected) {
        return Some(url.clone());
    }
    let is_secure = session.records().any(|(_, kind)| matches!(kind, EventKind::Secured { .. }));
    let scheme = if is_secure { "wss" } else { "ws" };
    let host = head.headers.first(HOST)?;
    Some(format!("{scheme}://{host}{}", path_of(head)))
}

fn path_of(head: &RequestHead) -> &str {
    if head.target.starts_with('/') { &head.target } else { "/" }
}

/// A URL with the recorded path and query, where it has none of its own.
fn with_path(url: &str, recorded: Option<&str>, head: &RequestHead) -> String {
    let after_scheme = |text: &str| text.find("://").map_or(0, |scheme| scheme + 3);
    let path_of_url =
        |text: &str| text.get(after_scheme(text)..)?.find(['/', '?', '#']).map(|at| at + after_scheme(text));
    if path_of_url(url).is_some() {
        return url.to_owned();
    }
    let path = recorded.and_then(|recorded| recorded.get(path_of_url(recorded)?..)).unwrap_or_else(|| path_of(head));
    format!("{url}{path}")
}
