"""Why a set counted nothing: reasons with the numbers behind them, and what would help."""
