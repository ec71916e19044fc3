"""Which raw objects can be read; objects.ts decides the same."""

import json
import zlib

# Of zlib: a gzip header, the largest window.
GZIP = 31


def is_readable(content):
    """Whether the bytes are a complete gzip in which at least one line is a JSON object."""
    try:
        text = gunzipped(content)
    except zlib.error:
        return False
    return any(is_record(line) for line in text.split(b"\n"))


def gunzipped(content):
    """gzip.decompress, but nothing may follow the last member: Spark fails on it."""
    members = []
    while content:
        inflater = zlib.decompressobj(wbits=GZIP)
        members.append(inflater.decompress(content))
        content = inflater.unused_data
        # One zero alone could be the beginning of another member.
        if not inflater.eof or content.startswith(b"\0"):
            raise zlib.error("incomplete, or followed by zeros")
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
