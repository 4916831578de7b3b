# Apache and mod_wsgi of the distribution. images/project/system.Dockerfile goes on from here.
FROM ${BASE} AS server
USER root
SHELL ["/bin/sh", "-c"]
ARG APT_OPTIONS=""
# Of a lock: every package of the image, as name=version.
ARG APT_LOCKED=""
RUN --mount=type=cache,id=wsgi-dev-apt,target=/var/cache/apt,sharing=locked --mount=type=bind,from=apt,source=/apt,target=/mnt \
    export DEBIAN_FRONTEND=noninteractive APT_CONFIG="$(ls /mnt/apt.conf 2>/dev/null)" \
    && apt-get ${APT_OPTIONS} update \
    && apt-get install -y --no-install-recommends \
      ${APT_LOCKED:-apache2 libapache2-mod-wsgi-py3 python3 python3-venv ca-certificates media-types} \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log

