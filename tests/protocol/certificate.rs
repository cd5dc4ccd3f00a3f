//! What certificates say, read from ones that another library has made.

use closelook::protocol::certificate::{Certificate, UnixSeconds, Validity};
use rcgen::{CertificateParams, DnType, KeyPair, SanType, SerialNumber};

fn parameters() -> CertificateParams {
    let mut parameters =
        CertificateParams::new(vec!["host.example".to_owned(), "192.0.2.1".to_owned(), "2001:db8::1".to_owned()])
            .unwrap();
    parameters.distinguished_name.push(DnType::CommonName, "Grüße, Ltd");
    parameters.distinguished_name.push(DnType::OrganizationName, "Closelook");
    parameters.serial_number = Some(SerialNumber::from_slice(&[0x01, 0xAB, 0xFF]));
    parameters.not_before = rcgen::date_time_ymd(2020, 2, 29);
    parameters.not_after = rcgen::date_time_ymd(2060, 1, 1);
    parameters
}

fn der(parameters: &CertificateParams, algorithm: &'static rcgen::SignatureAlgorithm) -> Vec<u8> {
    let key = KeyPair::generate_for(algorithm).unwrap();
    parameters.self_signed(&key).unwrap().der().to_vec()
}

#[test]
fn the_facts_of_a_certificate() {
    let mut parameters = parameters();
    parameters.subject_alt_names.push(SanType::Rfc822Name("ann@host.example".try_into().unwrap()));
    parameters.subject_alt_names.push(SanType::URI("spiffe://a/b".try_into().unwrap()));
    let der = der(&parameters, &rcgen::PKCS_ECDSA_P256_SHA256);
    let facts = Certificate::parse(&der).unwrap();
    assert!(facts.subject.contains("CN=Grüße\\, Ltd") && facts.subject.contains("O=Closelook"), "{}", facts.subject);
    assert_eq!(facts.issuer, facts.subject);
    let names = ["host.example", "192.0.2.1", "2001:db8::1", "mail ann@host.example", "URI spiffe://a/b"];
    assert_eq!(facts.names, names);
    // The year 2060 has another form in the certificate than 2020.
    assert_eq!(facts.not_before.to_string(), "2020-02-29T00:00:00Z");
    assert_eq!(facts.not_after.to_string(), "2060-01-01T00:00:00Z");
    assert_eq!(facts.serial_text(), "01:AB:FF");
    assert_eq!(facts.key, "ECDSA, P-256 (256 bits)");
    assert_eq!(facts.fingerprint_text().split(':').count(), 32);
}

#[test]
fn the_dates_lie_around_a_moment() {
    let facts = Certificate::parse(&der(&parameters(), &rcgen::PKCS_ED25519)).unwrap();
    assert_eq!(facts.key, "Ed25519 (256 bits)");
    let at = |seconds| facts.validity_at(UnixSeconds(seconds));
    let (first, last) = (facts.not_before.0, facts.not_after.0);
    assert_eq!([at(first - 1), at(first)], [Validity::NotYet, Validity::Valid]);
    assert_eq!([at(last), at(last + 1)], [Validity::Valid, Validity::Expired]);
}

#[test]
fn many_names_are_counted() {
    let names: Vec<String> = (0..500).map(|number| format!("h{number}.example")).collect();
    let facts =
        Certificate::parse(&der(&CertificateParams::new(names).unwrap(), &rcgen::PKCS_ECDSA_P384_SHA384)).unwrap();
    assert_eq!((facts.names.len(), facts.names_left_out), (200, 300));
    assert_eq!(facts.key, "ECDSA, P-384 (384 bits)");
}

#[test]
fn damaged_bytes_are_an_error_and_never_a_panic() {
    let whole = der(&parameters(), &rcgen::PKCS_ECDSA_P256_SHA256);
    for length in 0..whole.len() {
        assert!(Certificate::parse(&whole[..length]).is_err());
    }
    for place in 0..whole.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut damaged = whole.clone();
            damaged[place] ^= change;
            let _ = Certificate::parse(&damaged);
        }
    }
    let error = Certificate::parse(b"").unwrap_err().to_string();
    assert!(error.starts_with("This certificate cannot be read"), "{error}");
}
