# Nothing that could run.
FROM scratch
COPY empty.Dockerfile /
