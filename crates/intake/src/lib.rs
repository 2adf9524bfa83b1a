//! Files into checked rows: decode, map, validate, reject.
