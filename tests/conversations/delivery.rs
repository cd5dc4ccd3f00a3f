//! The same bytes, told in other parts and in another order between the two directions, wherever that order is free.

use closelook::protocol::direction::{Direction, PerDirection};
use closelook::protocol::moment::Moment;
use closelook::session::{Event, EventKind};
use proptest::prelude::*;

use super::talk::Conversation;

/// How large the parts are, and whose turn it is.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    /// Taken in turn; large conversations get parts that are as much larger.
    sizes: Vec<usize>,
    /// Taken in turn; true for the client.
    turns: Vec<bool>,
}

impl Arbitrary for Delivery {
    type Parameters = ();
    type Strategy = BoxedStrategy<Delivery>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let sizes = prop_oneof![1 => Just(vec![1]), 6 => prop::collection::vec(1..60_usize, 1..12)];
        let turns = prop::collection::vec(any::<bool>(), 1..24);
        (sizes, turns).prop_map(|(sizes, turns)| Delivery { sizes, turns }).boxed()
    }
}

#[derive(Default)]
struct Events {
    events: Vec<Event>,
}

impl Events {
    /// Two events share each moment.
    fn push(&mut self, kind: EventKind) {
        let at = Moment(self.events.len() as u64 / 2 * 1_000);
        self.events.push(Event { at, kind });
    }

    fn bytes(&mut self, direction: Direction, bytes: &[u8]) {
        self.push(EventKind::Bytes { direction, bytes: bytes.to_vec().into() });
    }

    fn ended(mut self, said: &Conversation) -> Vec<Event> {
        said.ends.iter().for_each(|(side, how)| self.push(EventKind::TransportEnded { side: *side, how: *how }));
        self.events
    }
}

impl Conversation {
    /// Frame by frame, as it was said.
    pub(super) fn in_turns(&self) -> Vec<Event> {
        self.in_parts(&[usize::MAX])
    }

    fn in_parts(&self, sizes: &[usize]) -> Vec<Event> {
        let mut events = Events::default();
        let mut sizes = sizes.iter().copied().cycle();
        let mut told: PerDirection<usize> = PerDirection::default();
        for (direction, length) in &self.turns {
            let start = told[*direction];
            told[*direction] += length;
            let mut rest = &self.streams[*direction][start..start + length];
            while !rest.is_empty() {
                let (part, after) = rest.split_at(sizes.next().unwrap().min(rest.len()));
                events.bytes(*direction, part);
                rest = after;
            }
        }
        events.ended(self)
    }

    /// How many bytes of a direction may be told, when so many of the other have been.
    fn free(&self, direction: Direction, told: &PerDirection<usize>) -> usize {
        let waits = self.causes.iter().filter(|cause| {
            cause.direction != direction && told[cause.direction] < cause.end && cause.effect >= told[direction]
        });
        waits.map(|cause| cause.effect).min().unwrap_or(self.streams[direction].len())
    }
}

impl Delivery {
    fn sizes(&self, said: &Conversation) -> Vec<usize> {
        let length: usize = Direction::BOTH.map(|direction| said.streams[direction].len()).iter().sum();
        self.sizes.iter().map(|size| size * (1 + length / 10_000)).collect()
    }

    /// In the order in which it was said, in parts.
    pub(super) fn cut(&self, said: &Conversation) -> Vec<Event> {
        said.in_parts(&self.sizes(said))
    }

    /// In parts that may hold several frames, in any order that keeps every cause before its effect.
    pub(super) fn interleave(&self, said: &Conversation) -> Vec<Event> {
        let mut events = Events::default();
        let (sizes, mut told) = (self.sizes(said), PerDirection::<usize>::default());
        let (mut sizes, mut turns) = (sizes.iter().copied().cycle(), self.turns.iter().copied().cycle());
        while Direction::BOTH.into_iter().any(|direction| told[direction] < said.streams[direction].len()) {
            let wanted = Direction::BOTH[usize::from(!turns.next().unwrap())];
            let other = wanted.receiver().sends();
            let can = |direction: Direction| said.free(direction, &told) > told[direction];
            let direction = if can(wanted) { wanted } else { other };
            let (start, free) = (told[direction], said.free(direction, &told));
            assert!(free > start, "neither side can go on");
            let end = free.min(start.saturating_add(sizes.next().unwrap()));
            events.bytes(direction, &said.streams[direction][start..end]);
            told[direction] = end;
        }
        events.ended(said)
    }
}
