"""Measurements of a whole desk: one module a subject, each with `run(report) -> rows`. `make bench SUBJECT=name`."""
