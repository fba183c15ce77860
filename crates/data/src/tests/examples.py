"""Computes what `examples.rs` pins from the examples' files, by other means: python3 examples.py, in this folder."""

import csv
import datetime as dt
import gzip
import pathlib
from collections import defaultdict
from decimal import Decimal

examples = pathlib.Path(__file__).resolve().parents[4] / "examples"
snapshots = pathlib.Path(__file__).parent / "snapshots"


def monday(day):
    return day - dt.timedelta(day.weekday())


def values(name):
    text = (snapshots / f"quarterdeck_data__tests__examples__{name}.snap").read_text().split("---\n")[-1]
    return [float(value) for value in text.split(": ", 1)[1].split(" + ")[0].split()]


rides = defaultdict(Decimal)
with open(examples / "ridership/data/subway.csv") as file:
    for row in csv.DictReader(file):
        rides[monday(dt.date.fromisoformat(row["date"]))] += Decimal(row["rides"])
weeks = [float(rides[week]) for week in sorted(rides)]

with gzip.open(examples / "cdnow/data/cdnow_orders.csv.gz", "rt") as file:
    orders = [
        (dt.date.fromisoformat(row["date"]), row["customer_id"], Decimal(row["dollar_value"]))
        for row in csv.DictReader(file)
    ]
revenue, end, active = defaultdict(Decimal), dt.date(1997, 2, 2), []
for day, _, value in orders:
    revenue[monday(day)] += value
while end <= dt.date(1998, 6, 28):
    active.append(len({who for day, who, _ in orders if end - dt.timedelta(27) <= day <= end}))
    end += dt.timedelta(7)

# The first and the last week of both files are cut off.
assert values("ridership-2") == weeks[1:-1], "subway rides"
assert values("cdnow-2") == [float(revenue[week]) for week in sorted(revenue)][1:-1], "revenue"
assert values("cdnow") == active, "active customers"
print("the snapshots hold what the files say")
