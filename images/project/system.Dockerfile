# What stands on the stage "server" of images/debian or images/pypi: the project's Debian packages, its requirements,
# and the runner.
# The context holds runner/ (the Python package), requirements/ (as they lie in the project), build/ (what installs them)
# and certificates/ (what the host trusts beyond the usual; only the build sees them: no layer of the final image has them).
FROM server AS tools
ARG PYTHON
ARG VENV_OPTIONS=""
ARG SITE_PACKAGES=""
RUN ${PYTHON} -m venv ${VENV_OPTIONS} /opt/venv \
    && if [ -n "${SITE_PACKAGES}" ]; then echo "${SITE_PACKAGES}" >"$(echo /opt/venv/lib/python3*)/site-packages/image.pth"; fi
COPY build/ /build/
COPY certificates/ /usr/local/share/ca-certificates/
RUN update-ca-certificates

FROM server AS system
ARG APT_OPTIONS=""
ARG APT_PACKAGES=""
RUN --mount=type=cache,id=wsgi-dev-apt,target=/var/cache/apt,sharing=locked --mount=type=bind,from=apt,source=/apt,target=/mnt \
    if [ -n "${APT_PACKAGES}" ]; then \
      export DEBIAN_FRONTEND=noninteractive APT_CONFIG="$(ls /mnt/apt.conf 2>/dev/null)" \
      && apt-get ${APT_OPTIONS} update \
      && apt-get install -y --no-install-recommends ${APT_PACKAGES} \
      && rm -rf /var/lib/apt/lists/*; \
    fi

