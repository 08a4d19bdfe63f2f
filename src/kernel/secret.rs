//! Secrets at rest (S51): XChaCha20-Poly1305 with a random nonce; company, table, column and row are bound in, so a
//! sealed value cannot be moved elsewhere. The first byte names the key, for rotation.

use crate::error::{Error, Result};
use crate::rng;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead, aead::Payload};

/// The key of the installation. It has no `Debug` that shows it (S48).
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

const KEY_ID: u8 = 1;
const NONCE: usize = 24;

impl Vault {
    /// The vault of a 256-bit key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Vault {
        Vault { cipher: XChaCha20Poly1305::new(key.into()) }
    }

    /// Seals a secret for the place it will lie in, such as `company/mailboxes/smtp_secret/id`.
    #[must_use]
    pub fn seal(&self, place: &str, secret: &[u8]) -> Vec<u8> {
        let nonce = rng::bytes::<NONCE>();
        let payload = Payload { msg: secret, aad: place.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        [&[KEY_ID][..], &nonce, &sealed].concat()
    }

    /// Opens what was sealed for this very place.
    ///
    /// # Errors
    /// When it was sealed for another place or with another key, or is damaged.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::internal(format!("the secret at {place} cannot be opened: was the key changed?"));
        if sealed.len() <= NONCE || sealed[0] != KEY_ID {
            return Err(broken());
        }
        let nonce: [u8; NONCE] = sealed[1..=NONCE].try_into().map_err(|_| broken())?;
        let payload = Payload { msg: &sealed[NONCE + 1..], aad: place.as_bytes() };
        self.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| broken())
    }
}

impl core::fmt::Debug for Vault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Vault")
    }
}

#[cfg(test)]
mod tests {
    use super::Vault;

    #[test]
    fn a_secret_opens_only_where_it_was_sealed() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal("a/b", b"secret");
        assert_eq!(vault.open("a/b", &sealed).unwrap(), b"secret");
        assert!(vault.open("a/c", &sealed).is_err());
        assert!(Vault::new(&[8; 32]).open("a/b", &sealed).is_err());
        assert!(vault.open("a/b", b"").is_err());
    }
}
