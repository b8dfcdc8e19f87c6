"""What requests, citations and summaries say: text in, facts with their places out."""
