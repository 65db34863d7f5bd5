"""Words, sentences, marks, dates and names of a text: what every reader of text needs, each once."""
