//! Recording what comes out of a connection, with what the capture lacks of it: where frames begin again behind a gap is looked for
//! in what follows, which waits meanwhile, so that the session has everything in its order and at its time.

use std::collections::VecDeque;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::gap::Gap;
use crate::protocol::moment::Moment;
use crate::session::{Event, EventKind, Recorder};

use super::boundary::{Boundary, BoundarySearch};
use super::flow::Output;

/// The most bytes that wait for one search; after that it goes on and nothing waits for it.
const MOST_HELD: usize = 1 << 20;

/// The most items that wait for one search.
const MOST_HELD_ITEMS: usize = 4_096;

/// A recorder that goes on behind gaps.
#[derive(Debug)]
pub(super) struct Resuming {
    pub(super) recorder: Recorder,
    directions: PerDirection<Following>,
    /// The direction for whose search the rest waits.
    searched: Option<Direction>,
    /// What waits; while there is a search, first of all the gap that it began with.
    held: VecDeque<(Moment, Item<'static>)>,
    /// How many of these the search has seen, and their bytes.
    seen: usize,
    seen_bytes: usize,
}

#[derive(Debug)]
enum Item<'file> {
    Output(Output<'file>),
    Event(EventKind),
}

/// How a direction is followed.
#[derive(Debug, Default)]
struct Following {
    search: Option<BoundarySearch>,
    /// Whether frames were found at the beginning of a piece before.
    begins_pieces: bool,
    lacks: Lacks,
}

/// What the capture lacks of a direction.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lacks {
    pub(super) bytes: u64,
    pub(super) places: u64,
}

impl Following {
    fn begin_search(&mut self, direction: Direction) {
        // Who masks is known (RFC 6455 5.1).
        let is_masked = direction == Direction::ClientToServer;
        self.search = Some(BoundarySearch::behind_gap(is_masked, self.begins_pieces));
    }
}

impl Resuming {
    /// Records into this recorder.
    pub(super) fn new(recorder: Recorder) -> Resuming {
        Resuming {
            recorder,
            directions: PerDirection::default(),
            searched: None,
            held: VecDeque::new(),
            seen: 0,
            seen_bytes: 0,
        }
    }

    /// Takes what came out of the connection.
    pub(super) fn output(&mut self, at: Moment, output: Output<'_>) {
        if self.searched.is_none() {
            self.record(at, Item::Output(output));
        } else {
            self.held.push_back((at, Item::Output(output.into_owned())));
        }
        self.go_on();
    }

    /// Takes an event that did not come out of the connection.
    pub(super) fn event(&mut self, at: Moment, kind: EventKind) {
        if self.searched.is_none() {
            self.record(at, Item::Event(kind));
        } else {
            self.held.push_back((at, Item::Event(kind)));
            self.go_on();
        }
    }

    /// Learns that of a direction nothing before this place is known; whatever it says next begins with a frame.
    pub(super) fn begin_in_the_middle(&mut self, direction: Direction) {
        self.record_gap(Moment::START, direction, None, Some(0));
    }

    /// Learns that frames are likely to begin where pieces do.
    pub(super) fn expect_frames_to_begin_pieces(&mut self) {
        Direction::BOTH.iter().for_each(|direction| self.directions[*direction].begins_pieces = true);
    }

    /// What was missing so far.
    pub(super) fn lacks(&self, direction: Direction) -> Lacks {
        self.directions[direction].lacks
    }

    /// Records what still waits, since nothing more will come.
    pub(super) fn settle_all(&mut self) {
        while let Some(direction) = self.searched {
            let likely = self.directions[direction].search.take().and_then(|search| search.likely());
            self.settle(direction, likely);
            self.go_on();
        }
    }

