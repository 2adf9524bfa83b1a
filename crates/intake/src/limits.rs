//! What a file may ask of the machine. A file beyond a limit is refused whole, with the limit named.

/// Limits on one file. The defaults are far above any real export and far below trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one cell. Default 1 MiB: longer than any legal text in a register, and 32 times what Excel
    /// can hold in a cell.
    pub cell_bytes: usize,
    /// Bytes of one row. Default 16 MiB.
    pub row_bytes: usize,
    /// Columns of a table. Default 2,000: the widest real export seen has about 60.
    pub columns: usize,
    /// Rows searched for the header, from the top. Default 40.
    pub header_search: usize,
    /// Bytes of a workbook after decompression. Default 1 GiB: a full sheet of 1,048,576 rows fits.
    pub workbook_bytes: u64,
    /// Bytes of any one part of a workbook that is held in memory (shared texts, styles). Default 256 MiB.
    pub workbook_part_bytes: u64,
    /// Cells of one sheet that hold something. Default 50 million.
    pub workbook_cells: u64,
    /// Bytes of one Parquet row group after decompression. Default 1 GiB.
    pub row_group_bytes: u64,
    /// Rows of an output batch. Default 16,384.
    pub batch_rows: usize,
    /// Events of a file of events that are folded at a time; beyond it the file is read once more for each
    /// so many. Default 250,000: under 300 MB.
    pub events_held: u64,
    /// Rejected rows kept in the summary as examples; all of them go to the sink. Default 100.
    pub rejects_kept: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cell_bytes: 1 << 20,
            row_bytes: 16 << 20,
            columns: 2_000,
            header_search: 40,
            workbook_bytes: 1 << 30,
            workbook_part_bytes: 256 << 20,
            workbook_cells: 50_000_000,
            row_group_bytes: 1 << 30,
            batch_rows: 16_384,
            events_held: 250_000,
            rejects_kept: 100,
        }
    }
}
