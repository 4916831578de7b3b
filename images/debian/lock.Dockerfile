
# What was compiled for the server, as it was downloaded: nothing.
FROM server AS sources
RUN mkdir /sources
