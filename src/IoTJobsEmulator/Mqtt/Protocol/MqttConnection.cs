using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>One network connection of a client, from its first byte to its end.</summary>
public sealed class MqttConnection
{
    /// <summary>How many connections beyond the limit are read as far as CONNECT and are refused then. Further ones are closed at once.</summary>
    private const int RefusedAtOnce = 100;

    private readonly BrokerState _state;
    private readonly IDuplexPipe _transport;
    private readonly PacketHandler _handler;
    private readonly Lock _endGate = new();
    private (ReasonCode Reason, string Description)? _end;

    internal MqttConnection(BrokerState state, IDuplexPipe transport, object? tag)
    {
        (_state, _transport, Tag) = (state, transport, tag);
        Writer = new(transport.Output, state.Time, state.Options.Delivered is { } delivered ? message => delivered(this, message) : null);
        Acknowledgements = new(Writer);
        _handler = new(this, state);
    }

    /// <summary>A value of the caller's choice.</summary>
    public object? Tag { get; set; }

    /// <summary>
    /// The client's tenant. What the client publishes, its will included, reaches the clients of the same tenant and those of none. Null:
    /// no tenant; the client receives from all and publishes to all. Set by <see cref="MqttBrokerOptions.ValidateConnection"/>, and not later.
    /// </summary>
    public string? Tenant { get; set; }

    /// <summary>Empty before CONNECT. Assigned by the server when the client gives none (MQTT 5, 3.1.3.1).</summary>
    public string ClientId { get; internal set; } = "";

    /// <summary>Identifies the client and its session.</summary>
    public ClientKey Key => new(Tenant, ClientId);

    /// <summary>
    /// The user name of CONNECT, for <see cref="MqttBrokerOptions.ValidateConnection"/>; then null, because it may be long. The AWS clients write a query
    /// string here.
    /// </summary>
    public string? UserName { get; internal set; }

    /// <summary>The topic of the client's will; null if it has none.</summary>
    public string? WillTopic { get; internal set; }

    public MqttVersion Version { get; internal set; } = MqttVersion.V311;

    public DateTimeOffset ConnectedAt { get; internal set; }

    /// <summary>Whether its CONNECT was accepted. It stays so when the connection has ended.</summary>
    public bool IsAccepted => _handler.IsConnected;

    /// <summary>Whether there were as many connections as the limit when this one began.</summary>
    internal bool ExceedsLimit { get; private set; }

    internal PacketWriter Writer { get; }

    internal PublishAcknowledgements Acknowledgements { get; }

    private bool HasEnded => _end is not null;

    /// <summary>
    /// Sends a message to this client only, subscribed or not, after everything that was sent to it before. Does nothing when the client
    /// is no longer connected.
    /// </summary>
    public void Send(string topic, ReadOnlyMemory<byte> payload, Qos qos = Qos.AtMostOnce, MqttProperties? properties = null) =>
        _state.SendToClient(this, _state.CreateMessage(topic, payload, qos, retain: false, properties));

    /// <summary>
    /// Like <see cref="Send"/>, with the highest QoS of the client's subscriptions that match the topic, and QoS 0 without any. AWS answers
    /// so on its own topics (aws/aws-iot-device-sdk-embedded-C#1808).
    /// </summary>
    /// <param name="topic">A topic name.</param>
    /// <param name="payload">Not copied: it must not change any more.</param>
    /// <param name="tenant">The tenant that answers, which listeners are told.</param>
    public void Respond(string topic, ReadOnlyMemory<byte> payload, string? tenant) =>
        _state.RespondToClient(this, _state.CreateMessage(topic, payload, Qos.AtMostOnce, retain: false, properties: null), tenant);

    /// <summary>Sends what is sent to this client by a function together, in one write to the network where that is possible.</summary>
    public void SendTogether(Action send)
    {
        Writer.BeginBatch();
        try
        {
            send();
        }
        finally
        {
            Writer.EndBatch(inline: false);
        }
    }

    /// <summary>Disconnects the client and publishes its will. An MQTT 5 client is sent a DISCONNECT with the reason (MQTT 5, 3.14).</summary>
    public void Disconnect(ReasonCode reason = ReasonCode.AdministrativeAction) => End(reason, "disconnected by the server");

