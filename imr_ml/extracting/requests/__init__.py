"""What a request asks for: drugs, body parts, quantities, its treatment category."""
