"""A finished set told to a person: tables, sentences, figures, HTML and PDF."""
