namespace IoTJobsEmulator.Core;

/// <summary>How rows keep a moment that may be missing: in 8 bytes, where a nullable one takes 16.</summary>
internal readonly record struct OptionalMoment
{
    // With its sign changed, so that only the earliest of all is none, which no row has, and that is 0.
    private readonly long _milliseconds;

    private OptionalMoment(long milliseconds) => _milliseconds = milliseconds;

    public static implicit operator OptionalMoment(Moment? moment) => moment is { } given ? new(given.Milliseconds ^ long.MinValue) : default;

    public static implicit operator Moment?(OptionalMoment moment) => moment._milliseconds == 0 ? null : new Moment(moment._milliseconds ^ long.MinValue);
}
