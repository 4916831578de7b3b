# Debian as it comes, made for anything but a build on top of it.
ARG BASE
FROM ${BASE}
ENV GREETING="from the image"
WORKDIR /srv
VOLUME /data
HEALTHCHECK CMD false
USER 65534
ENTRYPOINT ["false"]
CMD ["no", "such", "command"]
