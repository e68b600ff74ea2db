"""The only importer of SQLAlchemy: tables, transactions and the queries of each feature."""
