//! The words of a filter: text in, tokens out, each with its place counted in characters.

use std::ops::Range;

use crate::content::json_path::is_plain;

use super::FilterError;
use super::expression::Comparison;

/// What a filter is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A field, an operator in letters or the name of a value; dots and hyphens belong to it.
    Word(String),
    /// A number as it is written, without its unit.
    Number(String),
    /// Bytes in double quotes or in hexadecimal.
    Bytes(Vec<u8>),
    /// `/pattern/flags`; the pattern begins one character after the token.
    Pattern {
        source: String,
        flags: String,
    },
    Comparison(Comparison),
    And,
    Or,
    Not,
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    /// `*`, any index.
    Star,
}

/// A token and the characters that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) range: Range<usize>,
}

/// Whether a character can be inside a word.
pub(super) fn is_in_word(character: char) -> bool {
    character == '.' || is_plain(character)
}

fn begins_word(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '_' | '.' | '$' | '@')
}

/// The tokens of a filter in order.
pub(super) fn tokens(source: &str) -> Result<Vec<Placed>, FilterError> {
    let mut lexer = Lexer { characters: source.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(placed) = lexer.next()? {
        tokens.push(placed);
    }
    Ok(tokens)
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn take_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        self.peek().filter(|character| wanted(*character)).inspect(|_| self.at += 1)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        std::iter::from_fn(|| self.take_if(&wanted)).collect()
    }

    fn next(&mut self) -> Result<Option<Placed>, FilterError> {
        self.take_while(char::is_whitespace);
        let start = self.at;
        let Some(first) = self.take() else { return Ok(None) };
        let token = self.token(first, start)?;
        Ok(Some(Placed { token, range: start..self.at }))
    }

    fn token(&mut self, first: char, start: usize) -> Result<Token, FilterError> {
        let fail = |problem: &str| Err(FilterError::new(start, problem));
        let mut followed_by = |wanted: char| self.take_if(|next| next == wanted).is_some();
        Ok(match first {
            '(' => Token::Open,
            ')' => Token::Close,
            '{' => Token::OpenBrace,
            '}' => Token::CloseBrace,
            '[' => Token::OpenBracket,
            ']' => Token::CloseBracket,
            ',' => Token::Comma,
            '*' => Token::Star,
            '=' if followed_by('=') => Token::Comparison(Comparison::Equal),
            '=' => return fail("Write == to compare."),
            '!' if followed_by('=') => Token::Comparison(Comparison::Different),
            '!' => Token::Not,
            '<' if followed_by('=') => Token::Comparison(Comparison::LessOrEqual),
            '<' => Token::Comparison(Comparison::Less),
            '>' if followed_by('=') => Token::Comparison(Comparison::GreaterOrEqual),
            '>' => Token::Comparison(Comparison::Greater),
            '&' if followed_by('&') => Token::And,
            '&' => return fail("Write && between two conditions that both have to hold."),
            '|' if followed_by('|') => Token::Or,
            '|' => return fail("Write || between two conditions of which one has to hold."),
            '"' => self.quoted(start)?,
            '/' => self.pattern(start)?,
            '0' if self.peek() == Some('x') => self.hexadecimal(start)?,
            '-' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => {
                return fail("A minus belongs before a number.");
            }
            '-' | '0'..='9' => self.number(first),
            first if begins_word(first) => {
                let rest = self.take_while(is_in_word);
                match format!("{first}{rest}").as_str() {
                    "and" => Token::And,
                    "or" => Token::Or,
                    "not" => Token::Not,
                    word => Token::Word(word.to_owned()),
                }
            }
            _ => return fail("This character has no meaning here. Put text into double quotes."),
        })
    }

    fn number(&mut self, first: char) -> Token {
        let digit = |next: char| next.is_ascii_digit();
        let mut number = format!("{first}{}", self.take_while(digit));
        let after = |place: usize, lexer: &Lexer| lexer.characters.get(lexer.at + place).copied();
        if self.peek() == Some('.') && after(1, self).is_some_and(digit) {
            self.at += 1;
            number.push('.');
            number.push_str(&self.take_while(digit));
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            let has_sign = matches!(after(1, self), Some('+' | '-'));
            if after(1 + usize::from(has_sign), self).is_some_and(digit) {
                number.extend(self.take());
                if has_sign {
                    number.extend(self.take());
                }
                number.push_str(&self.take_while(digit));
            }
        }
        Token::Number(number)
    }

    fn hexadecimal(&mut self, start: usize) -> Result<Token, FilterError> {
        self.at += 1;
        let digits = self.take_while(char::is_alphanumeric);
        if digits.is_empty() || digits.len() % 2 == 1 {
            return Err(FilterError::new(start, "Each byte has two hexadecimal digits, as in 0x48656c."));
        }
        match crate::protocol::hexadecimal::decode(&digits) {
            Some(bytes) => Ok(Token::Bytes(bytes)),
            None => Err(FilterError::new(start, "After 0x only the digits 0 to 9 and a to f have a meaning.")),
        }
    }

    fn quoted(&mut self, start: usize) -> Result<Token, FilterError> {
        let mut bytes = Vec::new();
        let mut push = |character: char| bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        loop {
            match self.take() {
                None => return Err(FilterError::new(start, "This quotation has no end.")),
                Some('"') => return Ok(Token::Bytes(bytes)),
                Some('\\') => {
                    let at = self.at;
                    match self.take() {
                        None => return Err(FilterError::new(start, "This quotation has no end.")),
                        Some(quoted @ ('"' | '\\')) => push(quoted),
                        Some('n') => push('\n'),
                        Some('r') => push('\r'),
                        Some('t') => push('\t'),
                        Some('u') => push(self.character(at)?),
                        Some(_) => {
                            let problem = "After a backslash only \", \\, n, r, t and u{…} have a meaning.";
                            return Err(FilterError::new(at, problem));
                        }
                    }
                }
                Some(other) => push(other),
            }
        }
    }

    /// What follows `\u`: a character's number in braces.
    fn character(&mut self, at: usize) -> Result<char, FilterError> {
        let open = self.take_if(|next| next == '{');
        let digits = self.take_while(|next| next.is_ascii_hexdigit());
        let close = self.take_if(|next| next == '}');
        let number = u32::from_str_radix(&digits, 16).ok().filter(|_| open.is_some() && close.is_some());
        let problem = "Write a character's number in hexadecimal, as in \\u{1f600}.";
        number.and_then(char::from_u32).ok_or_else(|| FilterError::new(at, problem))
    }

    fn pattern(&mut self, start: usize) -> Result<Token, FilterError> {
        let mut source = String::new();
        loop {
            match self.take() {
                None => return Err(FilterError::new(start, "This regular expression has no end: write / after it.")),
                Some('/') => break,
                Some('\\') => match self.take() {
                    Some('/') => source.push('/'),
                    next => {
                        source.push('\\');
                        source.extend(next);
                    }
                },
                Some(other) => source.push(other),
            }
        }
        Ok(Token::Pattern { source, flags: self.take_while(char::is_alphanumeric) })
    }
}
