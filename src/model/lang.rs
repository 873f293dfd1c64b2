//! The reader's language.

/// Vietnamese is the default: the users read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Vi,
    En,
}

impl Lang {
    /// The wording in this language.
    pub fn pick<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }

    /// How the reason of a suspect ends that is as likely as the one before it or after it.
    #[must_use]
    pub const fn equally_likely(self) -> &'static str {
        match self {
            Self::Vi => " (khả năng ngang nhau)",
            Self::En => " (equally likely)",
        }
    }

    /// What a cell states, as a sentence says it.
    #[must_use]
    pub fn stated(self, text: &str) -> String {
        match super::Figure::parse_plain(text) {
            Some(figure) => self.figure(figure),
            None if text.is_empty() => self.pick("trống", "blank").to_owned(),
            None => format!("“{text}”"),
        }
    }

    /// A figure as this language writes it: `7.877,926` or `7,877.926`.
    #[must_use]
    pub fn figure(self, figure: super::Figure) -> String {
        let plain = figure.trimmed().to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", &*plain), |d| ("-", d));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (group, point) = self.pick(('.', ','), (',', '.'));
        let mut out = String::from(sign);
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 {
                out.push(group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(point);
            out.push_str(fraction);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;
    use crate::model::Figure;

    #[test]
    fn figures_are_grouped_the_language_s_way() {
        assert_eq!(Lang::Vi.figure(Figure::new(7_877_926, 3)), "7.877,926");
        assert_eq!(Lang::En.figure(Figure::whole(-1_234_567)), "-1,234,567");
    }
}
