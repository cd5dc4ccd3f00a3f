//! What an X.509 certificate says (RFC 5280), read for viewing; whether it can be trusted is judged elsewhere.

use std::fmt;
use std::time::Duration;

use core::net::{Ipv4Addr, Ipv6Addr};

use sha2::{Digest, Sha256};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::der::{DateTime, Decode as _, Reader as _, SliceReader};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// The most alternative names that are kept; the others are counted.
const MOST_NAMES: usize = 200;

/// Why bytes are not shown as a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This certificate cannot be read: {0}. Its bytes are in the log.")]
pub struct CertificateError(String);

/// A second in universal time, counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(pub u64);

/// As in RFC 3339: `2026-09-21T14:13:20Z`.
impl fmt::Display for UnixSeconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_unix_duration(Duration::from_secs(self.0)) {
            Ok(time) => write!(formatter, "{time}"),
            Err(_) => write!(formatter, "after the year 9999"),
        }
    }
}

/// How a certificate's dates lie around a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Between the two dates.
    Valid,
    /// Before the first one.
    NotYet,
    /// After the last one.
    Expired,
}

/// The facts of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it is for, as a distinguished name (RFC 4514).
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The alternative names of the subject: host names and addresses bare, others with their kind.
    pub names: Vec<String>,
    /// How many further alternative names there are.
    pub names_left_out: usize,
    /// The first second in which it is valid.
    pub not_before: UnixSeconds,
    /// The last second in which it is valid.
    pub not_after: UnixSeconds,
    /// The serial number's bytes, most significant first.
    pub serial: Vec<u8>,
    /// The type of the public key and its size where that is told apart, such as `RSA, 2048 bits`.
    pub key: String,
    /// SHA-256 of the whole certificate.
    pub fingerprint: [u8; 32],
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// When the bytes are not a certificate.
    pub fn parse(der: &[u8]) -> Result<Certificate, CertificateError> {
        let unreadable = |error: x509_cert::der::Error| CertificateError(error.to_string());
        let certificate = CertificateInner::<Raw>::from_der(der).map_err(unreadable)?;
        let facts = certificate.tbs_certificate();
        // An extension that cannot be read leaves the rest worth showing.
        let alternative = facts.get_extension::<SubjectAltName>().ok().flatten().map(|(_, names)| names.0);
        let names = alternative.unwrap_or_default();
        let second = |time: x509_cert::time::Time| UnixSeconds(time.to_unix_duration().as_secs());
        Ok(Certificate {
            subject: facts.subject().to_string(),
            issuer: facts.issuer().to_string(),
            names_left_out: names.len().saturating_sub(MOST_NAMES),
            names: names.iter().take(MOST_NAMES).map(general_name).collect(),
            not_before: second(facts.validity().not_before),
            not_after: second(facts.validity().not_after),
            serial: facts.serial_number().as_bytes().to_vec(),
            key: key(facts.subject_public_key_info()),
            fingerprint: Sha256::digest(der).into(),
        })
    }

    /// How its dates lie around this moment.
    pub fn validity_at(&self, now: UnixSeconds) -> Validity {
        match now {
            now if now < self.not_before => Validity::NotYet,
            now if now > self.not_after => Validity::Expired,
            _ => Validity::Valid,
        }
    }

    /// The fingerprint as people compare it: `AB:CD:…`.
    pub fn fingerprint_text(&self) -> String {
        with_colons(&self.fingerprint)
    }

    /// The serial number in the same form.
    pub fn serial_text(&self) -> String {
        with_colons(&self.serial)
    }
}

fn with_colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

fn general_name(name: &GeneralName) -> String {
    match name {
        GeneralName::DnsName(name) => name.to_string(),
        GeneralName::IpAddress(address) => ip_address(address.as_bytes()),
        GeneralName::Rfc822Name(name) => format!("mail {name}"),
        GeneralName::UniformResourceIdentifier(name) => format!("URI {name}"),
        GeneralName::DirectoryName(name) => format!("directory {name}"),
        GeneralName::RegisteredId(identifier) => format!("identifier {identifier}"),
        GeneralName::OtherName(name) => format!("other name {}", name.type_id),
        GeneralName::EdiPartyName(_) => "EDI party".to_owned(),
    }
}

fn ip_address(bytes: &[u8]) -> String {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        Ipv4Addr::from(bytes).to_string()
    } else if let Ok(bytes) = <[u8; 16]>::try_from(bytes) {
        Ipv6Addr::from(bytes).to_string()
    } else {
        format!("address of {} bytes", bytes.len())
    }
}

/// The key's type by its algorithm (RFC 3279, 5480, 8410), and the size of an RSA key.
fn key(info: &SubjectPublicKeyInfoOwned) -> String {
    const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    let algorithm = &info.algorithm;
    match algorithm.oid {
        RSA => match info.subject_public_key.as_bytes().and_then(modulus_bits) {
            Some(bits) => format!("RSA, {bits} bits"),
            None => "RSA".to_owned(),
        },
        ELLIPTIC => {
            let curve = algorithm.parameters.as_ref().and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
            match curve.map(|curve| curve.to_string()).as_deref() {
                Some("1.2.840.10045.3.1.7") => "ECDSA, P-256 (256 bits)".to_owned(),
                Some("1.3.132.0.34") => "ECDSA, P-384 (384 bits)".to_owned(),
                Some("1.3.132.0.35") => "ECDSA, P-521 (521 bits)".to_owned(),
                Some(other) => format!("ECDSA, curve {other}"),
                None => "ECDSA".to_owned(),
            }
        }
        other => match other.to_string().as_str() {
            "1.3.101.112" => "Ed25519 (256 bits)".to_owned(),
            "1.3.101.113" => "Ed448 (456 bits)".to_owned(),
            "1.2.840.113549.1.1.10" => "RSA-PSS".to_owned(),
            other => format!("algorithm {other}"),
        },
    }
}

/// The size of an `RSAPublicKey` (RFC 8017 A.1.1).
fn modulus_bits(key: &[u8]) -> Option<u64> {
    let mut reader = SliceReader::new(key).ok()?;
    let modulus = reader.sequence(|fields| {
        let modulus = UintRef::decode(fields)?;
        UintRef::decode(fields)?;
        Ok::<_, x509_cert::der::Error>(modulus)
    });
    let bytes = modulus.ok()?.as_bytes();
    let first = bytes.first()?;
    Some(bytes.len() as u64 * 8 - u64::from(first.leading_zeros()))
}
