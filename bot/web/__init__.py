"""The web side: the chat page, the local mailbox, and the doors for Rasa and Telegram."""
