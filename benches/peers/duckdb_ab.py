"""Jobs AB and due in DuckDB: the best forms we could find.

    duckdb_ab.py ab|due|start FORM DOSSIERS.parquet TABLES FROM TO OUT.csv

Forms tried, on 10 M rows, each giving the same answers (CPU seconds beside each other on one day; only
their order means anything):

    join    two equi-joins with half hours of the clock, one with half hours of working time      1.6-1.7
            (dense integer keys: DuckDB makes a perfect hash join of each)
    list    the same tables as list columns of one row, indexed                                   1.6-1.7
    day     joins with days, and opening times by arithmetic (least, greatest)                    2.4
    asof    ASOF joins with the half hours                                                        10, and 3.4 GB
    counting by count_if 1.7, by sum(x::int) 1.8, count(CASE) 2.0, count(*) FILTER 2.1, several counts packed
    into one sum 2.4; unit cast to an ENUM 1.9; instants cut to 32-bit seconds 1.55, but that would lose parts
    of seconds. quantile_disc is the nearest rank; it costs 0.25 of the 1.65.

`start` does nothing but start: what Python and the library cost alone.
"""

import datetime
import sys

import duckdb


def main(job: str, form: str, dossiers: str, tables: str, first: str, last: str, out: str) -> None:
    c = duckdb.connect()
    if job == "start":
        c.execute("select 1").fetchall()
        return
    c.execute("set preserve_insertion_order = false")
    c.execute(f"create table slots as from '{tables}/slots.parquet'")
    c.execute(f"create table chunks as from '{tables}/chunks.parquet'")
    first_day, last_day = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    origin = datetime.datetime.combine(first_day, datetime.time(), datetime.timezone(datetime.timedelta(hours=7)))
    o = int(origin.timestamp()) * 1_000_000
    as_of = (last_day - first_day).days
    after = last_day + datetime.timedelta(days=1)

    # r, f, d: seconds of receipt, finish and due date; due and fin: the same exactly, in microseconds.
    rows = f"""
        select unit, channel = 'online' as online, time_limit_days as l, paused_minutes as p,
               epoch_us(due_at) as due, epoch_us(finished_at) as fin,
               ((epoch_us(received_at) - {o}) // 1000000)::int as r,
               ((epoch_us(finished_at) - {o}) // 1000000)::int as f,
               ((epoch_us(due_at) - {o}) // 1000000)::int as d
        from '{dossiers}'
        where received_at >= '{first} 00:00:00+07' and received_at < '{after} 00:00:00+07'"""
    if form == "join":
        placed = """
            select rows.*, rs.month, rs.before + rs.open * (r % 1800) as start, fs.before + fs.open * (f % 1800) as stop
            from rows join slots rs on rs.slot = r // 1800 left join slots fs on fs.slot = f // 1800"""
        clocked = """
            select t.*, ch.start + target - ch.chunk * 1800 as c
            from targeted t join chunks ch on ch.chunk = (target - 1) // 1800"""
    elif form == "list":
        placed = """
            select rows.*, months[r // 1800 + 1] as month, starts,
                   befores[r // 1800 + 1] + opens[r // 1800 + 1] * (r % 1800) as start,
                   befores[f // 1800 + 1] + opens[f // 1800 + 1] * (f % 1800) as stop
            from rows, (select list(before order by slot) as befores, list(open order by slot) as opens,
                               list(month order by slot) as months, (select list(start order by chunk) from chunks) as starts
                        from slots)"""
        clocked = """
            select t.*, starts[(target - 1) // 1800 + 1] + target - (target - 1) // 1800 * 1800 as c from targeted t"""
    elif form == "asof":
        placed = """
            select rows.*, rs.month, rs.before + rs.open * (r - rs.slot * 1800) as start, fs.before + fs.open * (f - fs.slot * 1800) as stop
            from rows asof join slots rs on rs.slot * 1800 <= r asof left join slots fs on fs.slot * 1800 <= f"""
        clocked = """
            select t.*, ch.start + target - ch.chunk * 1800 as c
            from targeted t asof join chunks ch on ch.chunk * 1800 < target"""
    else:
        sys.exit(f"no form {form}")
    query = f"""
        with rows as ({rows}),
        placed as ({placed}),
        targeted as (select *, start + l * 28800 + p * 60 as target, (stop - start) // 60 - p as used from placed),
        clocked as ({clocked}),
        ready as (select *, {o} + c::bigint * 1000000 as clock from clocked)"""
    if job == "due":
        answer = "select count(*) as rows, sum(used) as used_sum, count_if(due <> clock) as redated, count_if(fin <= clock) as on_time_clock from ready"
    else:
        answer = f"""
            select unit, month, count(*) as received, count(f) as resolved, count_if(fin <= due) as on_time,
                   count_if(f // 86400 < d // 86400) as early, count_if(fin > due) as late,
                   count_if(f is null and d // 86400 < {as_of}) as overdue, count_if(online) as online,
                   count_if(online and fin <= due) as online_on_time, count_if(p > 0) as suspended, sum(p) as paused_sum,
                   sum(used) as used_sum, count(used) as used_count, quantile_disc(used, 0.9) as used_p90,
                   max(used) as used_max, count_if(due <> clock) as redated, count_if(fin <= clock) as on_time_clock,
                   count_if(f is null and c // 86400 < {as_of}) as overdue_clock, count_if(used > l * 480) as over_limit
            from ready group by unit, month"""
    c.execute(f"copy ({query} {answer}) to '{out}' (header)")


if __name__ == "__main__":
    main(*sys.argv[1:])
