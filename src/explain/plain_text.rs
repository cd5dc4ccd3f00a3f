//! Explanations as plain text for a terminal: wrapping, columns and marks under bytes; every word comes from the values.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::protocol::close::CloseCode;
use crate::protocol::hexadecimal;

use super::code_article::{CodeArticle, Heading};
use super::code_reference::Entry;
use super::comparison::{ComparedCode, Comparison, ComparisonRow};
use super::diagnosis::{Clue, Diagnosis};
use super::explanation::{Axis, EvidenceRow, Explanation};
use super::marked_close::MarkedClose;
use super::texts::{Arguments, Texts};

/// The width that is used when none is asked for, in columns.
pub const DEFAULT_WIDTH: usize = 100;

/// Below this width a comparison puts its two codes below each other, in columns.
const NARROWEST_COLUMNS: usize = 80;

/// A text is never wrapped to less than this, in columns.
const NARROWEST: usize = 20;

/// A Close of legal length is shown whole; of an oversized one, this many bytes.
const SHOWN_BYTES: usize = 131;

/// Writes explanations as plain text, in lines that end with a line feed and have no spaces at their end.
#[derive(Clone, Copy)]
pub struct PlainText<'a> {
    texts: &'a Texts,
    width: usize,
}

impl<'a> PlainText<'a> {
    /// Text that is 100 columns wide.
    pub fn new(texts: &'a Texts) -> PlainText<'a> {
        PlainText { texts, width: DEFAULT_WIDTH }
    }

    /// The same, at most `width` columns wide (and no narrower than 20).
    pub fn with_width(self, width: usize) -> PlainText<'a> {
        PlainText { width: width.max(NARROWEST), ..self }
    }

    /// What happened in a session.
    pub fn explanation(&self, explanation: &Explanation) -> String {
        let mut page = Page::new(self.width);
        page.title(&explanation.headline);
        page.paragraph(0, &explanation.what_happened);
        page.heading(self.texts.text("label-evidence"));
        for (number, row) in (1..).zip(&explanation.evidence) {
            self.evidence_row(&mut page, number, row);
        }
        page.heading(self.texts.text("label-verdict"));
        let axes = [&explanation.code, &explanation.cleanness];
        let titles = axes.iter().map(|axis| axis.title.width()).max().unwrap_or(0);
        for Axis { title, value, sentence } in axes {
            page.labelled(2, title, titles, value);
            page.paragraph(titles + 4, sentence);
        }
        page.heading(self.texts.text("label-reports"));
        let names = explanation.reports.iter().map(|report| report.side_name.width()).max().unwrap_or(0);
        for report in &explanation.reports {
            page.labelled(2, &report.side_name, names, &report.value);
            page.paragraph(names + 4, &report.sentence);
        }
        if !explanation.next_steps.is_empty() {
            page.heading(self.texts.text("label-next-steps"));
            for step in &explanation.next_steps {
                page.item(2, "- ", step);
            }
        }
        page.text
    }

    /// Why a session ended as it did.
    pub fn diagnosis(&self, diagnosis: &Diagnosis) -> String {
        let mut page = Page::new(self.width);
        page.heading(self.texts.text("diagnosis"));
        if let Some(nothing) = &diagnosis.nothing {
            page.paragraph(2, nothing);
        }
        for (number, cause) in (1..).zip(&diagnosis.causes) {
            page.item(2, &format!("{number}. "), &format!("{} ({})", cause.title, cause.certainty_word));
            for clue in &cause.clues {
                page.item(5, "- ", &self.clue(clue));
            }
            for (label, advice) in
                [("diagnosis.for-client", &cause.for_client), ("diagnosis.for-server", &cause.for_server)]
            {
                page.paragraph(5, &format!("{}: {advice}", self.texts.text(label)));
            }
        }
        page.text
    }

    fn clue(&self, clue: &Clue) -> String {
        match clue.frame {
            Some(frame) => format!("{} ({})", clue.text, Clue::frame_name(frame, self.texts)),
            None => clue.text.clone(),
        }
    }

    fn evidence_row(&self, page: &mut Page, number: usize, row: &EvidenceRow) {
        page.item(2, &format!("{number}. "), &format!("{}: {}", row.label, row.summary));
        if let Some(remark) = &row.remark {
            page.paragraph(5, remark);
        }
        if let Some(bytes) = &row.bytes {
            self.marked_close(page, 7, bytes);
        }
    }

    /// The bytes of a Close frame with the fields marked underneath.
    pub fn close_bytes(&self, close: &MarkedClose) -> String {
        let mut page = Page::new(self.width);
        self.marked_close(&mut page, 0, close);
        page.text
    }

