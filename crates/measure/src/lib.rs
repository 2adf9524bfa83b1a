//! Targets into column programs over Arrow batches, programs into figures.
