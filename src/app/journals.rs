//! What the window does with journals: keeps sessions in them, offers those that were not ended, lists and deletes them.

use std::path::Path;
use std::time::SystemTime;

use crate::logs::journal::{Journal, JournalStage};
use crate::ui::action::JournalAction;
use crate::ui::panels::journals::{JournalPage, ListedJournal};

use super::file_work::Work;
use super::{App, View};

impl App {
    pub(super) fn act_on_journals(&mut self, action: JournalAction) {
        let Some(folder) = self.journals.clone() else { return };
        match action {
            JournalAction::Show => {
                self.view = View::Journals;
                self.list_journals();
            }
            JournalAction::Open(path) => self.open_journal(&path),
            JournalAction::Delete(path) => {
                if let Err(error) = folder.delete(&path) {
                    self.tell_problem(format!("{} was not deleted: {error}.", path.display()));
                }
                self.list_journals();
            }
            JournalAction::Limit(bytes) => {
                self.settings.journal_limit = Some(bytes);
                folder.set_limit(bytes);
                self.list_journals();
            }
            JournalAction::Recover => {
                let unfinished = std::mem::take(&mut self.unfinished);
                unfinished.iter().for_each(|journal| self.open_journal(&journal.path));
            }
            JournalAction::DismissOffer => {
                for journal in std::mem::take(&mut self.unfinished) {
                    // One that cannot be renamed is offered again at the next start.
                    let _ = folder.finish(&journal.path);
                }
            }
        }
    }

    fn open_journal(&mut self, path: &Path) {
        let Some(folder) = &self.journals else { return };
        self.unfinished.retain(|journal| journal.path != path);
        // One that is being written keeps its name; what is there of it can be read all the same.
        let path = folder.finish(path).unwrap_or_else(|_| path.to_path_buf());
        self.open_file(path);
    }

    pub(super) fn list_journals(&self) {
        if let Some(folder) = &self.journals {
            // The receiver lives as long as the application.
            let _ = self.file_work.requests().send(Work::ListJournals(folder.clone()));
            self.context.request_repaint();
        }
    }

    /// Takes a list; of the first one, what was not ended is offered.
    pub(super) fn take_journals(&mut self, listed: Result<Vec<Journal>, String>) {
        let (journals, problem) = match listed {
            Ok(journals) => (journals, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        if !std::mem::replace(&mut self.has_listed_journals, true) {
            let unfinished = journals.iter().filter(|journal| journal.stage == JournalStage::Unfinished);
            self.unfinished = unfinished.cloned().collect();
        }
        let Some(folder) = &self.journals else { return };
        self.journal_page = JournalPage {
            folder: folder.path().to_path_buf(),
            limit: folder.limit(),
            journals: journals.into_iter().map(listed_journal).collect(),
            problem,
        };
    }
}

fn listed_journal(journal: Journal) -> ListedJournal {
    let name = journal.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    ListedJournal {
        title: name.trim_end_matches(".pcapng").trim_end_matches(".recording").to_owned(),
        size: journal.size,
        age: SystemTime::now().duration_since(journal.written).unwrap_or_default(),
        remark: match journal.stage {
            JournalStage::InUse => Some("in use"),
            JournalStage::Unfinished => Some("was not ended"),
            JournalStage::Finished => None,
        },
        is_free: journal.stage != JournalStage::InUse,
        path: journal.path,
    }
}
