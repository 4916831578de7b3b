
# What was compiled for the server, as it was downloaded. pip asks it what it needs, and it asks Apache.
FROM compiled AS sources
ARG MOD_WSGI
RUN PIP_CERT=/etc/ssl/certs/ca-certificates.crt /opt/compiled/bin/pip download --no-deps --dest /sources \
      --no-cache-dir --disable-pip-version-check --no-color --progress-bar off mod_wsgi==${MOD_WSGI}
