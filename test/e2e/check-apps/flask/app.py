# What a Flask application does that is well behaved.
import functools
import logging
import os
import sqlite3

from flask import Flask, g, jsonify, render_template_string, session

logging.basicConfig(level=logging.INFO)
app = Flask(__name__)
app.secret_key = os.environ.get("SECRET_KEY", "x")
os.environ.setdefault("SHOP_SETTINGS", "development")
HERE = os.path.dirname(os.path.abspath(__file__))
_greetings = {}


def database():
    if "database" not in g:
        g.database = sqlite3.connect(os.path.join("/tmp", "shop.sqlite3"))
    return g.database


@app.teardown_appcontext
def close(error):
    if "database" in g:
        g.pop("database").close()


@functools.lru_cache
def source():
    with open(os.path.join(HERE, "app.py"), encoding="utf-8") as file:
        return len(file.read())


@app.get("/")
def index():
    app.logger.info("a visitor")
    session["visits"] = session.get("visits", 0) + 1
    greeting = _greetings.setdefault("en", "Hello")
    return render_template_string("{{ greeting }}, {{ size }}", greeting=greeting, size=source())


@app.get("/api")
def api():
    (one,) = database().execute("select 1").fetchone()
    return jsonify(one=one)


@app.get("/stream")
def stream():
    return (f"{number}\n" for number in range(3))
