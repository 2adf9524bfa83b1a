//! Values as messages name them.

use toml::de::DeValue;

use super::shown;
use crate::text::Text;

/// What was found, in words.
pub(super) fn found(value: &DeValue<'_>) -> Text {
    match value {
        DeValue::String(text) => {
            let text = shown(text);
            Text::new(format!("chuỗi \"{text}\""), format!("the text \"{text}\""))
        }
        DeValue::Integer(n) => {
            let n = shown(n.as_str());
            Text::new(format!("số {n}"), format!("the number {n}"))
        }
        DeValue::Float(n) => {
            let n = shown(n.as_str());
            Text::new(format!("số {n}"), format!("the number {n}"))
        }
        DeValue::Boolean(flag) => Text::same(flag.to_string()),
        DeValue::Datetime(date) => Text::new(format!("ngày giờ {date}"), format!("the date or time {date}")),
        DeValue::Array(_) => Text::new("một danh sách", "a list"),
        DeValue::Table(_) => Text::new("một bảng", "a table"),
    }
}
