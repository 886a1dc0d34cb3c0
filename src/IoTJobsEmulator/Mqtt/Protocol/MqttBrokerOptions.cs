using System.Security.Cryptography;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>The limits of the broker, and the hooks of the code that gives topics a meaning. Hooks are called by many threads.</summary>
public sealed record MqttBrokerOptions
{
    public MqttLimits Limits { get; init; } = MqttLimits.Default;

    /// <summary>
    /// Called for each CONNECT before the CONNACK is sent (MQTT 5, 3.1.4). It may set the connection's Tag and Tenant. Any reason code but
    /// Success refuses the client.
    /// </summary>
    public Func<MqttConnection, ReasonCode> ValidateConnection { get; init; } = static _ => ReasonCode.Success;

    /// <summary>
    /// Called for each PUBLISH of a client. Null: the message goes to its subscribers. Otherwise it is delivered to no subscriber, and what was
    /// answered handles it: it is given an action that acknowledges the message (with QoS 1), to be called once, before any response, on any
    /// thread. The client's next packet is read when that task has completed.
    /// </summary>
    public Func<MqttConnection, MqttMessage, Func<Action, ValueTask>?> InterceptPublish { get; init; } = static (_, _) => null;

    /// <summary>Where persistent sessions and retained messages are kept beyond the process; null if they end with it.</summary>
    public ISessionStore? Store { get; init; }

    /// <summary>
    /// Called with each publication, in order. Intercepted messages and messages to a single client are included. Called under the
    /// broker's lock: a listener must only enqueue, and must not block or call the broker. A listener that throws is reported to
    /// <see cref="ListenerFailed"/>, and the others are still called.
    /// </summary>
    public IReadOnlyList<Action<Publication>> PublicationListeners { get; init; } = [];

    /// <summary>Called with the exception of a publication listener, under the broker's lock.</summary>
    public Action<Exception>? ListenerFailed { get; init; }

    /// <summary>Called when a client's CONNECT is accepted. Called under the broker's lock: it must only enqueue.</summary>
    public Action<MqttConnection>? Connected { get; init; }

    /// <summary>Called when a connection has ended, with the reason code and a description for the log.</summary>
    public Action<MqttConnection, ReasonCode, string>? Disconnected { get; init; }

    /// <summary>Called with each message that is written to a client, once more when it is sent again. It must not block, and must not throw.</summary>
    public Action<MqttConnection, MqttMessage>? Delivered { get; init; }

    /// <summary>
    /// Called with a client id and the first message of a connection, or of a time offline, that is dropped because the queue of this client is
    /// full or the queues of all clients are. Called under the broker's lock: it must not block.
    /// </summary>
    public Action<string, MqttMessage>? MessageDropped { get; init; }

    /// <summary>
    /// Called with a description when a limit of the whole broker refuses something, once for each limit until a reset. It may be called under
    /// the broker's lock: it must not block.
    /// </summary>
    public Action<string>? LimitReached { get; init; }

    /// <summary>Makes the client identifier of a client that gives none (MQTT 5, 3.1.3.1).</summary>
    public Func<string> NewClientId { get; init; } = static () => "$GEN/" + new Guid(RandomNumberGenerator.GetBytes(16));
}
