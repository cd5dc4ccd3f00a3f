//! What the raw composer holds, as typed: frames, plain bytes, templates of both, and a plan of templates with delays.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::protocol::finding::Severity;
use crate::protocol::masking::MaskingKey;
use crate::protocol::rehearsal::Situation;

/// How a frame is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskingChoice {
    /// Not at all.
    Off,
    /// With a new key.
    #[default]
    Random,
    /// With the typed key.
    Given,
}

/// The form in which a length is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthChoice {
    /// The shortest that holds it.
    #[default]
    Shortest,
    /// Seven bits.
    SevenBits,
    /// Sixteen bits.
    SixteenBits,
    /// Sixty-four bits.
    SixtyFourBits,
}

/// Where a payload comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayloadChoice {
    /// Typed text, as UTF-8.
    #[default]
    Text,
    /// Typed hexadecimal.
    Hexadecimal,
    /// A file.
    File,
}

/// A file that was read to be a payload.
#[derive(Debug, Clone)]
pub struct PayloadFile {
    /// Its name without its folder.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// Two are the same when they are the same reading of a file: comparing them costs nothing, however long they are.
impl PartialEq for PayloadFile {
    fn eq(&self, other: &PayloadFile) -> bool {
        let place = |file: &PayloadFile| (file.bytes.as_ptr(), file.bytes.len());
        self.name == other.name && place(self) == place(other)
    }
}

impl Eq for PayloadFile {}

/// A frame, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrameForm {
    /// The four bits of the opcode.
    pub opcode: u8,
    /// FIN.
    pub fin: bool,
    /// RSV1 to RSV3.
    pub reserved: [bool; 3],
    /// How it is masked.
    pub masking: MaskingChoice,
    /// The key, in hexadecimal.
    pub key: String,
    /// The form of the length.
    pub length: LengthChoice,
    /// Whether a length is written that is not the payload's.
    pub is_length_false: bool,
    /// That length, in bytes.
    pub false_length: String,
    /// Where the payload comes from.
    pub payload: PayloadChoice,
    /// The payload as text.
    pub text: String,
    /// The payload in hexadecimal.
    pub hexadecimal: String,
    /// The payload from a file.
    #[serde(skip)]
    pub file: Option<PayloadFile>,
    /// How many frames it is split into.
    pub fragments: u32,
}

impl Default for FrameForm {
    fn default() -> FrameForm {
        FrameForm {
            opcode: 1,
            fin: true,
            reserved: [false; 3],
            masking: MaskingChoice::default(),
            key: "37 fa 21 3d".into(),
            length: LengthChoice::default(),
            is_length_false: false,
            false_length: String::new(),
            payload: PayloadChoice::default(),
            text: String::new(),
            hexadecimal: String::new(),
            file: None,
            fragments: 1,
        }
    }
}

/// Something to put on the wire as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawForm {
    /// A frame.
    Frame(FrameForm),
    /// Plain bytes, in hexadecimal.
    Bytes(String),
}

/// A form that is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its name, which no other template has.
    pub name: String,
    /// What is kept.
    pub content: RawForm,
}

/// A step of the planned sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// How long to wait before it, in milliseconds.
    pub delay: u64,
    /// The name of a template.
    pub template: String,
}

/// A rule that a form would break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRule {
    /// How much it matters.
    pub severity: Severity,
    /// What is broken.
    pub sentence: String,
    /// Where it is written.
    pub section: &'static str,
}

/// What sending a form would put on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The first bytes in hexadecimal, in runs; `true` for those that the server reads as a frame's header.
    pub runs: Vec<(bool, String)>,
    /// How much it is, in words.
    pub summary: String,
    /// What the server will make of its place in the stream, where that is not a frame's beginning and end.
    pub remarks: Vec<String>,
    /// The rules that it breaks, each once.
    pub broken: Vec<BrokenRule>,
}

/// Makes a preview, and more random keys where there are too few; or says why the form cannot be sent.
pub type PreviewMaker = fn(&RawForm, &Situation, &mut Vec<MaskingKey>) -> Result<Preview, String>;

/// How far a sequence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps that were carried out.
    pub done: usize,
    /// All steps.
    pub steps: usize,
    /// Whether more will be.
    pub is_running: bool,
}

/// What the composer has to know of its session and of the window.
#[derive(Clone, Copy)]
pub struct ComposerContext<'window> {
    /// Whether nobody answers by itself.
    pub is_manual: bool,
    /// Where the session stands.
    pub situation: &'window Situation,
    /// Makes previews.
    pub preview: PreviewMaker,
    /// What is kept.
    pub templates: &'window [Template],
    /// What the sequence will be.
    pub plan: &'window [PlannedStep],
    /// How far the session's newest sequence is.
    pub progress: Option<Progress>,
}
