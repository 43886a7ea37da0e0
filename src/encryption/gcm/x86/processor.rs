//! The processor, and messages whose keys are good for one.

use super::MessageKey;
use crate::encryption::gcm::{KEY, NONCE, TAG};

/// A processor with the instructions: there is a value only where it has said so.
#[derive(Clone, Copy, Debug)]
pub(in crate::encryption) struct Processor {
    pub(super) wide: bool,
}

impl Processor {
    /// This one, if it has them.
    #[inline]
    pub(in crate::encryption) fn detect() -> Option<Self> {
        let narrow = std::arch::is_x86_feature_detected!("avx")
            && std::arch::is_x86_feature_detected!("aes")
            && std::arch::is_x86_feature_detected!("pclmulqdq");
        narrow.then(Self::detect_wide)
    }

    #[inline]
    fn detect_wide() -> Self {
        let wide = std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("vaes")
            && std::arch::is_x86_feature_detected!("vpclmulqdq");
        Self { wide }
    }

    /// The same without the wide registers.
    #[cfg(test)]
    pub(in crate::encryption::gcm) fn narrow(mut self) -> Self {
        self.wide = false;
        self
    }

    /// Encrypts `text` where it lies and returns the tag.
    pub(in crate::encryption::gcm) fn seal(
        self,
        key: &[u8; KEY],
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        text: &mut [u8],
    ) -> [u8; TAG] {
        #[target_feature(enable = "aes,avx,pclmulqdq")]
        fn seal(
            processor: Processor,
            key: &[u8; KEY],
            nonce: &[u8; NONCE],
            associated_data: &[u8],
            text: &mut [u8],
        ) -> [u8; TAG] {
            let mut message_key = MessageKey::empty(processor);
            let start = message_key.expand(key, nonce);
            message_key.seal_from(&start, associated_data, text)
        }
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        unsafe { seal(self, key, nonce, associated_data, text) }
    }

    /// Checks the tag of `ciphertext`, or of `text` if there is none, and only if it is right
    /// decrypts into `text`, which is as long.
    pub(in crate::encryption::gcm) fn open(
        self,
        key: &[u8; KEY],
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        ciphertext: Option<&[u8]>,
        tag: &[u8; TAG],
        text: &mut [u8],
    ) -> bool {
        #[target_feature(enable = "aes,avx,pclmulqdq")]
        fn open(
            processor: Processor,
            key: &[u8; KEY],
            nonce: &[u8; NONCE],
            associated_data: &[u8],
            ciphertext: Option<&[u8]>,
            tag: &[u8; TAG],
            text: &mut [u8],
        ) -> bool {
            let mut message_key = MessageKey::empty(processor);
            let start = message_key.expand(key, nonce);
            message_key.open_from(&start, associated_data, ciphertext, tag, text)
        }
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        unsafe { open(self, key, nonce, associated_data, ciphertext, tag, text) }
    }
}
