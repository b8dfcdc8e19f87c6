"""What a summary says of one item: what bears on it, which criteria are met, what was decided."""
