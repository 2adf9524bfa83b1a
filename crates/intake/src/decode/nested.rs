//! Lists inside a cell (pauses, due-date changes) in their text form, whatever the format.
//!
//! `FROM/TO; FROM/TO` and `AT -> NEW (why); …`, as `docs/kinds.md` has them. In a reason, a closing
//! bracket and a backslash are written with a backslash before them.

/// Appends one interval.
pub(crate) fn interval(list: &mut String, from: &str, to: &str) {
    separate(list);
    list.push_str(from);
    list.push('/');
    list.push_str(to);
}

/// Appends one due-date change.
pub(crate) fn change(list: &mut String, at: &str, new: &str, why: &str) {
    separate(list);
    list.push_str(at);
    list.push_str(" -> ");
    list.push_str(new);
    if !why.is_empty() {
        list.push_str(" (");
        for c in why.chars() {
            if matches!(c, ')' | '\\') {
                list.push('\\');
            }
            list.push(c);
        }
        list.push(')');
    }
}

fn separate(list: &mut String) {
    if !list.is_empty() {
        list.push_str("; ");
    }
}
