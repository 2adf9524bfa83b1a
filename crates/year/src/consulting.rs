//! Public consultation (*lấy ý kiến công khai*): for the days that are set everybody reads what a case is about, as far as consent
//! allows, and writes what they know of it. It is not public otherwise, and what is written is read by the unit first.

use giaouoc_worktime::Day;

use crate::matter::Matter;
use crate::sort::{Field, Sort};

/// The step that opens a consultation, and the field of its last day.
pub const OPENS: &str = "ask";
/// The last day on which opinions are taken.
pub const UNTIL: &str = "opinions_until";

impl Matter {
    /// The first and the last day of its consultation; nothing where there is none.
    pub fn consultation(&self) -> Option<(Day, Day)> {
        let from = self.day_of(OPENS)?.parse().ok()?;
        Some((from, self.fields.get(UNTIL)?.parse().ok()?))
    }

    /// Whether everybody is asked about it on a day.
    pub fn is_consulted(&self, sort: &Sort, today: Day) -> bool {
        !self.is_closed(sort)
            && !self.is_public(sort)
            && self.consultation().is_some_and(|(from, until)| (from..=until).contains(&today))
    }

    /// What everybody reads in a field while they are asked: what would be public, and of a person only with consent.
    pub fn read_when_consulted(&self, sort: &Sort, field: &Field) -> Option<&str> {
        let held = if field.personal { &self.personal } else { &self.fields };
        let text = held.get(&field.id).map(String::as_str).filter(|text| !text.is_empty())?;
        let consents = self.consents(sort)
            && sort.consent.as_ref().is_some_and(|consent| consent.fields.contains(&field.id));
        (field.public && (!field.personal || consents)).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::Taken;
    use crate::sort::find;

    fn case(steps: &[(&str, &str)]) -> Matter {
        let taken = |(step, day): &(&str, &str)| Taken { step: (*step).to_owned(), day: (*day).to_owned() };
        let mut matter = Matter { taken: steps.iter().map(taken).collect(), ..Matter::default() };
        matter.fields.insert(UNTIL.into(), "2020-06-10".into());
        matter.fields.insert("headline".into(), "Trả hồ sơ tận nhà".into());
        matter.fields.insert("verification".into(), "Đã hỏi chị Bịa".into());
        matter.personal.insert("story".into(), "Chị Bịa …".into());
        matter
    }

    #[test]
    fn everybody_is_asked_on_the_days_that_are_set_and_reads_what_consent_allows() {
        let sort = find("exemplar").unwrap();
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut matter = case(&[("propose", "2020-05-01"), ("verify", "2020-05-20"), (OPENS, "2020-06-01")]);
        assert_eq!(matter.state(sort), "verify", "asking leaves the case where it stands");
        let asked: Vec<bool> = ["2020-05-31", "2020-06-01", "2020-06-10", "2020-06-11"]
            .map(|text| matter.is_consulted(sort, day(text)))
            .to_vec();
        assert_eq!(asked, [false, true, true, false]);
        let read =
            |matter: &Matter, id: &str| matter.read_when_consulted(sort, sort.field(id).unwrap()).is_some();
        assert_eq!(["headline", "verification", "story"].map(|id| read(&matter, id)), [true, false, false]);
        matter.taken.push(Taken { step: "consent".into(), day: "2020-06-02".into() });
        assert!(read(&matter, "story") && !read(&matter, "verification"));
        // Declined, withdrawn or honoured, nobody is asked any more.
        matter.taken.push(Taken { step: "decline".into(), day: "2020-06-03".into() });
        assert!(!matter.is_consulted(sort, day("2020-06-05")));
        assert!(!case(&[("propose", "2020-05-01")]).is_consulted(sort, day("2020-06-05")));
    }
}
