using System.Buffers;
using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Connections;

/// <summary>When packets to a client are written.</summary>
public sealed class PacketWriterTests
{
    private static readonly byte[] Answer = [0xD0, 0x00];

    private readonly Pipe _pipes = new();
    private readonly PacketWriter _writer;

    public PacketWriterTests() => _writer = new(_pipes.Writer, new ManualTimeProvider());

    [Fact]
    public async Task A_batch_is_written_together_and_at_once_when_it_ends()
    {
        var writing = _writer.RunAsync();
        _writer.BeginBatch();
        _writer.Send(PingResponsePacket.Instance);
        _writer.Send(PingResponsePacket.Instance);
        Assert.False(_pipes.Reader.TryRead(out _));

        _writer.EndBatch(inline: true);

        Assert.True(_pipes.Reader.TryRead(out var sent));
        Assert.Equal([.. Answer, .. Answer], sent.Buffer.ToArray());
        await End(writing);
    }

    [Fact]
    public async Task Batches_that_overlap_are_written_together_when_the_last_ends()
    {
        var writing = _writer.RunAsync();
        _writer.BeginBatch();
        _writer.BeginBatch();
        _writer.Send(PingResponsePacket.Instance);
        _writer.EndBatch(inline: true);
        Assert.False(_pipes.Reader.TryRead(out _));
        _writer.Send(PingResponsePacket.Instance);

        _writer.EndBatch(inline: false);

        var sent = await _pipes.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal([.. Answer, .. Answer], sent.Buffer.ToArray());
        await End(writing);
    }

    [Fact]
    public async Task A_large_batch_is_written_before_it_ends()
    {
        var writing = _writer.RunAsync();
        _writer.BeginBatch();
        for (var i = 0; i < 16; i++)
            _writer.Send(PingResponsePacket.Instance);

        var sent = await _pipes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(16 * Answer.Length, sent.Buffer.Length);
        await End(writing);
    }

    [Fact]
    public async Task A_batch_is_still_written_when_the_writer_is_closed()
    {
        var writing = _writer.RunAsync();
        _writer.BeginBatch();
        _writer.Send(PingResponsePacket.Instance);

        _writer.Close();

        Assert.True(await writing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(_pipes.Reader.TryRead(out var sent));
        Assert.Equal(Answer, sent.Buffer.ToArray());
    }

    private async Task End(Task<bool> writing)
    {
        _writer.Close();
        Assert.True(await writing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }
}
