"""Following the movement: repetitions and holds, their phases and their clocks."""
