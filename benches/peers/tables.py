"""The working calendar as two small tables over half hours, for the peers' queries to join with.

Made once from days.csv (the program's own calendar) and not timed: the peers get them ready.

    slots.parquet    slot (half hours since the first day), before (working seconds before it),
                     open (1 while it is working time), month (YYYYMM)
    chunks.parquet   chunk (half hours of working time), start (second of the clock at which it starts)

Seconds count from the first day's local midnight.
"""

import sys

import duckdb


def main(days: str, folder: str) -> None:
    c = duckdb.connect()
    c.execute(f"""
        create table days as
            select row_number() over (order by date) - 1 as day, date, working
            from read_csv('{days}', types = {{'date': 'DATE', 'working': 'VARCHAR'}}, nullstr = '');
        create table spans as
            select day, s[1:2]::int * 2 + s[4:5]::int // 30 as a, s[7:8]::int * 2 + s[10:11]::int // 30 as b
            from (select day, unnest(string_split(working, ';')) as s from days where working is not null);
        create table halves as
            select (d.day * 48 + k)::int as slot, strftime(date, '%Y%m')::int as month,
                   exists (select 1 from spans s where s.day = d.day and a <= k and k < b)::int as open
            from days d, range(48) t(k);
        create table slots as
            select slot, open, month, (coalesce(sum(open) over (
                order by slot rows between unbounded preceding and 1 preceding), 0) * 1800)::int as before
            from halves order by slot;
        copy slots to '{folder}/slots.parquet';
        copy (select (before // 1800)::int as chunk, (slot * 1800)::int as start
              from slots where open = 1 order by slot) to '{folder}/chunks.parquet';
    """)


if __name__ == "__main__":
    main(*sys.argv[1:])
