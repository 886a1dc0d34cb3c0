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

    /// <summary>How an advance ended.</summary>
    /// <param name="Answer">What the emulator answered; null when it was not asked, or when the advance was stopped.</param>
    /// <param name="Other">The advance that goes on already, because of which it was not asked; null when none did.</param>
    public sealed record Outcome(ApiAnswer? Answer, Advance? Other = null);

    /// <summary>Advances the clock, unless another advance goes on.</summary>
    public Task<Outcome> By(TimeSpan by) =>
        Run(emulator.Clock.Now + by, new("POST", "/_emulator/clock/advance") { Body = new JsonObject { ["by"] = by.TotalSeconds }.ToJsonString() });

    /// <summary>Sets the clock. Ahead, everything that falls due on the way is done.</summary>
    public Task<Outcome> To(Moment moment) =>
        Run(moment, new("PUT", "/_emulator/clock") { Body = new JsonObject { ["now"] = moment.ToString() }.ToJsonString() });

    public void Cancel()
    {
        lock (_sync)
            _current?.Stop.Cancel();
    }

    private async Task<Outcome> Run(Moment to, ApiRequest request)
    {
        var advance = new Advance(emulator.Clock.Now, to);
        lock (_sync)
        {
            if (_current is { } other)
                return new(null, other);
            _current = advance;
        }
        try
        {
            return new(await emulator.Send(request, advance.Stop.Token));
        }
        catch (OperationCanceledException)
        {
            return new(Answer: null);
        }
        finally
        {
            lock (_sync)
                _current = null;
            advance.Stop.Dispose();
        }
    }
}
