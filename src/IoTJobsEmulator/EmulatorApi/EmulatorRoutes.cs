using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
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

    public static void MapEmulatorApi(this IEndpointRouteBuilder app)
    {
        var own = ActivatorUtilities.CreateInstance<EmulatorEndpoints>(app.ServiceProvider);
        var emulator = new EmulatorEndpointGroup(app, OpenApiTags.Emulator);
        emulator.Get(Prefix + "/health", EmulatorEndpoints.GetHealth).WithAlias(LocalStack + "/health");
        emulator.Get(Prefix + "/ready", own.GetReady, ServiceUnavailable);
        emulator.Get(Prefix + "/settings", own.GetSettings);
        emulator.Patch(Prefix + "/settings", own.ChangeSettings);
        emulator.Get(Prefix + "/clock", own.GetClock);
        emulator.Put(Prefix + "/clock", own.SetClock);
        emulator.Post(Prefix + "/clock/advance", own.AdvanceClock);
        emulator.GetText(Prefix + "/ca.pem", "application/x-pem-file", own.GetCaCertificate);
        emulator.Post(Prefix + "/reset", own.Reset).WithAlias("/moto-api/reset");

        var broker = new BrokerEndpoints(app.ServiceProvider.GetRequiredService<DeviceGateway>());
        var devices = new EmulatorEndpointGroup(app, OpenApiTags.Devices);
        devices.Get(Prefix + "/messages", broker.GetMessages, Throttling);
        devices.Get(Prefix + "/clients", broker.ListClients);
        devices.Delete(Prefix + "/clients/{**clientId}", broker.DisconnectClient, ResourceNotFound);

        app.MapFaults();
        app.MapRequests();
        app.MapSimulators();

        if (app.ServiceProvider.GetService<FolderDocuments>() is { } folder)
            new S3FolderEndpoint(folder, app.ServiceProvider.GetRequiredService<EmulatorClock>()).Map(app);
    }

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

    private static void MapSimulators(this IEndpointRouteBuilder app)
    {
        var turns = app.ServiceProvider.GetRequiredService<TurnGate>();
        turns.CallForDevices(new SimulatedClient(new SimulatedRequests(app.ServiceProvider.GetRequiredService<OperationRequests>()).Call));
        var fleets = new SimulatorEndpoints(turns, app.ServiceProvider.GetRequiredService<EmulatorOptions>());
        var simulators = new EmulatorEndpointGroup(app, OpenApiTags.Simulators);
        simulators.Get(Prefix + "/simulators", fleets.ListSimulators);
        simulators.Put(Prefix + "/simulators/{name}", fleets.PutSimulator, LimitExceeded);
        simulators.Get(Prefix + "/simulators/{name}", fleets.GetSimulator, ResourceNotFound);
        simulators.Delete(Prefix + "/simulators/{name}", fleets.DeleteSimulator, ResourceNotFound).Under(OpenApiTags.CleaningUp, 3);
    }

    /// <summary>The operations of AWS, read from the routes when they are first asked for.</summary>
    private static FaultCatalog Catalog(this IEndpointRouteBuilder app) => new(() => app.DataSources
        .SelectMany(source => source.Endpoints)
        .Select(endpoint => endpoint.Metadata.GetMetadata<Operation>())
        .OfType<Operation>()
        .Where(operation => operation.Api != Api.Emulator));
}
