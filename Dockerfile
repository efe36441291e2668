# Two images of one source; docs/decisions/0025-container.md says why they are as they are.
#   docker build -t darkroom:cpu .
#   docker build -t darkroom:cuda --target cuda .
# Docker 25 or newer, or another builder that knows --start-interval.

ARG DOTNET=10.0
ARG CUDA=13.0.2

# The SDK runs on the builder's own processor, whatever the image is for.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${DOTNET}-noble AS sources
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source
# What decides about packages comes first: a change of code alone restores nothing.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY src/Darkroom.Imaging/*.csproj src/Darkroom.Imaging/packages*.lock.json src/Darkroom.Imaging/
COPY src/Darkroom.Diffusion/*.csproj src/Darkroom.Diffusion/packages*.lock.json src/Darkroom.Diffusion/
COPY src/Darkroom.Models/*.csproj src/Darkroom.Models/packages*.lock.json src/Darkroom.Models/
COPY src/Darkroom.Engine/*.csproj src/Darkroom.Engine/packages*.lock.json src/Darkroom.Engine/
COPY src/Darkroom.Storage/*.csproj src/Darkroom.Storage/packages*.lock.json src/Darkroom.Storage/
COPY src/Darkroom.Client/*.csproj src/Darkroom.Client/packages*.lock.json src/Darkroom.Client/
COPY src/Darkroom.Server/*.csproj src/Darkroom.Server/packages*.lock.json src/Darkroom.Server/

FROM sources AS build-cpu
ARG TARGETARCH=amd64
RUN dotnet restore src/Darkroom.Server -a $TARGETARCH --locked-mode
COPY BannedSymbols.txt appsettings.json ./
COPY src/ src/
ARG REVISION
RUN dotnet publish src/Darkroom.Server -a $TARGETARCH --no-restore -c Release -p:RunAnalyzers=false -p:SourceRevisionId=$REVISION -o image/app
# The last stage has no shell: what it needs beside the program is made here.
COPY models/ image/models/
COPY LICENSE THIRD_PARTY_NOTICES.md image/app/
RUN mkdir -p image/data image/models/own image/usr/local/bin && ln -s /app/Darkroom.Server image/usr/local/bin/darkroom

# ONNX Runtime has a CUDA package for x64 alone.
FROM sources AS build-cuda
RUN dotnet restore src/Darkroom.Server -a amd64 --locked-mode -p:OnnxRuntime=Gpu
COPY BannedSymbols.txt appsettings.json ./
COPY src/ src/
ARG REVISION
RUN dotnet publish src/Darkroom.Server -a amd64 --no-restore -c Release -p:RunAnalyzers=false -p:SourceRevisionId=$REVISION -p:OnnxRuntime=Gpu -o image/app
COPY models/ image/models/
COPY LICENSE THIRD_PARTY_NOTICES.md image/app/
RUN mkdir -p image/data image/models/own image/usr/local/bin && ln -s /app/Darkroom.Server image/usr/local/bin/darkroom

FROM nvidia/cuda:${CUDA}-cudnn-runtime-ubuntu24.04 AS cuda
ARG REVISION
LABEL org.opencontainers.image.title="Darkroom" \
      org.opencontainers.image.description="Self-hosted REST server for diffusion image models, for NVIDIA GPUs" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="MIT"
# For TLS, and what ONNX Runtime is linked with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3t64 libstdc++6 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build-cuda /source/image/app/ /app/
COPY --from=build-cuda /source/image/models/ /models/
COPY --from=build-cuda /source/image/usr/local/bin/ /usr/local/bin/
COPY --from=build-cuda --chown=10001:10001 /source/image/data/ /data/
ENV ASPNETCORE_URLS=http://*:8080 \
    Darkroom__DataPath=/data \
    Darkroom__ModelsPath=/models \
    Darkroom__FirstKey=true \
    Darkroom__Engine__Device=cuda \
    DOTNET_EnableDiagnostics=0 \
    ORT_DISABLE_TELEMETRY=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --start-interval=1s --retries=3 CMD ["/app/Darkroom.Server", "health"]
ENTRYPOINT ["/app/Darkroom.Server"]

FROM mcr.microsoft.com/dotnet/runtime-deps:${DOTNET}-noble-chiseled AS cpu
ARG REVISION
LABEL org.opencontainers.image.title="Darkroom" \
      org.opencontainers.image.description="Self-hosted REST server for diffusion image models" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build-cpu /source/image/app/ /app/
COPY --from=build-cpu /source/image/models/ /models/
COPY --from=build-cpu /source/image/usr/local/bin/ /usr/local/bin/
COPY --from=build-cpu --chown=10001:10001 /source/image/data/ /data/
ENV ASPNETCORE_URLS=http://*:8080 \
    Darkroom__DataPath=/data \
    Darkroom__ModelsPath=/models \
    Darkroom__FirstKey=true \
    DOTNET_EnableDiagnostics=0 \
    ORT_DISABLE_TELEMETRY=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --start-interval=1s --retries=3 CMD ["/app/Darkroom.Server", "health"]
ENTRYPOINT ["/app/Darkroom.Server"]
