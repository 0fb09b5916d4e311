"""The orchestration: submission, preparer, dispatcher, settler, progress."""
