"""The web app: pages for a person and for a physiotherapist, and the live page."""
