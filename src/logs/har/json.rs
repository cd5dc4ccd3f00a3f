//! Reading JSON through a window, so that a file of any length needs no tree of its values.

use std::io;

use crate::session::Recorder;

use super::super::window::Window;
use super::super::{BytesRead, cancelled};
use super::cursor::{Cursor, Known, Passing, Stop, Text};

/// The longest key, number or text that is read, in bytes; longer ones are passed over.
const LONGEST_SHORT: usize = 256 << 10;

/// Why reading cannot go on; what was read before stays.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file ends inside a value.
    Ended,
    /// What stands here is not JSON.
    Syntax {
        /// What could stand here.
        expected: &'static str,
    },
    /// The file could not be read.
    Read(io::Error),
    /// The person who asked has given up.
    Cancelled,
}

/// The reader.
pub(super) struct Json<'progress, 'asker> {
    window: Window,
    progress: &'progress mut BytesRead<'asker>,
    /// How far the reader is said to be.
    told: u64,
    text: Text,
}

impl<'progress, 'asker> Json<'progress, 'asker> {
    pub(super) fn new(window: Window, progress: &'progress mut BytesRead<'asker>) -> Self {
        Json { window, progress, told: 0, text: Text::default() }
    }

    /// How many bytes of the file are behind the reader.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Goes to a place where it was before, or back from there.
    pub(super) fn go_to(&mut self, offset: u64) {
        self.window.go_to(offset);
    }

    /// Tells how far the reader is, and what was recorded.
    pub(super) fn tell(&mut self, recorder: Option<&mut Recorder>) -> Result<(), Fault> {
        self.told = self.told.max(self.offset());
        cancelled((self.progress)(self.told, recorder)).map_err(|_| Fault::Cancelled)
    }

