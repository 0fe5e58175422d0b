"""The report's own way in its own language: SQLAlchemy and redis-py, a query and an awaited HSET an order.

Reads {"mysql": address, "redis": address} from its standard input, prints {"orders": n, "ms": t}. Only for servers of
this machine on Unix sockets. Any Python with redis, sqlalchemy and mysql-connector-python will do.
"""

import json
import sys
import time

import redis
from sqlalchemy import URL, create_engine, text
from sqlalchemy.orm import sessionmaker

task = json.load(sys.stdin)
to, into = task["mysql"], task["redis"]
url = URL.create("mysql+mysqlconnector", to["user"], to["password"], database=to["database"])
session = sessionmaker(bind=create_engine(url, connect_args={"unix_socket": to["socketPath"]}))()
r = redis.Redis(unix_socket_path=into["path"], username=into["username"], password=into["password"])
r.ping()
session.execute(text("SELECT 1"))

began = time.perf_counter()
orders = session.execute(text("SELECT id, user_id, total_amount FROM orders")).fetchall()
for order in orders:
    items = session.execute(
        text("SELECT product_id, quantity FROM order_items WHERE order_id = :id ORDER BY id"), {"id": order.id}
    ).fetchall()
    order_data = {
        "id": order.id,
        "user_id": order.user_id,
        "total_amount": str(order.total_amount),
        "items_count": len(items),
    }
    for i, item in enumerate(items):
        order_data[f"item_{i}_product_id"] = str(item.product_id)
        order_data[f"item_{i}_quantity"] = str(item.quantity)
    r.hset(f"order:{order.id}", mapping=order_data)
print(json.dumps({"orders": len(orders), "ms": (time.perf_counter() - began) * 1000}))
