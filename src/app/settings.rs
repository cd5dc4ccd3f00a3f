//! What survives a restart besides the window's size: the theme, the addresses, the filters, and the raw composer's templates. Sessions never go here.

use crate::ui::action::ThemeChoice;

use super::templates;

/// The name that the settings are stored under.
pub const KEY: &str = "settings";

/// How many addresses are kept.
const KEPT_ADDRESSES: usize = 20;

/// How many filters are kept.
const KEPT_FILTERS: usize = 20;

/// What is kept.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The theme.
    pub theme: ThemeChoice,
    /// Addresses that were connected to, the newest first; secrets in them are not kept.
    pub history: Vec<String>,
    /// Filters that were used, the newest first.
    pub filters: Vec<String>,
    /// How many bytes of journals are kept, when it was set.
    pub journal_limit: Option<u64>,
    /// The raw composer's templates, each in JSON.
    #[serde(deserialize_with = "templates::lenient_list")]
    pub templates: Vec<String>,
    /// The steps of its sequence, each in JSON.
    #[serde(deserialize_with = "templates::lenient_list")]
    pub sequence: Vec<String>,
}

impl Settings {
    /// Puts an address at the head of the history.
    pub fn remember(&mut self, url: &str) {
        self.history.retain(|known| known != url);
        self.history.insert(0, url.to_owned());
        self.history.truncate(KEPT_ADDRESSES);
    }

    /// Puts a filter at the head of those that were used.
    pub fn remember_filter(&mut self, filter: &str) {
        self.filters.retain(|known| known != filter);
        self.filters.insert(0, filter.to_owned());
        self.filters.truncate(KEPT_FILTERS);
    }
}