    /// Lets the search see what waits, and records it once the search has come to an end.
    fn go_on(&mut self) {
        loop {
            let Some(direction) = self.searched else {
                match self.held.pop_front() {
                    Some((at, item)) => self.record(at, item),
                    None => return,
                }
                continue;
            };
            let (Some((_, item)), Some(search)) = (self.held.get(self.seen), &mut self.directions[direction].search)
            else {
                return;
            };
            let boundary = match item {
                Item::Output(Output::Bytes(of, piece)) if *of == direction => search.take(&piece.bytes),
                Item::Output(Output::Missing(of, length)) if *of == direction => {
                    search.miss(length.map_or(0, u64::from));
                    None
                }
                _ => None,
            };
            self.seen += 1;
            self.seen_bytes += if let Item::Output(output) = item { output.held() } else { 0 };
            if boundary.is_some() {
                self.settle(direction, boundary);
            } else if self.seen > MOST_HELD_ITEMS || self.seen_bytes > MOST_HELD {
                self.settle(direction, None);
                // Anew, since it will see once more what has waited.
                self.directions[direction].begin_search(direction);
            }
        }
    }

    /// Ends the search that others wait for: records its gap, and whether frames begin behind it.
    fn settle(&mut self, direction: Direction, boundary: Option<Boundary>) {
        let following = &mut self.directions[direction];
        following.search = None;
        following.begins_pieces |= boundary.is_some_and(|boundary| boundary.begins_piece);
        (self.searched, self.seen, self.seen_bytes) = (None, 0, 0);
        // Behind another gap there will be another search.
        let next_frame = boundary.filter(|boundary| !boundary.is_behind_gap).map(|boundary| boundary.start);
        if let Some((at, Item::Output(Output::Missing(_, length)))) = self.held.pop_front() {
            self.record_gap(at, direction, length, next_frame);
        }
    }

    fn record(&mut self, at: Moment, item: Item<'_>) {
        match item {
            Item::Output(Output::Bytes(direction, piece)) => {
                self.recorder.record_kept(at, direction, &piece.bytes, piece.position);
                self.search_on(at, direction, &piece.bytes);
            }
            Item::Output(Output::Missing(direction, length)) => self.miss(at, direction, length),
            Item::Output(Output::Ended(side, how)) => {
                self.recorder.record(Event { at, kind: EventKind::TransportEnded { side, how } });
            }
            Item::Event(kind) => {
                if let EventKind::Missing { direction, .. } = kind {
                    self.directions[direction].search = None;
                }
                self.recorder.record(Event { at, kind });
            }
        }
    }

    /// A search that nothing waits for cannot bring back what has passed; it says where the next frame begins.
    fn search_on(&mut self, at: Moment, direction: Direction, bytes: &[u8]) {
        let following = &mut self.directions[direction];
        let Some(search) = &mut following.search else { return };
        let boundary = search.take(bytes);
        if let Some(opaque) = boundary.and_then(|boundary| boundary.next.checked_sub(search.position())) {
            following.search = None;
            self.record_gap(at, direction, Some(0), Some(opaque));
        }
    }

    fn miss(&mut self, at: Moment, direction: Direction, length: Option<u32>) {
        let to_come = self.recorder.payload_to_come(direction);
        let following = &mut self.directions[direction];
        if let Some(length) = length {
            following.lacks.bytes += u64::from(length);
            following.lacks.places += 1;
        }
        let is_in_payload = length.zip(to_come).is_some_and(|(length, to_come)| u64::from(length) <= to_come);
        if let Some(search) = &mut following.search {
            search.miss(length.map_or(0, u64::from));
        } else if !is_in_payload && self.recorder.handshake().is_upgraded() {
            following.begin_search(direction);
            self.searched = Some(direction);
            self.seen = 1;
            self.held.push_front((at, Item::Output(Output::Missing(direction, length))));
            return;
        }
        self.record_gap(at, direction, length, None);
    }

    fn record_gap(&mut self, at: Moment, direction: Direction, length: Option<u32>, next_frame: Option<u64>) {
        let gap = Gap { length, next_frame: next_frame.and_then(|next| u32::try_from(next).ok()) };
        self.recorder.record(Event { at, kind: EventKind::Missing { direction, gap } });
    }
}
