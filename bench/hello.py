"""A bare Flask page on the same server with the same threads: what the stack can do at most."""
import argparse
import logging

import waitress
from flask import Flask

from forum.config import DEFAULTS

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "hello"


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    waitress.serve(app, host="127.0.0.1", port=parser.parse_args().port, threads=DEFAULTS["WEB_THREADS"])
