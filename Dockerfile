# TypeScript runs as it is (type stripping), so there is nothing to build.
FROM node:24-slim

# There is no Redis in the image: set REDIS_URL.
WORKDIR /app
COPY package.json package-lock.json ./
# No production dependency needs an install script.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY LICENSE ./
COPY adapters ./adapters
COPY src ./src

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
EXPOSE 3000
# The node user, by number so that runAsNonRoot can be checked.
USER 1000:1000

HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# node itself is process 1 and gets the signals.
CMD ["node", "--max-semi-space-size=16", "src/main.ts", "run"]
