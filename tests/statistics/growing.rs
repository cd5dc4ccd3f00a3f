//! Sessions that grow: whatever was seen of them on the way, at the end their figures are those of the whole.

use std::sync::Arc;

use bytes::Bytes;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::finding::Rule;
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::TransportEnd;
use closelook::search::{Filter, Pass};
use closelook::session::background::Survey;
use closelook::session::statistics::{Asked, Distribution, Gaps, Statistics, StatisticsSurvey, Subject};
use closelook::session::{Event, EventKind, Session, Stretch};
use proptest::prelude::*;

use crate::naive::{assert_as_computed, said, talk};
use crate::talk::{Talk, matching};

/// Every figure, to be compared.
fn figures(statistics: &Statistics) -> String {
    let distribution = |distribution: &Distribution| {
        let quantiles = [50, 90, 99].map(|percent| distribution.quantile(percent));
        format!("{} {} {quantiles:?} {:?}", distribution.count(), distribution.sum(), distribution.bars())
    };
    let gaps = |gaps: &Gaps| format!("{} {:?}", distribution(gaps.lengths()), gaps.longest());
    let ways = Direction::BOTH.map(|direction| {
        let way = &statistics.ways[direction];
        let busiest = (way.busiest_by_frames(), way.busiest_by_bytes());
        let traffic: Vec<_> = way.by_opcode().collect();
        let messages = &way.messages;
        let lengths = [&way.lengths, &messages.lengths].map(distribution);
        format!("{traffic:?} {lengths:?} {} {} {} {busiest:?}", gaps(&way.gaps), messages.whole(), messages.unfinished)
    });
    let throughput = (statistics.throughput.width(), statistics.throughput.buckets().collect::<Vec<_>>());
    let during = &statistics.during;
    format!("{during:?}\n{ways:?}\n{}\n{throughput:?}\n{:?}", gaps(&statistics.gaps), statistics.broken_rules)
}

/// The events of a talk, cut into pieces of at most so many bytes that come a little after each other.
fn pieces(talk: &Talk, longest: usize) -> Vec<Event> {
    let mut at = 0;
    let mut events = Vec::new();
    for (side, moment, bytes) in &talk.parts {
        for piece in bytes.chunks(longest) {
            at = (at + 1).max(*moment);
            let kind = EventKind::Bytes { direction: side.sends(), bytes: Bytes::copy_from_slice(piece) };
            events.push(Event { at: Moment(at), kind });
        }
    }
    events
}

fn whole(session: &Arc<Session>) -> Subject {
    Subject::whole(Arc::clone(session))
}

/// What a survey finds that follows a session event by event, each time compared with one that begins anew.
fn followed(
    events: Vec<Event>,
    subject: impl Fn(&Arc<Session>) -> Subject,
    compared_every: usize,
) -> (Session, Arc<Statistics>) {
    let mut recorder = Talk::recorder();
    let mut survey = StatisticsSurvey::new(subject(&Arc::new(recorder.snapshot())));
    let mut look = |session: &Arc<Session>, compares: bool| {
        survey.follow(subject(session));
        while !survey.step() {}
        let found = survey.found(true);
        assert_eq!(found.looked_at, found.of);
        if compares {
            let mut anew = StatisticsSurvey::new(subject(session));
            while !anew.step() {}
            assert_eq!(figures(&found.statistics), figures(&anew.found(true).statistics));
        }
        found.statistics
    };
    for (place, event) in events.into_iter().enumerate() {
        recorder.record(event);
        look(&Arc::new(recorder.snapshot()), place % compared_every == 0);
    }
    let session = recorder.finish();
    let statistics = look(&Arc::new(session.clone()), true);
    (session, statistics)
}

