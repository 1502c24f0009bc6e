# Custody's worker and command line. Temporal's native worker needs glibc, so the image is Debian, not Alpine.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    CUSTODY_STATE_DIR=/var/lib/custody \
    CUSTODY_STORE=/var/lib/custody-payloads
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/examples/start ./examples/start
RUN install --directory --owner=node --group=node /var/lib/custody /var/lib/custody-payloads
VOLUME /var/lib/custody /var/lib/custody-payloads
USER node
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/custody.js"]
CMD ["worker", "--config", "/etc/custody/custody.yaml", "--health-port", "8080", "--health-host", "0.0.0.0"]
