use super::*;

const FILE: &str = "\
# Cụm, như quyết định ghi.
format = 1

[[unit]]
code = \"A\"   # Sở cũ
name = \"Sở A\"

[[unit]]
code = \"B\"
name = \"Sở B\"

[[alias]]
unit  = \"A\"
names = [\"SA\"]

[[membership]]
unit = \"A\"
role = \"member\"
from = 2020-01-01
to   = 2020-12-31 # hết năm

[[membership]]
unit = \"A\"
role = \"head\"
from = 2019-01-01
to   = 2019-12-31
";

#[test]
fn a_merged_unit_ends_with_its_memberships_and_leads_to_its_successor() {
    let text = set_succession(FILE, "A", "B", "2020-07-01").unwrap();
    assert!(text.contains("to = 2020-06-30\nsuccessor = \"B\""), "{text}");
    assert!(text.contains("to   = 2020-06-30 # hết năm"), "the membership ends with the unit: {text}");
    assert!(text.contains("to   = 2019-12-31"), "what ended before stays: {text}");
    assert!(text.contains("# Cụm, như quyết định ghi.") && text.contains("# Sở cũ"), "{text}");
    // Taken out again: the link goes, the days stay.
    let back = set_succession(&text, "A", "", "").unwrap();
    assert!(!back.contains("successor") && back.contains("to = 2020-06-30"), "{back}");
    assert!(set_succession(FILE, "X", "B", "2020-07-01").is_err());
    assert!(set_succession(FILE, "A", "B", "mai").unwrap_err().vi.contains("mai"));
}

#[test]
fn memberships_are_added_and_changed_in_place() {
    let form = |role: &str, from: &str, to: &str| MemberForm {
        unit: "A".into(),
        role: role.into(),
        from: from.into(),
        to: to.into(),
    };
    let text = set_membership(FILE, Some(1), &form("deputy", "2019-02-01", "")).unwrap();
    assert!(text.contains("role = \"deputy\"\nfrom = 2019-02-01") && !text.contains("2019-12-31"), "{text}");
    assert!(text.contains("# hết năm"), "the other one is not touched");
    let text = set_membership(FILE, None, &form("head", "2021-01-01", "2021-12-31")).unwrap();
    assert_eq!(text.matches("[[membership]]").count(), 3);
    assert!(set_membership(FILE, Some(5), &form("head", "2021-01-01", "")).is_err());
    assert!(set_membership(FILE, None, &form("head", "", "")).is_err(), "a membership has its first day");
}

#[test]
fn other_names_of_a_unit_are_one_entry() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let text = set_aliases(FILE, "A", &names(&["SA", "Sở \"A\" cũ"])).unwrap();
    assert_eq!(text.matches("[[alias]]").count(), 1, "{text}");
    let read: toml_edit::DocumentMut = text.parse().unwrap();
    assert_eq!(read["alias"][0]["names"][1].as_str(), Some("Sở \"A\" cũ"));
    assert!(!set_aliases(FILE, "A", &[]).unwrap().contains("alias"));
    let text = set_aliases(FILE, "B", &names(&["SB"])).unwrap();
    assert_eq!(text.matches("[[alias]]").count(), 2, "{text}");
    assert!(set_aliases(FILE, "X", &names(&["SX"])).is_err());
}

#[test]
fn a_new_unit_stands_after_the_others() {
    let form = UnitForm {
        code: "C".into(),
        name: Words::new("Sở C", "Department C"),
        short: Words::default(),
        from: "2020-07-01".into(),
    };
    let text = add_unit(FILE, &form).unwrap();
    assert!(
        text.contains("code = \"C\"\nname = { vi = \"Sở C\", en = \"Department C\" }\nfrom = 2020-07-01"),
        "{text}"
    );
    assert!(text.find("\"Sở B\"").unwrap() < text.find("\"C\"").unwrap());
    assert!(add_unit(FILE, &UnitForm { code: "A".into(), ..form.clone() }).is_err());
    assert!(add_unit(FILE, &UnitForm { name: Words::default(), ..form }).is_err());
}
