//! What an operation of the API is: where, for whom, what it asks for, what it answers.

use axum::routing::MethodRouter;

use crate::access::Access;
use crate::state::State;

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sends {
    /// Nothing.
    Nothing,
    /// One record.
    Record,
    /// Records, one a line.
    Lines,
}

/// A parameter: its name, the name of its schema, what it means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// Its name.
    pub name: &'static str,
    /// `query` or `header`.
    pub place: &'static str,
    /// Whether there is no way without it.
    pub needed: bool,
    /// The name of what it looks like.
    pub form: &'static str,
    /// What it means, in Vietnamese and English.
    pub says: [&'static str; 2],
}

/// An operation.
pub(crate) struct Operation {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The pattern of its address.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// What does it.
    pub handler: MethodRouter<State>,
    /// Its name for programs.
    pub id: &'static str,
    /// What it does, in Vietnamese and English.
    pub says: [&'static str; 2],
    /// Its parameters besides those of the address.
    pub asked: Vec<Asked>,
    /// What it carries.
    pub sends: Sends,
    /// What it answers when it goes well: status, the name of what it looks like, what it is.
    pub answers: Vec<(u16, &'static str, [&'static str; 2])>,
    /// Whether the answer has an `ETag` and may be `304`.
    pub cached: bool,
    /// How it may fail.
    pub fails: Vec<u16>,
}

/// An operation of which nothing is said yet.
pub(crate) fn op(
    method: &'static str,
    path: &'static str,
    access: Access,
    handler: MethodRouter<State>,
) -> Operation {
    Operation {
        method,
        path,
        access,
        handler,
        id: "",
        says: [""; 2],
        asked: Vec::new(),
        sends: Sends::Nothing,
        answers: Vec::new(),
        cached: false,
        fails: Vec::new(),
    }
}

impl Operation {
    /// What it does.
    pub fn says(mut self, id: &'static str, vi: &'static str, en: &'static str) -> Self {
        (self.id, self.says) = (id, [vi, en]);
        self
    }

    fn asked(
        mut self,
        place: &'static str,
        needed: bool,
        name: &'static str,
        form: &'static str,
        says: [&'static str; 2],
    ) -> Self {
        self.asked.push(Asked { name, place, needed, form, says });
        self
    }

    /// A parameter that may be there.
    pub fn asks(self, name: &'static str, form: &'static str, vi: &'static str, en: &'static str) -> Self {
        self.asked("query", false, name, form, [vi, en])
    }

    /// A parameter that must be there.
    pub fn needs(self, name: &'static str, form: &'static str, vi: &'static str, en: &'static str) -> Self {
        self.asked("query", true, name, form, [vi, en])
    }

    /// A header that may be there.
    pub fn header(self, name: &'static str, form: &'static str, vi: &'static str, en: &'static str) -> Self {
        self.asked("header", false, name, form, [vi, en])
    }

    /// What it carries.
    pub fn sends(mut self, sends: Sends) -> Self {
        self.sends = sends;
        self
    }

    /// An answer that it gives.
    pub fn answers(mut self, status: u16, form: &'static str, vi: &'static str, en: &'static str) -> Self {
        self.answers.push((status, form, [vi, en]));
        self
    }

    /// The answer has an `ETag`.
    pub fn cached(mut self) -> Self {
        self.cached = true;
        self
    }

    /// How it may fail.
    pub fn fails(mut self, statuses: &[u16]) -> Self {
        self.fails = statuses.to_vec();
        self
    }
}
