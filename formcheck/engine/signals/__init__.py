"""From landmarks to signals: angles, ratios, flights and sway."""
