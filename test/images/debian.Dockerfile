# A Debian image with Python and a package of its own, made for anything but a build on top of it.
ARG BASE
FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/* \
    && echo 'NAME = "brought"' >/usr/lib/python3/dist-packages/brought.py
ENV GREETING="from the image"
WORKDIR /srv
USER 65534
ENTRYPOINT ["false"]
CMD ["no", "such", "command"]
