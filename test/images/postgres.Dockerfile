# PostgreSQL of Debian, as a service of a compose file: the database of the user postgres, whose password is "sesame".
ARG BASE
FROM ${BASE}
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/*
RUN cd /etc/postgresql/*/main && echo "listen_addresses = '*'" >>postgresql.conf \
    && echo 'host all all all scram-sha-256' >>pg_hba.conf \
    && service postgresql start && su postgres -c "psql -c \"ALTER USER postgres PASSWORD 'sesame'\"" && service postgresql stop \
    && ln -s /usr/lib/postgresql/*/bin /postgresql && ln -s /var/lib/postgresql/*/main /data && ln -s "$PWD" /configuration
USER postgres
STOPSIGNAL SIGINT
CMD ["/postgresql/postgres", "-D", "/data", "-c", "config_file=/configuration/postgresql.conf"]