    fn marked_close(&self, page: &mut Page, indent: usize, close: &MarkedClose) {
        let per_line = (self.width.saturating_sub(indent + 30) / 3).clamp(4, 16);
        let shown = close.bytes.len().min(SHOWN_BYTES);
        let mut start = 0;
        while start < shown {
            let end = (start + per_line).min(shown);
            let bytes = close.bytes.iter().take(end).skip(start).map(|byte| byte.value);
            page.line(indent, &hexadecimal::spaced(bytes));
            for field in close.fields.iter().filter(|field| field.range.start < end && field.range.end > start) {
                let from = field.range.start.max(start) - start;
                let count = field.range.end.min(end) - field.range.start.max(start);
                let mark = "^".repeat(count * 3 - 1);
                let at = indent + from * 3;
                // A field that goes on from the line above is named there.
                if field.range.start >= start {
                    page.item(at, &format!("{mark} "), &format!("{}: {}", field.name, field.meaning));
                } else {
                    page.line(at, &mark);
                }
            }
            start = end;
        }
        if shown < close.bytes.len() {
            let mut arguments = Arguments::new();
            arguments.set("count", (close.bytes.len() - shown) as u64);
            page.line(indent, &self.texts.format("label-more-bytes", &arguments));
        }
    }

    /// The article on one code.
    pub fn code_article(&self, article: &CodeArticle) -> String {
        let mut page = Page::new(self.width);
        page.title(&format!("{} {}", article.code, article.name));
        page.paragraph(0, &article.short);
        page.blank();
        let labels = article.facts.iter().map(|fact| fact.label.width()).max().unwrap_or(0);
        for fact in &article.facts {
            page.labelled(2, &fact.label, labels, &fact.value);
        }
        for section in &article.sections {
            page.heading(&section.title);
            page.paragraph(2, &section.text);
        }
        page.text
    }

    /// Codes in a list, a sentence about each.
    pub fn entries(&self, entries: &[Entry]) -> String {
        let mut page = Page::new(self.width);
        for Entry { code, name, short } in entries {
            page.line(0, &format!("{code} {name}"));
            page.paragraph(2, short);
        }
        page.text
    }

    /// Two codes side by side, or below each other where there is no room; the observed code is marked.
    pub fn comparison(&self, comparison: &Comparison, observed: Option<CloseCode>) -> String {
        let mut page = Page::new(self.width);
        let name = |compared: &ComparedCode| {
            let name = format!("{} {}", compared.code, compared.name);
            match observed {
                Some(code) if code == compared.code => format!("{name} ({})", self.texts.text("label-observed")),
                _ => name,
            }
        };
        let (left, right) = (name(&comparison.left), name(&comparison.right));
        if let Some(summary) = &comparison.summary {
            page.paragraph(0, summary);
            page.blank();
        }
        if self.width < NARROWEST_COLUMNS {
            page.line(0, &left);
            page.line(0, &right);
            for section in &comparison.sections {
                page.heading(&section.title);
                for row in &section.rows {
                    stacked(&mut page, comparison, row);
                }
            }
            return page.text;
        }
        let aspects = comparison
            .sections
            .iter()
            .flat_map(|section| &section.rows)
            .filter_map(|row| row.aspect.as_ref())
            .flat_map(|aspect| aspect.split(' ').map(UnicodeWidthStr::width))
            .max()
            .unwrap_or(0)
            .clamp(14, 20);
        let rule = Columns::new(self.width, 0);
        page.columns(&rule, "", &left, &right);
        page.rule(&rule);
        for section in &comparison.sections {
            page.heading(&section.title);
            // Links cut by a column cannot be followed.
            if section.heading == Heading::LearnMore {
                section.rows.iter().for_each(|row| stacked(&mut page, comparison, row));
                continue;
            }
            let has_aspects = section.rows.iter().any(|row| row.aspect.is_some());
            let columns = Columns::new(self.width, if has_aspects { aspects } else { 0 });
            for (number, row) in section.rows.iter().enumerate() {
                if number > 0 {
                    page.rule(&columns);
                }
                page.columns(&columns, row.aspect.as_deref().unwrap_or_default(), &row.left, &row.right);
            }
        }
        page.text
    }
}

fn stacked(page: &mut Page, comparison: &Comparison, row: &ComparisonRow) {
    let indent = if let Some(aspect) = &row.aspect {
        page.paragraph(2, aspect);
        4
    } else {
        2
    };
    for (compared, text) in [(&comparison.left, &row.left), (&comparison.right, &row.right)] {
        page.item(indent, &format!("{}: ", compared.code), text);
    }
}

