"""What a whole summary states, sentence after sentence, and as a table."""
