FROM system AS project
COPY --from=packages /opt/venv /opt/venv
COPY runner/ /usr/lib/wsgi-dev/
# /app: where no source is mounted, one that is copied there can be written to.
RUN /opt/venv/bin/python3 -m compileall -q /usr/lib/wsgi-dev && mkdir -p /app && chmod 1777 /app
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
