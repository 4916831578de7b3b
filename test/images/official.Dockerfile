# As the official image python:3.13-slim-bookworm is made: CPython in /usr/local with a shared library, compiled from
# source (trixie's) on bookworm, whose own Python is another. Two minutes, once.
ARG BASE
FROM ${BASE} AS compiled
RUN echo "deb-src http://deb.debian.org/debian trixie main" >/etc/apt/sources.list.d/source.list \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends dpkg-dev gcc libc6-dev libffi-dev \
      libreadline-dev libsqlite3-dev libssl-dev make xz-utils zlib1g-dev
WORKDIR /source
RUN apt-get source --download-only python3.13 && tar -xJf *.orig.tar.xz --strip-components 1 \
    && ./configure -q --enable-shared --without-static-libpython --disable-test-modules CFLAGS=-O0 \
    && make -s -j2 && make -s install && ln -s python3 /usr/local/bin/python

FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends \
      ca-certificates libffi8 libreadline8 libsqlite3-0 libssl3 zlib1g && rm -rf /var/lib/apt/lists/*
COPY --from=compiled /usr/local /usr/local
RUN ldconfig && echo 'NAME = "brought"' >/usr/local/lib/python3.13/site-packages/brought.py
ENV GREETING="from the image"
CMD ["python3"]
