"""The kernel: mechanisms that know Flask and none of our nouns."""
