using System.Collections;
using IoTJobsEmulator.ConsoleHost;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests;

/// <summary>What is called after a start so that it is compiled: every operation, and nothing of it is seen.</summary>
public sealed class WarmUpTests
{
    private static readonly EmulatorOptions Options = EmulatorOptions.Read(["--mqtt-port=off", "--mqtt-tls-port=off", "--https-port=off"], new Hashtable());

    [Fact]
    public async Task It_leaves_nothing_in_the_emulator_that_has_started()
    {
        using var log = new MemoryStream();
        await using (var host = EmulatorHost.Build(Options, log, builder => builder.WebHost.UseTestServer()))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);

            await new WarmUp(host).Run();

            Assert.True(host.Services.GetRequiredService<TurnGate>().IsEmpty);
            Assert.Empty(host.Services.GetRequiredService<OperationRequests>().Journal.All);
            Assert.Equal(0, host.Services.GetRequiredService<EventLog>().Last);
        }
        Assert.Empty(log.ToArray());
    }

    /// <summary>A client that connects afterwards finds Kestrel and the routes compiled; nothing else is different for it.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("*")]
    public async Task It_asks_over_a_socket_and_leaves_nothing(string bind)
    {
        List<string> asked = [];
        using var log = new MemoryStream();
        await using (var host = EmulatorHost.Build(
            EmulatorOptions.Read(["--port=0", $"--bind={bind}", "--mqtt-port=off", "--mqtt-tls-port=off", "--https-port=off"], new Hashtable()), log,
            builder => builder.Services.AddSingleton<IStartupFilter>(new Listener(asked))))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            new WarmUp(host).AskOverSocket();

            Assert.Equal(["GET /_emulator/health"], asked);
            Assert.True(host.Services.GetRequiredService<TurnGate>().IsEmpty);
            Assert.Empty(host.Services.GetRequiredService<OperationRequests>().Journal.All);
            Assert.Equal(0, host.Services.GetRequiredService<EventLog>().Last);

            await host.StopAsync();
            new WarmUp(host).AskOverSocket(); // it cannot be reached, and nobody hears of it
        }
        Assert.Equal(["GET /_emulator/health"], asked);
        Assert.Empty(log.ToArray());
    }

    /// <summary>Else a script that waits for the emulator would keep the second one alive for as long as it asks.</summary>
    [Fact]
    public async Task It_waits_for_calls_and_not_for_who_asks_whether_the_emulator_is_there()
    {
        using var emulator = new Emulator();
        var api = emulator.Services.GetRequiredService<InProcessApi>();
        var before = api.Arrived;
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/health")).Status);
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/ready")).Status);
        Assert.Equal(before, api.Arrived);
        await emulator.CreateThing("pump-1");
        Assert.Equal(before + 1, api.Arrived);
    }

    /// <summary>The program looks at no exception of these calls, which are only to save time.</summary>
    [Fact]
    public void The_operations_that_are_called_without_a_host_do_what_they_are_for()
    {
        var answers = WarmUp.CallWithoutHost();
        Assert.Contains("\"numberOfQueuedThings\":1", answers[^2], StringComparison.Ordinal);
        Assert.Contains("\"jobId\":\"update-firmware\"", answers[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_calls_every_operation_as_a_client_would()
    {
        using var emulator = new Emulator();
        var api = emulator.Services.GetRequiredService<InProcessApi>();
        foreach (var request in WarmUp.Requests(emulator.Services, Options))
            await api.Send(request, TestContext.Current.CancellationToken);

        var journal = emulator.Services.GetRequiredService<OperationRequests>().Journal.All;
        Assert.Equal(
            emulator.Services.GetRequiredService<EndpointDataSource>().Endpoints
                .Select(endpoint => endpoint.Metadata.GetMetadata<Operation>()).OfType<Operation>().Where(operation => operation.Api != Api.Emulator)
                .Select(operation => $"{operation.Api} {operation.Name}").Order(StringComparer.Ordinal),
            journal.Select(request => $"{request.Operation!.Api} {request.OperationName}").Order(StringComparer.Ordinal));
        Assert.All(journal, request => Assert.InRange(request.Status!.Value, 200, 499));
        // No principal can be named, because that is a header, and what was cancelled on the way is not there for the device.
        Assert.All(
            ["CreateThing", "CreateThingGroup", "CreateJobTemplate", "CreateJob", "DescribeJob", "ListJobs", "ListThings", "TagResource"],
            operation => Assert.Equal(200, journal.Single(request => request.OperationName == operation).Status));
    }

    /// <summary>Hears of each request before the emulator does.</summary>
    private sealed class Listener(List<string> asked) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(then => context =>
            {
                asked.Add($"{context.Request.Method} {context.Request.Path}");
                return then(context);
            });
            next(app);
        };
    }
}