    /// <summary>Ends the connection. Only the first call has an effect.</summary>
    /// <param name="reason">Success for a normal disconnection by the client.</param>
    /// <param name="description">For the log and the reason string.</param>
    /// <param name="lastPacket">Sent instead of a DISCONNECT.</param>
    internal void End(ReasonCode reason, string description, MqttPacket? lastPacket = null)
    {
        lock (_endGate)
        {
            if (HasEnded)
                return;
            _end = (reason, description);
        }
        if (lastPacket is not null)
            Writer.Send(lastPacket);
        else if (_handler.IsConnected && Version == MqttVersion.V5 && ReasonTable.Allows(PacketType.Disconnect, reason))
            Writer.Send(new DisconnectPacket(reason) { Properties = Writer.Encoder.ReasonString(description) });
        Writer.Close();
        _transport.Input.CancelPendingRead();
    }

    /// <summary>Ends the connection without sending anything more.</summary>
    internal void EndSilently(ReasonCode reason, string description)
    {
        Writer.Close();
        End(reason, description);
    }

    internal async Task RunAsync(CancellationToken stopping)
    {
        var writing = WriteAsync();
        await using var stop = stopping.Register(() => End(ReasonCode.ServerShuttingDown, "the server stops"));
        using var keepAlive = new KeepAlive(_state.Time, _state.Limits.ConnectTimeout, EndAfterTimeout);
        try
        {
            var count = _state.OpenConnection();
            ExceedsLimit = count > _state.Limits.Connections;
            if (count > _state.Limits.Connections + RefusedAtOnce)
                throw _state.TooManyConnections();
            await ReadAsync(keepAlive);
        }
        catch (MqttProtocolException e)
        {
            End(e.Reason, e.Message, _handler.CreateRefusal(e));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            EndSilently(ReasonCode.UnspecifiedError, "the network connection failed");
        }
        finally
        {
            End(ReasonCode.UnspecifiedError, "the server failed"); // without effect unless an unexpected exception is passing through
            await CloseAsync(writing);
            _state.CloseConnection();
        }
    }

    private async Task WriteAsync()
    {
        var isComplete = false;
        try
        {
            isComplete = await Writer.RunAsync();
        }
        finally
        {
            if (!isComplete)
                EndSilently(ReasonCode.UnspecifiedError, "the network connection failed");
        }
    }

    private async Task ReadAsync(KeepAlive keepAlive)
    {
        var input = _transport.Input;
        while (!HasEnded)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            var isBatching = false;
            try
            {
                while (!HasEnded && PacketDecoder.TryRead(ref buffer, Version, _state.Limits.PacketBytes, out var packet))
                {
                    keepAlive.OnPacket();
                    if (!isBatching)
                        Writer.BeginBatch();
                    isBatching = true;
                    var handled = _handler.HandleAsync(packet, keepAlive);
                    if (!handled.IsCompleted)
                    {
                        Writer.EndBatch(inline: true);
                        isBatching = false;
                    }
                    await handled;
                    await Writer.WaitForCapacityAsync();
                    await Acknowledgements.WaitForCapacityAsync();
                }
            }
            finally
            {
                if (isBatching)
                    Writer.EndBatch(inline: true);
                input.AdvanceTo(buffer.Start, buffer.End);
            }
            if (result.IsCompleted)
                EndSilently(ReasonCode.UnspecifiedError, "the client closed the network connection without DISCONNECT");
        }
    }

    private void EndAfterTimeout() => End(
        ReasonCode.KeepAliveTimeout,
        _handler.IsConnected ? "no packet was received for one and a half times the keep-alive interval" : "no CONNECT was received in time");

    private async Task CloseAsync(Task writing)
    {
        var (reason, description) = _end!.Value;
        _state.Disconnect(this, reason);
        try
        {
            using (_state.Time.CreateTimer(_ => _transport.Output.CancelPendingFlush(), null, _state.Limits.Linger, Timeout.InfiniteTimeSpan))
                await writing;
        }
        finally
        {
            await _transport.Input.CompleteAsync();
            await _transport.Output.CompleteAsync();
            if (_handler.IsConnected || reason != ReasonCode.UnspecifiedError) // a port scan, closed without CONNECT, is not reported
                _state.Options.Disconnected?.Invoke(this, reason, description);
        }
    }
}
