//! The list of scenarios as a page and as plain text.

use std::net::SocketAddr;

use super::scenario::Scenario;

const TEMPLATE: &str = include_str!("../../../assets/lab/index.html");

/// The index page of a lab at `address`.
pub(super) fn index(address: SocketAddr) -> String {
    let rows: String = Scenario::ALL
        .iter()
        .map(|scenario| {
            let path = escape(&scenario.path());
            let title = escape(&scenario.title());
            let description = escape(&scenario.description());
            format!(
                "<tr><td><code>ws://{address}{path}</code></td><td><strong>{title}</strong><br>{description}</td>\
                 <td><button value=\"ws://{address}{path}\" aria-label=\"Try {path}\">Try</button><output></output></td></tr>\n"
            )
        })
        .collect();
    TEMPLATE.replace("{{address}}", &address.to_string()).replace("{{scenarios}}", &rows)
}

/// The scenarios of a lab at `address`, one a line.
pub(super) fn list(address: SocketAddr) -> String {
    let lines: Vec<String> = Scenario::ALL
        .iter()
        .map(|scenario| format!("ws://{address}{}  {}", scenario.path(), scenario.description()))
        .collect();
    lines.join("\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
