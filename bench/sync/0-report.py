"""The report's own way in its own language: a query for the items of each order, then its `add_order_to_redis`.

That function is the report's to the letter: it calls `get_redis_conn()` for each order, as each of the report's
functions does, sends one HSET and prints a line. The report does not show `get_redis_conn`; here it makes a client, as
its name says. With "one_connection" in the task it hands out the same client each time, which the report could have had
for a line more.

Reads {"mysql": address, "redis": address, "variant"?: "one_connection"} from its standard input, prints
{"orders": n, "ms": t}. Only for servers of this machine. Any Python with redis, sqlalchemy and
mysql-connector-python will do.
"""

import contextlib
import io
import json
import sys
import time

import redis
from sqlalchemy import URL, create_engine, text
from sqlalchemy.orm import sessionmaker

task = json.load(sys.stdin)
to, into = task["mysql"], task["redis"]
own = into.get("path")
place = {"unix_socket_path": own} if own else {"host": into["host"], "port": into["port"]}
shared = redis.Redis(**place, username=into["username"], password=into["password"])


def get_redis_conn():
    if task.get("variant") == "one_connection":
        return shared
    return redis.Redis(**place, username=into["username"], password=into["password"])


def add_order_to_redis(order_id, user_id, total_amount, items):
    """Insert order to Redis"""
    r = get_redis_conn()

    order_key = f"order:{order_id}"
    order_data = {
        "id": order_id,
        "user_id": user_id,
        "total_amount": str(total_amount),
        "items_count": len(items),
    }

    for i, item in enumerate(items):
        order_data[f"item_{i}_product_id"] = str(item["product_id"])
        order_data[f"item_{i}_quantity"] = str(item["quantity"])

    r.hset(order_key, mapping=order_data)
    print(f"Order {order_id} added to Redis")


socket = to.get("socketPath")
url = URL.create(
    "mysql+mysqlconnector", to["user"], to["password"], database=to["database"], host=to.get("host"), port=to.get("port")
)
session = sessionmaker(bind=create_engine(url, connect_args={"unix_socket": socket} if socket else {}))()
shared.ping()
session.execute(text("SELECT 1"))

began = time.perf_counter()
with contextlib.redirect_stdout(io.StringIO()):
    orders = session.execute(text("SELECT id, user_id, total_amount FROM orders")).fetchall()
    for order in orders:
        rows = session.execute(
            text("SELECT product_id, quantity FROM order_items WHERE order_id = :id ORDER BY id"), {"id": order.id}
        )
        add_order_to_redis(order.id, order.user_id, order.total_amount, rows.mappings().all())
print(json.dumps({"orders": len(orders), "ms": (time.perf_counter() - began) * 1000}))
