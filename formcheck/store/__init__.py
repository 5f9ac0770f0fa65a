"""The store: a database and the files beside it.

    with Store() as store:
        session = store.sessions.open(store.people.me().id, date.today())

The database is SQLite in the person's own data folder, or PostgreSQL by address (``FORMCHECK_DATABASE_URL``): one code path. Rows
are people, sessions, sets, repetitions and answers, and for a clinic accounts, links, programmes, messages, reviews, shares, the
access log and what was deleted. **Landmarks, journals of running sets and videos are files in the data folder with both**: the
database names each by its sha256, stays small, and a video is never read whole into memory. A clinic therefore keeps two things,
its database and one folder, and ``formcheck db backup`` writes both, of one moment, into one archive.

Pages ask ``access.AuthorisedStore``, which lets through the calls that the asker may make. No object of the database library
leaves this package: the store returns the plain entities of ``formcheck.model.entities``.
"""
