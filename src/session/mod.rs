//! The recording of one conversation and everything that is derived from it; knows nothing of sockets, files or screens.
//!
//! ```text
//! Event ──► Recorder ──► Session (a snapshot that is cheap to take and never changes)
//!              │ dissects once, indexes frames, messages, findings and the timeline's summary
//!              └─► Publisher ──► LiveSession: the newest snapshot for whoever looks, and a wake-up
//! ```
//!
//! The events are the session: a saved log holds them and what a person said of it (its annotations), and opening one replays them through
//! the same recorder.

pub mod annotations;
pub mod append_log;
pub mod background;
pub mod byte_store;
mod chunk_log;
pub mod event;
pub mod frame_row;
pub mod frame_set;
pub mod journal;
pub mod landmark;
pub mod latency;
pub mod live;
pub mod message_reader;
pub mod missing;
pub mod part;
pub mod reconstruction;
pub mod recorder;
pub mod snapshot;
pub mod statistics;
pub mod stretch;
pub mod summary;

pub use annotations::{Annotation, Annotations};
pub use byte_store::{ByteSource, Kept, PartReader};
pub use event::{Event, EventKind, Origin, Perspective};
pub use frame_row::FrameRow;
pub use frame_set::FrameSet;
pub use journal::{Journal, JournalState, Journals};
pub use live::{LiveSession, Publisher};
pub use message_reader::MessageReader;
pub use missing::{Filled, Missing, Run};
pub use part::{NeedsEarlier, Part};
pub use recorder::Recorder;
pub use snapshot::{Session, Unreadable};
pub use stretch::Stretch;
