using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// The PUBACKs that a connection owes its client. They are sent in the order of the messages (MQTT-4.6.0-2), also when a later message is
/// handled before an earlier one.
/// </summary>
internal sealed class PublishAcknowledgements(PacketWriter writer)
{
    /// <summary>So many may wait for an earlier one before the client's next packet does.</summary>
    private const int MaxWaiting = 256;

    private static readonly Action Nothing = static () => { };

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = [];
    private TaskCompletionSource? _capacity;

    /// <summary>Announces a PUBACK. The answer sends it, or has it sent after the earlier ones; with QoS 0 (no identifier) it does nothing.</summary>
    public Action Begin(ushort packetId)
    {
        if (packetId == 0)
            return Nothing;
        var waiting = new Waiting(packetId);
        lock (_gate)
            _waiting.Enqueue(waiting);
        return () => Complete(waiting);
    }

    /// <summary>Sends a PUBACK, or has it sent after the earlier ones; with QoS 0 (no identifier) none.</summary>
    public void Send(ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        if (packetId == 0)
            return;
        lock (_gate)
        {
            if (_waiting.Count == 0)
                writer.Send(new AcknowledgePacket(PacketType.PubAck, packetId, reason));
            else
                _waiting.Enqueue(new(packetId, reason) { IsReady = true });
        }
    }

    /// <summary>Completes at once, unless too many PUBACKs wait.</summary>
    public ValueTask WaitForCapacityAsync()
    {
        lock (_gate)
        {
            if (_waiting.Count < MaxWaiting)
                return default;
            _capacity ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_capacity.Task);
        }
    }

    private void Complete(Waiting ready)
    {
        lock (_gate)
        {
            ready.IsReady = true;
            while (_waiting.TryPeek(out var first) && first.IsReady)
                writer.Send(new AcknowledgePacket(PacketType.PubAck, first.PacketId, _waiting.Dequeue().Reason));
            if (_waiting.Count >= MaxWaiting)
                return;
            _capacity?.TrySetResult();
            _capacity = null;
        }
    }

    private sealed class Waiting(ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        public ushort PacketId => packetId;

        public ReasonCode Reason => reason;

        public bool IsReady { get; set; }
    }
}
