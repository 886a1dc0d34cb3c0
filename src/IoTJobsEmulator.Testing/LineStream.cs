using System.Text;

namespace IoTJobsEmulator.Testing;

/// <summary>Hands what is written to it on, line by line. Written to by one thread at a time.</summary>
/// <param name="write">Takes each line.</param>
internal sealed class LineStream(Action<string> write) : Stream
{
    private readonly List<byte> _line = [];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.IndexOf((byte)'\n') is >= 0 and var end)
        {
            _line.AddRange(buffer[..end]);
            HandOn();
            buffer = buffer[(end + 1)..];
        }
        _line.AddRange(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void HandOn()
    {
        var line = Encoding.UTF8.GetString([.. _line]);
        _line.Clear();
        try
        {
            write(line);
        }
#pragma warning disable CA1031 // an output of tests refuses lines when no test runs, which must not end the process
        catch (Exception)
        {
        }
#pragma warning restore CA1031
    }
}
