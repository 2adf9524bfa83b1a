//! Random kinds.

use super::Random;
use crate::kind::{Code, CodeList, Column, ColumnType, Kind, TextForm};
use crate::text::Text;

impl Random<'_> {
    /// A kind with at least one column of every type, one of them personal; dates that values hang on.
    pub fn kind(&mut self) -> Kind {
        let mut columns = vec![
            column("code", ColumnType::Text, true),
            column("unit", ColumnType::Text, true),
            column("made_at", ColumnType::Moment, false),
            column("person", ColumnType::Text, false),
        ];
        if let Some(person) = columns.last_mut() {
            person.personal = true;
        }
        let types = [
            ("flag", ColumnType::Flag, 2),
            ("number", ColumnType::Integer, 3),
            ("text", ColumnType::Text, 1),
            ("date", ColumnType::Date, 3),
            ("moment", ColumnType::Moment, 3),
            ("pauses", ColumnType::Intervals, 1),
            ("changes", ColumnType::Changes, 1),
        ];
        for (name, ty, most) in types {
            for number in 0..=self.below(most) {
                columns.push(column(&format!("{name}_{number}"), ty.clone(), false));
            }
        }
        if let Some(limit) = columns.iter_mut().find(|column| column.id == "text_0") {
            limit.form = Some(TextForm::Limit);
        }
        let open = self.once_in(2);
        columns.push(column("outcome", codes(false), false));
        columns.push(column("channel", codes(open), false));
        // The order of columns must not matter to anybody.
        for at in (1..columns.len()).rev() {
            let other = self.below(at + 1);
            columns.swap(at, other);
        }
        let is_date = |column: &Column| matches!(column.ty, ColumnType::Date | ColumnType::Moment);
        let dates: Vec<usize> = (0..columns.len()).filter(|i| columns.get(*i).is_some_and(is_date)).collect();
        for at in 0..columns.len() {
            let hangs_on = if self.once_in(2) { self.one_of(&dates) } else { None };
            if let Some(column) = columns.get_mut(at).filter(|column| !column.required) {
                column.hangs_on = hangs_on;
            }
        }
        let place = |id: &str| columns.iter().position(|column| column.id == id).unwrap_or(0);
        Kind {
            id: "random".to_owned(),
            name: Text::new("Loại ngẫu nhiên", "Random kind"),
            meaning: Text::default(),
            key: place("code"),
            unit: place("unit"),
            date: place("made_at"),
            closes: None,
            standing: false,
            source: String::new(),
            columns,
            digest: String::new(),
        }
    }
}

fn column(id: &str, ty: ColumnType, required: bool) -> Column {
    Column {
        id: id.to_owned(),
        ty,
        label: Text::new(format!("Cột {id}"), format!("Column {id}")),
        meaning: Text::default(),
        required,
        personal: false,
        hangs_on: None,
        aliases: Vec::new(),
        min: None,
        max: None,
        form: None,
        working_days_of: None,
    }
}

fn codes(open: bool) -> ColumnType {
    let code = |(code, vi, en): (&str, &str, &str)| Code {
        code: code.to_owned(),
        name: Text::new(vi, en),
        seen: Vec::new(),
        from: None,
        to: None,
    };
    let codes = [
        ("granted", "Đã giải quyết", "Granted"),
        ("refused", "Từ chối", "Refused"),
        ("withdrawn", "Rút", "Withdrawn"),
    ];
    ColumnType::Code(CodeList { open, codes: codes.into_iter().map(code).collect() })
}
