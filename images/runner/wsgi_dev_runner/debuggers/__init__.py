"""The debuggers that a person may choose, each a `Stops` of its own: `choice` makes the one that was chosen."""
