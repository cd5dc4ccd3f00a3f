//! What holds for all bytes, and round trips against other implementations of the formats.

use closelook::content::correlation::correlations;
use closelook::content::encoding::{Encoding, View};
use closelook::content::subprotocol::{Content, Subprotocol};
use closelook::content::tree::{End, Kind, LONGEST_LABEL, LONGEST_VALUE, Limits, Tree, Value};
use closelook::content::{cbor, json, message_pack};
use closelook::protocol::direction::Direction;
use proptest::prelude::*;

fn check(tree: &Tree, payload: &[u8]) {
    assert!(tree.nodes().len() <= Limits::VIEW.nodes);
    for (place, node) in tree.nodes().iter().enumerate() {
        assert!(node.label.len() <= LONGEST_LABEL && node.value.len() <= LONGEST_VALUE);
        assert!(node.range.start <= node.range.end && node.range.end <= payload.len());
        assert!(node.depth < Limits::VIEW.depth);
        assert!((place + 1..=tree.nodes().len()).contains(&tree.end_of(place)));
    }
    match &tree.end {
        End::Complete => {}
        End::Cut { at, .. } => assert!(*at <= payload.len()),
        End::Fault(fault) => assert!(fault.at <= payload.len()),
    }
}

/// A value that JSON, MessagePack and CBOR all have.
fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    scalar.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(serde_json::Value::Array),
            prop::collection::btree_map(".{0,8}", inner, 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The value that a tree shows.
fn back(value: Value<'_>) -> serde_json::Value {
    let node = value.node();
    match node.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Boolean => (node.value == "true").into(),
        Kind::Number => node.value.parse::<i64>().unwrap().into(),
        Kind::Text => node.value.as_str().into(),
        Kind::Sequence => value.members().map(back).collect::<Vec<_>>().into(),
        Kind::Map => serde_json::Value::Object(
            value.members().map(|member| (member.node().label.clone(), back(member))).collect(),
        ),
        Kind::Bytes | Kind::Special => panic!("{node:?}"),
    }
}

fn to_message_pack(value: &serde_json::Value) -> rmpv::Value {
    match value {
        serde_json::Value::Null => rmpv::Value::Nil,
        serde_json::Value::Bool(value) => (*value).into(),
        serde_json::Value::Number(number) => number.as_i64().unwrap().into(),
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(values) => rmpv::Value::Array(values.iter().map(to_message_pack).collect()),
        serde_json::Value::Object(members) => {
            rmpv::Value::Map(members.iter().map(|(key, value)| (key.as_str().into(), to_message_pack(value))).collect())
        }
    }
}

fn to_cbor(value: &serde_json::Value) -> ciborium::Value {
    match value {
        serde_json::Value::Null => ciborium::Value::Null,
        serde_json::Value::Bool(value) => (*value).into(),
        serde_json::Value::Number(number) => number.as_i64().unwrap().into(),
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(values) => ciborium::Value::Array(values.iter().map(to_cbor).collect()),
        serde_json::Value::Object(members) => {
            ciborium::Value::Map(members.iter().map(|(key, value)| (key.as_str().into(), to_cbor(value))).collect())
        }
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_bounds_hold(
        payload in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            r#"[0-6b]?[0-9]{0,2}-?(/a,)?[\[{"](["a:1,\[\]{}\\ue0-9. -]){0,60}"#.prop_map(String::into_bytes),
            r"(CONNECT|SEND|MESSAGE)\n([a-z-]{1,8}:[a-z:\\]{0,8}\n){0,4}\n?.{0,10}".prop_map(String::into_bytes),
        ],
        is_text: bool,
        extra in 0_u64..10,
        to_server: bool,
    ) {
        let direction = if to_server { Direction::ClientToServer } else { Direction::ServerToClient };
        for encoding in Encoding::ALL {
            if let Ok(View::Tree(tree)) = encoding.view(&payload) {
                check(&tree, &payload);
            }
        }
        prop_assert!(Encoding::detect(&payload, is_text, extra == 0).view(&payload).is_ok());
        let content = Content { direction, is_text, payload: &payload, length: payload.len() as u64 + extra };
        Subprotocol::of_content(&content);
        prop_assert!(correlations(None, &content).len() <= 64);
        for subprotocol in Subprotocol::ALL {
            if let Some(line) = subprotocol.summary(&content) {
                prop_assert!(line.chars().count() <= 201);
                prop_assert!(!line.chars().any(|character| character.is_control() || character == '\u{202e}'), "{line:?}");
            }
            prop_assert!(subprotocol.correlations(&content).len() <= 64);
        }
        let pretty = json::pretty(&payload);
        prop_assert_eq!(pretty.end == End::Complete, json::tree(&payload, Limits::VIEW).end == End::Complete);
    }

    #[test]
    fn json_is_read_as_another_reader_reads_it(value in any_value()) {
        let text = serde_json::to_string(&value).unwrap();
        let tree = json::tree(text.as_bytes(), Limits::VIEW);
        prop_assert_eq!(&tree.end, &End::Complete);
        prop_assert_eq!(back(tree.root().unwrap()), value.clone());
        let pretty = json::pretty(text.as_bytes());
        prop_assert_eq!(pretty.text, serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn what_is_json_is_agreed_on(text in r#"[\[{]["a:1,\[\]{}\\nue0-9. -]{0,24}"#) {
        let another = serde_json::from_str::<serde::de::IgnoredAny>(&text);
        prop_assert_eq!(json::tree(text.as_bytes(), Limits::VIEW).end == End::Complete, another.is_ok(), "{}", text);
    }

    #[test]
    fn message_pack_is_read_as_it_was_written(value in any_value()) {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &to_message_pack(&value)).unwrap();
        let tree = message_pack::tree(&bytes, Limits::VIEW);
        prop_assert_eq!(&tree.end, &End::Complete);
        prop_assert_eq!(back(tree.root().unwrap()), value);
    }

    #[test]
    fn cbor_is_read_as_it_was_written(value in any_value()) {
        let mut bytes = Vec::new();
        ciborium::into_writer(&to_cbor(&value), &mut bytes).unwrap();
        let tree = cbor::tree(&bytes, Limits::VIEW);
        prop_assert_eq!(&tree.end, &End::Complete);
        prop_assert_eq!(back(tree.root().unwrap()), value);
    }

    #[test]
    fn what_is_message_pack_is_agreed_on(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut rest = bytes.as_slice();
        let another = rmpv::decode::read_value(&mut rest).is_ok() && rest.is_empty();
        prop_assert_eq!(message_pack::tree(&bytes, Limits::VIEW).end == End::Complete, another);
    }
}
