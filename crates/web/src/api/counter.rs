//! What is seen of lines of JSON while they come: how many, which are blank, whether they are UTF-8.

/// Counts lines as they come, whatever the pieces.
#[derive(Debug, Default)]
pub(super) struct Counter {
    /// Lines that have ended.
    pub lines: u64,
    /// Those with nothing on them.
    pub blank: Vec<u64>,
    /// The first byte that is no space.
    pub first: Option<u8>,
    begun: bool,
    filled: bool,
    /// The beginning of a letter whose rest is in the next piece.
    letter: Vec<u8>,
    /// The line on which something is not UTF-8.
    pub broken: Option<u64>,
}

impl Counter {
    /// Takes a piece.
    pub fn add(&mut self, bytes: &[u8]) {
        self.check(bytes);
        for (at, part) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if at > 0 {
                self.end();
            }
            if !part.is_empty() {
                self.begun = true;
                let filled =
                    if self.filled { None } else { part.iter().find(|byte| !byte.is_ascii_whitespace()) };
                self.filled |= filled.is_some();
                self.first = self.first.or(filled.copied());
            }
        }
    }

    /// Looks whether it is UTF-8 up to the end of a piece.
    fn check(&mut self, bytes: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        self.letter.extend_from_slice(&bytes[..bytes.len().min(4)]);
        let held = std::mem::take(&mut self.letter);
        let skipped = held.len() - bytes.len().min(4);
        // The letter that was cut, with what follows it; then the rest from where it ends.
        let from = match std::str::from_utf8(&held) {
            _ if skipped == 0 => 0,
            Ok(_) => held.len() - skipped,
            Err(error) if error.valid_up_to() > 0 => error.valid_up_to().saturating_sub(skipped),
            Err(error) if error.error_len().is_none() && held.len() < 4 => {
                self.letter = held;
                return;
            }
            Err(_) => {
                self.broken = Some(self.lines + 1);
                return;
            }
        };
        if let Err(error) = std::str::from_utf8(&bytes[from..]) {
            let at = from + error.valid_up_to();
            match error.error_len() {
                None => self.letter = bytes[at..].to_vec(),
                Some(_) => {
                    let before = bytes[..at].iter().filter(|byte| **byte == b'\n').count();
                    self.broken = Some(self.lines + before as u64 + 1);
                }
            }
        }
    }

    fn end(&mut self) {
        self.lines += 1;
        if !self.filled {
            self.blank.push(self.lines);
        }
        (self.begun, self.filled) = (false, false);
    }

    /// The last line may lack its end.
    pub fn finish(&mut self) {
        if !self.letter.is_empty() && self.broken.is_none() {
            self.broken = Some(self.lines + 1);
        }
        if self.begun {
            self.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_whatever_the_pieces() {
        let text = b"\n {\"a\":1}\n\r\n\n{}\n  \n{\"b\":2}";
        for size in 1..=text.len() {
            let mut counter = Counter::default();
            for piece in text.chunks(size) {
                counter.add(piece);
            }
            counter.finish();
            assert_eq!((counter.lines, &counter.blank[..]), (7, &[1, 3, 4, 6][..]), "{size}");
            assert_eq!((counter.first, counter.broken), (Some(b'{'), None));
        }
    }

    #[test]
    fn what_is_not_utf_8_is_found_on_its_line_whatever_the_pieces() {
        let cases: [(&[u8], Option<u64>); 6] = [
            ("{\"a\":\"ẫỖ😀\"}\n{\"b\":\"đ\"}\n".as_bytes(), None),
            (b"{}\n{\"a\":\"\xff\"}\n", Some(2)),
            (b"{\"a\":\"\xe1\xba\"}\n{}", Some(1)),
            (b"{}\n{}\n\xe1\xba", Some(3)),
            (b"{}\n\xf0\x9f\x98", Some(2)),
            (b"{\"a\":\"\xe1\xba\xab\"}\n\x80", Some(2)),
        ];
        for (text, broken) in cases {
            for size in 1..=text.len() {
                let mut counter = Counter::default();
                for piece in text.chunks(size) {
                    counter.add(piece);
                }
                counter.finish();
                assert_eq!(counter.broken, broken, "{text:?} in pieces of {size}");
            }
        }
    }
}
