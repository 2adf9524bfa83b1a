//! Values of code lists: by code, by values that real systems use, by name.

use std::collections::HashMap;
use std::rc::Rc;

use giaouoc_agreement::kind::{Code, CodeList};
use giaouoc_agreement::problem::nearest;
use giaouoc_worktime::time::Day;

use crate::fold::{cut, fold};
use crate::reason::Reason;

/// A code list, ready for looking up.
pub(crate) struct Codes<'a> {
    list: &'a CodeList,
    codes: Vec<Rc<str>>,
    /// Codes and seen values as written.
    exact: HashMap<&'a str, Vec<usize>>,
    /// Codes, seen values and names without regard to case, marks and spacing.
    folded: HashMap<String, Vec<usize>>,
}

impl<'a> Codes<'a> {
    pub(crate) fn new(list: &'a CodeList) -> Self {
        let mut exact: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut folded: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, code) in list.codes.iter().enumerate() {
            for value in std::iter::once(&code.code).chain(&code.seen) {
                add(exact.entry(value).or_default(), at);
            }
            for value in [&code.code, &code.name.vi, &code.name.en].into_iter().chain(&code.seen) {
                let key = fold(value);
                if !key.is_empty() {
                    add(folded.entry(key).or_default(), at);
                }
            }
        }
        // A code as such means itself, whatever else its text may be seen for.
        for (at, code) in list.codes.iter().enumerate() {
            exact.insert(&code.code, vec![at]);
        }
        Self { list, codes: list.codes.iter().map(|code| code.code.as_str().into()).collect(), exact, folded }
    }

    /// Whether any code is valid only for a time, so that the record's date matters.
    pub(crate) fn dated(&self) -> bool {
        self.list.codes.iter().any(|code| code.from.is_some() || code.to.is_some())
    }

    /// Whether a text is a code, or a name or seen value of one.
    pub(crate) fn knows(&self, text: &str) -> bool {
        self.exact.contains_key(text) || self.folded.contains_key(&fold(text))
    }

    /// The code that a text means, on the record's day when that is known.
    pub(crate) fn find(&self, text: &str, on: Option<Day>) -> Result<Rc<str>, Reason> {
        let found = match self.exact.get(text) {
            Some(found) => found.as_slice(),
            None => self.folded.get(&fold(text)).map(Vec::as_slice).unwrap_or_default(),
        };
        let valid: Vec<usize> =
            found.iter().copied().filter(|at| valid_on(&self.list.codes[*at], on)).collect();
        match (found, valid.as_slice()) {
            ([], _) if self.list.open => Ok(text.into()),
            ([], _) => Err(self.unknown(text)),
            (_, [at]) => Ok(Rc::clone(&self.codes[*at])),
            (_, []) => Err(Reason::code_not_valid_then(&self.codes[found[0]])),
            (_, several) => {
                let codes: Vec<&str> = several.iter().map(|at| self.codes[*at].as_ref()).collect();
                Err(Reason::ambiguous_code(&codes.join(", ")))
            }
        }
    }

    fn unknown(&self, text: &str) -> Reason {
        let known = self.list.codes.iter().flat_map(|code| {
            [&code.code, &code.name.vi, &code.name.en].into_iter().chain(&code.seen).map(String::as_str)
        });
        let some: Vec<&str> = self.list.codes.iter().take(8).map(|code| code.code.as_str()).collect();
        let more = if self.list.codes.len() > 8 { ", …" } else { "" };
        Reason::unknown_code(nearest(&cut(text, 60), known), &format!("{}{more}", some.join(", ")))
    }
}

fn add(places: &mut Vec<usize>, at: usize) {
    if !places.contains(&at) {
        places.push(at);
    }
}

fn valid_on(code: &Code, on: Option<Day>) -> bool {
    on.is_none_or(|on| code.from.is_none_or(|from| from <= on) && code.to.is_none_or(|to| on <= to))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use giaouoc_agreement::text::Text;

    use super::*;

    fn list(open: bool) -> CodeList {
        let code =
            |code: &str, vi: &str, en: &str, seen: &[&str], from: Option<&str>, to: Option<&str>| Code {
                code: code.to_owned(),
                name: Text::new(vi, en),
                seen: seen.iter().map(|s| (*s).to_owned()).collect(),
                from: from.map(|day| day.parse().unwrap()),
                to: to.map(|day| day.parse().unwrap()),
            };
        CodeList {
            open,
            codes: vec![
                code("in-person", "Trực tiếp", "In person", &["1", "Desk"], None, None),
                code("online", "Trực tuyến", "Online", &["2", "Internet"], None, None),
                code("level-3", "Mức độ 3", "Level 3", &["MĐ3"], None, Some("2022-06-23")),
                code("partial", "Một phần", "Partial", &["MĐ3"], Some("2022-06-24"), None),
            ],
        }
    }

    #[test]
    fn codes_are_found_by_every_name() {
        let list = list(false);
        let codes = Codes::new(&list);
        let find = |text: &str, on: Option<&str>| {
            codes
                .find(text, on.map(|day| day.parse().unwrap()))
                .map(|code| code.to_string())
                .map_err(|r| r.code)
        };
        for text in ["online", "ONLINE", "2", "internet", "trực tuyến", "TRUC TUYEN"] {
            assert_eq!(find(text, None), Ok("online".to_owned()), "{text}");
        }
        assert_eq!(find("MĐ3", Some("2021-01-01")), Ok("level-3".to_owned()));
        assert_eq!(find("MĐ3", Some("2023-01-01")), Ok("partial".to_owned()));
        assert_eq!(find("MĐ3", None), Err("ambiguous-code"));
        assert_eq!(find("Một phần", Some("2020-01-01")), Err("code-not-valid-then"));
        assert_eq!(find("3", None), Err("unknown-code"));
        let reason = codes.find("onlin", None).unwrap_err();
        assert!(reason.text.en.contains("\"online\""), "{}", reason.text);
    }

    #[test]
    fn an_open_list_keeps_what_it_does_not_know() {
        let list = list(true);
        assert_eq!(&*Codes::new(&list).find("e-mail", None).unwrap(), "e-mail");
    }
}
