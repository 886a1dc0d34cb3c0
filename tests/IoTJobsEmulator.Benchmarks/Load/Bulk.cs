using System.Net;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>Many requests as fast as they are taken, for preparing a fleet: several connections, each pipelining.</summary>
internal static class Bulk
{
    private const int MostLanes = 4, AtOnce = 64;

    /// <summary>
    /// Makes and sends the requests 0 to <paramref name="count"/>; each must be answered with 200. Those whose numbers are alike
    /// modulo the lanes keep their order. Each lane has a maker of its own.
    /// </summary>
    public static void Send(IPEndPoint address, int count, Func<Func<int, ReadOnlyMemory<byte>>> maker, int lanes = MostLanes)
    {
        lanes = Math.Min(lanes, MostLanes);
        Exception? failure = null;
        var threads = Enumerable.Range(0, lanes).Select(first => new Thread(() =>
        {
            try
            {
                Send(address, first, lanes, count, maker());
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
            throw new LacksException(failure.Message);
    }

    private static void Send(IPEndPoint address, int first, int lanes, int count, Func<int, ReadOnlyMemory<byte>> request)
    {
        using var connection = new HttpConnection(address);
        var together = new List<byte>(1 << 16);
        for (var next = first; next < count;)
        {
            together.Clear();
            var sent = 0;
            for (; sent < AtOnce && next < count; sent++, next += lanes)
                together.AddRange(request(next).Span);
            connection.Ask(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(together));
            for (; sent > 0; sent--)
                connection.ReadAnswer();
        }
    }
}
