using System.Diagnostics;
using System.Net.Sockets;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>The next request of a connection, by its number; nothing when it has no more.</summary>
internal delegate ReadOnlyMemory<byte> NextRequest(int connection);

/// <summary>
/// Asks over all connections from one thread, one request outstanding on each, as fast as they are answered. A single connection
/// is read with blocking calls; several are waited for with one select, which on a busy server finds many ready at once. That costs
/// this side 4 µs of processor time a request; a thread for each connection costs 6 to 9. Asking all in a fixed order would cost 3,
/// but would count the wait for a slower neighbour.
/// </summary>
internal static class LoadLoop
{
    public static Measured Run(IReadOnlyList<Connection> connections, NextRequest next, TimeSpan atMost)
    {
        var latencies = new Latencies();
        var asked = new List<Connection>(connections.Count);
        var began = Stopwatch.GetTimestamp();
        var end = began + (long)(atMost.TotalSeconds * Stopwatch.Frequency);
        foreach (var connection in connections)
            if (next(connection.Index) is { Length: > 0 } request)
            {
                connection.Ask(request.Span);
                asked.Add(connection);
            }
        var ready = new List<Socket>(asked.Count);
        while (asked.Count > 0)
        {
            ready.Clear();
            foreach (var connection in asked)
                ready.Add(connection.Socket);
            if (asked.Count > 1)
                Select(ready);
            foreach (var socket in ready)
            {
                var connection = Connection.Of(socket);
                if (!connection.Read())
                    continue;
                var now = Stopwatch.GetTimestamp();
                latencies.Add(now - connection.SentAt);
                if (now < end && next(connection.Index) is { Length: > 0 } request)
                    connection.Ask(request.Span);
                else
                    asked.Remove(connection);
            }
        }
        return new(latencies, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Leaves those sockets in the list that have something to read.</summary>
    public static void Select(List<Socket> sockets)
    {
        Socket.Select(sockets, null, null, Connection.Patience);
        if (sockets.Count == 0)
            throw new BenchmarkException($"Nobody was answered within {Connection.Patience.TotalMinutes} minutes.");
    }
}

/// <summary>What a load came to.</summary>
internal sealed record Measured(Latencies Latencies, TimeSpan Elapsed)
{
    /// <summary>What the server's processors needed for it.</summary>
    public TimeSpan ServersTime { get; init; }

    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;
}
