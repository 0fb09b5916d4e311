"""Bytes to values and back: replies, EHLO, MX sets, tables; no input or output."""
