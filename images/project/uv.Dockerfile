# What pip can't read, uv installs: a lock of it, a pyproject.toml, the project itself where it is being edited.
FROM tools AS uv
ARG UV
RUN --mount=type=cache,id=wsgi-dev-python,target=/kept \
    sh /build/install.sh /opt/venv/bin/pip install --no-deps --target /opt/uv uv==${UV}

FROM system AS packages
COPY --from=tools /opt/venv /opt/venv
COPY --from=tools /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=uv /opt/uv/bin/uv /usr/local/bin/uv
COPY build/ /build/
# As they will be mounted: what is being edited is found by its path.
COPY requirements/ /app/
RUN --mount=type=cache,id=wsgi-dev-python,target=/kept \
    cd /app && sh /build/install.sh sh wsgi-dev.sh

