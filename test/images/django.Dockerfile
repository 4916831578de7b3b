# What the image of a team's own service has: Django and a PostgreSQL driver, of Debian, and a user of its own.
ARG BASE
FROM ${BASE}
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-django python3-psycopg2 \
    && rm -rf /var/lib/apt/lists/* && useradd --uid 4321 --user-group shop
