//! From the raw composer's forms to bytes, and to the preview of what they would do; all of it bounded, since it is made while painting.

use std::num::NonZeroU32;

use bytes::Bytes;

use crate::capture::masking_keys::MaskingKeys;
use crate::explain::findings::sentence;
use crate::explain::texts::Texts;
use crate::protocol::decoder::{DecoderEvent, FrameDecoder};
use crate::protocol::finding::Finding;
use crate::protocol::frame::LengthEncoding;
use crate::protocol::frame_draft::{DraftLength, DraftMasking, DraftProblem, FrameDraft};
use crate::protocol::hexadecimal::{self, HexadecimalError};
use crate::protocol::masking::MaskingKey;
use crate::protocol::opcode::Opcode;
use crate::protocol::rehearsal::{Situation, UnderWay};
use crate::ui::format;
use crate::ui::raw_form::{BrokenRule, FrameForm, LengthChoice, MaskingChoice, PayloadChoice, Preview, RawForm};

/// The largest payload of a frame that is composed here, in bytes; whole messages may be larger.
pub(super) const LARGEST_PAYLOAD: usize = 16 * 1024 * 1024;

/// How many bytes of a form are rehearsed.
const REHEARSED: usize = 64 * 1024;

/// How many bytes of a form are shown.
const SHOWN: usize = 160;

/// How many broken rules are shown.
const RULES_SHOWN: usize = 8;

