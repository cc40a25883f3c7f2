"""What other floors may import from the database floor."""

from standvast.database.clock import database_now
from standvast.database.connect import async_connect, conninfo, sync_connect
from standvast.database.named import named_sql
from standvast.database.pool import Pool, close_edge_pool, edge_pool, open_edge_pool
from standvast.database.texts import as_array, as_json
from standvast.database.together import together
from standvast.database.wakes import Wakes, wake

__all__ = [
    "Pool",
    "Wakes",
    "as_array",
    "as_json",
    "async_connect",
    "close_edge_pool",
    "conninfo",
    "database_now",
    "edge_pool",
    "named_sql",
    "open_edge_pool",
    "sync_connect",
    "together",
    "wake",
]
