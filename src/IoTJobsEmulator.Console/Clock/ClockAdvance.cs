using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.WebConsole.Clock;

/// <summary>The advance of the clock that goes on, if any. Every browser sees it and may end it, also after its page was left.</summary>
public sealed class ClockAdvance(IEmulator emulator)
{
    private readonly Lock _sync = new();
    private Advance? _current;

    /// <summary>The advance that goes on; null when none does.</summary>
    public Advance? Current => _current;

    /// <summary>An advance on its way.</summary>
    /// <param name="From">Where the clock stood.</param>
    /// <param name="To">Where it is to stand.</param>
    public sealed record Advance(Moment From, Moment To)
    {
        internal CancellationTokenSource Stop { get; } = new();

        /// <summary>How far it has come, from 0 to 1.</summary>
        public double Progress(Moment now) => To > From ? Math.Clamp((now - From) / (To - From), 0, 1) : 1;
    }

    /// <summary>Advances the clock and answers what the emulator answers; null when it was ended, or when another advance goes on.</summary>
    public Task<ApiAnswer?> By(TimeSpan by) =>
        Run(emulator.Clock.Now + by, new("POST", "/_emulator/clock/advance") { Body = new JsonObject { ["by"] = by.TotalSeconds }.ToJsonString() });

    /// <summary>Sets the clock. Ahead, everything that falls due on the way is done.</summary>
    public Task<ApiAnswer?> To(Moment moment) =>
        Run(moment, new("PUT", "/_emulator/clock") { Body = new JsonObject { ["now"] = moment.ToString() }.ToJsonString() });

    public void Cancel()
    {
        lock (_sync)
            _current?.Stop.Cancel();
    }

    private async Task<ApiAnswer?> Run(Moment to, ApiRequest request)
    {
        var advance = new Advance(emulator.Clock.Now, to);
        lock (_sync)
        {
            if (_current is not null)
                return null;
            _current = advance;
        }
        try
        {
            return await emulator.Send(request, advance.Stop.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            lock (_sync)
                _current = null;
            advance.Stop.Dispose();
        }
    }
}
