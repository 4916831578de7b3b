# What pip can't read, uv installs: a lock of it, a pyproject.toml, the project itself where it is being edited.
FROM tools AS uv
ARG UV
RUN PIP_CERT=/etc/ssl/certs/ca-certificates.crt /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
      --no-color --progress-bar off --no-deps --target /opt/uv uv==${UV}

FROM system AS packages
COPY --from=tools /opt/venv /opt/venv
COPY --from=tools /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=uv /opt/uv/bin/uv /usr/local/bin/uv
# As they will be mounted: what is being edited is found by its path.
COPY requirements/ /app/
RUN cd /app && SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt sh wsgi-dev.sh

