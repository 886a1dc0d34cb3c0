using System.Globalization;

namespace IoTJobsEmulator.Core;

/// <summary>A point in time, in whole milliseconds since the Unix epoch: as SQLite keeps it, in 8 bytes.</summary>
public readonly record struct Moment(long Milliseconds) : IComparable<Moment>
{
    /// <summary>Whole seconds since the epoch, rounded down: the form of the data plane and of MQTT.</summary>
    public long Seconds => Math.DivRem(Milliseconds, 1000, out var rest) - (rest < 0 ? 1 : 0);

    public DateTimeOffset AsDateTimeOffset => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    public static Moment Of(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public int CompareTo(Moment other) => Milliseconds.CompareTo(other.Milliseconds);

    public override string ToString() => AsDateTimeOffset.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static Moment Later(Moment a, Moment b) => a > b ? a : b;

    public static Moment Earlier(Moment a, Moment b) => a < b ? a : b;

    public static Moment operator +(Moment moment, TimeSpan duration) => new(moment.Milliseconds + (long)duration.TotalMilliseconds);

    public static Moment operator -(Moment moment, TimeSpan duration) => new(moment.Milliseconds - (long)duration.TotalMilliseconds);

    public static TimeSpan operator -(Moment a, Moment b) => TimeSpan.FromMilliseconds(a.Milliseconds - b.Milliseconds);

    public static bool operator <(Moment a, Moment b) => a.Milliseconds < b.Milliseconds;

    public static bool operator >(Moment a, Moment b) => a.Milliseconds > b.Milliseconds;

    public static bool operator <=(Moment a, Moment b) => a.Milliseconds <= b.Milliseconds;

    public static bool operator >=(Moment a, Moment b) => a.Milliseconds >= b.Milliseconds;
}