/// The widths of a two-column layout, with a narrow column for labels before it when that is not 0.
struct Columns {
    label: usize,
    left: usize,
    right: usize,
}

impl Columns {
    const GAP: &str = " | ";

    fn new(width: usize, label: usize) -> Columns {
        let label_and_gap = if label == 0 { 0 } else { label + Columns::GAP.len() };
        let rest = width.saturating_sub(label_and_gap + Columns::GAP.len());
        Columns { label, left: rest.div_ceil(2), right: rest / 2 }
    }
}

/// Text that grows line by line.
struct Page {
    width: usize,
    text: String,
}

impl Page {
    fn new(width: usize) -> Page {
        Page { width, text: String::new() }
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, indent: usize, line: &str) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.text.push_str(line);
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.blank();
    }

    fn title(&mut self, title: &str) {
        let lines = wrap(title, self.width);
        let longest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
        lines.iter().for_each(|line| self.line(0, line));
        self.line(0, &"=".repeat(longest));
        self.blank();
    }

    fn heading(&mut self, heading: &str) {
        self.blank();
        wrap(heading, self.width).iter().for_each(|line| self.line(0, line));
    }

    fn paragraph(&mut self, indent: usize, text: &str) {
        self.item(indent, "", text);
    }

    /// A text that begins after a mark and goes on below its own first word.
    fn item(&mut self, indent: usize, mark: &str, text: &str) {
        let hanging = indent + mark.width();
        // Where the mark leaves too little room, the text runs over the edge rather than down in a column of letters.
        let room = self.width.saturating_sub(hanging).max(NARROWEST);
        for (number, line) in wrap(text, room).iter().enumerate() {
            if number == 0 {
                self.line(indent, &format!("{mark}{line}"));
            } else {
                self.line(hanging, line);
            }
        }
    }

    fn labelled(&mut self, indent: usize, label: &str, label_width: usize, text: &str) {
        self.item(indent, &format!("{}  ", padded(label, label_width)), text);
    }

    fn columns(&mut self, columns: &Columns, label: &str, left: &str, right: &str) {
        let label = if columns.label == 0 { Vec::new() } else { wrap(label, columns.label) };
        let (left, right) = (wrap(left, columns.left), wrap(right, columns.right));
        let at = |lines: &[String], index: usize| lines.get(index).cloned().unwrap_or_default();
        for index in 0..label.len().max(left.len()).max(right.len()) {
            let mut line = String::new();
            if columns.label > 0 {
                line.push_str(&padded(&at(&label, index), columns.label));
                line.push_str(Columns::GAP);
            }
            line.push_str(&padded(&at(&left, index), columns.left));
            line.push_str(Columns::GAP);
            line.push_str(&at(&right, index));
            self.line(0, &line);
        }
    }

    fn rule(&mut self, columns: &Columns) {
        let parts: Vec<String> = [columns.label, columns.left, columns.right]
            .into_iter()
            .filter(|width| *width > 0)
            .map(|width| "-".repeat(width))
            .collect();
        self.line(0, &parts.join("-+-"));
    }
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

/// Breaks a text into lines of at most `width` columns; list items go on below their first word, and words that are too long are cut.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let hanging = if paragraph.starts_with("- ") { 2 } else { 0 };
        let mut line = String::new();
        let mut has_word = false;
        for word in paragraph.split(' ') {
            for (number, piece) in pieces(word, width.saturating_sub(hanging).max(1)).into_iter().enumerate() {
                let gap = usize::from(has_word && number == 0);
                if has_word && (number > 0 || line.width() + gap + piece.width() > width) {
                    lines.push(std::mem::replace(&mut line, " ".repeat(hanging)));
                } else if gap == 1 {
                    line.push(' ');
                }
                line.push_str(piece);
                has_word = true;
            }
        }
        lines.push(line);
    }
    lines
}

/// A word cut into pieces of at most `width` columns.
fn pieces(word: &str, width: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (index, character) in word.char_indices() {
        let columns = character.width().unwrap_or(0);
        if used > 0 && used + columns > width {
            pieces.extend(word.get(start..index));
            (start, used) = (index, 0);
        }
        used += columns;
    }
    pieces.extend(word.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked_for() {
        for width in [8, 13, 40] {
            for line in wrap("a 漢字漢字漢字 word https://example.org/a/long/address\n- an item that is long", width)
            {
                assert!(line.width() <= width, "{line:?} is wider than {width}");
            }
        }
    }

    #[test]
    fn wrapping_loses_nothing() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("- one two three", 9), ["- one two", "  three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("one\n\ntwo", 9), ["one", "", "two"]);
    }
}
