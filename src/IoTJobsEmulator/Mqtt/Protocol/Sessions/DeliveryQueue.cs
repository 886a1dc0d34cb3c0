namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The messages that wait for one client, and those in flight: sent with QoS 1 and not yet acknowledged (MQTT 5, 4.3.2). No other lock is
/// taken while its lock is held, so a slow client does not delay others.
/// </summary>
/// <param name="limits">The bounds of the queue.</param>
/// <param name="total">Counts the messages of all queues.</param>
/// <param name="client">The client.</param>
/// <param name="store">Keeps the messages with QoS 1 until they are acknowledged; null if they end with the process.</param>
internal sealed class DeliveryQueue(MqttLimits limits, QueuedTotal total, ClientKey client, ISessionStore? store)
{
    /// <summary>A queue that was longer gives its memory back when it is empty.</summary>
    private const int KeptCapacity = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _waiting = new();
    private readonly List<InFlight> _inFlight = [];
    private long _waitingBytes;
    private int _toResend;
    private int _receiveMaximum;
    private ushort _lastId;
    private long _lastNumber;

    private readonly record struct InFlight(ushort Id, Delivery Delivery, bool MustResend);

    /// <returns>False when the queue is full.</returns>
    public bool TryAdd(Delivery delivery)
    {
        lock (_gate)
        {
            if (!TryReserve(delivery))
                return false;
            if (store is not null && delivery.Qos == Qos.AtLeastOnce)
            {
                delivery = delivery with { Number = ++_lastNumber };
                Keep(delivery, packetId: 0);
            }
            Enqueue(delivery);
            return true;
        }
    }

    /// <summary>Adds a message that was kept. They are added in the order of their numbers, before the client connects.</summary>
    /// <returns>False when the queue is full.</returns>
    public bool TryRestore(KeptDelivery kept)
    {
        lock (_gate)
        {
            var delivery = new Delivery(kept.Message, Qos.AtLeastOnce, kept.Retain, kept.Number);
            if (!TryReserve(delivery))
                return false;
            _lastNumber = kept.Number;
            if (kept.PacketId == 0)
                Enqueue(delivery);
            else
            {
                _inFlight.Add(new(kept.PacketId, delivery, MustResend: false));
                _lastId = kept.PacketId;
            }
            return true;
        }
    }

    /// <summary>From now on the messages end with the process.</summary>
    public void StopKeeping()
    {
        lock (_gate)
        {
            foreach (var delivery in _waiting)
                Forget(delivery);
            foreach (var sent in _inFlight)
                Forget(sent.Delivery);
            store = null;
        }
    }

    /// <summary>The session has ended: nothing waits and nothing is in flight any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            DropWaiting();
            foreach (var sent in _inFlight)
                Drop(sent.Delivery);
            _inFlight.Clear();
            _toResend = 0;
        }
    }

    /// <summary>A connection begins. Unacknowledged messages are sent again, before all others and in their order (MQTT 5, 4.4).</summary>
    /// <param name="receiveMaximum">How many unacknowledged messages the client accepts (MQTT 5, 4.9).</param>
    public void Resume(int receiveMaximum)
    {
        lock (_gate)
        {
            _receiveMaximum = receiveMaximum;
            _inFlight.RemoveAll(f => f.Delivery.Message is null);
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
                    Drop(delivery);
                else
                    Enqueue(delivery);
            }
            _waiting.TrimExcess();
        }
    }

    /// <summary>Discards all messages. Of those in flight the identifiers stay in use until they are acknowledged.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            DropWaiting();
            for (var i = 0; i < _inFlight.Count; i++)
            {
                Drop(_inFlight[i].Delivery);
                _inFlight[i] = _inFlight[i] with { Delivery = default };
            }
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
                if (_waiting.Count == 0 && _waiting.Capacity > KeptCapacity)
                    _waiting.TrimExcess();
                if (delivery.Message.IsExpired(now))
                {
                    Drop(delivery);
                    continue;
                }
                if (delivery.Qos == Qos.AtMostOnce)
                    total.Remove(delivery.Message);
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
            Drop(_inFlight[index].Delivery);
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
        Keep(delivery, _lastId);
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

    /// <summary>Counts a message until it is sent, acknowledged or dropped, if there is room for it.</summary>
    private bool TryReserve(in Delivery delivery) =>
        _waiting.Count < limits.QueuedMessages && _waitingBytes + delivery.Message.Size <= limits.QueuedBytes && total.TryAdd(delivery.Message);

    private void DropWaiting()
    {
        foreach (var delivery in _waiting)
            Drop(delivery);
        _waiting.Clear();
        _waiting.TrimExcess();
        _waitingBytes = 0;
    }

    private void Drop(in Delivery delivery)
    {
        if (delivery.Message is null)
            return; // dropped by a reset
        Forget(delivery);
        total.Remove(delivery.Message);
    }

    private void Keep(in Delivery delivery, ushort packetId)
    {
        if (delivery.Number > 0)
            store?.Put(new KeptDelivery(client, delivery.Number, delivery.Message, delivery.Retain, packetId));
    }

    private void Forget(in Delivery delivery)
    {
        if (delivery.Number > 0)
            store?.Remove(new KeptDelivery(client, delivery.Number, delivery.Message, delivery.Retain, 0));
    }

    private void Enqueue(in Delivery delivery)
    {
        _waiting.Enqueue(delivery);
        _waitingBytes += delivery.Message.Size;
    }

    private Delivery Dequeue()
    {
        var delivery = _waiting.Dequeue();
        _waitingBytes -= delivery.Message.Size;
        return delivery;
    }
}
