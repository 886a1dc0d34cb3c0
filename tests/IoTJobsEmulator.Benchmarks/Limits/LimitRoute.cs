namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>An endpoint of the limit: what it answers, byte for byte, and what it writes before.</summary>
internal sealed record LimitRoute(string Method, string Pattern, string ContentType, byte[] Body)
{
    /// <summary>The rows of a thing's first request, its second, and so on, and then from the first again.</summary>
    public IReadOnlyList<IReadOnlyList<RowChange>> Rows { get; init; } = [];
}

/// <summary>What the limit is started with, as a JSON file.</summary>
internal sealed record LimitPlan(IReadOnlyList<LimitRoute> Routes)
{
    /// <summary>The file to write rows to; none is the limit that drops what it reads.</summary>
    public string? Database { get; init; }

    /// <summary>Statements that make its tables.</summary>
    public IReadOnlyList<string> Schema { get; init; } = [];
}
