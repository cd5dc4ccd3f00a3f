//! What two payloads differ in first, and what does not count.

use closelook::content::difference::{Comparing, Difference, Place};
use closelook::search::Filter;
use proptest::prelude::*;

fn first(left: &str, right: &str) -> Option<Difference> {
    Comparing { ignored: &[] }.first(left.as_bytes(), right.as_bytes())
}

fn told(left: &str, right: &str) -> String {
    first(left, right).map_or_else(|| "the same".into(), |difference| difference.to_string())
}

#[test]
fn in_json_the_value_is_named_by_its_path() {
    for (left, right, expected) in [
        (r#"{"a":1}"#, r#"{"a":1}"#, "the same"),
        (r#"{"user":{"id":7}}"#, r#"{"user":{"id":8}}"#, "json.user.id (byte 14): 7, now 8"),
        (
            r#"{"text":"a long word"}"#,
            r#"{"text":"a long day"}"#,
            r#"json.text (byte 16): "a long word", now "a long day""#,
        ),
        (r#"[1,[2,3]]"#, r#"[1,[2,4]]"#, "json[1][1] (byte 6): 3, now 4"),
        (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, "json.b (byte 11): 2, now nothing"),
        (r#"{"a":1}"#, r#"{"a":1,"odd key":[2]}"#, r#"json["odd key"] (byte 17): nothing, now [2]"#),
        (r#"[1,2]"#, r#"[1]"#, "json[1] (byte 3): 2, now nothing"),
        (r#"{"a":1}"#, r#"{"a":"1"}"#, r#"json.a (byte 5): 1, now "1""#),
        (r#"{"a":1}"#, r#"[1]"#, r#"json (byte 0): {"a":1}, now [1]"#),
        (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, "the same JSON, written in another way from byte 2 on"),
        (r#"{"a":1}"#, r#"{"a": 1}"#, "the same JSON, written in another way from byte 5 on"),
        (r#"{"a":"\u00e9"}"#, r#"{"a":"é"}"#, "the same JSON, written in another way from byte 6 on"),
        // The order of members is no difference, and so not the first one.
        (r#"{"a":1,"b":2}"#, r#"{"b":3,"a":1}"#, "json.b (byte 11): 2, now 3"),
    ] {
        assert_eq!(told(left, right), expected, "{left} {right}");
    }
}

#[test]
fn elsewhere_it_is_the_byte() {
    for (left, right, expected) in [
        ("hello", "help", r#"byte 3: "lo", now "p""#),
        ("grüße", "gräße", r#"byte 3: "üße", now "äße""#),
        ("hello", "hello, world", r#"byte 5: nothing, now ", world""#),
        ("", "a", r#"byte 0: nothing, now "a""#),
        ("line\n", "line\r\n", r#"byte 4: " ", now "  ""#),
        // Not JSON as a whole.
        (r#"{"a":1"#, r#"{"a":2"#, r#"byte 5: "1", now "2""#),
        ("7", "8", r#"byte 0: "7", now "8""#),
    ] {
        assert_eq!(told(left, right), expected, "{left} {right}");
    }
    let bytes = Comparing { ignored: &[] }.first(&[0; 40], &[&[0; 4][..], &[0xFF, 1]].concat()).unwrap();
    assert_eq!(bytes.to_string(), "byte 4: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 …, now ff 01");
}

fn ignoring(paths: &[&str]) -> Vec<Vec<closelook::content::json_path::Step>> {
    paths.iter().map(|path| Filter::parse(path).unwrap().json_path().unwrap().to_vec()).collect()
}

#[test]
fn values_that_do_not_count_are_passed_over() {
    let then = r#"{"id":1,"at":10,"items":[{"n":1,"seen":5},{"n":2,"seen":6}]}"#;
    let later = r#"{"id":1,"at":11,"items":[{"n":1,"seen":7},{"n":2,"seen":800}]}"#;
    let other = r#"{"id":1,"at":11,"items":[{"n":1,"seen":7},{"n":3,"seen":8}]}"#;
    for (paths, expected) in [
        (&[][..], Some("json.at (byte 14): 10, now 11")),
        (&["json.at"], Some("json.items[0].seen (byte 39): 5, now 7")),
        (&["json.at", "json.items[0].seen"], Some("json.items[1].seen (byte 56): 6, now 800")),
        (&["json.at", "json.items[*].seen"], None),
        (&["json.at", "json.items"], None),
    ] {
        let ignored = ignoring(paths);
        let comparing = Comparing { ignored: &ignored };
        let found = comparing.first(then.as_bytes(), later.as_bytes()).map(|difference| difference.to_string());
        assert_eq!(found.as_deref(), expected, "{paths:?}");
        let prints = [then, later].map(|text| comparing.fingerprint(text.as_bytes()));
        assert_eq!(prints[0] == prints[1], expected.is_none(), "{paths:?}");
    }
    let ignored = ignoring(&["json.at", "json.items[*].seen"]);
    let comparing = Comparing { ignored: &ignored };
    let found = comparing.first(then.as_bytes(), other.as_bytes()).unwrap();
    assert_eq!((found.at, found.place), (47, Place::Value("json.items[1].n".into())));
    assert_ne!(comparing.fingerprint(then.as_bytes()), comparing.fingerprint(other.as_bytes()));
}

proptest! {
    #[test]
    fn what_is_the_same_has_no_difference_and_what_is_not_has_one(left: Vec<u8>, right: Vec<u8>, text: String) {
        let comparing = Comparing { ignored: &[] };
        for payload in [&left[..], text.as_bytes()] {
            prop_assert_eq!(comparing.first(payload, payload), None);
            prop_assert_eq!(comparing.fingerprint(payload), comparing.fingerprint(payload));
        }
        let difference = comparing.first(&left, &right);
        prop_assert_eq!(difference.is_none(), left == right);
        if let Some(Difference { at, place: Place::Byte, .. }) = difference {
            prop_assert_eq!(left.get(..at), right.get(..at));
            prop_assert_ne!(left.get(at), right.get(at));
        }
    }
}
