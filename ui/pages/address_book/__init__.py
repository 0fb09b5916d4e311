"""The address_book page."""
