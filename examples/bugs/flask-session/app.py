"""A cart in Flask's session that forgets: a list inside of the session is changed in place, which Flask can't see."""

from flask import Flask, redirect, session

app = Flask(__name__)
# For this example only: a real project reads its key from the environment.
app.secret_key = "wsgi-dev-example"


@app.post("/cart/<item>")
def add(item):
    session.setdefault("items", [])
    # What is missing: session.modified = True
    session["items"].append(item)
    return redirect("/cart")


@app.get("/cart")
def cart():
    return {"items": session.get("items", [])}
