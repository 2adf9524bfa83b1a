//! What a cluster agreed on, for whoever may read the page of its agreement: the whole, its clauses, the articles of its regulation.

use giaouoc_agreement::agreement_file::charter::Article;
use giaouoc_agreement::agreement_file::{Agreement, Clause, Status};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_find::{Access, Document};

use super::{Look, begin, encoded};
use crate::fault::Outcome;

/// Whether everybody may read the agreement's page. That page decides it by the same word of the text.
fn is_open(agreement: &Agreement) -> bool {
    matches!(agreement.status, Status::InForce | Status::Closed)
}

fn access(look: &Look<'_>, open: bool) -> Access {
    if open { Access::Public } else { look.inside() }
}

/// The agreement's page.
fn page(look: &Look<'_>) -> String {
    format!("/c/{}/agreement", look.slug)
}

/// Where a clause stands on that page.
fn anchor(number: &str) -> String {
    format!("clause-{}", number.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"))
}

/// The clauses of the agreement.
pub(super) fn clauses(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let agreement = &look.loaded.bundle.agreement;
    let open = is_open(agreement);
    let shown = look.last.as_ref().is_some_and(|sheet| sheet.agreement == agreement.id);
    let access = access(look, open || shown);
    let (_, at) = look.either(shown);
    let one = |clause: &Clause| {
        let target = agreement.targets.iter().find(|target| target.clause == clause.number);
        let address = match target {
            // Before the first release nobody outside reads a page of figures.
            Some(target) if shown || !open => format!("{at}target-{}", encoded(&target.id)),
            // Of what is not in force, those outside read what a release shows.
            None if shown && !open => at.clone(),
            _ => format!("{}#{}", page(look), anchor(&clause.number)),
        };
        let title = |vi: &str, text: &str| format!("{vi} {}. {}", clause.number, begin(text));
        Document {
            title: Text::new(title("Khoản", &clause.text.vi), title("Clause", &clause.text.en)),
            text: clause.text.clone(),
            address,
            ..look.document("clause", access.clone())
        }
    };
    Ok(agreement.clauses.iter().map(one).collect())
}

/// The agreement as a whole, with its theme, its legal bases and the names of its targets; and the articles of the regulation.
pub(super) fn agreement(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let agreement = &look.loaded.bundle.agreement;
    let charter = &agreement.charter;
    let access = access(look, is_open(agreement));
    let said = |lang: Lang| {
        let around = agreement.theme.iter().chain(&charter.bases).chain(&agreement.context);
        let events = charter.events.iter().map(|event| &event.name);
        let targets = agreement.targets.iter().map(|target| &target.name);
        let all = around.chain(events).chain(targets).map(|text| text.get(lang));
        all.collect::<Vec<_>>().join(" · ")
    };
    let whole = Document {
        title: agreement.title.clone(),
        text: Text::new(said(Lang::Vi), said(Lang::En)),
        address: page(look),
        day: agreement.signed.map(|day| day.to_string()),
        ..look.document("agreement", access.clone())
    };
    let one = |article: &Article| {
        let title = |vi: &str, text: &str| format!("{vi} {}. {}", article.number, begin(text));
        Document {
            title: Text::new(
                title("Quy chế của cụm, điều", &article.text.vi),
                title("The cluster's regulation, article", &article.text.en),
            ),
            text: article.text.clone(),
            address: format!("{}#regulation", page(look)),
            ..look.document("agreement", access.clone())
        }
    };
    let mut found = vec![whole];
    found.extend(charter.regulation.iter().map(one));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_stands_where_the_page_has_it() {
        assert_eq!(anchor("2.2"), "clause-2-2");
        assert_eq!(anchor("1"), "clause-1");
    }
}
