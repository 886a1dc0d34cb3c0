using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace IoTJobsEmulator.Benchmarks.Servers;

/// <summary>
/// Makes a .NET process collect its garbage from outside: a session of its event pipe with this keyword begins with a full
/// collection, which is how dotnet-gcdump does it, and tells what survived. Source: the runtime's diagnostics IPC protocol,
/// CollectTracing2 and StopTracing.
/// </summary>
internal static class GarbageCollection
{
    private const byte EventPipe = 2, StopTracing = 1, CollectTracing2 = 3;

    private const ulong GCKeyword = 1, GCHeapCollectKeyword = 0x800000;

    private const byte Informational = 4;

    /// <summary>GCHeapStats_V2 is known by its size: nothing else of the collector is as long. Where it says what survived in a generation.</summary>
    private const int HeapStatsSize = 110;

    /// <summary>GCStart_V2: which collection, of which generation, why, and so on.</summary>
    private const int StartSize = 26, FullGeneration = 2, Induced = 1;

    private static readonly int[] Survived = [8, 24, 40, 56, 102];

    /// <summary>Collects, and answers how many bytes of the heap are alive.</summary>
    public static long LiveBytes(int processId)
    {
        var path = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").FirstOrDefault()
            ?? throw new BenchmarkException($"Process {processId} has no diagnostics socket in {Path.GetTempPath()}.");
        using var session = Connect(path);
        var id = Ask(session, CollectTracing2, [
            .. Number(16, 4), .. Number(1, 4), 0, .. Number(1, 4), // MB of buffer, the format, no rundown, one provider:
            .. Number(GCKeyword | GCHeapCollectKeyword, 8), .. Number(Informational, 4), .. Text("Microsoft-Windows-DotNETRuntime"), .. Number(0, 4)]);
        var trace = new MemoryStream();
        var reader = new Thread(() => ReadAll(session, trace));
        reader.Start();
        // The collection runs on a thread of its own.
        Pause.For(3000);
        using (var stop = Connect(path))
            Ask(stop, StopTracing, id);
        reader.Join();
        // Smaller collections before and behind it tell only what survived in theirs.
        var payloads = NetTrace.Payloads(trace.ToArray()).ToList();
        var stats = payloads.Where(payload => payload.Length == HeapStatsSize).ToList();
        return stats.Count > 0 && payloads.Exists(IsFull)
            ? stats.Max(payload => Survived.Sum(at => BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(at))))
            : throw new BenchmarkException($"Process {processId} did not say that it has collected its garbage.");
    }

    private static bool IsFull(byte[] payload) => payload.Length == StartSize
        && BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(4)) == FullGeneration && BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(8)) == Induced;

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    /// <summary>Sends a command and answers what it is answered with: a session's id.</summary>
    private static byte[] Ask(Socket socket, byte command, byte[] payload)
    {
        byte[] header = [.. "DOTNET_IPC_V1\0"u8, .. Number((ulong)(20 + payload.Length), 2), EventPipe, command, 0, 0];
        socket.Send([.. header, .. payload]);
        var answer = new byte[28];
        for (var read = 0; read < answer.Length;)
            read += socket.Receive(answer.AsSpan(read)) is var count and > 0 ? count : throw new BenchmarkException("The diagnostics socket was closed.");
        return answer[16] == 0xFF && answer[17] == 0 ? answer[20..] : throw new BenchmarkException("The runtime refuses to trace.");
    }

    private static void ReadAll(Socket session, Stream into)
    {
        var buffer = new byte[1 << 16];
        while (session.Receive(buffer) is var count and > 0)
            into.Write(buffer, 0, count);
    }

    private static byte[] Number(ulong value, int size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..size];
    }

    private static byte[] Text(string text) => [.. Number((ulong)text.Length + 1, 4), .. Encoding.Unicode.GetBytes(text + '\0')];
}
