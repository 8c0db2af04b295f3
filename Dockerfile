# One image for every app: docker build --build-arg APP=web-bff .
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /facet
COPY package.json package-lock.json .npmrc ./
COPY apps apps
COPY libs libs
COPY tools tools
COPY tsconfig.base.json ./
RUN npm ci --no-audit --no-fund
ARG APP
RUN test -n "$APP" || { echo 'Say which app: --build-arg APP=web-bff' >&2; exit 1; }
RUN npx tsc --build "apps/$APP/tsconfig.lib.json"
# What the app imports, and what that depends on: no tools, no tests, nothing of other apps. sbom.cdx.json says what that is.
RUN npx node --import ./tools/dev/register.mjs tools/dev/src/supply/ship.ts "$APP" /shipped

FROM node:24.21.0-bookworm-slim
ARG APP
ENV APP=$APP HOST=0.0.0.0
WORKDIR /facet
COPY --from=build /shipped /facet
USER node
# Memory of the young generation from the start, as much as pays and no more: 80 MB less at saturation. No pretenuring: V8
# decides by chance to allocate objects of a request in the old generation, and a request then costs up to twice as much.
CMD ["sh", "-c", "exec node --min-semi-space-size=16 --max-semi-space-size=16 --no-allocation-site-pretenuring --enable-source-maps apps/$APP/dist/main.js"]
