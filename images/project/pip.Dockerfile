# On top of the Debian packages, as requirements may be compiled against them.
FROM system AS packages
COPY --from=tools /opt/venv /opt/venv
COPY --from=tools /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY build/ /build/
COPY requirements/ /requirements/
# Of a lock: nothing but what it names, and only with the hashes that it has.
ARG PIP_OPTIONS=""
# The empty lines are what pip gets for a name where an index asks for one: it says so, and goes on.
RUN --mount=type=cache,id=wsgi-dev-python,target=/kept \
    if [ -s /requirements/wsgi-dev.txt ]; then \
      cd /requirements && yes '' | sh /build/install.sh /opt/venv/bin/pip install ${PIP_OPTIONS} -r wsgi-dev.txt; \
    fi

