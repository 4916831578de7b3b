# On top of the Debian packages, as requirements may be compiled against them.
FROM system AS packages
COPY --from=tools /opt/venv /opt/venv
COPY --from=tools /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY requirements/ /requirements/
# Of a lock: nothing but what it names, and only with the hashes that it has.
ARG PIP_OPTIONS=""
RUN if [ -s /requirements/wsgi-dev.txt ]; then \
      cd /requirements && PIP_CERT=/etc/ssl/certs/ca-certificates.crt /opt/venv/bin/pip install \
        --no-cache-dir --disable-pip-version-check --no-color --progress-bar off ${PIP_OPTIONS} -r wsgi-dev.txt; \
    fi

