"""What leaves the house: messages, e-mail and PDF."""
