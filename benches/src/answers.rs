//! The form in which every engine gives its answers, so that they can be compared cell by cell.

/// Columns of job AB: 10 targets from stated fields, 7 that need working time. The mean stands as sum and
/// count; `used_p90` and `used_max` are blank where nothing is resolved.
pub const HEADER: &str = "unit,month,received,resolved,on_time,early,late,overdue,online,online_on_time,suspended,paused_sum,\
used_sum,used_count,used_p90,used_max,redated,on_time_clock,overdue_clock,over_limit";

/// Columns of job `due`: one total row.
pub const DUE_HEADER: &str = "rows,used_sum,redated,on_time_clock";
