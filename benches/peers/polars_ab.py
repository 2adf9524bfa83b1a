"""Jobs AB and due in Polars: the best forms we could find.

    polars_ab.py ab|due|start FORM DOSSIERS.parquet TABLES FROM TO OUT.csv

Forms tried, on 10 M rows, each giving the same answers (CPU seconds beside each other on one day; only
their order means anything), all on the streaming engine unless said:

    gather  the half-hour tables as literal columns, gathered from by index                       2.6
    join    three equi-joins with them                                                            3.3
    day     joins with days, and opening times by arithmetic (clip)                               3.7 (with quantile)
    numpy   numpy.take inside map_batches                                                         3.5 (with quantile)
    gather on the in-memory engine                                                                3.5
    The 90th percentile: the least of the ceil-rank top values of a cell (top_k) 2.6; lists, then sorted 2.7;
    list.agg(quantile) 2.6; quantile(0.9, 'equiprobable') in the group 3.0, on one core; counting by value
    first 4.6.

Sums are cast to 64 bits first: Polars sums 32-bit integers in 32 bits and wraps without an error.
`start` does nothing but start: what Python and the library cost alone.
"""

import datetime
import sys

import polars as pl


def main(job: str, form: str, dossiers: str, tables: str, first: str, last: str, out: str) -> None:
    if job == "start":
        pl.LazyFrame({"one": [1]}).collect()
        return
    c = pl.col
    first_day, last_day = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    zone = datetime.timezone(datetime.timedelta(hours=7))
    o = int(datetime.datetime.combine(first_day, datetime.time(), zone).timestamp()) * 1_000_000
    days = (last_day - first_day).days + 1
    as_of = days - 1
    slots, chunks = pl.read_parquet(f"{tables}/slots.parquet"), pl.read_parquet(f"{tables}/chunks.parquet")

    def instant(micros):
        return pl.lit(micros).cast(pl.Datetime("us", "UTC"))

    def second(column):
        return ((c(column).cast(pl.Int64) - o) // 1_000_000).cast(pl.Int32)

    rows = (
        pl.scan_parquet(dossiers)
        .filter((c("received_at") >= instant(o)) & (c("received_at") < instant(o + days * 86_400_000_000)))
        .select(
            "unit", online=c("channel") == "online", l=c("time_limit_days"), p=c("paused_minutes"),
            due=c("due_at").cast(pl.Int64), fin=c("finished_at").cast(pl.Int64),
            r=second("received_at"), f=second("finished_at"), d=second("due_at"),
        )
        .with_columns(rs=c("r") // 1800, fs=c("f") // 1800)
    )
    if form == "gather":
        def at(table, column, index):
            return pl.lit(table[column]).gather(c(index))

        placed = rows.with_columns(
            month=at(slots, "month", "rs"),
            start=at(slots, "before", "rs") + at(slots, "open", "rs") * (c("r") % 1800),
            stop=at(slots, "before", "fs") + at(slots, "open", "fs") * (c("f") % 1800),
        )
    elif form == "join":
        placed = (
            rows.join(slots.lazy().select(rs="slot", rb="before", ro="open", month="month"), on="rs", how="inner")
            .join(slots.lazy().select(fs="slot", fb="before", fo="open"), on="fs", how="left")
            .with_columns(start=c("rb") + c("ro") * (c("r") % 1800), stop=c("fb") + c("fo") * (c("f") % 1800))
        )
    else:
        sys.exit(f"no form {form}")
    targeted = placed.with_columns(
        target=c("start") + c("l") * 28_800 + c("p") * 60, used=(c("stop") - c("start")) // 60 - c("p")
    ).with_columns(chunk=(c("target") - 1) // 1800)
    if form == "gather":
        clocked = targeted.with_columns(begin=at(chunks, "start", "chunk"))
    else:
        clocked = targeted.join(chunks.lazy().select("chunk", begin="start"), on="chunk", how="inner")
    ready = clocked.with_columns(c=c("begin") + c("target") - c("chunk") * 1800).with_columns(
        clock=c("c").cast(pl.Int64) * 1_000_000 + o
    )
    if job == "due":
        answer = ready.select(
            rows=pl.len(), used_sum=c("used").cast(pl.Int64).sum(), redated=(c("due") != c("clock")).sum(),
            on_time_clock=(c("fin") <= c("clock")).sum(),
        )
    else:
        open_ = c("f").is_null()
        flags = {
            "resolved": ~open_, "on_time": c("fin") <= c("due"), "early": c("f") // 86_400 < c("d") // 86_400,
            "late": c("fin") > c("due"), "overdue": open_ & (c("d") // 86_400 < as_of), "online": c("online"),
            "online_on_time": c("online") & (c("fin") <= c("due")), "suspended": c("p") > 0,
            "redated": c("due") != c("clock"), "on_time_clock": c("fin") <= c("clock"),
            "overdue_clock": open_ & (c("c") // 86_400 < as_of), "over_limit": c("used") > c("l") * 480,
        }
        n = c("resolved").sum()
        answer = (
            ready.select("unit", "month", "p", "used", **flags)
            .group_by("unit", "month")
            .agg(
                received=pl.len(), **{flag: c(flag).sum() for flag in list(flags)[:8]},
                paused_sum=c("p").cast(pl.Int64).sum(), used_sum=c("used").cast(pl.Int64).sum(),
                used_count=c("used").count(),
                # Nearest rank from above: of n values the (1 + n - ceil(0.9 n)) greatest, the least.
                used_p90=c("used").top_k(1 + n - (n * 9 + 9) // 10).min(), used_max=c("used").max(),
                **{flag: c(flag).sum() for flag in list(flags)[8:]},
            )
        )
    answer.sink_csv(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
