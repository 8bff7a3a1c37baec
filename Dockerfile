# syntax=docker/dockerfile:1
# Concord with PDF and Word reading, as a user without rights, on a root file system that may be read-only.
#
# The base is an argument, so that it can be pinned by digest, as a release should:
#   docker build --build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:… -t concord .
# `docker buildx imagetools inspect python:3.11-slim-bookworm` prints the digest of the day.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

# hadolint ignore=DL3006
FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
COPY shipping/build.txt shipping/run.txt ./shipping/
# The environment that is shipped has no pip of its own; what is in it is named with its hash.
RUN python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --no-cache-dir --only-binary :all: --require-hashes -r shipping/build.txt \
    && python -m venv --without-pip /opt/concord \
    && /opt/build/bin/python -m pip --python /opt/concord/bin/python install \
        --no-cache-dir --only-binary :all: --require-hashes -r shipping/run.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY data ./data
COPY prompts ./prompts
COPY service ./service
RUN /opt/build/bin/python -m hatchling build --target wheel --directory /opt/dist \
    && /opt/build/bin/python -m pip --python /opt/concord/bin/python install \
        --no-cache-dir --no-index --no-deps /opt/dist/concord-*.whl \
    && /opt/concord/bin/python -m compileall -q /opt/concord/lib

# hadolint ignore=DL3006
FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Concord" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.description="What several reports of one event agree on, say alone, and dispute."
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3.*/site-packages/* /usr/local/lib/python3.*/ensurepip \
    && groupadd --system --gid 10001 concord \
    && useradd --system --uid 10001 --gid concord --no-create-home --home-dir /data --shell /usr/sbin/nologin concord \
    && install -d -o concord -g concord -m 700 /data
COPY --from=build /opt/concord /opt/concord
ENV PATH=/opt/concord/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    CONCORD_DATA_DIR=/data
WORKDIR /opt/concord
VOLUME /data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["concord"]
CMD ["serve", "--host", "0.0.0.0"]
