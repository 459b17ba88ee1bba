"""A bare Flask page on the same server with the same threads: what the stack can do at most."""
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
    listener = socket.create_server(("127.0.0.1", parser.parse_args().port))
    web_server.create(app, listener, DEFAULTS["WEB_THREADS"]).run()
