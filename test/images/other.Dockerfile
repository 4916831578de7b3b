# What an image becomes under the same tag.
ARG BASE
FROM ${BASE}
ENV GREETING="from another image"
