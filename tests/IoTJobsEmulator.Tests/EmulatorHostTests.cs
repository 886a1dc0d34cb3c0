using System.Collections;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Tests.Turns;
using IoTJobsEmulator.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace IoTJobsEmulator.Tests;

/// <summary>What a host is, whoever starts it.</summary>
public sealed class EmulatorHostTests
{
    /// <summary>ConsoleLifetime is .NET's default. It handles SIGINT, SIGQUIT and SIGTERM, so that they would not end the process of somebody's tests.</summary>
    [Fact]
    public async Task It_takes_no_signals_unless_the_program_has_it_do_so()
    {
        await using var host = EmulatorHost.Build(Options(), Stream.Null);
        Assert.IsNotType<ConsoleLifetime>(host.Services.GetRequiredService<IHostLifetime>());
        await using var ofProgram = EmulatorHost.Build(Options(), Stream.Null, builder => builder.Host.UseConsoleLifetime());
        Assert.IsType<ConsoleLifetime>(ofProgram.Services.GetRequiredService<IHostLifetime>());
    }

    /// <summary>A request that takes longer than the half second that open connections have takes its turn when the services are disposed of.</summary>
    [Fact]
    public async Task What_a_turn_announces_after_the_end_needs_no_service()
    {
        using var folder = new Folder();
        List<string> lines = [];
        var host = EmulatorHost.Build(Options("--documents=" + Directory.CreateDirectory(folder["objects"]).FullName), Stream.Null, builder => builder.Services.AddSingleton<ILoggerFactory>(new ListLogger(lines)));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var (turns, messages) = (host.Services.GetRequiredService<TurnGate>(), host.Services.GetRequiredService<DeviceGateway>().Messages);
        await host.DisposeAsync();

        var realm = turns.RealmOf("123456789012", "us-east-1");
        await turns.Take(realm, () => CreateThing.Handle(realm, "pump-1", null));
        await turns.Take(realm, () => CreateJob.Handle(realm, "update", new()
        {
            Targets = ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],
            Document = """{"download": "${aws:iot:s3-presigned-url:https://s3.us-east-1.amazonaws.com/firmware/1.2.bin}"}""",
            PresignedUrlConfig = new() { RoleArn = "arn:aws:iam::123456789012:role/download" },
        }));

        var published = await messages.Find(new("$aws/things/pump-1/jobs/notify-next", null, null, null, null), TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Contains("/firmware/1.2.bin?", Assert.Single(published).Payload!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private static EmulatorOptions Options(params string[] settings) =>
        EmulatorOptions.Read(["--port=0", "--mqtt-port=off", "--mqtt-tls-port=off", "--https-port=off", .. settings], new Hashtable());
}
