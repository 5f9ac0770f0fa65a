"""What is kept: people, training sessions, sets, repetitions, answers and events, in a database; landmarks in files beside it.

    with open_store() as store:
        session = store.open_session(store.me().id, date.today())

SQLite in the person's own data folder, or any database that SQLAlchemy knows, by URL. Nothing of the database library leaves
this package: what comes back are the plain records of ``formcheck.store.kept``.
"""
