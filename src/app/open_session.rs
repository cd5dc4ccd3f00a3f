//! One session of the window: where its snapshots come from, and the state of the panels that show it.

use std::sync::Arc;

use crate::capture::client::Client;
use crate::capture::command::Command;
use crate::capture::options::EndpointMode;
use crate::protocol::direction::Side;
use crate::protocol::frame::FrameNumber;
use crate::protocol::verdict::Outcome;
use crate::reading::Reading;
use crate::session::{Session, Stretch};
use crate::ui::action::{OfferedForm, SavedPart, SessionId};
use crate::ui::panels::address_bar::{Connection, Savable};
use crate::ui::panels::composer::Composer;
use crate::ui::panels::connection::ConnectionPanel;
use crate::ui::panels::explanation::ExplanationPanel;
use crate::ui::panels::filter_bar::FilterBar;
use crate::ui::panels::finding_list::FindingList;
use crate::ui::panels::frame_detail::FrameDetail;
use crate::ui::panels::frame_table::FrameTable;
use crate::ui::panels::latency::LatencyPanel;
use crate::ui::panels::session_list::{ListedSession, state_word};
use crate::ui::panels::statistics::StatisticsPanel;
use crate::ui::panels::timeline::TimelinePanel;
use crate::ui::raw_form::Progress;

use super::file_work::Chosen;
use super::session_replies::SessionReplies;
use super::session_search::SessionSearch;
use super::session_statistics::SessionStatistics;
use super::standing::Standing;

/// What the panel at the right shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum SideView {
    #[default]
    Connection,
    Frame,
    Findings,
    Latency,
    Statistics,
}

/// The panels' state for one session.
#[derive(Debug, Default)]
pub(super) struct Panels {
    pub(super) timeline: TimelinePanel,
    pub(super) filter: FilterBar,
    pub(super) table: FrameTable,
    pub(super) side: SideView,
    pub(super) connection: ConnectionPanel,
    pub(super) detail: FrameDetail,
    pub(super) findings: FindingList,
    pub(super) latency: LatencyPanel,
    pub(super) statistics: StatisticsPanel,
    pub(super) explanation: ExplanationPanel,
    pub(super) composer: Composer,
    pub(super) selected: Option<FrameNumber>,
    /// The selected part of the session.
    pub(super) stretch: Option<Stretch>,
    pub(super) explanation_open: bool,
    pub(super) reading: Reading,
}

/// One session of the window.
pub(super) struct OpenSession {
    pub(super) id: SessionId,
    pub(super) title: String,
    pub(super) snapshot: Arc<Session>,
    pub(super) panels: Panels,
    /// Whether nobody answers by itself.
    pub(super) is_manual: bool,
    /// Whether more of its log will come.
    is_being_read: bool,
    pub(super) standing: Standing,
    pub(super) search: SessionSearch,
    pub(super) replies: SessionReplies,
    pub(super) statistics: SessionStatistics,
    client: Option<Client>,
}

impl OpenSession {
    /// A session that this program is the client of.
    pub(super) fn live(id: SessionId, title: String, client: Client, endpoint: EndpointMode) -> OpenSession {
        let snapshot = client.session().snapshot();
        // A connection can fail before anybody looks.
        let panels = Panels { explanation_open: snapshot.verdict.is_final(), ..Panels::default() };
        let is_manual = endpoint == EndpointMode::Manual;
        OpenSession { panels, is_manual, client: Some(client), ..OpenSession::of(id, title, snapshot) }
    }

    /// A session from a log.
    pub(super) fn opened(id: SessionId, title: String, session: Session) -> OpenSession {
        let explanation_open = session.verdict.is_final();
        let panels = Panels { explanation_open, ..Panels::default() };
        OpenSession { panels, ..OpenSession::of(id, title, Arc::new(session)) }
    }

    /// A session from a log that is still being read.
    pub(super) fn reading(id: SessionId, title: String, so_far: Session) -> OpenSession {
        OpenSession { is_being_read: true, ..OpenSession::of(id, title, Arc::new(so_far)) }
    }

    /// The log was read to its end.
    pub(super) fn was_read(&mut self, title: String, session: Session) {
        self.is_being_read = false;
        self.title = title;
        self.panels.explanation_open = session.verdict.is_final();
        self.snapshot = Arc::new(session);
    }

