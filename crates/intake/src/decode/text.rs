//! Bytes of a text file into UTF-8 with plain line ends, in bounded memory.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, DecoderResult, UTF_16BE, UTF_16LE};

use super::sniff::Refused;
use super::{legacy, preview};
use crate::errors::FileError;
use crate::map::Encoding;

/// Stands alone in the last record of a delimited file; inside another cell it shows that a quoted cell was
/// still open at the end of the file.
pub(crate) const END: &str = "\u{1}giaouoc:end\u{1}";

const CHUNK: usize = 64 << 10;

/// The error inside an [`io::Error`] when a row is longer than allowed.
#[derive(Debug, thiserror::Error)]
#[error("row too long")]
pub(crate) struct TooLong;

/// The error inside an [`io::Error`] when the text is not in its encoding.
#[derive(Debug, thiserror::Error)]
#[error("not in its encoding")]
pub(crate) struct NotText;

/// The encoding of a text file, and how many bytes of a byte order mark come first. An eight-bit encoding is
/// never found, only taken when a person has stated it and the file is not evidently Unicode.
pub(crate) fn encoding_of(
    sample: &[u8],
    whole: bool,
    stated: Option<Encoding>,
) -> Result<(Encoding, usize), FileError> {
    if sample.starts_with(b"\xef\xbb\xbf") {
        return Ok((Encoding::Utf8, 3));
    }
    if sample.starts_with(b"\xff\xfe") {
        return Ok((Encoding::Utf16Le, 2));
    }
    if sample.starts_with(b"\xfe\xff") {
        return Ok((Encoding::Utf16Be, 2));
    }
    // A table in UTF-16 has delimiters, digits and line ends: every other byte of those is zero.
    if sample.contains(&0) {
        let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        let many = sample.len() / 2 / 5;
        let (encoding, decoder) = match () {
            () if odd > many && even * 20 < odd => (Encoding::Utf16Le, UTF_16LE),
            () if even > many && odd * 20 < even => (Encoding::Utf16Be, UTF_16BE),
            () => return Err(FileError::Refused(Refused::Binary)),
        };
        let text = decoder.decode_without_bom_handling(sample).0;
        let odd = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
        return if odd > 0 { Err(FileError::Refused(Refused::Binary)) } else { Ok((encoding, 0)) };
    }
    let stated = stated.filter(|stated| stated.is_legacy());
    let utf8 = match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => !whole && error.error_len().is_none(),
    };
    if !utf8 && stated.is_none() {
        return Err(not_utf8(sample, 0));
    }
    let control = sample.iter().filter(|b| **b < 9 || (14..32).contains(*b)).count();
    if control * 20 > sample.len() {
        return Err(FileError::Refused(Refused::Binary));
    }
    match stated {
        // Letters beyond ASCII that are right in UTF-8 are not right by chance.
        Some(stated) if !utf8 || sample.is_ascii() => Ok((stated, 0)),
        _ => Ok((Encoding::Utf8, 0)),
    }
}

/// The error for bytes that are not UTF-8: how they look in the encodings they may be in.
pub(crate) fn not_utf8(bytes: &[u8], row: u64) -> FileError {
    let odd = bytes.iter().filter(|b| **b < 32 && !matches!(**b, 9 | 10 | 13)).count();
    if odd * 10 > bytes.len().min(1000) {
        return FileError::Refused(Refused::Binary);
    }
    FileError::Encoding { stated: None, row, previews: preview::of_bytes(bytes) }
}

/// The beginning of a text file as text.
pub(crate) fn decode_sample(
    sample: &[u8],
    whole: bool,
    stated: Option<Encoding>,
) -> Result<String, FileError> {
    let (encoding, mark) = encoding_of(sample, whole, stated)?;
    let body = &sample[mark..];
    if let Some(table) = legacy::Table::of(encoding) {
        return Ok(table.shown(body));
    }
    Ok(match encoding {
        Encoding::Utf16Le => UTF_16LE.decode_without_bom_handling(body).0.into_owned(),
        Encoding::Utf16Be => UTF_16BE.decode_without_bom_handling(body).0.into_owned(),
        _ => String::from_utf8_lossy(body).into_owned(),
    })
}

