"""Second opinion on limits, from PyPI `chinesecalendar`.

Reads CSV `unit,start,days` from standard input and writes `unit,start,days,nominal,legal` by plain
day-by-day counting over `chinese_calendar.is_workday`. Shares nothing with the crate but the format.
"""

import csv
import datetime
import functools
import sys

import chinese_calendar

ONE = datetime.timedelta(days=1)
is_workday = functools.lru_cache(maxsize=None)(chinese_calendar.is_workday)


def end(unit: str, start: datetime.date, days: int) -> tuple[datetime.date, datetime.date]:
    if unit == "N":
        nominal = start + days * ONE
    else:
        nominal, left = start, days
        while left:
            nominal += ONE
            left -= is_workday(nominal)
    legal = nominal
    while not is_workday(legal):
        legal += ONE
    return nominal, legal


def main() -> None:
    rows = csv.reader(sys.stdin)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow([*next(rows), "nominal", "legal"])
    for unit, start, days in rows:
        nominal, legal = end(unit, datetime.date.fromisoformat(start), int(days))
        out.writerow([unit, start, days, nominal, legal])


main()
