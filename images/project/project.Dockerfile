# The requirements come last: when they change, nothing else is done anew.
FROM system AS project
ARG PYTHON
COPY runner/ /usr/lib/wsgi-dev/
# /app: where no source is mounted, one that is copied there can be written to.
RUN ${PYTHON} -m compileall -q /usr/lib/wsgi-dev && mkdir -p /app && chmod 1777 /app
COPY --from=packages /opt/venv /opt/venv
# What the project's Debian packages bring for Debian's Python is seen behind its requirements. Only from here on: pip
# would have taken some of it for what is required.
ARG DEBIAN_PYTHON=""
RUN if [ -n "${DEBIAN_PYTHON}" ]; then \
      sed -i 's/^\(include-system-site-packages =\).*/\1 true/' /opt/venv/pyvenv.cfg; \
    fi
ENV PATH=/opt/venv/bin:${PATH} \
    VIRTUAL_ENV=/opt/venv \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp
WORKDIR /app
STOPSIGNAL SIGTERM
EXPOSE 8000
ENTRYPOINT []
CMD ["/opt/venv/bin/python3", "-I", "-S", "/usr/lib/wsgi-dev"]