/// Reads a text file as UTF-8, line ends as `\n`, without byte order mark. Whether UTF-8 input is valid is
/// left to the reader of records, who knows the row.
pub(crate) struct TextReader<R> {
    inner: R,
    decoder: Option<Coder>,
    encoding: Encoding,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    /// Bytes to drop at the beginning: the byte order mark.
    mark: usize,
    after_return: bool,
    /// Bytes that may still be handed out before the row counts as too long.
    budget: usize,
    consumed: u64,
    end: End,
}

/// What turns bytes into UTF-8.
enum Coder {
    Standard(Box<Decoder>),
    Legacy(Box<legacy::Stream>),
}

/// What is to be added at the end of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Reading { sentinel: bool },
    Done,
}

impl<R: Read> TextReader<R> {
    /// A reader of text. With `sentinel`, [`END`] stands in a line of its own at the end.
    pub(crate) fn new(inner: R, encoding: Encoding, mark: usize, sentinel: bool) -> Self {
        let standard = |of: &'static encoding_rs::Encoding| {
            Some(Coder::Standard(Box::new(of.new_decoder_without_bom_handling())))
        };
        let decoder = match encoding {
            Encoding::Utf16Le => standard(UTF_16LE),
            Encoding::Utf16Be => standard(UTF_16BE),
            other => {
                legacy::Table::of(other).map(|table| Coder::Legacy(Box::new(legacy::Stream::new(table))))
            }
        };
        Self {
            inner,
            decoder,
            encoding,
            raw: vec![0; CHUNK],
            ready: Vec::new(),
            at: 0,
            mark,
            after_return: false,
            budget: usize::MAX,
            consumed: 0,
            end: End::Reading { sentinel },
        }
    }

    /// Allows a row of so many bytes more, besides what readers before the next row fetch ahead.
    pub(crate) fn allow(&mut self, bytes: usize) {
        self.budget = bytes.saturating_add(2 * CHUNK);
    }

    /// Bytes of the file read so far.
    pub(crate) fn consumed(&self) -> u64 {
        self.consumed
    }

    /// The encoding that is read.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the whole file has been handed out.
    pub(crate) fn finished(&self) -> bool {
        self.end == End::Done
    }

    /// Reads and decodes the next chunk into `ready`.
    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() {
            let End::Reading { sentinel } = self.end else { return Ok(()) };
            let read = loop {
                match self.inner.read(&mut self.raw) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.consumed += read as u64;
            let skip = self.mark.min(read);
            self.mark -= skip;
            self.decode(skip, read)?;
            self.plain_line_ends();
            if read == 0 {
                self.end = End::Done;
                if sentinel {
                    self.ready.push(b'\n');
                    self.ready.extend_from_slice(END.as_bytes());
                    self.ready.push(b'\n');
                }
            }
        }
        Ok(())
    }

    fn decode(&mut self, from: usize, to: usize) -> io::Result<()> {
        let bytes = &self.raw[from..to];
        let not_text = || io::Error::new(io::ErrorKind::InvalidData, NotText);
        let decoder = match &mut self.decoder {
            None => {
                self.ready.extend_from_slice(bytes);
                return Ok(());
            }
            Some(Coder::Legacy(stream)) => {
                return if stream.decode(bytes, &mut self.ready) { Ok(()) } else { Err(not_text()) };
            }
            Some(Coder::Standard(decoder)) => decoder,
        };
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(4 * CHUNK);
        self.ready.resize(room, 0);
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(bytes, &mut self.ready, to == 0);
        self.ready.truncate(written);
        match result {
            DecoderResult::InputEmpty => Ok(()),
            DecoderResult::OutputFull => Err(io::Error::other(format!("{:?}", CoderResult::OutputFull))),
            DecoderResult::Malformed(..) => Err(not_text()),
        }
    }

    /// `\r\n` and `\r` become `\n`, also across chunks.
    fn plain_line_ends(&mut self) {
        if self.after_return && self.ready.first() == Some(&b'\n') {
            self.ready.remove(0);
            self.after_return = false;
        }
        if !self.ready.is_empty() {
            self.after_return = self.ready.last() == Some(&b'\r');
        }
        if !self.ready.contains(&b'\r') {
            return;
        }
        let mut kept = 0;
        for i in 0..self.ready.len() {
            let byte = self.ready[i];
            if byte == b'\n' && i > 0 && self.ready[i - 1] == b'\r' {
                continue;
            }
            self.ready[kept] = byte;
            kept += 1;
        }
        self.ready.truncate(kept);
        for byte in &mut self.ready {
            if *byte == b'\r' {
                *byte = b'\n';
            }
        }
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.refill()?;
        }
        let n = buffer.len().min(self.ready.len() - self.at);
        if n > self.budget {
            return Err(io::Error::other(TooLong));
        }
        self.budget -= n;
        buffer[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// What an error of a text reader means for the file.
pub(crate) fn file_error(error: io::Error, row: u64, row_bytes: usize, encoding: Encoding) -> FileError {
    let inner = error.get_ref();
    if inner.is_some_and(|e| e.is::<TooLong>()) {
        let limit = row_bytes as u64;
        return FileError::Limit { what: crate::errors::LimitKind::Row, limit, row };
    }
    if inner.is_some_and(|e| e.is::<NotText>()) {
        return FileError::Encoding { stated: Some(encoding.name()), row, previews: Vec::new() };
    }
    FileError::Io(error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hands out at most `step` bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(buffer.len()).min(self.0.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn read(bytes: &[u8], step: usize) -> String {
        let (encoding, mark) = encoding_of(bytes, true, None).unwrap();
        let mut text = String::new();
        TextReader::new(Slow(bytes, step), encoding, mark, false).read_to_string(&mut text).unwrap();
        text
    }

    proptest! {
        #[test]
        fn encodings_and_line_ends_do_not_matter(text in "[a-z,;\" ậữ😀\r\n]{1,60}", step in 1usize..9) {
            let text = format!("ma,ten\n{text}");
            let plain = text.replace("\r\n", "\n").replace('\r', "\n");
            let utf16: Vec<u16> = text.encode_utf16().collect();
            let le: Vec<u8> = utf16.iter().flat_map(|u| u.to_le_bytes()).collect();
            let be: Vec<u8> = utf16.iter().flat_map(|u| u.to_be_bytes()).collect();
            prop_assert_eq!(read(text.as_bytes(), step), plain.clone());
            for (mark, body) in [(&b"\xef\xbb\xbf"[..], text.as_bytes()), (b"\xff\xfe", &le), (b"\xfe\xff", &be)] {
                prop_assert_eq!(read(&[mark, body].concat(), step), plain.clone());
            }
        }
    }

    #[test]
    fn a_row_may_not_eat_the_memory() {
        struct Endless;
        impl Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer.fill(b'x');
                Ok(buffer.len())
            }
        }
        let mut reader = TextReader::new(Endless, Encoding::Utf8, 0, true);
        reader.allow(1 << 20);
        let mut sink = Vec::new();
        let error = reader.read_to_end(&mut sink).unwrap_err();
        assert!(error.get_ref().unwrap().is::<TooLong>());
        assert!(sink.len() < 2 << 20);
    }

    #[test]
    fn half_a_character_is_refused() {
        let mut text = String::new();
        let error = TextReader::new(&b"a\x00\x00\xd8b\x00"[..], Encoding::Utf16Le, 0, false)
            .read_to_string(&mut text)
            .unwrap_err();
        assert!(error.get_ref().unwrap().is::<NotText>());
    }
}
