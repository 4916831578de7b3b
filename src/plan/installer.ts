/**
 * The shell script that runs pip or uv in a build: what it downloads and compiles is kept for the next one where the
 * builder has a place for that. Apart for each set of Debian packages, as what is compiled depends on them.
 */
export const installScript = `export PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_COLOR=1 PIP_PROGRESS_BAR=off
export NO_COLOR=1 UV_NO_PROGRESS=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
if [ -d /kept ]; then
  kept=/kept/$(dpkg-query -W | sha256sum | cut -c1-16)
  export PIP_CACHE_DIR=$kept/pip UV_CACHE_DIR=$kept/uv
else
  export PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1
fi
exec "$@"
`;
