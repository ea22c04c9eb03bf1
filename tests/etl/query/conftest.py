"""The PostgreSQL server of the tests' own."""

from tests.postgres import server as server
