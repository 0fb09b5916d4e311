"""Decisions as pure functions of state and time: lanes, throttle, window, retry, classify, forecast."""