    /// Tells that nothing more is read.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        self.told = u64::MAX;
        self.tell(None)
    }

    /// Passes over a byte order mark.
    pub(super) fn begin(&mut self) -> Result<(), Fault> {
        self.tell(None)?;
        if self.window.see(3).map_err(Fault::Read)? == b"\xEF\xBB\xBF" {
            self.window.pass(3);
        }
        Ok(())
    }

    /// What can be seen without reading more, for who reads it in place and then passes over it.
    pub(super) fn seen(&self) -> &[u8] {
        self.window.seen()
    }

    /// Passes over bytes that were read in place.
    pub(super) fn pass(&mut self, length: usize) {
        self.window.pass(length);
    }

    /// Reads on after a stop, up to which `length` bytes were read: more of the file is seen then.
    #[cold]
    pub(super) fn go_on(&mut self, stop: Stop, length: usize) -> Result<(), Fault> {
        match stop {
            Stop::Incomplete => self.more(),
            Stop::Syntax { expected } => {
                self.window.pass(length);
                Err(Fault::Syntax { expected })
            }
        }
    }

    /// Enters an object; any other value is passed over, and the answer is `false`.
    pub(super) fn object(&mut self) -> Result<bool, Fault> {
        self.enter(b'{')
    }

    /// Enters an array; any other value is passed over, and the answer is `false`.
    pub(super) fn array(&mut self) -> Result<bool, Fault> {
        self.enter(b'[')
    }

    /// Whether an object follows.
    pub(super) fn is_object(&mut self) -> Result<bool, Fault> {
        Ok(self.peek()? == b'{')
    }

    /// Whether another element of the array follows.
    pub(super) fn element(&mut self) -> Result<bool, Fault> {
        let follows = self.next_of_list()? != b']';
        if !follows {
            self.window.pass(1);
        }
        Ok(follows)
    }

    /// The next key of the object, by its meaning among those that are known; `None` at the end of the object.
    pub(super) fn key<K: Copy>(&mut self, known: &Known<K>) -> Result<Option<Option<K>>, Fault> {
        match self.next_of_list()? {
            b'}' => {
                self.window.pass(1);
                return Ok(None);
            }
            b'"' => {}
            _ => return Err(Fault::Syntax { expected: "a key or the end of an object" }),
        }
        let key = self.short(|cursor, text| cursor.one_of(known, text))?;
        if self.peek()? != b':' {
            return Err(Fault::Syntax { expected: "a colon" });
        }
        self.window.pass(1);
        Ok(Some(key.flatten()))
    }

    /// Reads a string, of which at most `most` bytes are kept; any other value is passed over, and the answer is `None`. Bytes that are
    /// not UTF-8 are replaced.
    pub(super) fn text(&mut self, most: usize) -> Result<Option<String>, Fault> {
        if self.peek()? != b'"' {
            self.skip()?;
            return Ok(None);
        }
        self.short(|cursor, text| cursor.text(text))?;
        let text = self.text.bytes();
        Ok(Some(String::from_utf8_lossy(text.get(..most).unwrap_or(text)).into_owned()))
    }

    /// Reads a number as it is written; any other value is passed over, and the answer is `None`.
    pub(super) fn number<T>(&mut self, read: impl Fn(&[u8]) -> Option<T>) -> Result<Option<T>, Fault> {
        self.peek()?;
        let number = self.short(|cursor, _| Ok(cursor.number()?.and_then(&read)))?;
        Ok(number.flatten())
    }

    /// Passes over a value, however deep.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let mut passing = Passing::default();
        loop {
            let mut cursor = Cursor::new(self.window.seen());
            let result = cursor.skip_on(&mut passing);
            let length = self.window.seen().len() - cursor.rest().len();
            self.window.pass(length);
            match result {
                Ok(()) => return Ok(()),
                Err(stop) => self.go_on(stop, 0)?,
            }
        }
    }

    fn enter(&mut self, bracket: u8) -> Result<bool, Fault> {
        if self.peek()? == bracket {
            self.window.pass(1);
            return Ok(true);
        }
        self.skip()?;
        Ok(false)
    }

    /// The next byte that is neither white space nor a comma.
    fn next_of_list(&mut self) -> Result<u8, Fault> {
        loop {
            match self.peek()? {
                b',' => self.window.pass(1),
                byte => return Ok(byte),
            }
        }
    }

    /// The next byte that is not white space; it is not consumed.
    fn peek(&mut self) -> Result<u8, Fault> {
        loop {
            let mut cursor = Cursor::new(self.window.seen());
            let result = cursor.peek();
            let spaces = self.window.seen().len() - cursor.rest().len();
            self.window.pass(spaces);
            match result {
                Ok(byte) => return Ok(byte),
                Err(stop) => self.go_on(stop, 0)?,
            }
        }
    }

    /// Reads the value that begins here; one that is too long is passed over, and the answer is `None`.
    fn short<T>(
        &mut self,
        mut read: impl FnMut(&mut Cursor<'_>, &mut Text) -> Result<T, Stop>,
    ) -> Result<Option<T>, Fault> {
        loop {
            let seen = self.window.seen();
            let mut cursor = Cursor::new(seen);
            let result = read(&mut cursor, &mut self.text);
            let (seen, length) = (seen.len(), seen.len() - cursor.rest().len());
            match result {
                Ok(value) => {
                    self.window.pass(length);
                    return Ok(Some(value));
                }
                Err(Stop::Incomplete) if seen > LONGEST_SHORT => {
                    self.skip()?;
                    return Ok(None);
                }
                Err(stop) => self.go_on(stop, length)?,
            }
        }
    }

    /// Reads more of the file; what was not consumed stays.
    #[cold]
    fn more(&mut self) -> Result<(), Fault> {
        self.tell(None)?;
        match self.window.read_more() {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.window.pass(self.window.seen().len());
                Err(Fault::Ended)
            }
            Err(error) => Err(Fault::Read(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::super::input::Input;
    use super::*;

    /// Reads with this, of which the window sees little at a time.
    fn read<T>(json: &str, read: impl FnOnce(&mut Json<'_, '_>) -> T) -> T {
        let input = Input::Memory(json.as_bytes().to_vec().into());
        read(&mut Json::new(Window::dripping(input), &mut |_, _| ControlFlow::Continue(())))
    }

    #[test]
    fn values_are_passed_over_whole() {
        let json = r#"{"a": [1, {"b": "]}\"", "c": [[[]]]}, -1.5e3, true], "d": null, "\u0065": 7}"#;
        read(json, |json| {
            assert!(json.object().unwrap());
            let known: [(&[u8], u8); 1] = [(b"e", 5)];
            assert_eq!(json.key(&known).unwrap(), Some(None));
            json.skip().unwrap();
            assert_eq!(json.key(&known).unwrap(), Some(None));
            json.skip().unwrap();
            assert_eq!(json.key(&known).unwrap(), Some(Some(5)));
            assert_eq!(json.number(|digits| Some(digits.to_vec())).unwrap(), Some(b"7".to_vec()));
            assert_eq!(json.key(&known).unwrap(), None);
        });
    }

    #[test]
    fn what_is_too_long_is_cut_and_passed_over() {
        let [long, too_long] = [1_000, 2 * LONGEST_SHORT].map(|length| "z".repeat(length));
        let json =
            format!("[\"{long}\\\"\", \"{too_long}\", {{\"{too_long}\": 3}}, {}, 3]", "4".repeat(2 * LONGEST_SHORT));
        read(&json, |json| {
            assert!(json.array().unwrap() && json.element().unwrap());
            assert_eq!(json.text(10).unwrap(), Some("z".repeat(10)));
            assert!(json.element().unwrap());
            assert_eq!(json.text(10).unwrap(), Some("z".repeat(10)));
            assert!(json.element().unwrap() && json.object().unwrap());
            assert_eq!(json.key(&[(b"z", ())]).unwrap(), Some(None));
            assert_eq!(json.number(|digits| Some(digits.len())).unwrap(), Some(1));
            assert_eq!(json.key(&[(b"z", ())]).unwrap(), None);
            assert!(json.element().unwrap());
            assert_eq!(json.number(|digits| Some(digits.len())).unwrap(), None);
            assert!(json.element().unwrap());
            assert_eq!(json.number(|digits| Some(digits.len())).unwrap(), Some(1));
            assert!(!json.element().unwrap());
        });
    }
}
