# syntax=docker/dockerfile:1
# Two images: `app` (the bot) and `rasa` (the server that understands messages, with its model).

FROM python:3.10-slim-bookworm AS python310

FROM python:3.12-slim-bookworm AS build
# The cache is on a mount of its own, from which nothing can be linked.
ENV UV_LINK_MODE=copy
WORKDIR /app
COPY LICENSE README.md pyproject.toml ./
COPY requirements requirements
COPY tools tools
# Packages first and alone, so that a change in our code does not fetch them again.
RUN --mount=type=cache,target=/root/.cache \
    python tools/setup.py --app-only --without-nlu
COPY actions actions
COPY bot bot
COPY content content

FROM build AS training
# Both images are the same Debian, so the 3.10 of the one runs in the other.
COPY --from=python310 /usr/local/bin/python3.10 /usr/local/bin/
COPY --from=python310 /usr/local/lib/python3.10 /usr/local/lib/python3.10
COPY --from=python310 /usr/local/lib/libpython3.10.so.1.0 /usr/local/lib/
RUN ldconfig
RUN --mount=type=cache,target=/root/.cache \
    python tools/setup.py --app-only
COPY nlu nlu
COPY stories stories
RUN .venv/bin/wegwijzer train

FROM python:3.10-slim-bookworm AS rasa
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin wegwijzer
WORKDIR /app
COPY --from=training /app/.venv-nlu .venv-nlu
COPY --from=training --chown=wegwijzer:wegwijzer /app/var/models models
COPY nlu nlu
# The container has a read-only root: what Rasa and its libraries want to write goes to /tmp.
ENV PYTHONPATH=/app/nlu \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    PYTHONWARNINGS=ignore \
    TF_CPP_MIN_LOG_LEVEL=3
USER wegwijzer
EXPOSE 5005
CMD [".venv-nlu/bin/python", "-m", "wegwijzer_rasa.launcher", "run", \
     "--model", "models", \
     "--credentials", "nlu/credentials.yml", \
     "--endpoints", "nlu/endpoints.yml", \
     "--interface", "0.0.0.0", \
     "--port", "5005"]

FROM python:3.12-slim-bookworm AS app
# The volume for /app/var takes its owner from the folder in the image.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin wegwijzer \
    && install --directory --owner=wegwijzer --group=wegwijzer --mode=0700 /app/var
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY LICENSE pyproject.toml ./
COPY actions actions
COPY bot bot
COPY content content
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp
USER wegwijzer
EXPOSE 8000
CMD ["wegwijzer", "run"]
