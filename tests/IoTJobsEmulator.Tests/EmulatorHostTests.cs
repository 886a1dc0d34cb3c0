using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace IoTJobsEmulator.Tests;

/// <summary>What a host is, whoever starts it.</summary>
public sealed class EmulatorHostTests
{
    /// <summary>ConsoleLifetime is .NET's default. It handles SIGINT, SIGQUIT and SIGTERM, so that they would not end the process of somebody's tests.</summary>
    [Fact]
    public async Task It_takes_no_signals_unless_the_program_has_it_do_so()
    {
        await using var host = EmulatorHost.Build(Options, Stream.Null);
        Assert.IsNotType<ConsoleLifetime>(host.Services.GetRequiredService<IHostLifetime>());
        await using var ofProgram = EmulatorHost.Build(Options, Stream.Null, builder => builder.Host.UseConsoleLifetime());
        Assert.IsType<ConsoleLifetime>(ofProgram.Services.GetRequiredService<IHostLifetime>());
    }

    private static EmulatorOptions Options => EmulatorOptions.Read(["--port=0", "--mqtt-port=off", "--mqtt-tls-port=off", "--https-port=off"], new Hashtable());
}
