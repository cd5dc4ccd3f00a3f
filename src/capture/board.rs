//! A board on which a worker writes how far it is, for whoever looks.

use std::sync::{Arc, Mutex, PoisonError};

use crate::session::live::Wake;

/// The newest news of one kind.
#[derive(Clone)]
pub(super) struct Board<News> {
    news: Arc<Mutex<Option<News>>>,
    wake: Wake,
}

impl<News: Copy> Board<News> {
    /// A board with nothing on it.
    pub(super) fn new(wake: Wake) -> Board<News> {
        Board { news: Arc::default(), wake }
    }

    /// What is on it.
    pub(super) fn read(&self) -> Option<News> {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes, and lets everybody know.
    pub(super) fn tell(&self, news: News) {
        self.write(news);
        (self.wake)();
    }

    /// Writes, for those who look anyway.
    pub(super) fn write(&self, news: News) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = Some(news);
    }
}
