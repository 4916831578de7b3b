# Apache of the distribution, mod_wsgi from PyPI, compiled for both. images/project/Dockerfile goes on from here.
ARG BASE

FROM ${BASE} AS apache
USER root
SHELL ["/bin/sh", "-c"]
ARG APT_OPTIONS=""
# Of a lock: every package of the image, as name=version.
ARG APT_LOCKED=""
# Of the distribution's Python; none where the base image brings another.
ARG PYTHON_PACKAGES
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get ${APT_OPTIONS} update \
    && apt-get install -y --no-install-recommends \
      ${APT_LOCKED:-apache2 ${PYTHON_PACKAGES} ca-certificates media-types} \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log

FROM apache AS compiled
ARG APT_OPTIONS=""
ARG PYTHON_HEADERS
ARG PYTHON
RUN apt-get ${APT_OPTIONS} update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends apache2-dev gcc libc6-dev ${PYTHON_HEADERS} \
    && ${PYTHON} -m venv /opt/compiled
COPY certificates/ /usr/local/share/ca-certificates/
RUN update-ca-certificates
# A version; of a lock, with --hash behind it, which pip takes from a file only.
ARG MOD_WSGI
RUN echo "mod_wsgi==${MOD_WSGI}" >/mod_wsgi.txt \
    && PIP_CERT=/etc/ssl/certs/ca-certificates.crt /opt/compiled/bin/pip install \
      --no-cache-dir --disable-pip-version-check --no-color --progress-bar off -r /mod_wsgi.txt \
    && cp /opt/compiled/lib/python3*/site-packages/mod_wsgi/server/mod_wsgi-py3*.so /mod_wsgi.so \
    && /opt/compiled/bin/python -c 'import importlib.metadata as m; print(m.version("mod_wsgi"))' >/mod_wsgi.version

FROM apache AS server
COPY --from=compiled /mod_wsgi.so /mod_wsgi.version /usr/lib/apache2/modules/

