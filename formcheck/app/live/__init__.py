"""The live page: its socket, the sessions behind it, and the component that shows it.

page ──WebSocket──> socket (limits, tokens) ──> live_session (one thread each: landmarker, coach) ──> set_recorder (store)
"""
