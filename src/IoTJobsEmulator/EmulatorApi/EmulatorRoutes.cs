using IoTJobsEmulator.Http.Emulator;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;
using static IoTJobsEmulator.Core.ServiceError;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The routes of the emulator's own API, which AWS does not have.</summary>
internal static class EmulatorRoutes
{
    private const string Prefix = EmulatorEndpoints.Prefix, LocalStack = "/_localstack/chaos/faults";

    public static void AddOperationRequests(this IServiceCollection services, EmulatorOptions options) => services
        .AddSingleton<FaultRules>()
        .AddSingleton(provider => new RequestJournal(
            options.JournalSize, () => provider.GetRequiredService<EmulatorClock>().Now, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<OperationRequests>();

    public static void MapFaultsAndRequests(this IEndpointRouteBuilder app)
    {
        var requests = app.ServiceProvider.GetRequiredService<OperationRequests>();
        var catalog = new FaultCatalog(() => app.DataSources
            .SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<Operation>())
            .OfType<Operation>()
            .Where(operation => operation.Api != Api.Emulator));

        var rules = new FaultEndpoints(requests.Faults, catalog);
        var faults = new EmulatorEndpointGroup(app, OpenApiTags.Faults);
        faults.Get(Prefix + "/faults", rules.ListFaults);
        faults.Post(Prefix + "/faults", rules.AddFaults, LimitExceeded);
        faults.Delete(Prefix + "/faults", rules.DeleteFaults).Under(OpenApiTags.CleaningUp, 1);
        faults.Delete(Prefix + "/faults/{id}", rules.DeleteFault, ResourceNotFound);

        var asLocalStack = new LocalStackFaults(requests.Faults, catalog);
        var chaos = new EmulatorEndpointGroup(app, OpenApiTags.Faults) { AreDescribed = false };
        chaos.Get(LocalStack, asLocalStack.List);
        chaos.Post(LocalStack, asLocalStack.Replace);
        chaos.Patch(LocalStack, asLocalStack.Add);
        chaos.Delete(LocalStack, asLocalStack.Delete);

        var journal = new RequestEndpoints(requests.Journal, catalog);
        var asked = new EmulatorEndpointGroup(app, OpenApiTags.Requests);
        asked.Get(Prefix + "/requests", journal.ListRequests, Throttling);
        asked.Get(Prefix + "/requests/count", journal.CountRequests, Throttling);
        asked.Delete(Prefix + "/requests", journal.ClearRequests).Under(OpenApiTags.CleaningUp, 2);
    }
}
