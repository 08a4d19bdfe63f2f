//! 读取上限: a connection that reads no more than a mailbox may send. What a server says of a message's size is only
//! what it says, and the library makes room for whatever length is announced, up to half a gigabyte.

use super::session::Pipe;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Most bytes of one answer: more than the largest message, for servers that count them roughly.
pub const MOST: usize = 48 * 1024 * 1024;

/// Reads at most `MOST` bytes after each command, and fails at a literal that is announced longer.
#[derive(Debug)]
pub struct Bound {
    inner: Box<dyn Pipe>,
    answer: Answer,
}

impl Bound {
    /// The same connection with a limit.
    #[must_use]
    pub fn new(inner: Box<dyn Pipe>) -> Bound {
        Bound { inner, answer: Answer::default() }
    }
}

impl AsyncRead for Bound {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let is_borne = self.answer.takes(&buffer.filled()[start..]);
        Poll::Ready(if is_borne { Ok(()) } else { Err(io::Error::other("the answer is too long")) })
    }
}

impl AsyncWrite for Bound {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.answer.received = 0;
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// What has come since the last command, and where in a response the next byte stands.
#[derive(Debug, Default)]
struct Answer {
    received: usize,
    /// Bytes of a literal that are still to come.
    literal: usize,
    /// The beginning of the response, and the end of its line so far.
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Answer {
    /// Takes note of more bytes; false when they are too many.
    fn takes(&mut self, bytes: &[u8]) -> bool {
        self.received += bytes.len();
        if self.received > MOST {
            return false;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let skipped = self.literal.min(rest.len());
            self.literal -= skipped;
            rest = &rest[skipped..];
            let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
            let (line, later) = rest.split_at(end);
            rest = later;
            self.note(line);
            if !line.ends_with(b"\n") {
                continue;
            }
            let announced = self.announced();
            self.tail.clear();
            match announced {
                Some(length) if length > MOST => return false,
                // The response goes on behind the literal.
                Some(length) => self.literal = length,
                None => self.head.clear(),
            }
        }
        true
    }

    fn note(&mut self, line: &[u8]) {
        const HEAD: usize = 10;
        const TAIL: usize = 32;
        self.head.extend(line.iter().take(HEAD - self.head.len().min(HEAD)));
        self.tail.extend(&line[line.len() - line.len().min(TAIL)..]);
        self.tail.drain(..self.tail.len() - self.tail.len().min(TAIL));
    }

    /// The length in `{123}` at the end of a line. Words for people hold none, whatever they look like.
    fn announced(&self) -> Option<usize> {
        let head = self.head.to_ascii_uppercase();
        let is_data = head.starts_with(b"* ")
            && ![&b"* OK"[..], b"* NO", b"* BAD", b"* BYE", b"* PREAUTH"].iter().any(|words| head.starts_with(words));
        let line = self.tail.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line))?;
        let inner = line.strip_suffix(b"}").filter(|_| is_data)?;
        let digits = &inner[inner.iter().rposition(|byte| *byte == b'{')? + 1..];
        let digits = std::str::from_utf8(digits).ok()?.trim_end_matches('+');
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(digits.parse().unwrap_or(usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, MOST};

    /// Whether everything is taken, however it is cut into pieces.
    fn takes(said: &[u8]) -> bool {
        let outcomes = [1, 3, 7, said.len()].map(|size| {
            let mut answer = Answer::default();
            said.chunks(size).all(|piece| answer.takes(piece))
        });
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
        outcomes[0]
    }

    #[test]
    fn no_length_is_believed_beyond_the_limit() {
        let announce = |length: &str, after: &str| takes(format!("* 1 FETCH (UID 7 BODY[] {{{length}}}\r\n{after}").as_bytes());
        assert!(announce("5", "hello FLAGS ())\r\n"));
        assert!(announce(&MOST.to_string(), "and so on"));
        assert!(!announce(&(MOST + 1).to_string(), ""));
        assert!(!announce("4294967295", ""));
        assert!(!announce("99999999999999999999999999", ""));
        // The second one of the same response, and of the next.
        assert!(!announce("5", "hello BODY[1] {500000000}\r\n"));
        assert!(!announce("5", "hello)\r\n* 2 FETCH (BODY[] {500000000}\r\n"));
        // Words and messages may look like it.
        assert!(announce("14", "{500000000}\r\n )\r\n"));
        assert!(takes(b"* OK hi {500000000}\r\na1 NO {500000000}\r\n+ {500000000}\r\n"));
        // Words that look like it hide nothing.
        assert!(!takes(b"* OK hi {900}\r\n* 1 FETCH (BODY[] {500000000}\r\n"));
    }

    #[test]
    fn an_answer_ends_somewhere() {
        let mut answer = Answer::default();
        assert!(answer.takes(&vec![b'x'; MOST]));
        assert!(!answer.takes(b"x"));
        answer.received = 0;
        assert!(answer.takes(b"x"), "the next command has its own answer");
    }
}
