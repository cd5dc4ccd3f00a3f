//! The same close as other programs tell it; tests/programs.rs runs them to see whether that is so.

use closelook::explain::language::Language;
use closelook::explain::plain_text::PlainText;
use closelook::explain::programs::{Checked, Program, Retold};
use closelook::explain::texts::Texts;
use closelook::protocol::direction::Side;
use closelook::protocol::verdict::TransportEnd;
use unicode_width::UnicodeWidthStr;

use super::Close::{Code, Empty, HalfCode};
use super::{Conversation, assert_is_prose, both_closed, every_ending};

/// What a program is told in the place of a side.
fn told(retold: &[Retold], side: Side, name: &str) -> String {
    let place = retold.iter().find(|place| place.side == side).expect("something was received");
    let program = place.retellings.iter().find(|retelling| retelling.program.ends_with(name));
    program.unwrap_or_else(|| panic!("nothing is known of {name}")).told.clone()
}

#[test]
fn an_empty_close_is_told_in_four_ways() {
    let verdict = both_closed(Side::Client, Code(1000), Empty).verdict();
    let retold = Retold::of(&verdict, Texts::english());
    let client = |name| told(&retold, Side::Client, name);
    assert_eq!(client("Chromium"), "1005, clean");
    assert_eq!(client("Python websockets"), "1005");
    assert_eq!(client("aiohttp"), "1006");
    assert_eq!(client(".NET ClientWebSocket"), "1000");
    assert_eq!(client("Java-WebSocket"), "1000");
    assert_eq!(client("websocket-client"), "that it ended, without a code");
    // The server received the code.
    assert_eq!(told(&retold, Side::Server, "Node ws"), "1000, clean");
    assert_eq!(told(&retold, Side::Server, "aiohttp"), "1000");
}

#[test]
fn ends_without_a_close_are_told_by_how_tcp_ended() {
    let dropped = |how| Retold::of(&Conversation::upgraded().end(Side::Server, how).verdict(), Texts::english());
    assert_eq!(told(&dropped(TransportEnd::Fin), Side::Client, "java.net.http"), "1006");
    assert_eq!(told(&dropped(TransportEnd::Rst), Side::Client, "java.net.http"), "an error without a code");
    assert!(dropped(TransportEnd::Timeout).is_empty(), "nobody received anything");
}

#[test]
fn what_is_not_known_of_a_program_is_left_out() {
    let half = Retold::of(&both_closed(Side::Server, HalfCode, Code(1002)).verdict(), Texts::english());
    assert!(half[0].retellings.iter().all(|retelling| retelling.checked == Checked::Run));
    assert_eq!(told(&half, Side::Client, "aiohttp"), "1002");
    let not_allowed = Retold::of(&both_closed(Side::Server, Code(1005), Code(1002)).verdict(), Texts::english());
    assert_eq!(told(&not_allowed, Side::Client, "tungstenite"), "1002");
    assert_eq!(told(&not_allowed, Side::Client, "Chromium"), "1006");
}

#[test]
fn every_program_is_told_in_words_in_every_language() {
    for language in Language::ALL {
        let texts = language.texts();
        for conversation in every_ending() {
            for place in Retold::of(&conversation.verdict(), texts) {
                assert_is_prose(&place.title);
                place.retellings.iter().for_each(|retelling| assert_is_prose(&retelling.told));
                let grouped: usize = place.by_what_is_told().iter().map(|(_, programs)| programs.len()).sum();
                assert_eq!(grouped, place.retellings.len());
            }
        }
        let page = PlainText::new(texts).programs();
        for program in Program::all() {
            assert!(page.contains(&program.name) && program.source.starts_with("https://"), "{}", program.name);
        }
        let too_wide: Vec<&str> = page.lines().filter(|line| line.width() > 100).collect();
        assert!(too_wide.is_empty(), "{too_wide:#?}");
    }
}
