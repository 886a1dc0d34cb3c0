using System.Buffers;
using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>When what a client is sent leaves.</summary>
public sealed class PacketWriterTests
{
    private static readonly byte[] Answer = [0xD0, 0x00];

    private readonly Pipe _line = new();
    private readonly PacketWriter _writer;

    public PacketWriterTests() => _writer = new(_line.Writer, new HandTurnedTime());

    [Fact]
    public async Task What_is_held_back_leaves_together_and_at_once_when_it_is_released()
    {
        var writing = _writer.RunAsync();
        _writer.HoldBack();
        _writer.Send(PingResponsePacket.Instance);
        _writer.Send(PingResponsePacket.Instance);
        Assert.False(_line.Reader.TryRead(out _));

        _writer.Release();

        Assert.True(_line.Reader.TryRead(out var sent));
        Assert.Equal([.. Answer, .. Answer], sent.Buffer.ToArray());
        await End(writing);
    }

    [Fact]
    public async Task Much_is_not_held_back()
    {
        var writing = _writer.RunAsync();
        _writer.HoldBack();
        for (var i = 0; i < 16; i++)
            _writer.Send(PingResponsePacket.Instance);

        var sent = await _line.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(16 * Answer.Length, sent.Buffer.Length);
        await End(writing);
    }

    [Fact]
    public async Task What_is_held_back_still_leaves_when_the_outbox_is_closed()
    {
        var writing = _writer.RunAsync();
        _writer.HoldBack();
        _writer.Send(PingResponsePacket.Instance);

        _writer.Close();

        Assert.True(await writing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(_line.Reader.TryRead(out var sent));
        Assert.Equal(Answer, sent.Buffer.ToArray());
    }

    private async Task End(Task<bool> writing)
    {
        _writer.Close();
        Assert.True(await writing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }
}
