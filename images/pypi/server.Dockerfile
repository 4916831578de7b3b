# Apache of the distribution, mod_wsgi from PyPI, compiled for both. images/project/system.Dockerfile goes on from here.
FROM ${BASE} AS apache
USER root
SHELL ["/bin/sh", "-c"]
ARG APT_OPTIONS=""
# Of a lock: every package of the image, as name=version.
ARG APT_LOCKED=""
# Of the distribution's Python; none where the base image brings another.
ARG PYTHON_PACKAGES
RUN --mount=type=cache,id=wsgi-dev-apt,target=/var/cache/apt,sharing=locked --mount=type=bind,from=apt,source=/apt,target=/mnt \
    export DEBIAN_FRONTEND=noninteractive APT_CONFIG="$(ls /mnt/apt.conf 2>/dev/null)" \
    && apt-get ${APT_OPTIONS} update \
    && apt-get install -y --no-install-recommends \
      ${APT_LOCKED:-apache2 ${PYTHON_PACKAGES} ca-certificates media-types} \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log

FROM apache AS compiled
ARG APT_OPTIONS=""
ARG PYTHON_HEADERS
ARG PYTHON
RUN --mount=type=cache,id=wsgi-dev-apt,target=/var/cache/apt,sharing=locked --mount=type=bind,from=apt,source=/apt,target=/mnt \
    export DEBIAN_FRONTEND=noninteractive APT_CONFIG="$(ls /mnt/apt.conf 2>/dev/null)" \
    && apt-get ${APT_OPTIONS} update \
    && apt-get install -y --no-install-recommends apache2-dev gcc libc6-dev ${PYTHON_HEADERS} \
    && ${PYTHON} -m venv /opt/compiled
COPY build/ /build/
COPY certificates/ /usr/local/share/ca-certificates/
RUN update-ca-certificates
# A version; of a lock, with --hash behind it, which pip takes from a file only.
ARG MOD_WSGI
RUN --mount=type=cache,id=wsgi-dev-python,target=/kept \
    echo "mod_wsgi==${MOD_WSGI}" >/mod_wsgi.txt \
    && sh /build/install.sh /opt/compiled/bin/pip install -r /mod_wsgi.txt \
    && cp /opt/compiled/lib/python3*/site-packages/mod_wsgi/server/mod_wsgi-py3*.so /mod_wsgi.so \
    && /opt/compiled/bin/python -c 'import importlib.metadata as m; print(m.version("mod_wsgi"))' >/mod_wsgi.version

FROM apache AS server
COPY --from=compiled /mod_wsgi.so /mod_wsgi.version /usr/lib/apache2/modules/

