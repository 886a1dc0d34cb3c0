using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.EmulatorApi.Seeds;
using IoTJobsEmulator.Http;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Telemetry;
using IoTJobsEmulator.Turns;
using static IoTJobsEmulator.Core.ServiceError;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The routes of the emulator's own API, which AWS does not have. Each resource is one block; aliases are where other tools look for them.</summary>
internal static class EmulatorRoutes
{
    public const string Prefix = "/_emulator";

    private const string LocalStack = "/_localstack";

    public static void AddOperationRequests(this IServiceCollection services, EmulatorOptions options) => services
        .AddSingleton<FaultRules>()
        .AddSingleton(provider => new RequestJournal(
            options.JournalSize, () => provider.GetRequiredService<EmulatorClock>().Now, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<OperationRequests>();

    public static void AddSeeds(this IServiceCollection services) => services
        .AddSingleton<SeedOperations>()
        .AddSingleton<SeedRunner>()
        .AddSingleton<StartingSeed>();

    public static void MapEmulatorApi(this IEndpointRouteBuilder app)
    {
        var emulator = new EmulatorEndpointGroup(app, OpenApiTags.Emulator);
        emulator.Get(HealthChecks.Health, HealthEndpoints.GetHealth).WithAlias(HealthChecks.HealthOfLocalStack);
        emulator.Get(HealthChecks.Ready, app.Create<HealthEndpoints>().GetReady, ServiceUnavailable);

        emulator.GetText(Prefix + "/metrics", PrometheusText.ContentType, app.Create<MetricsEndpoint>().GetMetrics);

        var settings = app.Create<SettingsEndpoints>();
        emulator.Get(Prefix + "/settings", settings.GetSettings);
        emulator.Patch(Prefix + "/settings", settings.ChangeSettings);

        var clock = app.Create<ClockEndpoints>();
        emulator.Get(Prefix + "/clock", clock.GetClock);
        emulator.Put(Prefix + "/clock", clock.SetClock);
        emulator.Post(Prefix + "/clock/advance", clock.AdvanceClock);

        emulator.GetText(Prefix + "/ca.pem", "application/x-pem-file", app.Create<CertificateEndpoint>().GetCaCertificate);
        emulator.Post(Prefix + "/reset", app.Create<ResetEndpoint>().Reset, ServiceUnavailable).WithAlias("/moto-api/reset");

        var broker = app.Create<BrokerEndpoints>();
        var devices = new EmulatorEndpointGroup(app, OpenApiTags.Devices);
        devices.Get(Prefix + "/messages", broker.GetMessages, Throttling);
        devices.Get(Prefix + "/clients", broker.ListClients);
        devices.Delete(Prefix + "/clients/{**clientId}", broker.DisconnectClient, ResourceNotFound);

        app.MapFaults();
        app.MapRequests();

        var events = ActivatorUtilities.CreateInstance<EventEndpoints>(app.ServiceProvider, app.Create<EventStream>());
        new EmulatorEndpointGroup(app, OpenApiTags.Changes).Get(Prefix + "/events", events.ListEvents, Throttling);
        app.MapSnapshots();
        var simulators = app.MapSimulators();
        app.MapSeeds(clock, simulators);

        if (app.ServiceProvider.GetService<FolderDocuments>() is { } folder)
            new S3FolderEndpoint(folder, app.ServiceProvider.GetRequiredService<EmulatorClock>()).Map(app);
    }

    private static T Create<T>(this IEndpointRouteBuilder app) => ActivatorUtilities.CreateInstance<T>(app.ServiceProvider);

    private static void MapFaults(this IEndpointRouteBuilder app)
    {
        var (requests, catalog) = (app.ServiceProvider.GetRequiredService<OperationRequests>(), app.Catalog());
        var rules = new FaultEndpoints(requests.Faults, catalog);
        var faults = new EmulatorEndpointGroup(app, OpenApiTags.Faults);
        faults.Get(Prefix + "/faults", rules.ListFaults);
        faults.Post(Prefix + "/faults", rules.AddFaults, LimitExceeded);
        faults.Delete(Prefix + "/faults", rules.DeleteFaults).Under(OpenApiTags.CleaningUp, 1);
        faults.Delete(Prefix + "/faults/{id}", rules.DeleteFault, ResourceNotFound);

        var asLocalStack = new LocalStackFaults(requests.Faults, catalog);
        var chaos = new EmulatorEndpointGroup(app, OpenApiTags.Faults) { AreDescribed = false };
        chaos.Get(LocalStack + "/chaos/faults", asLocalStack.List);
        chaos.Post(LocalStack + "/chaos/faults", asLocalStack.Replace);
        chaos.Patch(LocalStack + "/chaos/faults", asLocalStack.Add);
        chaos.Delete(LocalStack + "/chaos/faults", asLocalStack.Delete);
    }

    private static void MapRequests(this IEndpointRouteBuilder app)
    {
        var journal = new RequestEndpoints(app.ServiceProvider.GetRequiredService<RequestJournal>(), app.Catalog());
        var requests = new EmulatorEndpointGroup(app, OpenApiTags.Requests);
        requests.Get(Prefix + "/requests", journal.ListRequests, Throttling);
        requests.Get(Prefix + "/requests/count", journal.CountRequests, Throttling);
        requests.Delete(Prefix + "/requests", journal.ClearRequests).Under(OpenApiTags.CleaningUp, 2);
    }

    private static void MapSeeds(this IEndpointRouteBuilder app, ClockEndpoints clock, SimulatorEndpoints simulators)
    {
        var faults = new FaultEndpoints(app.ServiceProvider.GetRequiredService<OperationRequests>().Faults, app.Catalog());
        app.ServiceProvider.GetRequiredService<SeedOperations>().Fill(app.All<OperationEndpoint>, new Dictionary<string, Delegate>
        {
            // What of the emulator's own API seeds can call.
            ["AdvanceClock"] = clock.AdvanceClock,
            ["SetClock"] = clock.SetClock,
            ["PostFault"] = faults.AddFaults,
            ["PutSimulator"] = simulators.PutSimulator,
        });
        var seeds = new EmulatorEndpointGroup(app, OpenApiTags.Seeds);
        seeds.Post(Prefix + "/seed", ActivatorUtilities.CreateInstance<SeedEndpoints>(app.ServiceProvider).RunSeed, ServiceUnavailable);
    }

    private static void MapSnapshots(this IEndpointRouteBuilder app)
    {
        var named = new SnapshotEndpoints(app.ServiceProvider.GetRequiredService<Snapshots>());
        var snapshots = new EmulatorEndpointGroup(app, OpenApiTags.Snapshots);
        snapshots.Put(Prefix + "/snapshots/{name}", named.TakeSnapshot, LimitExceeded);
        snapshots.Get(Prefix + "/snapshots", named.ListSnapshots);
        snapshots.Get(Prefix + "/snapshots/{name}", named.GetSnapshot, ResourceNotFound);
        snapshots.Post(Prefix + "/snapshots/{name}/restore", named.RestoreSnapshot, ResourceNotFound);
        snapshots.Delete(Prefix + "/snapshots/{name}", named.DeleteSnapshot, ResourceNotFound).Under(OpenApiTags.CleaningUp, 3);

        var state = ActivatorUtilities.CreateInstance<StateEndpoints>(app.ServiceProvider);
        snapshots.GetFile(Prefix + "/state", StateEndpoints.ContentType, state.GetState, Throttling);
        snapshots.Put(Prefix + "/state", state.PutState, Throttling);
    }

    private static SimulatorEndpoints MapSimulators(this IEndpointRouteBuilder app)
    {
        var turns = app.ServiceProvider.GetRequiredService<TurnGate>();
        turns.CallForDevices(new SimulatedClient(new SimulatedRequests(app.ServiceProvider.GetRequiredService<OperationRequests>()).Call));
        var fleets = new SimulatorEndpoints(turns, app.ServiceProvider.GetRequiredService<EmulatorOptions>());
        var simulators = new EmulatorEndpointGroup(app, OpenApiTags.Simulators);
        simulators.Get(Prefix + "/simulators", fleets.ListSimulators);
        simulators.Put(Prefix + "/simulators/{name}", fleets.PutSimulator, LimitExceeded);
        simulators.Get(Prefix + "/simulators/{name}", fleets.GetSimulator, ResourceNotFound);
        simulators.Delete(Prefix + "/simulators/{name}", fleets.DeleteSimulator, ResourceNotFound).Under(OpenApiTags.CleaningUp, 4);
        return fleets;
    }

    /// <summary>The operations of AWS, read from the routes when they are first asked for.</summary>
    private static FaultCatalog Catalog(this IEndpointRouteBuilder app) => new(() => app.All<Operation>().Where(operation => operation.Api != Api.Emulator));

    /// <summary>What the routes have of this type in their metadata.</summary>
    private static IEnumerable<T> All<T>(this IEndpointRouteBuilder app) where T : class => app.DataSources
        .SelectMany(source => source.Endpoints)
        .Select(endpoint => endpoint.Metadata.GetMetadata<T>())
        .OfType<T>();
}
