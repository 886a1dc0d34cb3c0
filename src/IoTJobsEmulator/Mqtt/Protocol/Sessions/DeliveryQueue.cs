namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// What waits for one client, and what it has been sent and has not acknowledged. Its lock is held for a moment only and nothing else is
/// locked within it, so a client that is slow holds up nobody.
/// </summary>
internal sealed class DeliveryQueue(MqttLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _waiting = new();
    private readonly List<InFlight> _inFlight = [];
    private long _waitingBytes;
    private int _toRepeat;
    private int _window;
    private ushort _lastId;

    private readonly record struct InFlight(ushort Id, Delivery Delivery, bool ToRepeat);

    /// <returns>False when too much waits already.</returns>
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

    /// <summary>A connection begins: what has not been acknowledged will be sent again, first and in order.</summary>
    /// <param name="window">How many unacknowledged messages the client can bear.</param>
    public void Resume(int window)
    {
        lock (_gate)
        {
            _window = window;
            for (var i = 0; i < _inFlight.Count; i++)
                _inFlight[i] = _inFlight[i] with { ToRepeat = true };
            _toRepeat = _inFlight.Count;
        }
    }

    /// <summary>The connection is gone: QoS 0 does not outlive it.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            _window = 0;
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

    /// <summary>Forgets what waits; what is in flight may still be acknowledged.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
            _waitingBytes = 0;
            _inFlight.RemoveAll(f => f.ToRepeat);
            _toRepeat = 0;
        }
    }

    /// <summary>The next message to write, unless there is none or the client must acknowledge first.</summary>
    public bool TryTake(DateTimeOffset now, out OutgoingPublish next)
    {
        lock (_gate)
        {
            next = default;
            if (_window == 0)
                return false;
            if (_toRepeat > 0)
                return TryRepeat(out next);
            while (_waiting.TryPeek(out var delivery))
            {
                if (delivery.Qos != Qos.AtMostOnce && _inFlight.Count >= _window)
                    return false;
                Dequeue();
                if (delivery.Message.IsExpired(now))
                    continue;
                next = new(delivery, delivery.Qos == Qos.AtMostOnce ? (ushort)0 : Send(delivery), Duplicate: false);
                return true;
            }
            return false;
        }
    }

    /// <returns>Whether the client may now be sent more.</returns>
    public bool Acknowledge(ushort packetId)
    {
        lock (_gate)
        {
            var index = _inFlight.FindIndex(f => f.Id == packetId && !f.ToRepeat);
            if (index < 0)
                return false;
            _inFlight.RemoveAt(index);
            return _waiting.Count + _toRepeat > 0;
        }
    }

    private bool TryRepeat(out OutgoingPublish next)
    {
        next = default;
        if (_inFlight.Count - _toRepeat >= _window)
            return false;
        var index = _inFlight.FindIndex(f => f.ToRepeat);
        var repeated = _inFlight[index];
        _inFlight[index] = repeated with { ToRepeat = false };
        _toRepeat--;
        next = new(repeated.Delivery, repeated.Id, Duplicate: true);
        return true;
    }

    private ushort Send(in Delivery delivery)
    {
        do
            _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);
        while (IsInFlight(_lastId));
        _inFlight.Add(new(_lastId, delivery, ToRepeat: false));
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
