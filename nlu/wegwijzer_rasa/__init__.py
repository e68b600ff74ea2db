"""What the Rasa server needs of ours: channel, plan judge, forgetful tracker store, launcher."""
