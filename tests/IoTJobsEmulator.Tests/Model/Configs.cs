namespace IoTJobsEmulator.Tests.Model;

/// <summary>How fast a job rolls out: so many a minute, with a base a rate that doubles up to it.</summary>
internal sealed record Rate(int PerMinute, int? Base = null, int? NotifiedThings = null, int? SucceededThings = null)
{
    public const int Factor = 2;
}

/// <summary>One criterion of an abort. The failure types are FAILED, REJECTED, TIMED_OUT and ALL.</summary>
internal sealed record Abort(string FailureType, int Min, int Percent);

/// <summary>One criterion of a retry.</summary>
internal sealed record Retry(string FailureType, int Number);

/// <summary>Start and end in minutes from the job's creation.</summary>
internal sealed record Times(int? Start = null, int? End = null, string? Behavior = null);

/// <summary>A window that opens each day.</summary>
internal sealed record Window(int Hour, int Minutes);

internal sealed record JobConfig
{
    public Rate? Rate { get; init; }

    public Abort? Abort { get; init; }

    public IReadOnlyList<Retry> Retries { get; init; } = [];

    public int? TimeoutInMinutes { get; init; }

    public Times? Times { get; init; }

    public Window? Window { get; init; }

    public override string ToString()
    {
        object?[] given = [Rate, Abort, TimeoutInMinutes is { } minutes ? $"Timeout {minutes}" : null, Times, Window, .. Retries];
        return $"[{string.Join("; ", given.Where(config => config is not null))}]";
    }
}
