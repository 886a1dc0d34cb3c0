using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Turns;

/// <summary>Knows when the next work falls due, and wakes the <see cref="DueWorkRunner"/> that waits for it. Touched only within a turn.</summary>
internal sealed class DueWorkAlarm(EmulatorClock clock, Func<Realm, Moment?> nextDue)
{
    private Wait? _wait;

    /// <summary>When the earliest work of all realms is due; null when there is none.</summary>
    public Moment? NextDue(World world) => world.Realms.Min(nextDue);

    /// <summary>Begins to wait until work is due. Null when it is due already.</summary>
    public Wait? Start(World world)
    {
        var due = NextDue(world);
        if (due <= world.Now)
            return null;
        var wait = new Wait(due);
        if (due is { } moment)
            wait.Timer = clock.StartTimer(moment, wait.End);
        return _wait = wait;
    }

    /// <summary>Ends the wait if work in this realm is due earlier than the wait would end.</summary>
    public void WakeIfEarlier(Realm realm)
    {
        if (_wait is { } wait && nextDue(realm) is { } due && !(due >= wait.Until))
            Wake();
    }

    /// <summary>Ends the wait: the clock was set, or the awaited work may be gone.</summary>
    public void Wake()
    {
        _wait?.End();
        _wait = null;
    }

    /// <summary>A wait until a moment, or without end.</summary>
    internal sealed class Wait(Moment? until) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Moment? Until => until;

        public Task Ended => _ended.Task;

        public ITimer? Timer { get; set; }

        public void End() => _ended.TrySetResult();

        public void Dispose() => Timer?.Dispose();
    }
}
