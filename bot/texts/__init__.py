"""Dutch wording: what people read, apart from the questions and answers in `content/`."""
