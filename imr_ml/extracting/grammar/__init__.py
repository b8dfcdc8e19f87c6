"""What the words of one sentence assert, whatever they speak of."""
