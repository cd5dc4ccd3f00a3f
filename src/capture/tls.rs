//! The TLS configuration of a client: whom to trust, and the words for a certificate that is not trusted.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, InconsistentKeys, ProtocolVersion, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use super::options::{ClientCertificate, TlsOptions};

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
    /// A file of the client's certificate cannot be read.
    #[error("the client's certificate in {path} cannot be read: {reason}")]
    ClientUnreadable {
        /// The file.
        path: String,
        /// Why.
        reason: pem::Error,
    },
    /// The file holds no certificate.
    #[error("there is no certificate for the client in {0}")]
    ClientEmpty(String),
    /// The file holds no private key.
    #[error("there is no private key for the client's certificate in {0}")]
    KeyMissing(String),
    /// The key is behind a password.
    #[error("the private key in {0} is encrypted")]
    KeyEncrypted(String),
    /// The key is another certificate's.
    #[error("the private key does not belong to the client's certificate")]
    KeyMismatch,
    /// The key or the certificate is not usable.
    #[error("the client's certificate or its key cannot be used: {0}")]
    ClientUnusable(rustls::Error),
    /// The host cannot stand in a certificate.
    #[error("`{0}` cannot be the name in a certificate")]
    ServerName(String),
    /// The system's certificates, or the library, are not usable.
    #[error("TLS cannot be set up: {0}")]
    Library(#[from] rustls::Error),
}

/// A TLS connection that has not begun, to a server of this name, unless the options give it another one.
///
/// # Errors
/// When the certificates to trust or to show cannot be had.
pub(super) fn connection(host: &str, options: &TlsOptions) -> Result<(ClientConnection, Arc<Identity>), TlsSetupError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if options.accept_any_certificate {
        Arc::new(AcceptAny { provider: Arc::clone(&provider) })
    } else {
        let extra = options.extra_authority.as_deref().map(read_certificates).transpose()?.unwrap_or_default();
        Arc::new(Verifier::new_with_extra_roots(extra, Arc::clone(&provider))?)
    };
    let certificate = options.client_certificate.as_ref().map(|client| read_client_certificate(client, &provider));
    let identity = Arc::new(Identity { certificate: certificate.transpose()?, was_asked: AtomicBool::new(false) });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_cert_resolver(Arc::clone(&identity) as Arc<dyn ResolvesClientCert>);
    // A server that prefers HTTP/2 is told that the upgrade of HTTP/1.1 is wanted.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let host = options.server_name.as_deref().unwrap_or(host);
    let name = ServerName::try_from(host.to_owned()).map_err(|_| TlsSetupError::ServerName(host.to_owned()))?;
    Ok((ClientConnection::new(Arc::new(config), name)?, identity))
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

/// The protocol that ALPN agreed on.
pub(super) fn agreed_protocol(connection: &ClientConnection) -> Option<String> {
    connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned())
}

/// The server's certificates in DER, its own first.
pub(super) fn certificates(connection: &ClientConnection) -> Vec<Bytes> {
    let chain = connection.peer_certificates().unwrap_or_default();
    chain.iter().map(|certificate| Bytes::copy_from_slice(certificate)).collect()
}

/// Who the client says it is, and whether it was asked: a server that got no answer it likes may just hang up.
#[derive(Debug)]
pub(super) struct Identity {
    certificate: Option<Arc<CertifiedKey>>,
    was_asked: AtomicBool,
}

/// What became of the client's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The server did not ask for one.
    No,
    /// It asked and got none.
    InVain,
    /// It asked and got one.
    Answered,
}

impl Identity {
    /// What became of the client's certificate so far.
    pub(super) fn asked(&self) -> Asked {
        match (self.was_asked.load(Ordering::Relaxed), &self.certificate) {
            (false, _) => Asked::No,
            (true, None) => Asked::InVain,
            (true, Some(_)) => Asked::Answered,
        }
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _root_hint_subjects: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, Ordering::Relaxed);
        self.certificate.clone()
    }

    fn has_certs(&self) -> bool {
        self.certificate.is_some()
    }
}

fn read_client_certificate(
    client: &ClientCertificate,
    provider: &CryptoProvider,
) -> Result<Arc<CertifiedKey>, TlsSetupError> {
    let unreadable = |path: &Path, reason| TlsSetupError::ClientUnreadable { path: path.display().to_string(), reason };
    let path = client.certificate.as_path();
    let read = |path| CertificateDer::pem_file_iter(path)?.collect::<Result<Vec<_>, _>>();
    let chain = read(path).map_err(|reason| unreadable(path, reason))?;
    if chain.is_empty() {
        return Err(TlsSetupError::ClientEmpty(path.display().to_string()));
    }
    let path = client.key.as_deref().unwrap_or(path);
    let key = PrivateKeyDer::from_pem_file(path).map_err(|error| match error {
        pem::Error::NoItemsFound if is_encrypted(path) => TlsSetupError::KeyEncrypted(path.display().to_string()),
        pem::Error::NoItemsFound => TlsSetupError::KeyMissing(path.display().to_string()),
        reason => unreadable(path, reason),
    })?;
    let key = provider.key_provider.load_private_key(key).map_err(TlsSetupError::ClientUnusable)?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => Err(TlsSetupError::KeyMismatch),
        // A certificate that cannot be looked into, such as one of X.509 version 1, is for the server to judge.
        _ => Ok(Arc::new(certified)),
    }
}

/// Whether a PEM file has a key that wants a password (RFC 5958 section 3, or the older form of OpenSSL).
fn is_encrypted(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.contains("ENCRYPTED"))
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
