namespace IoTJobsEmulator.EmulatorApi;

/// <summary>What an endpoint answers that has two forms: a list, which is written as JSON, or a stream, which it writes itself.</summary>
internal interface IListOrStream
{
    object? List { get; }

    /// <summary>Writes the stream; null when the list is the answer.</summary>
    Func<HttpResponse, Task>? WriteStream { get; }
}

/// <inheritdoc/>
internal sealed record ListOrStream<T>(T? List, Func<HttpResponse, Task>? WriteStream = null) : IListOrStream where T : class
{
    object? IListOrStream.List => List;
}
