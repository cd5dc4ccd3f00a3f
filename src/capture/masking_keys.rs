//! Random masking keys for the frames that this program writes itself (RFC 6455 5.3 and 10.3).

use rustls::crypto::{SecureRandom, ring};

use crate::protocol::masking::MaskingKey;

/// An endless supply of keys that nobody can predict.
pub struct MaskingKeys(&'static dyn SecureRandom);

impl Default for MaskingKeys {
    fn default() -> MaskingKeys {
        MaskingKeys(ring::default_provider().secure_random)
    }
}

impl MaskingKeys {
    /// The next key. A system without randomness gives four zero bytes, which the findings of the session will say.
    pub fn next(&self) -> MaskingKey {
        let mut key = [0; 4];
        match self.0.fill(&mut key) {
            Ok(()) => MaskingKey(key),
            Err(_) => MaskingKey([0; 4]),
        }
    }
}
