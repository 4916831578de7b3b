# Apache and mod_wsgi of the distribution. images/project/Dockerfile goes on from here.
ARG BASE

FROM ${BASE} AS server
USER root
SHELL ["/bin/sh", "-c"]
ARG APT_OPTIONS=""
# Of a lock: every package of the image, as name=version.
ARG APT_LOCKED=""
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get ${APT_OPTIONS} update \
    && apt-get install -y --no-install-recommends \
      ${APT_LOCKED:-apache2 libapache2-mod-wsgi-py3 python3 python3-venv ca-certificates media-types} \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log

