//! HTTP responses of the lab, for every request that does not become a WebSocket.

/// A response with a body, after which the connection ends.
#[derive(Debug)]
pub(super) struct Response {
    status: &'static str,
    content_type: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
}

impl Response {
    /// A response in plain text; `status` is the code and its words.
    pub(super) fn text(status: &'static str, body: impl Into<String>) -> Response {
        let mut body = body.into();
        body.push('\n');
        Response { status, content_type: "text/plain; charset=utf-8", headers: Vec::new(), body }
    }

    /// A page.
    pub(super) fn html(body: String) -> Response {
        Response { status: "200 OK", content_type: "text/html; charset=utf-8", headers: Vec::new(), body }
    }

    /// Adds a header field.
    pub(super) fn header(mut self, name: &'static str, value: &'static str) -> Response {
        self.headers.push((name, value));
        self
    }

    /// The response as it goes on the wire; without its body when a HEAD asked for it.
    pub(super) fn bytes(&self, head_only: bool) -> Vec<u8> {
        let mut head = format!(
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n",
            self.status,
            self.content_type,
            self.body.len()
        );
        // RFC 9110 7.8: whoever sends Upgrade names it in Connection too.
        let upgrade = self.headers.iter().any(|(name, _)| *name == "Upgrade");
        head.push_str(if upgrade { "Connection: upgrade, close\r\n" } else { "Connection: close\r\n" });
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        if !head_only {
            head.push_str(&self.body);
        }
        head.into_bytes()
    }
}
