# A system that is not Debian's: busybox, and no package manager.
ARG BASE
FROM ${BASE} AS busybox
RUN apt-get update && apt-get install -y --no-install-recommends busybox-static
RUN echo 'PRETTY_NAME="Alien Linux 3"' >/os-release

FROM scratch
COPY --from=busybox /bin/busybox /bin/sh
COPY --from=busybox /os-release /etc/os-release
