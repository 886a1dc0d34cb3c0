using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>One client on one line, from its first byte to the end.</summary>
public sealed class MqttConnection
{
    private readonly BrokerState _state;
    private readonly IDuplexPipe _transport;
    private readonly PacketHandler _handler;
    private readonly Lock _ending = new();
    private (ReasonCode Reason, string Words)? _end;

    internal MqttConnection(BrokerState state, IDuplexPipe transport, object? tag)
    {
        (_state, _transport, Tag) = (state, transport, tag);
        PacketWriter = new(transport.Output, state.Time);
        _handler = new(this, state);
    }

    /// <summary>Whatever the caller wants to know of the connection.</summary>
    public object? Tag { get; set; }

    /// <summary>
    /// Whose client it is, in whatever words: what it publishes (its last will too) reaches those of its tenant and of none, offline ones by
    /// their last connection. Null, of no tenant: it hears all and is heard by all.
    /// </summary>
    public string? Tenant { get; set; }

    /// <summary>Empty before CONNECT; assigned when the client gave none.</summary>
    public string ClientId { get; internal set; } = "";

    /// <summary>As CONNECT states it; AWS's clients put a query string here.</summary>
    public string? UserName { get; internal set; }

    /// <summary>Where its last will goes, if it has one.</summary>
    public string? WillTopic { get; internal set; }

    public MqttVersion Version { get; internal set; } = MqttVersion.V311;

    public DateTimeOffset ConnectedAt { get; internal set; }

    internal PacketWriter PacketWriter { get; }

    internal bool HasEnded => _end is not null;

    /// <summary>Sends a message to this client only, subscribed or not, after everything that was sent to it before. Nothing happens when it is no longer connected.</summary>
    public void Send(string topic, ReadOnlyMemory<byte> payload, Qos qos = Qos.AtMostOnce, MqttProperties? properties = null) =>
        _state.SendTo(this, _state.Message(topic, payload, qos, retain: false, properties));

    /// <summary>Puts the client out; its will is published. MQTT 5 tells it the reason.</summary>
    public void Disconnect(ReasonCode reason = ReasonCode.AdministrativeAction) => End(reason, "put out by the server");

    /// <summary>Ends the connection, once; the first reason stands.</summary>
    /// <param name="reason">Success, if it is the client who says goodbye.</param>
    /// <param name="words">For the log.</param>
    /// <param name="farewell">What the client is still told.</param>
    internal void End(ReasonCode reason, string words, MqttPacket? farewell = null)
    {
        lock (_ending)
        {
            if (_end is not null)
                return;
            _end = (reason, words);
        }
        if (farewell is not null)
            PacketWriter.Send(farewell);
        else if (_handler.IsConnected && Version == MqttVersion.V5 && ReasonTable.Allows(PacketType.Disconnect, reason))
            PacketWriter.Send(new DisconnectPacket(reason) { Properties = PacketWriter.Explanation(words) });
        PacketWriter.Close();
        _transport.Input.CancelPendingRead();
    }

    /// <summary>Ends the connection without a word: there is nobody left to tell.</summary>
    internal void Lose(ReasonCode reason, string words)
    {
        PacketWriter.Close();
        End(reason, words);
    }

    internal async Task RunAsync(CancellationToken stopping)
    {
        var writing = WriteAsync();
        await using var stop = stopping.Register(() => End(ReasonCode.ServerShuttingDown, "the server stops"));
        using var keepAlive = new KeepAlive(_state.Time, _state.Limits.ConnectTimeout, FallSilent);
        try
        {
            await ReadAsync(keepAlive);
        }
        catch (MqttProtocolException e)
        {
            End(e.Reason, e.Message, _handler.RefusalOf(e));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Lose(ReasonCode.UnspecifiedError, "the line broke");
        }
        finally
        {
            End(ReasonCode.UnspecifiedError, "the server failed"); // if nothing else has ended it, an exception is on its way out
            await CloseAsync(writing);
        }
    }

    private async Task WriteAsync()
    {
        var isDelivered = false;
        try
        {
            isDelivered = await PacketWriter.RunAsync();
        }
        finally
        {
            if (!isDelivered)
                Lose(ReasonCode.UnspecifiedError, "the line broke");
        }
    }

    private async Task ReadAsync(KeepAlive keepAlive)
    {
        var input = _transport.Input;
        while (!HasEnded)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            try
            {
                while (!HasEnded && PacketDecoder.TryRead(ref buffer, Version, _state.Limits.PacketBytes, out var packet))
                {
                    keepAlive.Heard();
                    PacketWriter.HoldBack();
                    var heard = _handler.HearAsync(packet, keepAlive);
                    if (!heard.IsCompleted)
                        PacketWriter.Release();
                    await heard;
                    await PacketWriter.RoomAsync();
                }
            }
            finally
            {
                PacketWriter.Release();
                input.AdvanceTo(buffer.Start, buffer.End);
            }
            if (result.IsCompleted)
                Lose(ReasonCode.UnspecifiedError, "the client hung up without a goodbye");
        }
    }

    private void FallSilent() =>
        End(ReasonCode.KeepAliveTimeout, _handler.IsConnected ? "nothing was heard for one and a half keep-alive intervals" : "no CONNECT came");

    private async Task CloseAsync(Task writing)
    {
        var (reason, words) = _end!.Value;
        _state.Disconnected(this, reason);
        try
        {
            using (_state.Time.CreateTimer(_ => _transport.Output.CancelPendingFlush(), null, _state.Limits.Linger, Timeout.InfiniteTimeSpan))
                await writing;
        }
        finally
        {
            await _transport.Input.CompleteAsync();
            await _transport.Output.CompleteAsync();
            if (_handler.IsConnected || reason != ReasonCode.UnspecifiedError) // a look at an open port is no news
                _state.Options.Ended?.Invoke(this, reason, words);
        }
    }
}