    fn of(id: SessionId, title: String, snapshot: Arc<Session>) -> OpenSession {
        OpenSession {
            id,
            title,
            snapshot,
            panels: Panels::default(),
            is_manual: false,
            is_being_read: false,
            standing: Standing::default(),
            search: SessionSearch::default(),
            replies: SessionReplies::default(),
            statistics: SessionStatistics::default(),
            client: None,
        }
    }

    /// Takes the newest snapshot; opens the explanation when the session has just ended.
    pub(super) fn refresh(&mut self) {
        let Some(client) = &self.client else { return };
        let was_final = self.snapshot.verdict.is_final();
        self.snapshot = client.session().snapshot();
        if !was_final && self.snapshot.verdict.is_final() {
            self.panels.explanation_open = true;
        }
    }

    /// How the connection stands.
    pub(super) fn connection(&self) -> Connection {
        let failed = matches!(self.snapshot.verdict.outcome, Outcome::HandshakeFailed | Outcome::ConnectFailed);
        match &self.client {
            Some(client) if client.is_running() && !failed => {
                if self.snapshot.verdict.sides.client_to_server.sent_close.is_some() {
                    Connection::Closing
                } else if self.snapshot.handshake.is_upgraded() {
                    Connection::Connected
                } else {
                    Connection::Connecting
                }
            }
            _ => Connection::None,
        }
    }

    /// Whether messages can still be sent.
    pub(super) fn can_send(&self) -> bool {
        if self.is_manual {
            return matches!(self.connection(), Connection::Connected | Connection::Closing)
                && !self.has_ended_output();
        }
        self.connection() == Connection::Connected && !self.snapshot.verdict.is_final()
    }

    fn has_ended_output(&self) -> bool {
        let verdict = &self.snapshot.verdict;
        let ends = [verdict.transport_end, verdict.second_transport_end];
        ends.iter().flatten().any(|end| end.side == Side::Client)
    }

    /// How far the newest sequence is.
    pub(super) fn progress(&self) -> Option<Progress> {
        let client = self.client.as_ref()?;
        let progress = client.sequence()?;
        let is_running = progress.is_running && client.is_running();
        Some(Progress { done: progress.done, steps: progress.steps, is_running })
    }

    /// Asks the client; says whether there still is one.
    pub(super) fn send(&self, command: Command) -> bool {
        self.client.as_ref().is_some_and(|client| client.send(command).is_ok())
    }

    /// A state, with a mark when the session is a manual one or has no bytes of its own.
    fn marked(&self, state: String) -> String {
        match (self.is_manual, self.snapshot.is_reconstructed()) {
            (true, _) => format!("manual · {state}"),
            // That the end is missing goes without saying: such a file seldom has it.
            (false, true) if self.snapshot.verdict.outcome == Outcome::CutOff => "reconstructed".into(),
            (false, true) => format!("reconstructed · {state}"),
            (false, false) => state,
        }
    }

    /// What of it can be saved, in these forms.
    pub(super) fn savable<'forms>(&self, forms: &'forms [OfferedForm]) -> Savable<'forms> {
        let filtered = self.search.found().filter(|(found, _)| found.is_complete);
        Savable {
            forms,
            selected: self
                .panels
                .stretch
                .map(|stretch| stretch.frames(&self.snapshot).len())
                .filter(|count| *count > 0),
            filtered: filtered.map(|(found, _)| found.matches.len()),
        }
    }

    /// The frames of a part of it, and what is added to the name of a file with these; `None` when there is no such part.
    pub(super) fn chosen(&self, part: SavedPart) -> Option<(Chosen, String)> {
        Some(match part {
            SavedPart::Everything => (Chosen::Everything, String::new()),
            SavedPart::Stretch => {
                let frames = self.panels.stretch?.frames(&self.snapshot);
                let suffix = format!("-frames-{}-to-{}", frames.start + 1, frames.end);
                (Chosen::Range(frames), suffix)
            }
            SavedPart::Filtered => (Chosen::Matches(self.search.found()?.0.matches), "-filtered".into()),
        })
    }

    /// The session as the list shows it.
    pub(super) fn listed(&self) -> ListedSession {
        let verdict = &self.snapshot.verdict;
        ListedSession {
            id: self.id,
            title: self.title.clone(),
            state: self.marked(match self.connection() {
                Connection::Connecting if !verdict.is_final() => "connecting".into(),
                _ if self.is_being_read => "being read".into(),
                _ => state_word(verdict),
            }),
            outcome: verdict.outcome,
            code: verdict.sides.client_to_server.reports,
            frames: self.snapshot.frames.len(),
        }
    }
}
