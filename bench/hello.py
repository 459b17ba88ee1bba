"""A bare Flask page on the same server: with the same threads, as any application has them, or in the loop."""
import argparse
import logging
import socket

from flask import Flask

from forum import web_server
from forum.config import DEFAULTS

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "hello"


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--in-the-loop", action="store_true", help="have the server's loop answer, without a thread")
    options = parser.parse_args()
    listener = socket.create_server(("127.0.0.1", options.port))
    web_server.create(app, listener, DEFAULTS["WEB_THREADS"], lambda _asked: options.in_the_loop).run()
