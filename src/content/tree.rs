//! A payload's structure as a flat tree, the same for every encoding, made within bounds that are named when they are reached.

use std::borrow::Cow;
use std::ops::Range;

use super::one_line::cut;

/// The longest label, in bytes.
pub const LONGEST_LABEL: usize = 256;

/// The longest value, in bytes.
pub const LONGEST_VALUE: usize = 1024;

/// No encoding is followed deeper than this, whatever the limits say.
pub const DEEPEST: usize = 512;

/// How much of a structure is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many levels of nodes; what is nested deeper is read but not kept.
    pub depth: usize,
    /// How many nodes; reading stops there.
    pub nodes: usize,
}

impl Limits {
    /// For a person who looks at one payload.
    pub const VIEW: Limits = Limits { depth: 64, nodes: 20_000 };

    /// For the few fields that a summary or a key needs.
    pub const OUTLINE: Limits = Limits { depth: 4, nodes: 200 };
}

/// What a node holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Members with keys.
    Map,
    /// Members in order.
    Sequence,
    /// Text.
    Text,
    /// Bytes, shown in hexadecimal.
    Bytes,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`, `nil`, `undefined`.
    Null,
    /// What the encoding itself defines: a tag, an extension, a simple value.
    Special,
}

impl Kind {
    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Map => "map",
            Kind::Sequence => "sequence",
            Kind::Text => "text",
            Kind::Bytes => "bytes",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Null => "null",
            Kind::Special => "special",
        }
    }
}

/// One value of the structure. Nodes stand in the order of reading: a node's descendants follow it directly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// How many nodes are above it.
    pub depth: usize,
    /// Its key or its place in the node above; empty at the top.
    pub label: String,
    /// The value as text, control characters not escaped; of a map or a sequence how many members it has.
    pub value: String,
    /// What it holds.
    pub kind: Kind,
    /// Where it stands in the payload.
    pub range: Range<usize>,
    /// How many members it has, kept or not.
    pub members: usize,
    /// Whether something of it was not kept: its members, or the rest of a long label or value.
    pub is_cut: bool,
    /// What a reader should know about it, such as that its key came before.
    pub remark: Option<Cow<'static, str>>,
    /// The place after its last descendant.
    end: usize,
}

/// How the reading of a payload ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Everything was read.
    Complete,
    /// A bound was reached.
    Cut {
        /// The byte at which reading stopped.
        at: usize,
        /// Which bound.
        bound: Bound,
    },
    /// The bytes are not what they were read as.
    Fault(Fault),
}

/// A bound of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bound {
    /// The number of nodes.
    #[error("only the first {0} values are shown")]
    Nodes(usize),
    /// [`DEEPEST`].
    #[error("values are nested deeper than {DEEPEST} levels")]
    Depth,
    /// The length of what is made of it, in bytes.
    #[error("only the first {0} bytes are shown")]
    Length(usize),
}

/// Why bytes are not what they were read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at byte {at}")]
pub struct Fault {
    /// The byte, counted from 0.
    pub at: usize,
    /// What is wrong there.
    pub problem: Cow<'static, str>,
}

impl Fault {
    /// A fault at a byte.
    pub fn new(at: usize, problem: impl Into<Cow<'static, str>>) -> Fault {
        Fault { at, problem: problem.into() }
    }
}

/// A structure, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
    /// How the reading ended.
    pub end: End,
}

impl Tree {
    /// The nodes in the order of reading.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A node by its place.
    pub fn node(&self, place: usize) -> Option<&Node> {
        self.nodes.get(place)
    }

    /// The place after a node's last descendant.
    pub fn end_of(&self, place: usize) -> usize {
        self.nodes.get(place).map_or(place, |node| node.end.max(place + 1))
    }

    /// The first value, when there is one.
    pub fn root(&self) -> Option<Value<'_>> {
        self.value(0)
    }

    /// The values that are not inside another one.
    pub fn roots(&self) -> impl Iterator<Item = Value<'_>> {
        self.siblings(0, self.nodes.len())
    }

    /// Whether the bytes were not what they were read as.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.end {
            End::Fault(fault) => Some(fault),
            End::Complete | End::Cut { .. } => None,
        }
    }

    fn value(&self, place: usize) -> Option<Value<'_>> {
        self.nodes.get(place).map(|node| Value { tree: self, place, node })
    }

    fn siblings(&self, first: usize, end: usize) -> impl Iterator<Item = Value<'_>> {
        let inside = move |value: &Value<'_>| value.place < end;
        std::iter::successors(self.value(first), |value| self.value(self.end_of(value.place))).take_while(inside)
    }
}

/// A node with what is below it.
#[derive(Debug, Clone, Copy)]
pub struct Value<'tree> {
    tree: &'tree Tree,
    place: usize,
    node: &'tree Node,
}

impl<'tree> Value<'tree> {
    /// The node.
    pub fn node(self) -> &'tree Node {
        self.node
    }

    /// Its members that were kept.
    pub fn members(self) -> impl Iterator<Item = Value<'tree>> {
        self.tree.siblings(self.place + 1, self.node.end)
    }

    /// The first member with this label.
    pub fn get(self, label: &str) -> Option<Value<'tree>> {
        self.members().find(|member| member.node.label == label)
    }

    /// The member at this place.
    pub fn at(self, place: usize) -> Option<Value<'tree>> {
        self.members().nth(place)
    }

    /// The text, when it is text.
    pub fn text(self) -> Option<&'tree str> {
        (self.node.kind == Kind::Text).then_some(self.node.value.as_str())
    }

    /// The number, when it is one that fits.
    pub fn number(self) -> Option<i64> {
        if self.node.kind == Kind::Number { self.node.value.parse().ok() } else { None }
    }

    /// Text or a number as text: what identifiers are.
    pub fn identifier(self) -> Option<&'tree str> {
        let fits = matches!(self.node.kind, Kind::Text | Kind::Number) && !self.node.is_cut;
        fits.then_some(self.node.value.as_str())
    }

    /// Whether it is a map.
    pub fn is_map(self) -> bool {
        self.node.kind == Kind::Map
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        self.node.kind == Kind::Sequence
    }
}

/// Collects nodes in the order of reading.
#[derive(Debug)]
pub(super) struct Builder {
    limits: Limits,
    nodes: Vec<Node>,
    /// The open nodes, by place; `None` for those that are too deep to be kept.
    open: Vec<Option<usize>>,
    is_full: bool,
}

impl Builder {
    pub(super) fn new(limits: Limits) -> Builder {
        Builder { limits, nodes: Vec::new(), open: Vec::new(), is_full: false }
    }

    /// How many nodes are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The bound that stops the reading, when one is reached.
    pub(super) fn reached(&self) -> Option<Bound> {
        if self.is_full {
            Some(Bound::Nodes(self.limits.nodes))
        } else if self.open.len() > DEEPEST {
            Some(Bound::Depth)
        } else {
            None
        }
    }

    /// Whether a node that is added now is kept; when not, its text need not be made.
    pub(super) fn keeps(&self) -> bool {
        self.open.len() < self.limits.depth && self.nodes.len() < self.limits.nodes
    }

    /// Adds a value without members.
    pub(super) fn leaf(&mut self, label: &str, kind: Kind, value: &str, range: Range<usize>) -> Option<&mut Node> {
        self.add(label, kind, value, range)
    }

    /// Adds a value whose members follow until [`Builder::close`].
    pub(super) fn open(&mut self, label: &str, kind: Kind, start: usize) -> Option<&mut Node> {
        let place = self.nodes.len();
        let is_kept = self.add(label, kind, "", start..start).is_some();
        self.open.push(is_kept.then_some(place));
        self.nodes.get_mut(place)
    }

    /// Ends the newest open node before the byte `end`.
    pub(super) fn close(&mut self, end: usize) {
        let after = self.nodes.len();
        if let Some(Some(place)) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(place)
        {
            node.end = after;
            node.range.end = end;
            describe(node);
        }
    }

    /// The newest open node's place among all nodes, when it is kept.
    pub(super) fn parent(&self) -> Option<usize> {
        self.open.last().copied().flatten()
    }

    pub(super) fn finish(mut self, end: End, at: usize) -> Tree {
        while !self.open.is_empty() {
            self.close(at);
        }
        Tree { nodes: self.nodes, end }
    }

    fn add(&mut self, label: &str, kind: Kind, value: &str, range: Range<usize>) -> Option<&mut Node> {
        if let Some(Some(parent)) = self.open.last()
            && let Some(parent) = self.nodes.get_mut(*parent)
        {
            parent.members += 1;
        }
        if self.open.len() >= self.limits.depth {
            if let Some(parent) = self.open.iter().rev().flatten().next()
                && let Some(parent) = self.nodes.get_mut(*parent)
            {
                parent.is_cut = true;
            }
            return None;
        }
        if self.nodes.len() >= self.limits.nodes {
            self.is_full = true;
            return None;
        }
        let (label, label_is_cut) = cut(label, LONGEST_LABEL);
        let (value, value_is_cut) = cut(value, LONGEST_VALUE);
        self.nodes.push(Node {
            depth: self.open.len(),
            label: label.to_owned(),
            value: value.to_owned(),
            kind,
            range,
            members: 0,
            is_cut: label_is_cut || value_is_cut,
            remark: None,
            end: self.nodes.len() + 1,
        });
        self.nodes.last_mut()
    }
}

/// Says of a map or a sequence how many members it has, unless its encoding has said so.
fn describe(node: &mut Node) {
    if node.value.is_empty() && matches!(node.kind, Kind::Map | Kind::Sequence) {
        node.value = super::members(node.kind, node.members as u64).into_owned();
    }
}
