//! What the readers of workbooks share about XML. Names are compared without their prefixes.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart};

/// A reader that takes what office programs write.
pub(super) fn reader<R: BufRead>(inner: R) -> Reader<R> {
    let mut reader = Reader::from_reader(inner);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    config.expand_empty_elements = true;
    reader
}

fn find<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Attribute<'a>> {
    let mut attributes = element.attributes();
    attributes.with_checks(false).flatten().find(|attribute| {
        let key = attribute.key.as_ref();
        key == name || key.rsplit(':').next() == Some(name)
    })
}

/// The value of an attribute.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = find(element, name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

/// The value of an attribute that is a plain word or number, as it stands.
pub(super) fn word<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    find(element, name).map(|attribute| attribute.value)
}

/// Whether an attribute says yes.
pub(super) fn says_yes(element: &BytesStart<'_>, name: &str) -> bool {
    word(element, name).is_some_and(|value| matches!(value.as_ref(), "1" | "true" | "on"))
}

/// Appends what a reference such as `&amp;` stands for; one that stands for nothing is left out.
pub(super) fn push_reference(reference: &BytesRef<'_>, text: &mut String) {
    match reference.as_ref() {
        "amp" => text.push('&'),
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        _ => text.extend(reference.resolve_char_ref().ok().flatten()),
    }
}
