"""The pages of the web app. Thin: what they do is in ``formcheck.app.services``."""
