//! Payloads as structures.

use closelook::content::encoding::{Encoding, View};
use closelook::content::tree::{DEEPEST, End, Kind, Limits, Tree};
use closelook::content::{cbor, json, message_pack, protocol_buffers};

use crate::{hex, outline};

fn message_pack(digits: &str) -> String {
    outline(&message_pack::tree(&hex(digits), Limits::VIEW))
}

fn cbor(digits: &str) -> String {
    outline(&cbor::tree(&hex(digits), Limits::VIEW))
}

fn protocol_buffers(digits: &str) -> String {
    outline(&protocol_buffers::tree(&hex(digits), Limits::VIEW))
}

fn json(text: &str) -> String {
    outline(&json::tree(text.as_bytes(), Limits::VIEW))
}

#[test]
fn json_keeps_the_order_of_keys_and_the_text_of_numbers() {
    assert_eq!(json(r#"{"b":1.0,"a":1e400,"c":-0}"#), "3 members(b=1.0 a=1e400 c=-0)");
    assert_eq!(
        json(" [ 12345678901234567890123 , null , true ] "),
        "3 elements(0=12345678901234567890123 1=null 2=true)"
    );
    assert_eq!(json(r#""a\u00fc\ud83d\ude00\n\/""#), "aü😀\n/");
    assert_eq!(json("{}"), "0 members");
    assert_eq!(json("7"), "7");
}

#[test]
fn json_shows_repeated_keys_and_broken_surrogates() {
    let tree = json::tree(br#"{"a":1,"b":{"a":2},"a":3,"s":"\ud800"}"#, Limits::VIEW);
    let remarks: Vec<_> =
        tree.nodes().iter().filter_map(|node| Some((node.value.clone(), node.remark.clone()?.into_owned()))).collect();
    let expected = [("3", "this key came before"), ("\u{fffd}", "half of a surrogate pair")];
    assert_eq!(remarks, expected.map(|(value, remark)| (value.to_owned(), remark.to_owned())));
}

#[test]
fn json_says_at_which_byte_it_is_broken() {
    for (text, expected) in [
        ("", "the JSON text ends too early at byte 0"),
        ("[1,", "the JSON text ends too early at byte 3"),
        ("[1,]", "a JSON value should be here at byte 3"),
        ("{\"a\" 1}", "a colon should follow the key at byte 5"),
        ("{a:1}", "a key in quotation marks should be here at byte 1"),
        ("{\"a\":1 \"b\":2}", "a comma or } should follow the value at byte 7"),
        ("[1 2]", "a comma or ] should follow the value at byte 3"),
        ("01", "a number must not begin with 0 at byte 1"),
        ("1.", "the JSON text ends too early at byte 2"),
        ("-x", "a digit should be here at byte 1"),
        ("\"\\x\"", "there is no such escape at byte 2"),
        ("\"\\u12g4\"", "four hexadecimal digits should follow \\u at byte 5"),
        ("\"a\nb\"", "a control character has to be escaped at byte 2"),
        ("truth", "a JSON value should be here at byte 3"),
        ("{} {}", "more follows after the end of the JSON value at byte 3"),
    ] {
        assert_eq!(json::tree(text.as_bytes(), Limits::VIEW).fault().unwrap().to_string(), expected, "{text}");
    }
    assert_eq!(
        json::tree(b"[\"a\xff\"]", Limits::VIEW).fault().unwrap().to_string(),
        "the text is not UTF-8 at byte 3"
    );
    assert_eq!(json(r#"{"a":[1,2,"#), "1 member(a=2 elements(0=1 1=2)) ! the JSON text ends too early at byte 10");
}

#[test]
fn json_is_laid_out_without_changing_anything_else() {
    let pretty = json::pretty(br#" {"b":[1.0,{}, []],"a":"\u00fc","a":1e400} "#);
    assert_eq!(pretty.end, End::Complete);
    let expected = "{\n  \"b\": [\n    1.0,\n    {},\n    []\n  ],\n  \"a\": \"\\u00fc\",\n  \"a\": 1e400\n}";
    assert_eq!(pretty.text, expected);
    let broken = json::pretty(b"[1,}");
    assert_eq!(broken.text, "[\n  1");
    assert!(matches!(broken.end, End::Fault(fault) if fault.at == 3));
}

#[test]
fn ranges_are_those_of_the_payload() {
    let text = br#"{"a": [10, "x"]}"#;
    let tree = json::tree(text, Limits::VIEW);
    let sources: Vec<_> = tree.nodes().iter().map(|node| &text[node.range.clone()]).collect();
    assert_eq!(sources, [&text[..], b"[10, \"x\"]", b"10", b"\"x\""]);
    let bytes = hex("82a16101a162920203");
    let tree = message_pack::tree(&bytes, Limits::VIEW);
    let sources: Vec<_> = tree.nodes().iter().map(|node| bytes[node.range.clone()].to_vec()).collect();
    assert_eq!(sources, [bytes.clone(), hex("01"), hex("920203"), hex("02"), hex("03")]);
}

#[test]
fn message_pack_of_the_python_library() {
    assert_eq!(
        message_pack(
            "83a1619901ffcf0000010000000000d3ffffff0000000000cb3ff8000000000000c0c3a76772c3bcc39f65c40200ffa16e81a1788003a7\
             696e74206b6579"
        ),
        "3 members(a=9 elements(0=1 1=-1 2=1099511627776 3=-1099511627776 4=1.5 5=nil 6=true 7=grüße 8=00 ff) \
         n=1 member(x=0 members) 3=int key)"
    );
    assert_eq!(message_pack("d7ffa1dcc480695735a5"), "timestamp: 1767323045 s and 678900000 ns since 1970");
    assert_eq!(message_pack("c70305616263"), "extension 5: 61 62 63");
}

#[test]
fn every_form_of_message_pack() {
    for (digits, expected) in [
        ("7f", "127"),
        ("e0", "-32"),
        ("ccff", "255"),
        ("cdffff", "65535"),
        ("ceffffffff", "4294967295"),
        ("cfffffffffffffffff", "18446744073709551615"),
        ("d080", "-128"),
        ("d18000", "-32768"),
        ("d280000000", "-2147483648"),
        ("d38000000000000000", "-9223372036854775808"),
        ("ca3fc00000", "1.5"),
        ("cb7ff0000000000000", "inf"),
        ("c2", "false"),
        ("d90161", "a"),
        ("da000161", "a"),
        ("db0000000161", "a"),
        ("c500010a", "0a"),
        ("c6000000010a", "0a"),
        ("dc000101", "1 element(0=1)"),
        ("dd0000000101", "1 element(0=1)"),
        ("de00010102", "1 member(1=2)"),
        ("df000000010102", "1 member(1=2)"),
        ("81920102c0", "1 member(key 0=2 elements(0=1 1=2) value 0=nil)"),
        ("d40110", "extension 1: 10"),
        ("d5011011", "extension 1: 10 11"),
        ("d60110111213", "extension 1: 10 11 12 13"),
        ("d6ff00000001", "timestamp: 1 s since 1970"),
        ("c70cff00000001ffffffffffffffff", "timestamp: -1 s and 1 ns since 1970"),
        ("a2fffe", "\u{fffd}\u{fffd}"),
        ("c1", " ! the byte c1 begins no MessagePack value at byte 0"),
        ("", " ! the bytes end before the value does at byte 0"),
        ("9201", "2 elements(0=1) ! the bytes end before the value does at byte 2"),
        ("c0c0", "nil ! more follows after the end of the value at byte 1"),
    ] {
        assert_eq!(message_pack(digits), expected, "{digits}");
    }
}

#[test]
fn cbor_of_the_python_library() {
    assert_eq!(
        cbor(
            "a361618901201b00000100000000003b000000fffffffffffb3ff8000000000000f6f5676772c3bcc39f654200ff616ea16178a0036769\
             6e74206b6579"
        ),
        "3 members(a=9 elements(0=1 1=-1 2=1099511627776 3=-1099511627776 4=1.5 5=null 6=true 7=grüße 8=00 ff) \
         n=1 member(x=0 members) 3=int key)"
    );
    assert_eq!(
        cbor(
            "88c074323032362d30312d30325430303a30303a30305ac249400000000000000000c482200fd8255000000000000000000000000000000005\
             f7f863f97c00fb3ff0000000000000"
        ),
        "8 elements(0=tag 0: date and time as text(2026-01-02T00:00:00Z) 1=tag 2: unsigned big number(40 00 00 00 00 00 00 00 00) \
         2=tag 4: decimal fraction(2 elements(0=-1 1=15)) 3=tag 37(00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05) \
         4=undefined 5=simple value 99 6=inf 7=1.0)"
    );
    assert_eq!(cbor("a1820102657475706c65"), "1 member(key 0=2 elements(0=1 1=2) value 0=tuple)");
}

/// From appendix A of RFC 8949.
#[test]
fn cbor_of_its_rfc() {
    for (digits, expected) in [
        ("00", "0"),
        ("1818", "24"),
        ("1bffffffffffffffff", "18446744073709551615"),
        ("3bffffffffffffffff", "-18446744073709551616"),
        ("f90001", "5.960464477539063e-8"),
        ("fa47c35000", "100000.0"),
        ("f97e00", "NaN"),
        ("f0", "simple value 16"),
        ("f8ff", "simple value 255"),
        ("c11a514b67b0", "tag 1: seconds since 1970(1363896240)"),
        ("d818456449455446", "tag 24: encoded CBOR(64 49 45 54 46)"),
        ("40", ""),
        ("62225c", "\"\\"),
        ("80", "0 elements"),
        ("8301820203820405", "3 elements(0=1 1=2 elements(0=2 1=3) 2=2 elements(0=4 1=5))"),
        ("a26161016162820203", "2 members(a=1 b=2 elements(0=2 1=3))"),
        ("5f42010243030405ff", "bytes in chunks(0=01 02 1=03 04 05)"),
        ("7f657374726561646d696e67ff", "text in chunks(0=strea 1=ming)"),
        ("9fff", "0 elements"),
        ("9f018202039f0405ffff", "3 elements(0=1 1=2 elements(0=2 1=3) 2=2 elements(0=4 1=5))"),
        ("bf61610161629f0203ffff", "2 members(a=1 b=2 elements(0=2 1=3))"),
    ] {
        assert_eq!(cbor(digits), expected, "{digits}");
    }
    for (digits, fault) in [
        ("1c", "this byte begins no CBOR data item at byte 0"),
        ("ff", "a break stands where a value should at byte 0"),
        ("81ff", "a break stands where a value should at byte 1"),
        ("bf6161ff", "a break stands where a value should at byte 3"),
        ("5f6161ff", "a chunk is of another type than the whole at byte 1"),
        ("7fff00", "more follows after the end of the value at byte 2"),
        ("6261", "the bytes end before the value does at byte 2"),
        ("1a0000", "the bytes end before the value does at byte 3"),
    ] {
        assert_eq!(cbor::tree(&hex(digits), Limits::VIEW).fault().unwrap().to_string(), fault, "{digits}");
    }
}

#[test]
fn protocol_buffers_of_the_python_library() {
    assert_eq!(protocol_buffers("0880e2cfaa061005"), "1=1700000000 · zigzag 850000000 2=5 · zigzag -3");
    assert_eq!(protocol_buffers("0d0000c03f"), "1=1069547520 · float 1.5");
    assert_eq!(
        protocol_buffers("0900000000000002c0"),
        "1=13835621005235585024 · signed -4611123068473966592 · double -2.25"
    );
    assert_eq!(
        protocol_buffers("08ffffffffffffffffff01"),
        "1=18446744073709551615 · signed -1 · zigzag -9223372036854775808"
    );
    assert_eq!(protocol_buffers("0a02ff00"), "1=ff 00");
    assert_eq!(
        protocol_buffers(
            "0a130a046e616d65120b1a09636c6f73656c6f6f6b0a0e0a016e120911000000000000f83f0a0f0a016c120a32080a0220010a020800"
        ),
        "1=2 members(1=name 2=1 member(3=closelook)) \
         1=2 members(1=n 2=1 member(2=4609434218613702656 · double 1.5)) \
         1=2 members(1=l 2=1 member(6=2 members(1=1 member(4=1 · zigzag -1) 1=1 member(1=0 · zigzag 0))))"
    );
    assert_eq!(
        protocol_buffers("0a07612e70726f746f1201701a07622e70726f746f220e0a014d12090a0178180120012805"),
        "1=a.proto 2=p 3=b.proto 4=2 members(1=M 2=4 members(1=x 3=1 · zigzag -1 4=1 · zigzag -1 5=5 · zigzag -3))"
    );
}

#[test]
fn protocol_buffers_say_where_they_are_broken() {
    for (digits, fault) in [
        ("0f", "7 is no wire type at byte 0"),
        ("00", "0 is no field number at byte 0"),
        ("08", "the bytes end before the value does at byte 1"),
        ("0a05 61", "the bytes end before the value does at byte 3"),
        ("08ffffffffffffffffff02", "the varint does not fit into 64 bits at byte 10"),
        ("0b", "group 1 does not end at byte 1"),
        ("0c", "group 1 ends that was not begun at byte 0"),
        ("0a ff ff ff ff 0f", "the bytes end before the value does at byte 6"),
    ] {
        assert_eq!(protocol_buffers::tree(&hex(digits), Limits::VIEW).fault().unwrap().to_string(), fault, "{digits}");
    }
    assert_eq!(protocol_buffers("0b08010c"), "1=1 member(1=1 · zigzag -1)");
}

#[test]
fn claimed_lengths_cost_nothing() {
    for digits in ["dfffffffff", "ddffffffff", "dbffffffff", "c6ffffffff", "c9ffffffff01"] {
        assert!(message_pack::tree(&hex(digits), Limits::VIEW).fault().is_some(), "{digits}");
    }
    for digits in ["9bffffffffffffffff", "bbffffffffffffffff", "5bffffffffffffffff", "7b7fffffffffffffff"] {
        assert!(cbor::tree(&hex(digits), Limits::VIEW).fault().is_some(), "{digits}");
    }
}

type Read = fn(&[u8], Limits) -> Tree;

#[test]
fn depth_and_number_are_bounded_and_what_is_cut_is_said() {
    let deep = |opening: &[u8], count: usize| opening.repeat(count);
    let readers: [(Read, &[u8], &[u8]); 3] =
        [(json::tree, b"[", b"1"), (message_pack::tree, b"\x91", b"\x01"), (cbor::tree, b"\x81", b"\x01")];
    for (read, opening, value) in readers {
        let tree = read(&deep(opening, 1 << 20), Limits::VIEW);
        assert!(matches!(&tree.end, End::Cut { at, .. } if *at <= DEEPEST + 1), "{:?}", tree.end);
        assert_eq!(tree.nodes().len(), Limits::VIEW.depth);
        let hundred =
            [deep(opening, 100), value.to_vec(), if opening == b"[" { b"]".repeat(100) } else { Vec::new() }].concat();
        let tree = read(&hundred, Limits::VIEW);
        assert_eq!(tree.end, End::Complete);
        assert!(tree.nodes().last().unwrap().is_cut);
    }
    let many = format!("[{}1]", "1,".repeat(50_000));
    let tree = json::tree(many.as_bytes(), Limits::VIEW);
    assert_eq!(tree.nodes().len(), Limits::VIEW.nodes);
    assert!(
        matches!(&tree.end, End::Cut { bound, .. } if bound.to_string() == "only the first 20000 values are shown")
    );
    let long = format!("{{\"{}\":\"{}\"}}", "k".repeat(5_000), "v".repeat(5_000));
    let tree = json::tree(long.as_bytes(), Limits::VIEW);
    let node = &tree.nodes()[1];
    assert!(node.is_cut && node.label.len() <= 256 && node.value.len() <= 1024);
    assert_eq!(node.range.len(), 5_002);
    // Every level holds the next one in a field of its own, so each could be looked through once for every level above it.
    let mut nested = vec![8, 1];
    while nested.len() < 60_000 {
        let mut outer = vec![0x0A];
        let mut length = nested.len();
        while length >= 0x80 {
            outer.push(length as u8 & 0x7F | 0x80);
            length >>= 7;
        }
        outer.push(length as u8);
        outer.extend(nested);
        nested = outer;
    }
    let tree = protocol_buffers::tree(&nested, Limits::VIEW);
    assert_eq!(tree.end, End::Complete);
    assert_eq!(tree.nodes().last().unwrap().kind, Kind::Bytes);
}

#[test]
fn the_guess_is_by_the_bytes() {
    let guess = |bytes: &[u8], is_text| Encoding::detect(bytes, is_text, true);
    assert_eq!(guess(br#"{"a":1}"#, true), Encoding::Json);
    assert_eq!(guess(br#"{"a":1}"#, false), Encoding::Json);
    assert_eq!(guess(br#"{"a":1"#, true), Encoding::Text);
    assert_eq!(Encoding::detect(br#"{"a":1"#, true, false), Encoding::Json);
    assert_eq!(guess(b"hello", true), Encoding::Text);
    assert_eq!(guess(b"hello", false), Encoding::Text);
    assert_eq!(guess(b"", true), Encoding::Text);
    assert_eq!(guess(b"", false), Encoding::Hexadecimal);
    assert_eq!(guess(&hex("82a1610190"), false), Encoding::Hexadecimal);
    assert_eq!(guess(&hex("82a16101a162920203"), false), Encoding::MessagePack);
    assert_eq!(guess(&hex("a26161016162820203"), false), Encoding::Cbor);
    assert_eq!(guess(&hex("0880e2cfaa061005"), false), Encoding::ProtocolBuffers);
    assert_eq!(guess(&hex("0a07612e70726f746f120170"), false), Encoding::ProtocolBuffers);
    assert_eq!(guess(&hex("fffefdfc"), false), Encoding::Hexadecimal);
    assert_eq!(guess(b"eyJpbnNpZGUiOnRydWV9", true), Encoding::Base64);
    assert_eq!(guess(b"o2FhAWFigwECA2FjZHRleHQ=", true), Encoding::Base64);
    for words in
        ["deadbeefdeadbeef", "averylongsinglewordwithout", "https://example.org/aaaa", "0123456789abcdef01234567"]
    {
        assert_eq!(guess(words.as_bytes(), true), Encoding::Text, "{words}");
    }
}

#[test]
fn base64_is_looked_into() {
    let Ok(View::Inside { bytes, encoding, view }) = Encoding::Base64.view(b" o2FhAWFigwEC\r\nA2FjZHRleHQ=\n") else {
        panic!("base64");
    };
    assert_eq!((bytes, encoding), (hex("a361610161628301020361636474657874"), Encoding::Cbor));
    let View::Tree(tree) = *view else { panic!("a tree") };
    assert_eq!(outline(&tree), "3 members(a=1 b=3 elements(0=1 1=2 2=3) c=text)");
    assert!(matches!(Encoding::Base64.view(b"_-8"), Ok(View::Inside { bytes, .. }) if bytes == [0xFF, 0xEF]));
    for (text, fault) in [
        ("  ab\n*d", "this byte is no base64 digit at byte 5"),
        ("abcde", "the base64 text ends inside of a byte at byte 5"),
    ] {
        assert_eq!(Encoding::Base64.view(text.as_bytes()).unwrap_err().to_string(), fault);
    }
}

#[test]
fn a_forced_encoding_that_does_not_fit_says_where() {
    for (encoding, payload, expected) in [
        (Encoding::Text, &b"ab\xffcd"[..], "the payload is not UTF-8 at byte 2"),
        (Encoding::Json, b"hello", "a JSON value should be here at byte 0"),
        (Encoding::MessagePack, b"\xc1", "the byte c1 begins no MessagePack value at byte 0"),
        (Encoding::Cbor, b"\x1f", "this byte begins no CBOR data item at byte 0"),
        (Encoding::ProtocolBuffers, b"\x07", "0 is no field number at byte 0"),
    ] {
        assert_eq!(encoding.view(payload).unwrap_err().to_string(), expected);
    }
    let Ok(View::Tree(tree)) = Encoding::MessagePack.view(b"hello") else { panic!("a tree") };
    assert_eq!(tree.fault().unwrap().to_string(), "more follows after the end of the value at byte 1");
    assert!(matches!(Encoding::Hexadecimal.view(b"\xff"), Ok(View::Bytes)));
}

#[test]
fn names_are_read_back() {
    for encoding in Encoding::ALL {
        assert_eq!(Encoding::of_name(encoding.name()), Some(encoding));
    }
    assert_eq!(Encoding::of_name("yaml"), None);
}
