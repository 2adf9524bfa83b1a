//! The language of emulation agreements: kinds, conditions, targets, periods, figures, judging.
