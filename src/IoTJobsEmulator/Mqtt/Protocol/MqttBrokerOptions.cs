using System.Security.Cryptography;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>What whoever knows the meaning of topics may have a say in. All of it is called by many threads.</summary>
public sealed record MqttBrokerOptions
{
    public MqttLimits Limits { get; init; } = MqttLimits.Default;

    /// <summary>Called when a client has said who it is and before it is answered: the moment to set its Tag and Tenant, or to refuse it.</summary>
    public Func<MqttConnection, ReasonCode> Connecting { get; init; } = static _ => ReasonCode.Success;

    /// <summary>
    /// Called with each publish of a client, which is acknowledged already. True: it has been taken and goes to nobody. The client's next
    /// packet is read when this is done.
    /// </summary>
    public Func<MqttConnection, MqttMessage, ValueTask<bool>> Intercept { get; init; } = static (_, _) => new(false);

    /// <summary>Called with each publication, in order, taken ones and private answers included. Quick, called under the broker's lock.</summary>
    public Action<Publication>? Published { get; init; }

    /// <summary>Called when a connection has ended, with the reason in code and words.</summary>
    public Action<MqttConnection, ReasonCode, string>? Ended { get; init; }

    /// <summary>Called when a message is dropped: too many wait for this client, or too many that it published are retained. Quick, called under the broker's lock.</summary>
    public Action<MqttConnection, MqttMessage>? Dropped { get; init; }

    /// <summary>Names a client that gives no name.</summary>
    public Func<string> NewClientId { get; init; } = static () => "$GEN/" + new Guid(RandomNumberGenerator.GetBytes(16));
}
