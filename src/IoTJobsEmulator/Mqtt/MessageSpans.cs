using System.Diagnostics;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// The spans of messages. A message of MQTT 5 states the span that it follows from in its user property <c>traceparent</c>, and <c>tracestate</c>, as W3C's
/// Trace Context has them in HTTP. Without a listener each method answers null at once.
/// </summary>
internal static class MessageSpans
{
    private const string TraceParent = "traceparent", TraceState = "tracestate";

    /// <summary>Begins the span of a device's request.</summary>
    public static Activity? OfRequest(ActivitySource? spans, MqttConnection connection, MqttMessage message, Core.Tenant tenant)
    {
        if (spans?.HasListeners() is not true)
            return null;
        var span = spans.StartActivity("request", ActivityKind.Server, ContextOf(message) ?? default);
        return Describe(span, "process", message.Topic)?
            .SetTag("messaging.client.id", connection.ClientId)
            .SetTag("cloud.account.id", tenant.Account)
            .SetTag("cloud.region", tenant.Region);
    }

    /// <summary>Begins the span of a notification or an event, if the turn that causes it has one.</summary>
    public static Activity? OfNotification(Activity? cause, string topic, string template)
    {
        if (cause is null)
            return null;
        var span = cause.Source.StartActivity("publish " + template, ActivityKind.Producer, cause.Context);
        return Describe(span, "publish", topic)?.SetTag("messaging.destination.template", template);
    }

    /// <summary>Begins the span of a delivery to a client, if the message states what it follows from.</summary>
    public static Activity? OfDelivery(ActivitySource? spans, MqttConnection connection, MqttMessage message)
    {
        if (spans?.HasListeners() is not true || ContextOf(message) is not { } parent)
            return null;
        var span = spans.StartActivity("deliver", ActivityKind.Consumer, parent);
        return Describe(span, "deliver", message.Topic)?.SetTag("messaging.client.id", connection.ClientId);
    }

    /// <summary>What a message states of its span; null when it has none that is kept.</summary>
    public static MqttProperties? PropertiesOf(Activity? span) => span is not { Recorded: true, Id: { } id }
        ? null
        : new()
        {
            UserProperties = span.TraceStateString is { Length: > 0 } state
                ? [KeyValuePair.Create(TraceParent, id), KeyValuePair.Create(TraceState, state)]
                : [KeyValuePair.Create(TraceParent, id)],
        };

    private static ActivityContext? ContextOf(MqttMessage message) =>
        Find(message, TraceParent) is { } parent && ActivityContext.TryParse(parent, Find(message, TraceState), isRemote: true, out var context) ? context : null;

    private static string? Find(MqttMessage message, string name)
    {
        var properties = message.Properties.UserProperties;
        for (var i = 0; i < properties.Count; i++)
        {
            if (properties[i].Key == name)
                return properties[i].Value;
        }
        return null;
    }

    private static Activity? Describe(Activity? span, string operation, string topic) => span?
        .SetTag("messaging.system", "mqtt")
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.destination.name", topic);
}
