using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// The one writer of a connection: answers first, then the messages of the session's queue as fast as the client takes them.
/// Nobody who has something for the client waits for it, except the client's own requests.
/// </summary>
internal sealed class PacketWriter(PipeWriter output, TimeProvider time)
{
    private const int FlushAt = 32 * 1024;
    private const int ManyAnswers = 256;
    private const int MuchNews = 16;
    private const int LongestExplanation = 250;

    private readonly Lock _gate = new();
    private readonly Queue<MqttPacket> _answers = new();
    private readonly AsyncSignal _wake = new();
    private TaskCompletionSource? _room;
    private DeliveryQueue? _deliveries;
    private int _news;
    private bool _isHeldBack;
    private bool _isClosed;
    private bool _isTooMuch;

    public MqttVersion Version { get; set; } = MqttVersion.V311;

    /// <summary>The largest packet that the client takes.</summary>
    public int PacketLimit { get; set; } = int.MaxValue;

    /// <summary>Null when the client remembers none.</summary>
    public TopicAliases? Aliases { get; set; }

    /// <summary>Says in words what a reason code means here, as far as the client can take it.</summary>
    public MqttProperties Explanation(string words) =>
        PacketLimit < LongestExplanation * 4 ? MqttProperties.None : new() { ReasonString = words.Length <= LongestExplanation ? words : words[..LongestExplanation] };

    /// <summary>Answers a packet of the client; goes before messages that wait.</summary>
    public void Send(MqttPacket answer)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _answers.Enqueue(answer);
        }
        Wake();
    }

    /// <summary>From now on the session's messages are sent too.</summary>
    public void Serve(DeliveryQueue deliveries)
    {
        lock (_gate)
            _deliveries = deliveries;
        _wake.Set();
    }

    /// <summary>There is something to write: an answer, or in the session's queue.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_isHeldBack && ++_news < MuchNews)
                return;
        }
        _wake.Set();
    }

    /// <summary>
    /// Until <see cref="Release"/> nothing is written, unless it is much: the client is being heard, and what it is answered to one packet,
    /// and to a few that came together, goes out together.
    /// </summary>
    public void HoldBack()
    {
        lock (_gate)
            _isHeldBack = true;
    }

    /// <summary>Writes what was held back, in this thread.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isHeldBack = false;
            if (_news == 0)
                return;
            _news = 0;
        }
        _wake.SetAndGoOn();
    }

    /// <summary>Nothing more is accepted; what has been answered is still written, messages are not.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _deliveries = null;
            _room?.TrySetResult();
        }
        _wake.Set();
    }

    /// <summary>Done when there is room for more answers: who asks without listening is not heard further.</summary>
    public ValueTask RoomAsync()
    {
        lock (_gate)
        {
            if (_isClosed || _answers.Count < ManyAnswers)
                return default;
            _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_room.Task);
        }
    }

    /// <summary>Writes until closed.</summary>
    /// <returns>False when the client's end of the line is gone or does not take what it gets, or an answer is more than it says it can take.</returns>
    public async Task<bool> RunAsync()
    {
        try
        {
            while (true)
            {
                if (WriteSome())
                {
                    var flushed = await output.FlushAsync();
                    if (flushed.IsCompleted || flushed.IsCanceled)
                        return false;
                }
                else if (_isTooMuch)
                    return false;
                else if (IsDone())
                    return true;
                else
                    await _wake.WaitAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            return false; // the transport was torn down under us
        }
        finally
        {
            Close();
        }
    }

    private bool IsDone()
    {
        lock (_gate)
            return _isClosed && _answers.Count == 0;
    }

    /// <returns>Whether there is something to flush.</returns>
    private bool WriteSome()
    {
        var now = time.GetUtcNow();
        WriteAnswers();
        while (output.UnflushedBytes < FlushAt && TryTake(now, out var next))
        {
            WriteAnswers(); // what was answered before this message was queued, goes before it
            Write(next, now);
        }
        return output.UnflushedBytes > 0;
    }

    private void WriteAnswers()
    {
        while (true)
        {
            MqttPacket? answer;
            lock (_gate)
            {
                if (!_answers.TryDequeue(out answer))
                {
                    _room?.TrySetResult();
                    _room = null;
                    return;
                }
            }
            _isTooMuch |= !PacketEncoder.Write(output, answer, Version, PacketLimit);
        }
    }

    private bool TryTake(DateTimeOffset now, out OutgoingPublish next)
    {
        DeliveryQueue? deliveries;
        lock (_gate)
            deliveries = _deliveries;
        next = default;
        return deliveries is not null && deliveries.TryTake(now, out next);
    }

    private void Write(in OutgoingPublish next, DateTimeOffset now)
    {
        var properties = Version == MqttVersion.V5 ? next.Delivery.Message.PropertiesAt(now) : MqttProperties.None;
        var isWritten = WriteWithAlias(next, properties) || Write(next, next.Delivery.Message.Topic, properties);
        if (!isWritten && next.PacketId != 0)
            _deliveries?.Acknowledge(next.PacketId); // MQTT 5, 3.1.2.11.4: dropped as if it had been sent
    }

    private bool WriteWithAlias(in OutgoingPublish next, MqttProperties properties)
    {
        var topic = next.Delivery.Message.Topic;
        if (Aliases?.Of(topic, out var isKnown) is not { } alias || !Write(next, isKnown ? "" : topic, properties with { TopicAlias = alias }))
            return false;
        Aliases.Remember(topic, alias);
        return true;
    }

    private bool Write(in OutgoingPublish next, string topic, MqttProperties properties)
    {
        var (delivery, packetId, duplicate) = next;
        return PacketEncoder.WritePublish(
            output, Version, topic, delivery.Message.Payload.Span, delivery.Qos, delivery.Retain, duplicate, packetId, properties, PacketLimit);
    }
}
