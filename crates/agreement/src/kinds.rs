//! The kinds built into the program. A bundle cannot change them.

use std::sync::LazyLock;

use crate::kind::Kind;
use crate::problem::Problem;

/// The files of `/kinds`, in the order in which lists show them.
const FILES: [(&str, &str); 11] = [
    ("kinds/dossier.toml", include_str!("../../../kinds/dossier.toml")),
    ("kinds/procedure.toml", include_str!("../../../kinds/procedure.toml")),
    ("kinds/position.toml", include_str!("../../../kinds/position.toml")),
    ("kinds/initiative.toml", include_str!("../../../kinds/initiative.toml")),
    ("kinds/dialogue.toml", include_str!("../../../kinds/dialogue.toml")),
    ("kinds/exchange.toml", include_str!("../../../kinds/exchange.toml")),
    ("kinds/exemplar.toml", include_str!("../../../kinds/exemplar.toml")),
    ("kinds/movement.toml", include_str!("../../../kinds/movement.toml")),
    ("kinds/plan.toml", include_str!("../../../kinds/plan.toml")),
    ("kinds/task.toml", include_str!("../../../kinds/task.toml")),
    ("kinds/totals.toml", include_str!("../../../kinds/totals.toml")),
];

static KINDS: LazyLock<(Vec<Kind>, Vec<Problem>)> = LazyLock::new(|| {
    let mut kinds = Vec::new();
    let mut problems = Vec::new();
    for (file, text) in FILES {
        match Kind::parse(file, text) {
            Ok(kind) => kinds.push(kind),
            Err(found) => problems.extend(found),
        }
    }
    (kinds, problems)
});

/// The built-in kinds.
pub fn builtin() -> &'static [Kind] {
    &KINDS.0
}

/// The text of a built-in kind's file.
pub fn text(id: &str) -> Option<&'static str> {
    let named =
        |file: &str| file.strip_prefix("kinds/").and_then(|file| file.strip_suffix(".toml")) == Some(id);
    FILES.iter().find(|(file, _)| named(file)).map(|(_, text)| *text)
}

/// A built-in kind by id.
pub fn find(id: &str) -> Option<&'static Kind> {
    builtin().iter().find(|kind| kind.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_kind_that_holds_together() {
        assert_eq!(KINDS.1, []);
        let ids: Vec<String> = FILES.iter().map(|(file, _)| file[6..file.len() - 5].to_owned()).collect();
        assert_eq!(builtin().iter().map(|kind| kind.id.clone()).collect::<Vec<_>>(), ids);
    }
}
