//! The TLS configuration of a client: whom to trust, and the words for a certificate that is not trusted.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, ProtocolVersion, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::options::ConnectOptions;
use super::target::Target;

/// Why TLS cannot be begun.
#[derive(Debug, thiserror::Error)]
pub(super) enum TlsSetupError {
    /// The file of the extra authority cannot be read.
    #[error("the certificates in {path} cannot be read: {reason}")]
    AuthorityUnreadable {
        /// The file.
        path: String,
        /// Why.
        reason: pem::Error,
    },
    /// The file of the extra authority holds none.
    #[error("there is no certificate in {0}")]
    AuthorityEmpty(String),
    /// The host cannot stand in a certificate.
    #[error("`{0}` cannot be the name in a certificate")]
    ServerName(String),
    /// The system's certificates, or the library, are not usable.
    #[error("TLS cannot be set up: {0}")]
    Library(#[from] rustls::Error),
}

/// A TLS connection to `target` that has not begun.
///
/// # Errors
/// When the certificates to trust cannot be had.
pub(super) fn connection(target: &Target, options: &ConnectOptions) -> Result<ClientConnection, TlsSetupError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if options.accept_any_certificate {
        Arc::new(AcceptAny { provider: Arc::clone(&provider) })
    } else {
        let extra = options.extra_authority.as_deref().map(read_certificates).transpose()?.unwrap_or_default();
        Arc::new(Verifier::new_with_extra_roots(extra, Arc::clone(&provider))?)
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    // A server that prefers HTTP/2 is told that the upgrade of HTTP/1.1 is wanted.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let host = target.host();
    let name = ServerName::try_from(host.clone()).map_err(|_| TlsSetupError::ServerName(host))?;
    Ok(ClientConnection::new(Arc::new(config), name)?)
}

/// Such as `TLS 1.3`.
pub(super) fn version_name(connection: &ClientConnection) -> String {
    match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The cipher suite by its IANA name.
pub(super) fn cipher_name(connection: &ClientConnection) -> String {
    let suite = connection.negotiated_cipher_suite().map(|suite| suite.suite());
    let name = suite.and_then(|suite| suite.as_str()).unwrap_or("unknown");
    // The library names the suites of TLS 1.3 in its own way.
    name.replacen("TLS13_", "TLS_", 1)
}

fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsSetupError> {
    let unreadable = |reason| TlsSetupError::AuthorityUnreadable { path: path.display().to_string(), reason };
    let certificates: Vec<_> =
        CertificateDer::pem_file_iter(path).map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)?;
    if certificates.is_empty() {
        return Err(TlsSetupError::AuthorityEmpty(path.display().to_string()));
    }
    Ok(certificates)
}

/// Trusts everybody, which is what a person asked for by accepting any certificate.
#[derive(Debug)]
struct AcceptAny {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