/// Why a form cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RawProblem {
    /// The bytes are not hexadecimal.
    #[error(transparent)]
    Hexadecimal(#[from] HexadecimalError),
    /// The key is not four bytes.
    #[error("A masking key has four bytes; “{0}” is not that. Write it as in 37 fa 21 3d.")]
    NotAKey(String),
    /// The false length is not a number.
    #[error("“{0}” is not a length. Write a whole number of bytes, up to 18446744073709551615.")]
    NotALength(String),
    /// No file was chosen.
    #[error("Choose the file that is the payload.")]
    NoFile,
    /// The frame cannot be written.
    #[error(transparent)]
    Draft(#[from] DraftProblem),
}

/// The bytes of a form; random keys are taken from `keys`, and made where there are too few.
pub(super) fn bytes(form: &RawForm, keys: &mut Vec<MaskingKey>) -> Result<Bytes, RawProblem> {
    match form {
        RawForm::Bytes(text) => Ok(hexadecimal::parse(text)?.into()),
        RawForm::Frame(form) => {
            let draft = draft(form)?;
            provide_keys(&draft, keys);
            Ok(draft.write(one_by_one(keys))?.into())
        }
    }
}

/// See [`crate::ui::raw_form::PreviewMaker`].
pub(super) fn preview(form: &RawForm, situation: &Situation, keys: &mut Vec<MaskingKey>) -> Result<Preview, String> {
    let (start, total) = start(form, keys).map_err(|problem| problem.to_string())?;
    let rehearsal = situation.rehearse(&start);
    let reading = Reading::of(&start, situation.under_way.as_ref());
    let frames = match rehearsal.frames {
        0 => "no new frame".to_owned(),
        count => format::frames(count),
    };
    let is_whole = start.len() as u64 == total;
    let mut remarks = Vec::new();
    match &situation.under_way {
        Some(UnderWay::Payload { missing, .. }) => remarks.push(format!(
            "The frame before still lacks {} of its payload: these bytes begin with that.",
            format::bytes(*missing)
        )),
        Some(UnderWay::Header(bytes)) => remarks
            .push(format!("A header was begun with {}: these bytes go on with it.", format::bytes(bytes.len() as u64))),
        None => {}
    }
    if is_whole && reading.missing > 0 {
        remarks.push(format!("The server will wait for another {} of payload.", format::bytes(reading.missing)));
    } else if is_whole && reading.is_inside_header {
        remarks.push("The server will wait for the rest of a header.".into());
    }
    if !is_whole {
        remarks.push(format!("Only the first {} were checked against the rules.", format::bytes(start.len() as u64)));
    }
    let summary = match is_whole {
        true => format!("{} · {frames}", format::bytes(total)),
        false => format::bytes(total),
    };
    Ok(Preview { runs: runs(&start, &reading, total), summary, remarks, broken: broken(&rehearsal.findings) })
}

/// As much of the form's bytes as is rehearsed, and how many there are in all.
fn start(form: &RawForm, keys: &mut Vec<MaskingKey>) -> Result<(Vec<u8>, u64), RawProblem> {
    let form = match form {
        RawForm::Frame(form) => form,
        RawForm::Bytes(text) => {
            let mut bytes = hexadecimal::parse(text)?;
            let total = bytes.len() as u64;
            bytes.truncate(REHEARSED);
            return Ok((bytes, total));
        }
    };
    let draft = draft(form)?;
    provide_keys(&draft, keys);
    let (mut start, mut total) = (Vec::new(), 0);
    for (header, range) in draft.frames(one_by_one(keys))? {
        total += (header.header_length() + range.len()) as u64;
        let room = REHEARSED.saturating_sub(start.len());
        if room > 0 {
            let payload = draft.payload.get(range).unwrap_or_default();
            header.write_with_payload(payload.get(..room).unwrap_or(payload), &mut start);
        }
    }
    start.truncate(REHEARSED);
    Ok((start, total))
}

fn draft(form: &FrameForm) -> Result<FrameDraft, RawProblem> {
    let payload = match form.payload {
        PayloadChoice::Text => Bytes::copy_from_slice(form.text.as_bytes()),
        PayloadChoice::Hexadecimal => hexadecimal::parse(&form.hexadecimal)?.into(),
        PayloadChoice::File => form.file.as_ref().ok_or(RawProblem::NoFile)?.bytes.clone(),
    };
    let masking = match form.masking {
        MaskingChoice::Off => DraftMasking::Off,
        MaskingChoice::Random => DraftMasking::Random,
        MaskingChoice::Given => {
            let key = hexadecimal::parse(&form.key)?;
            let key = key.try_into().map_err(|_| RawProblem::NotAKey(form.key.clone()))?;
            DraftMasking::Given(MaskingKey(key))
        }
    };
    let claimed = match form.is_length_false {
        true => {
            let typed = form.false_length.trim();
            Some(typed.parse().map_err(|_| RawProblem::NotALength(typed.into()))?)
        }
        false => None,
    };
    let encoding = match form.length {
        LengthChoice::Shortest => None,
        LengthChoice::SevenBits => Some(LengthEncoding::SevenBits),
        LengthChoice::SixteenBits => Some(LengthEncoding::SixteenBits),
        LengthChoice::SixtyFourBits => Some(LengthEncoding::SixtyFourBits),
    };
    let [rsv1, rsv2, rsv3] = form.reserved;
    Ok(FrameDraft {
        opcode: Opcode::from_bits(form.opcode),
        fin: form.fin,
        rsv1,
        rsv2,
        rsv3,
        masking,
        length: DraftLength { encoding, claimed },
        payload,
        fragments: NonZeroU32::new(form.fragments).unwrap_or(NonZeroU32::MIN),
    })
}

/// Makes as many random keys as the draft needs, so that what is shown is what will be sent.
fn provide_keys(draft: &FrameDraft, keys: &mut Vec<MaskingKey>) {
    let needed = match draft.masking {
        DraftMasking::Random => draft.fragments.get().min(draft.most_fragments()) as usize,
        _ => 0,
    };
    if keys.len() < needed {
        let random = MaskingKeys::default();
        keys.resize_with(needed, || random.next());
    }
}

fn one_by_one(keys: &[MaskingKey]) -> impl FnMut() -> MaskingKey {
    let mut keys = keys.iter();
    move || keys.next().copied().unwrap_or(MaskingKey([0; 4]))
}

/// How the server reads the bytes: where headers are, and what it still waits for.
struct Reading {
    /// The ranges of the bytes that are headers, in order.
    headers: Vec<std::ops::Range<usize>>,
    missing: u64,
    is_inside_header: bool,
}

impl Reading {
    fn of(bytes: &[u8], under_way: Option<&UnderWay>) -> Reading {
        let mut reading = Reading { headers: Vec::new(), missing: 0, is_inside_header: false };
        // Where frames begin: behind what is missing of a payload, or before the bytes at hand.
        let (before, skipped): (&[u8], usize) = match under_way {
            None => (&[], 0),
            Some(UnderWay::Header(sent)) => (sent, 0),
            Some(UnderWay::Payload { missing, .. }) => {
                let missing = usize::try_from(*missing).unwrap_or(usize::MAX);
                if missing > bytes.len() {
                    reading.missing = (missing - bytes.len()) as u64;
                    return reading;
                }
                (&[], missing)
            }
        };
        let mut decoder = FrameDecoder::new(0);
        let place = |offset: usize| (offset + skipped).saturating_sub(before.len());
        let mut frame_end = 0;
        for part in [before, bytes.get(skipped..).unwrap_or_default()] {
            decoder.decode(part, |event| match event {
                DecoderEvent::Header { header, stream_offset } => {
                    let start = stream_offset as usize;
                    let end = start + header.header_length();
                    if reading.headers.len() < SHOWN {
                        reading.headers.push(place(start)..place(end));
                    }
                    frame_end = (end as u64).saturating_add(header.payload_length);
                }
                DecoderEvent::Payload { .. } | DecoderEvent::Finished => {}
            });
        }
        let length = (before.len() + bytes.len() - skipped) as u64;
        reading.missing = frame_end.saturating_sub(length);
        reading.is_inside_header = reading.missing == 0 && !decoder.is_between_frames();
        if reading.is_inside_header {
            let start = place(usize::try_from(frame_end).unwrap_or(0));
            reading.headers.push(start..bytes.len());
        }
        reading
    }
}

/// The first bytes in runs of header and payload.
fn runs(bytes: &[u8], reading: &Reading, total: u64) -> Vec<(bool, String)> {
    let shown = bytes.get(..SHOWN).unwrap_or(bytes);
    let mut runs: Vec<(bool, Vec<u8>)> = Vec::new();
    for (place, byte) in shown.iter().enumerate() {
        let is_header = reading.headers.iter().any(|range| range.contains(&place));
        let begins_frame = is_header && reading.headers.iter().any(|range| range.start == place);
        match runs.last_mut() {
            Some((kind, run)) if *kind == is_header && !begins_frame => run.push(*byte),
            _ => runs.push((is_header, vec![*byte])),
        }
    }
    let mut runs: Vec<_> = runs.into_iter().map(|(kind, run)| (kind, hexadecimal::spaced(run))).collect();
    let hidden = total - shown.len() as u64;
    if hidden > 0 {
        runs.push((false, format!("… and {} more", format::bytes(hidden))));
    }
    runs
}

/// The rules, each once.
fn broken(findings: &[Finding]) -> Vec<BrokenRule> {
    let mut broken: Vec<BrokenRule> = Vec::new();
    let mut names = Vec::new();
    for finding in findings {
        if names.contains(&finding.rule.name()) || broken.len() == RULES_SHOWN {
            continue;
        }
        names.push(finding.rule.name());
        broken.push(BrokenRule {
            severity: finding.rule.severity(),
            sentence: sentence(finding, Texts::english()),
            section: finding.rule.section(),
        });
    }
    broken
}
