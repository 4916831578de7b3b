"""A Flask application: `wsgi-dev up --debug` here, then open http://127.0.0.1:8000/cart?apples=3&pears=0."""

from flask import Flask, render_template, request

app = Flask(__name__)

PRICES = {"apples": 3, "pears": 4}


@app.route("/")
def index():
    return render_template("index.html", prices=PRICES)


@app.route("/cart")
def cart():
    amounts = {name: int(amount) for name, amount in request.args.items()}
    total = sum(PRICES[name] * amount for name, amount in amounts.items())
    return {"amounts": amounts, "total": total}
