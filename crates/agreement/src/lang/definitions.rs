//! Named conditions and values, put in at the place of their name.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::MAX_DEFINITION_NESTING;
use super::ast::{Ast, AstNode};
use super::check::{Checker, Found, Setting};
use super::error::{Errors, LangError, shown};
use super::parse::{is_keyword, parse};
use super::types::Signature;
use crate::kind::Kind;

/// The definitions that conditions on one kind may name, in the version that holds for the stretch of time
/// in question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    texts: BTreeMap<String, String>,
}

impl Definitions {
    /// Adds a definition; gives back the text that the name had before.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<String>) -> Option<String> {
        self.texts.insert(name.into(), text.into())
    }

    /// The text of a definition.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// What is wrong with a name for a definition on a kind, when something is: it has to be a word that a
    /// condition can hold and that means nothing else there. The error's span is that of the name.
    pub fn wrong_name(name: &str, kind: &Kind) -> Option<LangError> {
        let span = 0..name.len();
        let is_word = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let shown = shown(name);
        if !is_word {
            let error = LangError::new(
                "bad-definition-name",
                span,
                format!("Tên định nghĩa `{shown}` không dùng được trong điều kiện."),
                format!("A condition cannot hold the definition name `{shown}`."),
            );
            let proposal = proposal(name);
            return Some(error.help(
                format!("Dùng chữ thường a–z, chữ số và `_`, bắt đầu bằng chữ, ví dụ {proposal}."),
                format!("Use a–z, digits and `_`, a letter first, for example {proposal}."),
            ));
        }
        let taken = if is_keyword(name) || super::parse::unit(name).is_some() {
            Some(("từ của ngôn ngữ điều kiện", "a word of the language"))
        } else if Signature::of(name).is_some() {
            Some(("hàm của ngôn ngữ điều kiện", "a function of the language"))
        } else if kind.column(name).is_some() {
            Some(("cột của loại dữ liệu", "a column of the kind"))
        } else {
            None
        };
        let (vi, en) = taken?;
        let error = LangError::new(
            "bad-definition-name",
            span,
            format!("`{shown}` đã là {vi}."),
            format!("`{shown}` is {en} already."),
        );
        Some(error.help("Đặt tên khác cho định nghĩa.", "Give the definition another name."))
    }
}

/// A name that can stand, made from one that cannot: without marks, in small letters.
fn proposal(name: &str) -> String {
    let plain = name.nfd().filter(|c| !is_combining_mark(*c)).map(|c| match c {
        'đ' | 'Đ' => 'd',
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
        _ => '_',
    });
    let plain: String = plain.take(40).collect();
    if plain.starts_with(|c: char| c.is_ascii_lowercase()) { plain } else { "dung_han".to_owned() }
}

/// Why a definition cannot be put in. Its own errors are reported where it stands.
#[derive(Clone, Debug)]
pub(super) enum Unusable {
    /// It leads back to itself, by this way.
    Cycle(String),
    /// It leads through too many others.
    TooNested,
    /// Something is wrong with its text.
    Faulty,
}

/// Types the definitions that one condition names, each once.
#[derive(Default)]
pub(super) struct Expanded<'a> {
    known: BTreeMap<String, (Result<Found<'a>, Unusable>, usize)>,
}

impl<'a> Expanded<'a> {
    /// What a name stands for; `None` when it is no definition.
    pub(super) fn get(&self, name: &str) -> Option<&Result<Found<'a>, Unusable>> {
        self.known.get(name).map(|(found, _)| found)
    }

    /// Types every definition named in a tree, the innermost first, so that checking never recurses from
    /// one definition into another. `path` is the way here.
    pub(super) fn add(&mut self, tree: &Ast, setting: &Setting<'a>, path: &mut Vec<String>) -> usize {
        let mut height = 0;
        for name in names(tree) {
            if setting.kind.column(&name).is_some() {
                continue;
            }
            if let Some(text) = setting.definitions.texts.get(&name) {
                height = height.max(self.define(&name, text, setting, path));
            }
        }
        height
    }

    /// Types one definition; gives back how many definitions deep it is.
    fn define(&mut self, name: &str, text: &str, setting: &Setting<'a>, path: &mut Vec<String>) -> usize {
        if let Some((_, height)) = self.known.get(name) {
            return *height;
        }
        if let Some(from) = path.iter().position(|on_the_way| on_the_way == name) {
            let mut way = path.get(from..).unwrap_or_default().to_vec();
            way.push(name.to_owned());
            // Whoever is on the way is unusable too, and is told so when the way back is gone.
            self.known.insert(name.to_owned(), (Err(Unusable::Cycle(way.join(" → "))), 0));
            return 0;
        }
        if path.len() >= MAX_DEFINITION_NESTING {
            self.known.insert(name.to_owned(), (Err(Unusable::TooNested), 0));
            return 0;
        }
        let mut errors = Errors::default();
        let tree = parse(text, &mut errors);
        path.push(name.to_owned());
        let height = 1 + self.add(&tree, setting, path);
        path.pop();
        if matches!(self.known.get(name), Some((Err(Unusable::Cycle(_)), _))) {
            return height;
        }
        let mut inherited = names(&tree).into_iter().find_map(|name| match self.get(&name) {
            Some(Err(why @ (Unusable::Cycle(_) | Unusable::TooNested))) => Some(why.clone()),
            _ => None,
        });
        if height > MAX_DEFINITION_NESTING {
            inherited = inherited.or(Some(Unusable::TooNested));
        }
        let found = match inherited {
            Some(why) => Err(why),
            None => {
                let found = Checker::new(text, setting, self, &mut errors).any(&tree);
                found.filter(|_| errors.is_empty()).ok_or(Unusable::Faulty)
            }
        };
        self.known.insert(name.to_owned(), (found, height));
        height
    }
}

/// The names in a tree, each once.
fn names(tree: &Ast) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut left = vec![tree];
    while let Some(part) = left.pop() {
        if let AstNode::Name(name) = &part.node {
            names.insert(name.clone());
        }
        left.extend(part.parts());
    }
    names
}
