//! Random conversations: a legal one shows exactly what was said and no finding, however its bytes were cut and interleaved; one with a
//! single violation shows that violation.
//!
//! The environment variable `PROPTEST_CASES` sets how many conversations each test makes.

#[path = "conversations/delivery.rs"]
mod delivery;
#[path = "conversations/plan.rs"]
mod plan;
#[path = "conversations/talk.rs"]
mod talk;
#[path = "conversations/view.rs"]
mod view;
#[path = "conversations/violations.rs"]
mod violations;

use std::ops::ControlFlow;

use closelook::logs::{self, Format};
use closelook::protocol::direction::Direction;
use closelook::session::{Event, Origin, Perspective, Recorder, Session};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use delivery::Delivery;
use plan::{Plan, any_plan};
use talk::Conversation;
use view::View;
use violations::VIOLATIONS;

/// How far messages are inflated; beyond everything that is said, but for one violation.
const INFLATION_LIMIT: u64 = 1024 * 1024;

fn config(usual: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn record(events: Vec<Event>) -> Session {
    let origin = Origin { started_at: 1, url: Some("ws://a/".into()), perspective: Perspective::Observer };
    let mut recorder = Recorder::with_inflation_limit(origin, INFLATION_LIMIT);
    events.into_iter().for_each(|event| recorder.record(event));
    recorder.finish()
}

fn saved_and_opened(session: &Session, format: Format) -> Session {
    let mut file = Vec::new();
    logs::write(session, format, &mut file, &mut |_| ControlFlow::Continue(())).unwrap();
    let opened = logs::read(format, file, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(opened.damage, []);
    opened.session
}

/// Frames, messages and the bytes that they make, each direction by itself: no order between the two is expected.
fn assert_shows_what_was_said(session: &Session, said: &Conversation) {
    let view = View::of(session);
    assert_eq!(view.findings, []);
    assert_eq!(session.handshake.compression(), said.compression);
    for direction in Direction::BOTH {
        assert_eq!(view.frames_of(direction), said.frames_of(direction), "frames of the {}", direction.sender());
        assert!(view.messages_of(direction) == said.messages_of(direction), "messages of the {}", direction.sender());
        let mut again = session.bytes(direction, 0, said.heads[direction] as u64);
        for row in session.frames.iter().filter(|row| row.direction == direction) {
            again.extend(session.header(row).unwrap().with_payload(&session.payload(row, u64::MAX)));
        }
        assert!(again == said.streams[direction], "the frames of the {}, encoded again", direction.sender());
    }
    assert_eq!(view.round_trips, said.round_trips());
    assert_eq!((view.verdict.outcome, view.verdict.clean), said.outcome());
    if let Some(first) = said.first_close {
        assert_eq!(view.verdict.first_close, Some(first));
    }
}

#[test]
fn a_legal_conversation_shows_what_was_said_however_it_is_cut() {
    let strategy = (any_plan(), any::<Delivery>(), any::<Delivery>());
    let result = TestRunner::new(config(96)).run(&strategy, |(plan, first, second)| {
        let said = plan.talk().said();
        let whole = record(said.in_turns());
        assert_shows_what_was_said(&whole, &said);
        let shown = View::of(&whole);
        assert!(View::of(&record(first.cut(&said))) == shown, "another cut shows something else");
        let interleaved = record(second.interleave(&said));
        assert_shows_what_was_said(&interleaved, &said);
        for format in [Format::JsonLines, Format::PcapNg] {
            let opened = saved_and_opened(&interleaved, format);
            assert!(opened.events().eq(interleaved.events()));
            assert!(View::of(&opened) == View::of(&interleaved), "opened, it shows something else");
        }
        Ok(())
    });
    result.unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn a_single_violation_is_found_where_it_is() {
    for violation in VIOLATIONS {
        let strategy = (any_plan(), any::<Delivery>(), any::<bool>(), any::<prop::sample::Index>());
        let result = TestRunner::new(config(12)).run(&strategy, |(plan, delivery, by_client, place)| {
            let (said, expected) = violation.commit(plan, by_client, place);
            let whole = record(said.in_turns());
            let view = View::of(&whole);
            let found: Vec<_> = view.findings.iter().filter(|found| (violation.is_it)(&found.rule)).collect();
            for place in &expected.places {
                let here = found.iter().any(|found| (found.frame, found.side) == (place.frame, place.side));
                assert!(here, "{}: {place:?} is missing in {:?}", violation.name, view.findings);
            }
            let other = view.findings.iter().find(|found| !expected.explains(violation, found));
            assert_eq!(other, None, "{}: found beside {:?}", violation.name, expected.places);
            for direction in Direction::BOTH {
                let (shown, said) = (view.frames_of(direction), said.frames_of(direction));
                assert_eq!(shown, said, "{}: frames of the {}", violation.name, direction.sender());
            }
            assert!(View::of(&record(delivery.cut(&said))) == view, "{}: another cut shows more", violation.name);
            Ok(())
        });
        result.unwrap_or_else(|problem| panic!("{}: {problem}", violation.name));
    }
}

#[test]
fn plans_say_something_of_everything() {
    let seen = std::cell::RefCell::new([0; 6]);
    let count = |plan: Plan| {
        let said = plan.talk().said();
        let messages = Direction::BOTH.map(|direction| said.messages_of(direction)).concat();
        let mut seen = seen.borrow_mut();
        seen[0] += usize::from(said.compression.is_some());
        seen[1] += messages.iter().filter(|message| message.inflated_length.is_some()).count();
        seen[2] += messages.iter().filter(|message| message.fragments > 1).count();
        seen[3] += messages.iter().filter(|message| message.content.len() >= 65_535).count();
        seen[4] += said.round_trips().len();
        seen[5] += usize::from(said.first_close.is_some());
        Ok(())
    };
    TestRunner::new(config(96)).run(&any_plan(), count).unwrap();
    let seen = seen.into_inner();
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}
