"""Prints what another team's reader (PyPI icalendar) finds in each mail of a folder, as JSON."""

import email
import email.policy
import json
import pathlib
import sys

import icalendar

found = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml")):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    for part in mail.walk():
        if part.get_content_type() != "text/calendar":
            continue
        raw = part.get_content().encode()
        calendar = icalendar.Calendar.from_ical(raw)
        (event,) = calendar.walk("VEVENT")
        attendee = event["ATTENDEE"]
        found.append(
            {
                "to": mail["To"],
                "subject": mail["Subject"],
                "mime_method": part.get_param("method"),
                "method": str(calendar["METHOD"]),
                "uid": str(event["UID"]),
                "sequence": int(event["SEQUENCE"]),
                "status": str(event["STATUS"]),
                "summary": str(event["SUMMARY"]),
                "location": str(event["LOCATION"]),
                "start": event.decoded("DTSTART").isoformat(),
                "end": event.decoded("DTEND").isoformat(),
                "organizer": str(event["ORGANIZER"]),
                "attendee": str(attendee),
                "partstat": attendee.params["PARTSTAT"],
                "rsvp": attendee.params["RSVP"],
                "longest_line": max(len(line) for line in raw.split(b"\r\n")),
            }
        )
print(json.dumps(found))
