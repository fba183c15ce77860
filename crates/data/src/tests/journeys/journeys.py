#!/usr/bin/env python3
"""Makes the rows of this folder and what the journeys over them are, by looking at every pair of rows.

    python3 journeys.py

It shares nothing with the crate but the definitions in ../journeys.rs: every entry is compared with every row of its key, where
the crate makes one ordered pass. Standard library alone, one fixed seed; running it again changes no byte.
"""

import random
from datetime import date, datetime, timedelta

FIRST, LAST = datetime(2026, 10, 1), datetime(2027, 3, 31)
DAY = timedelta(days=1)
dice = random.Random(20261001)


def moment(day):
    # Few different times of day, so that there are ties.
    return day + timedelta(hours=dice.choice([0, 9, 9, 12, 23]), minutes=dice.choice([0, 0, 30, 59]))


def rows():
    sign_ups, orders = [], []
    day, key = FIRST, 0
    while day <= LAST:
        for _ in range(2):
            key += 1
            sign_ups.append((f"c{key}", moment(day), dice.choice(["UK", "FR"])))
        # Some sign up again, some at the same moment.
        if dice.random() < 0.5:
            again = dice.choice(sign_ups)
            sign_ups.append((again[0], dice.choice([again[1], moment(day)]), again[2]))
        for _ in range(6):
            who = dice.choice(sign_ups[-dice.choice([8, 8, 120]):])
            at = dice.choice([who[1], moment(day), moment(day)])
            orders.append((who[0], at, dice.choice(["view", "view", "add", "add", "paid"])))
        orders.append(("", moment(day), "paid"))
        day += DAY
    return sign_ups, orders


def month_later(at, count):
    year, month = divmod(at.year * 12 + at.month - 1 + count, 12)
    month += 1
    for last in (31, 30, 29, 28):
        try:
            return at.replace(year=year, month=month, day=min(at.day, last))
        except ValueError:
            pass


def week_of(at):
    return (at - timedelta(days=at.weekday())).date()


def month_of(at):
    return date(at.year, at.month, 1)


def quarter_of(at):
    return date(at.year, 3 * ((at.month - 1) // 3) + 1, 1)


def entries(rows, period):
    first = {}
    for key, at in rows:
        if key:
            slot = (key, period(at))
            first[slot] = min(at, first.get(slot, at))
    return [(key, at) for (key, _), at in first.items()]


def write(out, name, period, marks, last):
    """marks: (moment of entry, whether it arrived); only entries up to `last` count."""
    for title, cut in (("period", period), ("quarter", quarter_of)):
        sums = {}
        for at, arrived in marks:
            if at.date() <= last:
                total = sums.setdefault(cut(at), [0, 0])
                total[0] += arrived
                total[1] += 1
        for start in sorted(sums):
            out.append(f"{name} {title} {start} {sums[start][0]} {sums[start][1]}")
    out.append(f"{name} last {last} 0 0")


def main():
    sign_ups, orders = rows()
    with open("sign_ups.csv", "w") as file:
        file.write("id,at,country\n" + "".join(f"{k},{t:%Y-%m-%dT%H:%M:%S},{c}\n" for k, t, c in sign_ups))
    with open("orders.csv", "w") as file:
        file.write("id,at,name\n" + "".join(f"{k},{t:%Y-%m-%dT%H:%M:%S},{n}\n" for k, t, n in orders))
    end, out = LAST + DAY, []
    paid = [(k, t) for k, t, n in orders if n == "paid"]

    def has(rows, key, opens, ends, later=None):
        return any(k == key and opens <= t < ends and (later is None or t > later) for k, t in rows)

    # Entries count when the window of the day's last moment is over: at the end of the day LAST.
    def latest(ends):
        day = LAST
        while ends(day + DAY - timedelta(microseconds=1)) > end:
            day -= DAY
        return day.date()

    for name, chosen in (("activation", "UK FR"), ("british", "UK")):
        came = entries([(k, t) for k, t, c in sign_ups if c in chosen.split()], week_of)
        within = timedelta(days=7)
        write(out, name, week_of, [(t, has(paid, k, t, t + within)) for k, t in came], latest(lambda t: t + within))
    came = entries([(k, t) for k, t, _ in sign_ups], month_of)
    write(out, "monthly", month_of, [(t, has(paid, k, t, month_later(t, 1))) for k, t in came],
          latest(lambda t: month_later(t, 1)))
    everybody = [(k, t) for k, t, _ in orders]
    came = entries(everybody, week_of)
    half = timedelta(hours=36)
    write(out, "again", week_of, [(t, has(everybody, k, t, t + half, t)) for k, t in came], latest(lambda t: t + half))
    four = timedelta(days=28)
    came = entries([(k, t) for k, t, _ in sign_ups], week_of)
    write(out, "retention", week_of, [(t, has(everybody, k, t + four, t + 2 * four)) for k, t in came],
          latest(lambda t: t + 2 * four))

    # A funnel: every way through its steps is tried, not only the first.
    def through(key, at, ends, names):
        if not names:
            return True
        return any(k == key and n == names[0] and at < t < ends and through(key, t, ends, names[1:]) for k, t, n in orders)

    fortnight = timedelta(days=14)
    came = entries([(k, t) for k, t, n in orders if n == "view"], week_of)
    for name, steps in (("checkout", ["add", "paid"]), ("cart", ["add"])):
        write(out, name, week_of, [(t, through(k, t, t + fortnight, steps)) for k, t in came], latest(lambda t: t + fortnight))

    # Churn: the sets of two months.
    months = {}
    for k, t in everybody:
        if k:
            months.setdefault(month_of(t), {}).setdefault(k, t)
    marks = []
    for k, t in entries(everybody, month_of):
        after = months.get(month_of(datetime(t.year, t.month, 28) + 5 * DAY), {})
        marks.append((t, k not in after))
    write(out, "churn", month_of, marks, date(2027, 2, 28))
    with open("expected.txt", "w") as file:
        file.write("\n".join(out) + "\n")


main()
