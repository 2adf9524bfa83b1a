//! Figures as people write them: `17/20`, `3`.

use super::words::MeasureName;
use crate::figure::Amount;
use crate::target::Measure;
use crate::text::Text;
use crate::toml_read::shown;

/// The form of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Share,
    Count,
    Sum,
    Mean,
    Percentile,
}

impl From<MeasureName> for Form {
    fn from(measure: MeasureName) -> Self {
        match measure {
            MeasureName::Share => Self::Share,
            MeasureName::Count | MeasureName::Distinct => Self::Count,
            MeasureName::Sum => Self::Sum,
            MeasureName::Mean => Self::Mean,
            MeasureName::Percentile => Self::Percentile,
        }
    }
}

impl From<&Measure> for Form {
    fn from(measure: &Measure) -> Self {
        match measure {
            Measure::Share { .. } => Self::Share,
            Measure::Count | Measure::Distinct { .. } => Self::Count,
            Measure::Sum { .. } => Self::Sum,
            Measure::Mean { .. } => Self::Mean,
            Measure::Percentile { .. } => Self::Percentile,
        }
    }
}

impl Form {
    /// Reads a figure: `met/counted` of a share, `sum/count` of a mean, an integer of the others; `none` of a
    /// percentile or mean of nothing.
    ///
    /// # Errors
    /// What is wrong, and the form expected.
    pub(crate) fn parse(self, text: &str) -> Result<Amount, Text> {
        let bad = || {
            let text = shown(text);
            let (vi, en) = match self {
                Self::Share => ("số đạt/số được tính, ví dụ 17/20", "met/counted, such as 17/20"),
                Self::Mean => ("tổng/số bản ghi, ví dụ 45/3", "sum/count, such as 45/3"),
                _ => ("một số nguyên, ví dụ 3", "an integer, such as 3"),
            };
            Text::new(format!("\"{text}\" không phải {vi}."), format!("\"{text}\" is not {en}."))
        };
        let parts: Vec<&str> = text.split('/').map(str::trim).collect();
        let natural = |text: &str| text.parse::<i64>().ok().filter(|n| *n >= 0);
        let amount = match (self, parts.as_slice()) {
            (Self::Share, [met, of]) => {
                let (met, of) = natural(met).zip(natural(of)).ok_or_else(bad)?;
                if met > of {
                    return Err(Text::new(
                        format!("{met} đạt trong {of} được tính: tử số lớn hơn mẫu số."),
                        format!("{met} met of {of} counted: the first is larger than the second."),
                    ));
                }
                Some(Amount::Share { met, of })
            }
            (Self::Mean, ["none"]) => Some(Amount::Mean { sum: 0, of: 0 }),
            (Self::Mean, [sum, of]) => {
                sum.parse().ok().zip(natural(of)).map(|(sum, of)| Amount::Mean { sum, of })
            }
            (Self::Count, [count]) => natural(count).map(Amount::Count),
            (Self::Sum, [sum]) => sum.parse().ok().map(Amount::Sum),
            (Self::Percentile, ["none"]) => Some(Amount::Percentile { value: None, of: 0 }),
            (Self::Percentile, [value]) => {
                value.parse().ok().map(|value| Amount::Percentile { value: Some(value), of: 1 })
            }
            _ => None,
        };
        amount.ok_or_else(bad)
    }
}

/// A figure as examples write it.
pub(crate) fn written(amount: &Amount) -> String {
    match amount {
        Amount::Share { met, of } => format!("{met}/{of}"),
        Amount::Count(count) => count.to_string(),
        Amount::Sum(sum) => sum.to_string(),
        Amount::Mean { of: 0, .. } | Amount::Percentile { value: None, .. } => "none".to_owned(),
        Amount::Mean { sum, of } => format!("{sum}/{of}"),
        Amount::Percentile { value: Some(value), .. } => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (form, text) in [
            (Form::Share, "17/20"),
            (Form::Share, "0/0"),
            (Form::Count, "3"),
            (Form::Sum, "-3"),
            (Form::Mean, "45/3"),
            (Form::Mean, "none"),
            (Form::Percentile, "none"),
            (Form::Percentile, "-12"),
        ] {
            assert_eq!(form.parse(text).map(|amount| written(&amount)), Ok(text.to_owned()));
        }
    }

    #[test]
    fn figures_of_the_wrong_form_are_refused() {
        for (form, text) in [
            (Form::Share, "17"),
            (Form::Share, "21/20"),
            (Form::Share, "-1/20"),
            (Form::Share, "1/2/3"),
            (Form::Count, "-1"),
            (Form::Count, "1/1"),
            (Form::Count, "NaN"),
            (Form::Count, "99999999999999999999"),
            (Form::Sum, "1.5"),
            (Form::Mean, "45"),
        ] {
            assert!(form.parse(text).is_err(), "{text}");
        }
    }
}
