# One image for web, worker, beat and migrations. The build stage needs the package registries, the image itself none.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt Makefile ./
COPY deploy/bootstrap.py deploy/encoder.txt deploy/
RUN make install
COPY frontend/package.json frontend/package-lock.json frontend/
COPY supportdesk supportdesk
COPY frontend frontend
RUN make build && rm -rf frontend/node_modules

FROM python:3.11-slim-bookworm
RUN useradd --system --create-home --home-dir /app --shell /usr/sbin/nologin supportdesk \
    && install -d -o supportdesk -g supportdesk /var/lib/supportdesk
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY . .
COPY --from=build /app/frontend/dist frontend/dist
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SUPPORTDESK_VAR=/var/lib/supportdesk \
    HOST=0.0.0.0 PORT=8000
USER supportdesk
EXPOSE 8000
CMD ["python", "-m", "supportdesk.serve"]
