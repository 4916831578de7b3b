
# What was compiled for the server, as it was downloaded. pip asks it what it needs, and it asks Apache.
FROM compiled AS sources
ARG MOD_WSGI
RUN --mount=type=cache,id=wsgi-dev-python,target=/kept \
    sh /build/install.sh /opt/compiled/bin/pip download --no-deps --dest /sources mod_wsgi==${MOD_WSGI}
