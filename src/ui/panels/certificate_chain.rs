//! The certificates that the server showed, its own first, with what is wrong with their dates.

use bytes::Bytes;
use egui::{RichText, Ui};

use crate::protocol::certificate::{Certificate, CertificateError, UnixSeconds, Validity};
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, Session};
use crate::ui::theme::{self, Palette, card, property, section_label};

/// The chain of the session that is shown, read once.
#[derive(Debug, Clone, Default)]
pub struct CertificateChain {
    bytes: Vec<Bytes>,
    read: Vec<Result<Certificate, CertificateError>>,
}

impl CertificateChain {
    /// Draws the chain of the newest TLS connection; nothing where there was none.
    pub fn show(&mut self, ui: &mut Ui, session: &Session) {
        let newest = session.steps().filter_map(|landmark| match &landmark.kind {
            LandmarkKind::Event(EventKind::Secured { certificates, .. }) => Some(certificates),
            _ => None,
        });
        let Some(chain) = newest.last().filter(|chain| !chain.is_empty()) else { return };
        if *chain != self.bytes {
            self.read = chain.iter().map(|der| Certificate::parse(der)).collect();
            self.bytes.clone_from(chain);
        }
        ui.add_space(theme::GROUP_GAP);
        section_label(ui, "CERTIFICATES");
        let started_at = UnixSeconds(session.origin.started_at / 1_000_000_000);
        for (index, read) in self.read.iter().enumerate() {
            card(ui).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 3.0;
                match read {
                    Ok(certificate) => facts(ui, index, certificate, started_at),
                    Err(error) => {
                        ui.label(RichText::new(error.to_string()).color(Palette::of(ui).error));
                    }
                }
            });
        }
    }
}

fn facts(ui: &mut Ui, index: usize, certificate: &Certificate, started_at: UnixSeconds) {
    let palette = Palette::of(ui);
    let role = match index {
        0 => "The server's own".to_owned(),
        _ => format!("Authority {index}"),
    };
    ui.label(RichText::new(role).strong());
    property(ui, "Subject", &certificate.subject);
    if !certificate.names.is_empty() {
        let mut names = certificate.names.join(", ");
        if certificate.names_left_out > 0 {
            names += &format!(" and {} more", certificate.names_left_out);
        }
        property(ui, "Names", names);
    }
    property(ui, "Issuer", &certificate.issuer);
    let dates = format!("{} to {}", certificate.not_before, certificate.not_after);
    let (dates, colour) = match certificate.validity_at(started_at) {
        Validity::Valid => (dates, palette.text),
        Validity::NotYet => (format!("{dates}: not valid yet when the session started"), palette.error),
        Validity::Expired => (format!("{dates}: expired when the session started"), palette.error),
    };
    property(ui, "Valid", RichText::new(dates).color(colour));
    property(ui, "Key", &certificate.key);
    property(ui, "Serial", RichText::new(certificate.serial_text()).monospace());
    property(ui, "SHA-256", RichText::new(certificate.fingerprint_text()).monospace());
}
