using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace IoTJobsEmulator.Benchmarks.Servers;

/// <summary>
/// Makes a .NET process collect its garbage from outside: a session of its event pipe with this keyword begins with a full
/// collection, which is how dotnet-gcdump does it. Source: the runtime's diagnostics IPC protocol, CollectTracing2 and StopTracing.
/// </summary>
internal static class GarbageCollection
{
    private const byte EventPipe = 2, StopTracing = 1, CollectTracing2 = 3;

    private const ulong GCHeapCollect = 0x800000;

    public static void Induce(int processId)
    {
        var path = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").FirstOrDefault()
            ?? throw new BenchmarkException($"Process {processId} has no diagnostics socket in {Path.GetTempPath()}.");
        using var session = Connect(path);
        var id = Ask(session, CollectTracing2, [
            .. Number(16, 4), .. Number(1, 4), 0, .. Number(1, 4), // MB of buffer, the format, no rundown, one provider:
            .. Number(GCHeapCollect, 8), .. Number(5, 4), .. Text("Microsoft-Windows-DotNETRuntime"), .. Number(0, 4)]);
        // The collection runs on a thread of its own, and its events begin to flow when it does.
        Pause.For(1000);
        using (var stop = Connect(path))
        {
            var drain = new Thread(() => Drain(session));
            drain.Start();
            Ask(stop, StopTracing, id);
            drain.Join();
        }
    }

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

    private static void Drain(Socket session)
    {
        var buffer = new byte[1 << 16];
        while (session.Receive(buffer) > 0)
            continue;
    }

    private static byte[] Number(ulong value, int size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..size];
    }

    private static byte[] Text(string text) => [.. Number((ulong)text.Length + 1, 4), .. Encoding.Unicode.GetBytes(text + '\0')];
}
