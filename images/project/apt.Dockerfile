# What apt is told while it builds, in mounts, so that no layer has it: to keep what it downloads for the next build, and
# whom to trust where an archive is asked over https. The classic builder has no mounts and leaves this stage out.
ARG BASE

FROM ${BASE} AS apt
USER root
SHELL ["/bin/sh", "-c"]
COPY certificates/ /certificates/
RUN mkdir /apt && cd /apt && . /etc/os-release \
    && echo "Dir::Cache::archives \"/var/cache/apt/${ID}-${VERSION_CODENAME}/\";" >apt.conf \
    && if grep -qrs '^[^#]*https://' /etc/apt/sources.list /etc/apt/sources.list.d; then \
      cat /etc/ssl/certs/ca-certificates.crt /certificates/*.crt >authorities.pem 2>/dev/null; \
      echo 'Acquire::https::CAInfo "/mnt/authorities.pem";' >>apt.conf; \
    fi

