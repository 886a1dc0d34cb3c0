namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The messages that wait for one client, and those in flight: sent with QoS 1 and not yet acknowledged (MQTT 5, 4.3.2). No other lock is
/// taken while its lock is held, so a slow client does not delay others.
/// </summary>
internal sealed class DeliveryQueue(MqttLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _waiting = new();
    private readonly List<InFlight> _inFlight = [];
    private long _waitingBytes;
    private int _toResend;
    private int _receiveMaximum;
    private ushort _lastId;

    private readonly record struct InFlight(ushort Id, Delivery Delivery, bool MustResend);

    /// <returns>False when the queue is full.</returns>
    public bool TryAdd(in Delivery delivery)
    {
        lock (_gate)
        {
            var bytes = delivery.Message.Payload.Length;
            if (_waiting.Count >= limits.QueuedMessages || _waitingBytes + bytes > limits.QueuedBytes)
                return false;
            _waiting.Enqueue(delivery);
            _waitingBytes += bytes;
            return true;
        }
    }

    /// <summary>A connection begins. Unacknowledged messages are sent again, before all others and in their order (MQTT 5, 4.4).</summary>
    /// <param name="receiveMaximum">How many unacknowledged messages the client accepts (MQTT 5, 4.9).</param>
    public void Resume(int receiveMaximum)
    {
        lock (_gate)
        {
            _receiveMaximum = receiveMaximum;
            for (var i = 0; i < _inFlight.Count; i++)
                _inFlight[i] = _inFlight[i] with { MustResend = true };
            _toResend = _inFlight.Count;
        }
    }

    /// <summary>The connection has ended. Messages with QoS 0 are discarded.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            _receiveMaximum = 0;
            for (var left = _waiting.Count; left > 0; left--)
            {
                var delivery = Dequeue();
                if (delivery.Qos == Qos.AtMostOnce)
                    continue;
                _waiting.Enqueue(delivery);
                _waitingBytes += delivery.Message.Payload.Length;
            }
        }
    }

    /// <summary>Discards the messages that wait. Those in flight may still be acknowledged.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
            _waitingBytes = 0;
            _inFlight.RemoveAll(f => f.MustResend);
            _toResend = 0;
        }
    }

    /// <summary>The next message to write, if there is one and the receive maximum allows it.</summary>
    public bool TryTake(DateTimeOffset now, out OutgoingPublish next)
    {
        lock (_gate)
        {
            next = default;
            if (_receiveMaximum == 0)
                return false;
            if (_toResend > 0)
                return TryResend(out next);
            while (_waiting.TryPeek(out var delivery))
            {
                if (delivery.Qos != Qos.AtMostOnce && _inFlight.Count >= _receiveMaximum)
                    return false;
                Dequeue();
                if (delivery.Message.IsExpired(now))
                    continue;
                next = new(delivery, delivery.Qos == Qos.AtMostOnce ? (ushort)0 : AddInFlight(delivery), Duplicate: false);
                return true;
            }
            return false;
        }
    }

    /// <returns>Whether another message can be written now.</returns>
    public bool Acknowledge(ushort packetId)
    {
        lock (_gate)
        {
            var index = _inFlight.FindIndex(f => f.Id == packetId && !f.MustResend);
            if (index < 0)
                return false;
            _inFlight.RemoveAt(index);
            return _waiting.Count + _toResend > 0;
        }
    }

    private bool TryResend(out OutgoingPublish next)
    {
        next = default;
        if (_inFlight.Count - _toResend >= _receiveMaximum)
            return false;
        var index = _inFlight.FindIndex(f => f.MustResend);
        var resent = _inFlight[index];
        _inFlight[index] = resent with { MustResend = false };
        _toResend--;
        next = new(resent.Delivery, resent.Id, Duplicate: true);
        return true;
    }

    private ushort AddInFlight(in Delivery delivery)
    {
        do
            _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);
        while (IsInFlight(_lastId));
        _inFlight.Add(new(_lastId, delivery, MustResend: false));
        return _lastId;
    }

    private bool IsInFlight(ushort id)
    {
        foreach (var sent in _inFlight)
        {
            if (sent.Id == id)
                return true;
        }
        return false;
    }

    private Delivery Dequeue()
    {
        var delivery = _waiting.Dequeue();
        _waitingBytes -= delivery.Message.Payload.Length;
        return delivery;
    }
}
