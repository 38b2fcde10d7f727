# syntax=docker/dockerfile:1
# Built with everything in one stage, installed without the packages for development in another. The image has neither
# npm nor sources: the Node.js that runs is the one that package-lock.json names, out of node_modules.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --prefer-offline --no-audit --no-fund
COPY . .
RUN npm run build
RUN rm -r build/tests

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --prefer-offline --no-audit --no-fund

FROM debian:bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    TZ=UTC \
    HOST=0.0.0.0 \
    PORT=3333 \
    MALLOC_ARENA_MAX=2 \
    PATH=/app/node_modules/node/bin:$PATH
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/build ./
USER 1000:1000
EXPOSE 3333
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "bin/server.js"]
