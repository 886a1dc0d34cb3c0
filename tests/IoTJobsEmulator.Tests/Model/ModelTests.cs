using FsCheck;
using FsCheck.Fluent;

namespace IoTJobsEmulator.Tests.Model;

/// <summary>
/// After any history, and after each step of it, the emulator shows what the model shows: jobs, executions, counters, pending lists,
/// and the errors of the steps.
/// The same histories every time, so that whoever breaks a rule sees it and nobody else; MODEL_HISTORIES=1000 tries as many others,
/// MODEL_REPLAY=seed,gamma,size takes up the history that a failure names as its last step.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_emulator_does_what_the_model_does()
    {
        await using var fixture = new ModelFixture();
        var number = Read("MODEL_HISTORIES");
        var config = Config.QuickThrowOnFailure.WithMaxTest(number is null ? 120 : int.Parse(number));
        string[] start = number is null ? ["20260101", "1"] : [$"{Random.Shared.NextInt64()}", $"{Random.Shared.NextInt64() | 1}"];
        var replay = Read("MODEL_REPLAY")?.Split(',') ?? start;
        var (seed, gamma) = (ulong.Parse(replay[0]), ulong.Parse(replay[1]));
        config = replay is [_, _, var size] ? config.WithReplay(seed, gamma, int.Parse(size)) : config.WithReplay(seed, gamma);
        output.WriteLine($"MODEL_REPLAY={seed},{gamma}");

        // FsCheck knows no tasks, so it gets a thread of its own to wait on.
        await Task.Run(() => Prop.ForAll(Histories.Any, steps => Take(fixture, steps).GetAwaiter().GetResult()).Check(config), TestContext.Current.CancellationToken);
    }

    private static async Task Take(ModelFixture fixture, Step[] steps)
    {
        await fixture.Begin();
        foreach (var step in steps)
            await fixture.Take(step);
        fixture.End();
    }

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable);
}
