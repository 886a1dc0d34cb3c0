FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source

# What the packages depend on, alone: they are restored again only when this changes.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/IoTJobsEmulator.Core/IoTJobsEmulator.Core.csproj src/IoTJobsEmulator.Core/
COPY src/IoTJobsEmulator.Console/IoTJobsEmulator.Console.csproj src/IoTJobsEmulator.Console/
COPY src/IoTJobsEmulator/IoTJobsEmulator.csproj src/IoTJobsEmulator/
RUN dotnet restore src/IoTJobsEmulator -a ${TARGETARCH:-$(dpkg --print-architecture)} -p:UseAppHost=false

# For one architecture, so that one native SQLite is copied and not one for every system. The two .xml files stay:
# Swagger reads them. No launcher of its own: `dotnet` starts it on any architecture.
COPY src/ src/
RUN dotnet publish src/IoTJobsEmulator -a ${TARGETARCH:-$(dpkg --print-architecture)} --no-restore --self-contained false -o /app \
      -p:UseAppHost=false -p:DebugType=none -p:IsTransformWebConfigDisabled=true \
 && mkdir /data /seed

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
COPY --from=build /seed /seed

# The last: pages of compiled code are not mapped a second time for writing, which takes a seventh of a start.
ENV IOTJOBS_BIND=* \
    IOTJOBS_DATABASE=/data/iot-jobs.db \
    IOTJOBS_SEED=/seed \
    IOTJOBS_TLS_FOLDER=/data/tls \
    DOTNET_EnableWriteXorExecute=0
VOLUME /data
# 443 beside 8443 with IOTJOBS_HTTPS_PORT=8443,443: Docker lets every user of a container open ports below 1024.
EXPOSE 8080 8443 443 1883 8883
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["dotnet", "IoTJobsEmulator.dll", "--health-check"]
ENTRYPOINT ["dotnet", "IoTJobsEmulator.dll"]
