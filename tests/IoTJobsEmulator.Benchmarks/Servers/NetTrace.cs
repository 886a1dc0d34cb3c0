using System.Buffers.Binary;
using System.Text;

namespace IoTJobsEmulator.Benchmarks.Servers;

/// <summary>As much of the runtime's trace format (nettrace 4) as it takes to find the payloads of its events.</summary>
internal static class NetTrace
{
    private const byte EndOfStream = 1, BeginObject = 5, EndObject = 6;

    private const string Magic = "Nettrace";

    private const int Header = 32, TraceObject = 48;

    public static IEnumerable<byte[]> Payloads(byte[] trace)
    {
        if (trace.Length < Header || Encoding.ASCII.GetString(trace, 0, Magic.Length) != Magic)
            throw new BenchmarkException("The runtime's trace cannot be read.");
        for (var at = Header; at < trace.Length && trace[at] == BeginObject;)
        {
            // The type: an object without a type of its own, two versions, its name.
            at += 3 + 8;
            var length = Int32(trace, at);
            var name = Encoding.ASCII.GetString(trace, at + 4, length);
            at += 4 + length + 1;
            if (name == "Trace")
            {
                at += TraceObject + 1;
                continue;
            }
            var size = Int32(trace, at);
            at = (at + 4 + 3) & ~3;
            if (name == "EventBlock")
                foreach (var payload in Events(trace[at..(at + size)]))
                    yield return payload;
            at += size;
            if (at < trace.Length && trace[at] is not (EndObject or EndOfStream))
                throw new BenchmarkException($"The runtime's trace cannot be read behind its {name}.");
            at++;
        }
    }

    private static IEnumerable<byte[]> Events(byte[] block)
    {
        var at = (int)BinaryPrimitives.ReadInt16LittleEndian(block);
        var size = 0;
        while (at < block.Length)
        {
            // What an event does not say of itself is as with the one before.
            var says = block[at++];
            if ((says & 1) != 0)
                Number(); // its metadata
            if ((says & 2) != 0)
            {
                Number(); // its sequence number, thread and processor
                Number();
                Number();
            }
            if ((says & 4) != 0)
                Number(); // the thread that it is about
            if ((says & 8) != 0)
                Number(); // its stack
            Number(); // when
            at += 16 * (((says >> 4) & 1) + ((says >> 5) & 1)); // its activities
            if ((says & 128) != 0)
                size = (int)Number();
            yield return block[at..(at + size)];
            at += size;
        }

        ulong Number()
        {
            var number = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                number |= (ulong)(block[at] & 0x7F) << shift;
                if (block[at++] < 0x80)
                    return number;
            }
        }
    }

    private static int Int32(byte[] trace, int at) => BinaryPrimitives.ReadInt32LittleEndian(trace.AsSpan(at));
}
