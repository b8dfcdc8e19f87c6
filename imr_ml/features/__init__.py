"""From the evidence in an items table to numbers: one family of features per file, joined in assemble."""
