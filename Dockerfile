# One image for every app: docker build --build-arg APP=web-bff .
#
# BUILD_IMAGE needs Node and npm. BASE_IMAGE needs the C and C++ libraries, and is better without anything else: neither a
# shell nor a package manager is used. Node itself is the one that the lock file names.
ARG BUILD_IMAGE=docker.io/library/node:24.21.0-bookworm-slim
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot

# All apps, installed and built once.
FROM ${BUILD_IMAGE} AS workspace
WORKDIR /facet
COPY package.json package-lock.json .npmrc ./
COPY apps apps
COPY libs libs
COPY tools tools
COPY tsconfig.base.json ./
RUN npm ci --no-audit --no-fund
RUN npx tsc --build apps/*/tsconfig.lib.json

# What one app imports, and what that depends on: no tools, no tests, nothing of other apps. sbom.cdx.json says what that is.
FROM workspace AS shipped
ARG APP
RUN test -n "$APP" || { echo 'Say which app: --build-arg APP=web-bff' >&2; exit 1; }
RUN npx node --import ./tools/dev/register.mjs tools/dev/src/supply/ship.ts "$APP" /shipped

FROM ${BASE_IMAGE}
COPY --from=workspace /facet/node_modules/node/bin/node /usr/local/bin/node
ENV NODE_ENV=production HOST=0.0.0.0 PATH=/usr/local/bin
WORKDIR /facet
USER 65532:65532
# Asks the app itself, on its admin port.
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["node", "/facet/health.mjs"]
# Memory of the young generation from the start, as much as pays and no more: 80 MB less at saturation. No pretenuring: V8
# decides by chance to allocate objects of a request in the old generation, and a request then costs up to twice as much.
CMD ["node", "--min-semi-space-size=16", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "app/dist/main.js"]
# Installed packages change with the lock file alone, and apps of a kind have the same: one layer for all of them.
COPY --from=shipped /shipped/packages /facet
COPY --from=shipped /shipped/app /facet
ARG APP
ARG REVISION=unknown
LABEL org.opencontainers.image.title=${APP} \
  org.opencontainers.image.revision=${REVISION} \
  org.opencontainers.image.licenses=MIT \
  facet.sbom=/facet/sbom.cdx.json
