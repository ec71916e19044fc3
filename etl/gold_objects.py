"""Which raw objects cannot be read; objects.ts says the same."""

import json
import zlib

# Of zlib: a gzip header, the largest window.
GZIP = 31


def flaw_of(content):
    """Why a raw object cannot be read, None: it can. `content` are its bytes."""
    if not content:
        return "0 bytes"
    try:
        text = gunzipped(content)
    except EOFError:
        return "gzip that ends early"
    except zlib.error:
        return "no gzip, or damaged"
    return None if any(is_record(line) for line in text.split(b"\n")) else "no line is a JSON object"


def gunzipped(content):
    """gzip.decompress, but nothing may follow the last member: Spark fails on it."""
    members = []
    while content:
        inflater = zlib.decompressobj(wbits=GZIP)
        members.append(inflater.decompress(content))
        if not inflater.eof:
            raise EOFError
        content = inflater.unused_data
        if content.startswith(b"\0"):
            raise zlib.error("zeros behind the end")  # one alone would pass for the begin of a member
    return b"".join(members)


def is_record(line):
    try:
        # As JavaScript reads JSON: no NaN, numbers of any length.
        value = json.loads(line.decode(errors="replace"), parse_constant=refuse, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict)


def refuse(constant):
    raise ValueError(constant)
