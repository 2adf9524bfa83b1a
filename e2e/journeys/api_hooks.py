"""What schemathesis has to be told: how lines of JSON are written and read."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/ndjson")
def lines(ctx, value):
    if isinstance(value, (bytes, str)):
        return value
    rows = value if isinstance(value, list) else [value]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@schemathesis.deserializer("application/x-ndjson")
def rows(ctx, response):
    return [json.loads(line) for line in response.content.splitlines()]
