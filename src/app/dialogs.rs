//! Choosing files: through the desktop's own dialogs, or by a test.

use std::path::PathBuf;
use std::pin::Pin;

use crate::logs::Format;
use crate::report::Form;

/// Called with what was chosen; `None` when the person chose nothing. May be called from any thread.
pub type Reply = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// What a file is chosen for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A log to open.
    OpenLog,
    /// A place to save a log at; the suggested file name.
    SaveLog(String),
    /// A place to save a payload at; the suggested file name.
    SavePayload(String),
    /// A file to send.
    SendFile,
    /// A PEM file with certificates.
    Certificates,
    /// A PEM file with a private key.
    PrivateKey,
}

/// A way to choose files that does not block the caller.
pub trait Dialogs {
    /// Asks for a file.
    fn choose(&self, purpose: Purpose, reply: Reply);
}

/// The desktop's dialogs.
#[derive(Debug, Clone, Copy, Default)]
pub struct NativeDialogs;

impl Dialogs for NativeDialogs {
    fn choose(&self, purpose: Purpose, reply: Reply) {
        let dialog = rfd::AsyncFileDialog::new();
        // Captures in the older format and packed logs are read, and not written.
        let logs: Vec<&str> = Format::ALL.map(Format::ending).into_iter().chain(["pcap", "cap", "gz", "zst"]).collect();
        // The dialog is made here, as macOS wants it on the main thread; only the waiting happens elsewhere.
        let chosen: Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> = match purpose {
            Purpose::OpenLog => {
                let dialog = dialog.add_filter("Session logs", &logs).add_filter("All files", &["*"]);
                Box::pin(dialog.pick_file())
            }
            Purpose::SaveLog(name) => {
                // The one that was asked for comes first.
                let mut forms = Form::ALL;
                forms.sort_by_key(|form| !name.ends_with(form.ending()));
                let add = |dialog: rfd::AsyncFileDialog, form: Form| dialog.add_filter(form.title(), &[form.ending()]);
                Box::pin(forms.into_iter().fold(dialog, add).set_file_name(name).save_file())
            }
            Purpose::SavePayload(name) => Box::pin(dialog.set_file_name(name).save_file()),
            Purpose::SendFile => Box::pin(dialog.pick_file()),
            Purpose::PrivateKey => Box::pin(dialog.add_filter("Keys", &["pem", "key"]).pick_file()),
            Purpose::Certificates => Box::pin(dialog.add_filter("Certificates", &["pem", "crt", "cer"]).pick_file()),
        };
        let waiting = move || reply(pollster::block_on(chosen).map(|file| file.path().to_path_buf()));
        // Without a thread there is no dialog; the person can try again.
        let _ = std::thread::Builder::new().name("file dialog".into()).spawn(waiting);
    }
}
