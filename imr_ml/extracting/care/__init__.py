"""What a sentence tells of care: how much was had, when, and what it came to."""