/// The frames that a filter finds, as far as a search goes.
fn among(session: &Arc<Session>, filter: &str) -> Subject {
    let mut pass = Pass::new(&Filter::parse(filter).unwrap(), Arc::clone(session));
    while !pass.step() {}
    let found = pass.found();
    Subject { among: Some(Asked { found: found.matches, frames: found.looked_at }), ..whole(session) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_session_that_grows_has_the_figures_of_the_whole(said in said(), longest in 40..70_000_usize) {
        let events = pieces(&talk(&said), longest);
        let (session, statistics) = followed(events, whole, 7);
        assert_eq!(figures(&statistics), figures(&Statistics::of_all(&session)));
        assert_as_computed(&statistics, &session, |_, _| true);
    }

    #[test]
    fn frames_that_a_search_finds_are_followed(said in said(), longest in 200..70_000_usize) {
        let events = pieces(&talk(&said), longest);
        let filter = "dir == server && message.len > 100 || opcode == ping";
        let (session, statistics) = followed(events, |session| among(session, filter), 7);
        let numbers = matching(&session, filter);
        assert_as_computed(&statistics, &session, |number, _| numbers.contains(&number.0));
    }

    #[test]
    fn a_part_of_the_time_has_its_own_figures(said in said(), start in 0..4_000_000_000_u64, span in 0..4_000_000_000_u64) {
        let during = Moment(start)..Moment(start + span);
        let stretch = Stretch::Time { start: during.start, end: during.end };
        let subject = |session: &Arc<Session>| Subject { stretch: Some(stretch), ..whole(session) };
        let (session, statistics) = followed(pieces(&talk(&said), 60_000), subject, 5);
        assert_as_computed(&statistics, &session, |_, row| during.contains(&row.at));
        assert!(statistics.throughput.buckets().next().is_none_or(|(first, _)| first == during.start));
    }
}

/// A session of many frames, in order.
fn flood(frames: usize) -> Talk {
    let mut talk = Talk::begin();
    for number in 0..frames {
        let side = if number % 3 == 0 { Side::Client } else { Side::Server };
        talk.say(side, Opcode::Text, format!("message {number} of many").as_bytes());
    }
    talk
}

#[test]
fn a_survey_that_is_on_its_way_says_how_far_it_is() {
    let session = Arc::new(flood(40_000).session());
    let mut survey = StatisticsSurvey::new(whole(&session));
    assert!(!survey.step());
    let found = survey.found(true);
    assert!(found.looked_at > 0 && found.looked_at < found.of, "{} of {}", found.looked_at, found.of);
    assert_eq!(found.statistics.frames(), found.looked_at as u64);
    while !survey.step() {}
    assert_eq!(survey.found(true).statistics.frames(), 40_000);
}

#[test]
fn another_filter_or_another_time_begins_anew() {
    let session = Arc::new(flood(30_000).session());
    let mut survey = StatisticsSurvey::new(whole(&session));
    let mut frames = |subject: Subject| {
        survey.follow(subject);
        while !survey.step() {}
        survey.found(true).statistics.frames()
    };
    assert_eq!(frames(among(&session, "dir == client")), 10_000);
    assert_eq!(frames(among(&session, "dir == server")), 20_000);
    assert_eq!(frames(among(&session, "number <= 5")), 5);
    // Frame 1 comes at 1 ms, and so on.
    let moment = |milliseconds: u64| Moment(milliseconds * 1_000_000);
    let during = |from, until| Some(Stretch::Time { start: moment(from), end: moment(until) });
    assert_eq!(frames(Subject { stretch: during(10, 20), ..whole(&session) }), 10);
    assert_eq!(frames(Subject { stretch: during(11, 100_000), ..among(&session, "number <= 15") }), 5);
    let stretch = Stretch::Frames { from: FrameNumber(30), to: FrameNumber(11) };
    assert_eq!(frames(Subject { stretch: Some(stretch), ..whole(&session) }), 20);
    assert_eq!(frames(whole(&session)), 30_000);
}

#[test]
fn frames_that_a_search_has_not_asked_yet_wait() {
    let session = Arc::new(flood(20_000).session());
    let mut subject = among(&session, "dir == client");
    subject.among.as_mut().unwrap().frames = 9_000;
    let mut survey = StatisticsSurvey::new(subject);
    while !survey.step() {}
    let found = survey.found(true);
    assert_eq!((found.looked_at, found.of, found.statistics.frames()), (9_000, 20_000, 3_000));
}

#[test]
fn findings_are_those_on_the_frames() {
    let mut talk = flood(10);
    for _ in 0..2 {
        talk.say(Side::Server, Opcode::Reserved(0x4), b"reserved");
    }
    talk.say(Side::Client, Opcode::Ping, b"never answered");
    let mut recorder = Talk::recorder();
    talk.events().for_each(|event| recorder.record(event));
    let how = EventKind::TransportEnded { side: Side::Server, how: TransportEnd::Fin };
    recorder.record(Event { at: Moment(1_000_000_000), kind: how });
    let session = Arc::new(recorder.finish());
    let rules = |subject: Subject| {
        let mut survey = StatisticsSurvey::new(subject);
        while !survey.step() {}
        let statistics = survey.found(true).statistics;
        statistics.broken_rules.iter().map(|broken| (broken.rule.name(), broken.count)).collect::<Vec<_>>()
    };
    let reserved = (Rule::ReservedOpcode { opcode: 0 }.name(), 2);
    let unanswered = (Rule::PingNotAnswered.name(), 1);
    assert_eq!(rules(whole(&session))[0], reserved);
    assert!(rules(whole(&session)).contains(&(Rule::EndedWithoutClose.name(), 1)));
    assert_eq!(rules(among(&session, "opcode == reserved")), [reserved]);
    assert_eq!(rules(among(&session, "opcode == ping")), [unanswered]);
    assert_eq!(rules(among(&session, "number <= 10")), []);
    let stretch = Stretch::Frames { from: FrameNumber(13), to: FrameNumber(13) };
    // The finding was known only at the end of the session, and belongs to the frame.
    assert_eq!(rules(Subject { stretch: Some(stretch), ..whole(&session) })[0], unanswered);
    assert_eq!(session.frame(FrameNumber(13)).unwrap().direction, Direction::ClientToServer);
}
