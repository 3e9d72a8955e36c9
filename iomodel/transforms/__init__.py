"""Verbs that turn a table into another table."""
