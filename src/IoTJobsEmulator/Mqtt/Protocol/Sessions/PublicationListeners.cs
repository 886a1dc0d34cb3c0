namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// Calls the <see cref="MqttBrokerOptions.PublicationListeners"/>. Used under the broker's lock only, so that all of them see the same order.
/// </summary>
internal sealed class PublicationListeners(MqttBrokerOptions options)
{
    private readonly Action<Publication>[] _listeners = [.. options.PublicationListeners];

    public bool IsEmpty => _listeners.Length == 0;

    /// <summary>Calls every listener. One that throws is reported, and the others are still called.</summary>
    public void Notify(MqttMessage message, string? tenant, MqttConnection? publisher = null, MqttConnection? recipient = null)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(new(message, publisher, recipient, tenant));
            }
            catch (Exception exception)
            {
                options.ListenerFailed?.Invoke(exception);
            }
        }
    }
}
