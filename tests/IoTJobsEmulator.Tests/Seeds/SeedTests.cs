using IoTJobsEmulator.Core.Operations.Endpoint;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.EmulatorApi.Seeds;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Seeds;

/// <summary>Seeds in a running emulator: what they leave alone, how they end early, and what bounds them.</summary>
public sealed class SeedTests
{
    private const string Fleet = """{"calls": [{"repeat": 100000, "operation": "CreateThing", "input": {"thingName": "pump-${n}"}}]}""";

    [Fact]
    public async Task Every_operation_can_be_bound_to_an_input()
    {
        using var emulator = new Emulator();
        var services = emulator.Services.GetRequiredService<IServiceProviderIsService>();
        Operation[] operations = [.. emulator.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<Operation>()).OfType<Operation>()];
        Assert.NotEmpty(operations);
        // A body that is a file is none of a JSON input.
        foreach (var operation in operations.Where(operation => !operation.Handle.Method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Stream))))
            Assert.NotNull(new InputBinder(operation.Handle.Method, services));
        foreach (var operation in operations.Where(operation => operation.Api != Api.Emulator))
            Assert.Equal(operation.Name, emulator.Services.GetRequiredService<SeedOperations>().Find(operation.Name, null).Name);
    }

    [Fact]
    public async Task No_fault_strikes_a_call_and_the_journal_of_requests_does_not_have_it()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/_emulator/faults", """{"operation": "*", "error": "ThrottlingException"}""");
        Assert.Equal(200, (await emulator.Send("POST", "/_emulator/seed", """{"calls": [{"operation": "CreateThing", "input": {"thingName": "pump-1"}}]}""")).Status);
        Assert.Equal("""{"requests":[]}""", (await emulator.Send("GET", "/_emulator/requests")).Body);
        Assert.Equal(0, (int?)(await emulator.Send("GET", "/_emulator/faults")).Json["faults"]![0]!["struck"]);
    }

    [Fact]
    public async Task The_document_of_a_job_is_fetched_as_over_the_wire()
    {
        using var documents = new Folder();
        Directory.CreateDirectory(documents["firmware"]);
        await File.WriteAllTextAsync(documents["firmware/update.json"], """{"operation": "update"}""", Cancelled);
        using var emulator = new Emulator(("documents", Path.GetDirectoryName(documents.Database)!));
        var answer = await emulator.Send("POST", "/_emulator/seed", """
            {"calls": [
              {"operation": "CreateThing", "input": {"thingName": "pump-1"}, "save": "pump"},
              {"operation": "CreateJob", "input": {"jobId": "update-firmware", "targets": ["${pump.thingArn}"], "documentSource": "https://s3.amazonaws.com/firmware/update.json"}},
              {"operation": "GetJobDocument", "input": {"jobId": "update-firmware"}},
              {"operation": "CreateJob", "input": {"jobId": "other", "targets": ["${pump.thingArn}"], "documentSource": "https://s3.amazonaws.com/firmware/none.json"}}
            ]}
            """);
        Assert.Equal((400, "4", "CreateJob", "InvalidRequestException"), (answer.Status, (string?)answer.Json["call"], (string?)answer.Json["operation"], (string?)answer.Json["error"]));
        Assert.Equal("""{"operation": "update"}""", (string?)(await emulator.Send("GET", "/jobs/update-firmware/job-document")).Json["document"]);
    }

    /// <summary>The executions beyond the first thousand of a job are queued by due work.</summary>
    [Fact]
    public async Task What_is_due_is_done_before_the_next_call()
    {
        using var emulator = new Emulator(("rollout", "immediate"));
        var answer = await emulator.Send("POST", "/_emulator/seed", """
            {"calls": [
              {"operation": "CreateThingGroup", "input": {"thingGroupName": "pumps"}, "save": "group"},
              {"repeat": 2500, "operation": "CreateThing", "input": {"thingName": "pump-${n}"}},
              {"repeat": 2500, "operation": "AddThingToThingGroup", "input": {"thingGroupName": "pumps", "thingName": "pump-${n}"}},
              {"operation": "CreateJob", "input": {"jobId": "update-firmware", "targets": ["${group.thingGroupArn}"], "document": "{}"}},
              {"repeat": 2500, "operation": "UpdateJobExecution", "input": {"thingName": "pump-${n}", "jobId": "update-firmware", "status": "SUCCEEDED"}},
              {"operation": "DescribeJob", "input": {"jobId": "update-firmware"}}
            ]}
            """);
        Assert.Equal(7503, (int?)answer.Json["calls"]);
        Assert.Equal("COMPLETED", (string?)answer.Json["results"]![5]!["output"]!["job"]!["status"]);
        Assert.Equal("""{"call":2,"operation":"CreateThing","count":2500}""", answer.Json["results"]![1]!.ToJsonString());
    }

    [Fact]
    public async Task It_stops_between_two_calls_when_its_caller_goes()
    {
        using var gone = new CancellationTokenSource();
        using var emulator = new Emulator();
        emulator.Turns.AddListener(_ => gone.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(emulator, Fleet, gone.Token));
        Assert.NotEmpty(emulator.Turns.RealmOf("123456789012", "us-east-1").Things.All);
    }

    [Fact]
    public async Task A_reset_ends_it()
    {
        using var emulator = new Emulator();
        var reset = new Lazy<Task>(() => Task.Factory.StartNew(
            () => emulator.Services.GetRequiredService<WorldReplacement>().Reset().AsTask(), Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
        emulator.Turns.AddListener(turn => _ = reset.Value);
        var refusal = await Assert.ThrowsAsync<SeedRefusedException>(() => Run(emulator, Fleet, Cancelled));
        Assert.EndsWith("A reset has ended the seed.", refusal.Message, StringComparison.Ordinal);
        await reset.Value;
    }

    [Fact]
    public async Task Answers_beyond_a_megabyte_are_left_out()
    {
        using var emulator = new Emulator();
        var answer = await emulator.Send("POST", "/_emulator/seed", ManyPages("""{"operation": "ListThings"}""", 5));
        Assert.Equal(
            [(true, null), (true, null), (true, null), (true, null), (false, true)],
            answer.Json["results"]!.AsArray().Skip(1).Select(result => (result!["output"] is not null, (bool?)result["isOutputCut"])));
    }

    [Fact]
    public async Task Saved_answers_are_bounded()
    {
        using var emulator = new Emulator();
        var answer = await emulator.Send("POST", "/_emulator/seed", ManyPages("""{"operation": "ListThings", "save": "page"}""", 100));
        Assert.Equal((400, "LimitExceededException"), (answer.Status, (string?)answer.Json["error"]));
    }

    [Fact]
    public async Task A_seed_that_cannot_be_written_is_answered_with_503()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("valve-1");
        emulator.Files.FillUp();
        var answer = await emulator.Send("POST", "/_emulator/seed", """{"calls": [{"repeat": 2500, "operation": "CreateThing", "input": {"thingName": "pump-${n}"}}]}""");
        Assert.Equal((503, "ServiceUnavailableException"), (answer.Status, answer.ErrorType));
        Assert.Equal("valve-1", string.Join(' ', (await emulator.Send("GET", "/things")).Json["things"]!.AsArray().Select(thing => (string?)thing!["thingName"])));
        emulator.TakeWarnings();
        emulator.Files.MakeRoom();
    }

    /// <summary>A seed of things that fill a page of 200 KB, and of calls that list them.</summary>
    private static string ManyPages(string call, int times)
    {
        const string Things = """{"repeat": 250, "operation": "CreateThing", "input": {"thingName": "pump-${n}", "attributePayload": {"attributes": {"note": "NOTE"}}}}""";
        return $"{{\"calls\": [{Things.Replace("NOTE", new('x', 800), StringComparison.Ordinal)}, {string.Join(", ", Enumerable.Repeat(call, times))}]}}";
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task Run(Emulator emulator, string seed, CancellationToken aborted)
    {
        var runner = emulator.Services.GetRequiredService<SeedRunner>();
        var document = System.Text.Json.JsonSerializer.Deserialize<SeedDocument>(seed, WireJson.Options)!;
        var caller = new SeedCaller(new("123456789012", "us-east-1"), new CallersAddress("localhost", 8080), new AwsUrlSigner("us-east-1"));
        await runner.Run(runner.Check([(Seed.Sent, document)], caller), caller, results: null, aborted);
    }
}
