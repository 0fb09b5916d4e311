"""Tests of the pages where people work: address book, templates, campaigns, settings."""
