"""The live page: its socket, the runs behind it, and the component that shows it.

page ──WebSocket──> socket (limits, tokens) ──> stream (one thread a run: landmarker, coach) ──> keeper (store)
"""
