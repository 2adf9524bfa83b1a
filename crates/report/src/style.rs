//! The style sheet: type that carries stacked marks, two schemes of colour, paper.

/// The whole style sheet.
pub const SHEET: &str = include_str!("style.css");

/// Colours of pictures, as they stand in a picture that is shown alone. On the page the style sheet gives each its
/// counterpart in the dark scheme by naming it (`[fill="#…"]`), so that a picture needs no classes of its own;
/// a test holds the two lists together.
pub mod ink {
    /// Words and axes.
    pub const TEXT: (u8, u8, u8) = (0x3d, 0x46, 0x50);
    /// Lines that help the eye.
    pub const GRID: (u8, u8, u8) = (0xd8, 0xdd, 0xe3);
    /// What a picture shows.
    pub const SHAPE: (u8, u8, u8) = (0x2f, 0x6f, 0x9f);
    /// The same, where it does not reach the goal.
    pub const SHORT: (u8, u8, u8) = (0xb4, 0x53, 0x1f);
    /// The goal.
    pub const GOAL: (u8, u8, u8) = (0x1b, 0x1f, 0x24);
    /// The page, for the inside of hollow marks.
    pub const PAGE: (u8, u8, u8) = (0xff, 0xff, 0xff);
    /// Little, more, much: four steps of a heat map above nothing.
    pub const HEAT: [(u8, u8, u8); 4] =
        [(0xcf, 0xe1, 0xee), (0x8f, 0xbb, 0xd9), (0x4c, 0x8c, 0xba), (0x1d, 0x54, 0x80)];
    /// A day without anything.
    pub const NONE: (u8, u8, u8) = (0xee, 0xf0, 0xf3);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ink_has_its_counterpart() {
        let inks = [ink::TEXT, ink::GRID, ink::SHAPE, ink::SHORT, ink::GOAL, ink::PAGE, ink::NONE];
        for (r, g, b) in inks.into_iter().chain(ink::HEAT) {
            let named = format!("\"#{r:02X}{g:02X}{b:02X}\" i]");
            assert!(SHEET.contains(&named), "{named}");
        }
    }
}
