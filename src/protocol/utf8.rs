//! UTF-8 checked in parts of any size, as RFC 6455 8.1 asks for text messages.

/// Text was not UTF-8; `at` counts bytes from the start of the text to the sequence that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidUtf8 {
    /// Offset in bytes.
    pub at: u64,
}

/// Checks one text that arrives in parts; keeps at most three bytes of an unfinished character.
#[derive(Debug, Clone, Default)]
pub struct Utf8Validator {
    pending: [u8; 4],
    pending_length: usize,
    checked: u64,
}

impl Utf8Validator {
    /// Checks the next part.
    ///
    /// # Errors
    /// The offset of the first wrong byte; the validator must not be used further.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), InvalidUtf8> {
        while self.pending_length > 0 {
            let Some((&next, rest)) = bytes.split_first() else {
                return Ok(());
            };
            if let Some(slot) = self.pending.get_mut(self.pending_length) {
                *slot = next;
            }
            self.pending_length += 1;
            match std::str::from_utf8(self.pending.get(..self.pending_length).unwrap_or_default()) {
                Ok(_) => {
                    self.checked += self.pending_length as u64;
                    self.pending_length = 0;
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(InvalidUtf8 { at: self.checked }),
            }
            bytes = rest;
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => self.checked += bytes.len() as u64,
            Err(error) => {
                let valid = error.valid_up_to();
                self.checked += valid as u64;
                if error.error_len().is_some() {
                    return Err(InvalidUtf8 { at: self.checked });
                }
                for (slot, byte) in self.pending.iter_mut().zip(bytes.iter().skip(valid)) {
                    *slot = *byte;
                    self.pending_length += 1;
                }
            }
        }
        Ok(())
    }

    /// Ends the text.
    ///
    /// # Errors
    /// When it stops inside a character: the offset at which that character begins.
    pub fn finish(&self) -> Result<(), InvalidUtf8> {
        if self.pending_length == 0 { Ok(()) } else { Err(InvalidUtf8 { at: self.checked }) }
    }
}
