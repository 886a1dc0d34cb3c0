using System.Security.Cryptography;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Activity = System.Diagnostics.Activity;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Connects the MQTT broker with AWS IoT Jobs: requests of devices go to <see cref="DeviceTopics"/>, and the announcements of turns are
/// published as <see cref="EventTopics"/> says. Messages on all other topics are only delivered.
/// </summary>
internal sealed partial class DeviceGateway
{
    private readonly TurnGate _turns;
    private readonly EmulatorOptions _options;
    private readonly OperationRequests _requests;
    private readonly EventLog _eventLog;
    private readonly TimeProvider _machine;
    private readonly ILogger _log;
    private readonly EventTopics _events;
    private readonly Lazy<UrlSigner> _signer;

    public DeviceGateway(
        TurnGate turns, EmulatorOptions options, OperationRequests requests, EventLog eventLog, TimeProvider machine, ILogger<DeviceGateway> log, IServiceProvider services)
    {
        (_turns, _options, _requests, _eventLog, _machine, _log) = (turns, options, requests, eventLog, machine, log);
        _events = new(services.GetService<Func<Guid>>() ?? (static () => new(RandomNumberGenerator.GetBytes(16))));
        // A device on MQTT does not state how it reaches the emulator over HTTP. The address is known when the server listens. Asking for
        // the server earlier would be circular, because its listeners need this gateway.
        var documents = services.GetService<DocumentStore>();
        _signer = new(() => documents?.Signer(options.PublicUrl ?? AddressOf(services, options)) ?? new AwsUrlSigner(options.Region));
        Messages = new(machine);
        // The broker uses the machine's clock: keep-alives of real devices do not follow the emulator's clock.
        Broker = new(new()
        {
            ValidateConnection = ValidateConnection,
            InterceptPublish = InterceptPublish,
            PublicationListeners = [Messages.Add, publication => Published(publication.Publisher, 1)],
            Delivered = Deliver,
            ListenerFailed = exception => LogListenerFailed(log, exception),
            Connected = connection => eventLog.Connected(StatedTenantOf(connection), connection.ClientId),
            Disconnected = Disconnected,
            MessageDropped = (clientId, message) => LogDropped(log, clientId, message.Topic),
            LimitReached = limit => LogLimitReached(log, limit),
            Store = services.GetService<ISessionStore>(),
        }, machine);
        turns.AddListener(Announce);
        turns.KeepsAnnouncements = () => Broker.HasKeptSessions;
    }

    public MqttBroker Broker { get; }

    /// <summary>The last messages that were published.</summary>
    public PublishedMessages Messages { get; }

    /// <summary>Called with the client that has published messages, or null for the service, and how many. It must only count.</summary>
    public Action<MqttConnection?, int> Published { get; set; } = static (_, _) => { };

    /// <summary>Called with each message that is written to a client.</summary>
    public Action<MqttMessage> Delivered { get; set; } = static _ => { };

    /// <summary>With HTTPS when it is served, because agents of devices take no other.</summary>
    private static string AddressOf(IServiceProvider services, EmulatorOptions options)
    {
        var address = services.GetRequiredService<KestrelEndpoints>().HttpsPort is { } port
            ? new UriBuilder(Uri.UriSchemeHttps, "localhost", port)
            : new(services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost") { Host = "localhost" };
        return address.Uri.GetLeftPart(UriPartial.Authority) + options.BasePath;
    }

    private ReasonCode ValidateConnection(MqttConnection connection)
    {
        var tenant = TenantOf(connection).WithUserName(connection.UserName);
        (connection.Tag, connection.Tenant) = (tenant, tenant.TenantIn(_options));
        if (connection.WillTopic is { } will && IsReserved(will, DeviceTopics.Read(will)))
        {
            LogForbidden(_log, connection.ClientId, will);
            return ReasonCode.NotAuthorized;
        }
        return ReasonCode.Success;
    }

    private void Disconnected(MqttConnection connection, ReasonCode reason, string description)
    {
        LogDisconnected(_log, connection.ClientId, reason, description);
        if (connection.IsAccepted)
            _eventLog.Disconnected(StatedTenantOf(connection), connection.ClientId, reason.ToString());
    }

    private void Deliver(MqttConnection connection, MqttMessage message)
    {
        Delivered(message);
        MessageSpans.OfDelivery(_turns.Spans, connection, message)?.Stop();
    }

    private static ClientTenant TenantOf(MqttConnection connection) => connection.Tag as ClientTenant ?? ClientTenant.Unknown;

    /// <summary>The account and region of a client; null when it states neither.</summary>
    private Core.Tenant? StatedTenantOf(MqttConnection connection) =>
        TenantOf(connection) is { IsKnown: true } known && known.AccountAndRegion(_options) is var (account, region) ? new(account, region) : null;

    private Func<Action, ValueTask>? InterceptPublish(MqttConnection connection, MqttMessage message)
    {
        var request = DeviceTopics.Read(message.Topic);
        if (IsReserved(message.Topic, request))
            return Forbid(connection, message.Topic);
        if (request is not var (thingName, _))
        {
            if (FindMistake(message.Topic) is { } mistake)
                LogMistake(_log, connection.ClientId, message.Topic, mistake);
            return null;
        }
        return Handle(connection, message, thingName);
    }

    private Func<Action, ValueTask> Forbid(MqttConnection connection, string topic) => acknowledge =>
    {
        acknowledge();
        LogForbidden(_log, connection.ClientId, topic);
        connection.Disconnect(ReasonCode.NotAuthorized);
        return default;
    };

    /// <summary>
    /// Acknowledges a request with its response, so after the commit: a device sends no request again that was acknowledged. A fault that delays
    /// or loses the response does not concern the acknowledgement.
    /// </summary>
    private Func<Action, ValueTask> Handle(MqttConnection connection, MqttMessage message, string thingName) => acknowledge =>
    {
        var realm = RealmOf(TenantOf(connection), thingName);
        var asked = _requests.Begin(Transport.mqtt, realm.Tenant, new(connection.ClientId, null, null, message.Topic), message.Payload.Length);
        asked.Span = MessageSpans.OfRequest(_turns.Spans, connection, message, realm.Tenant);
        var taken = _turns.TakeAndDeliver(
            realm,
            DeviceTopics.Prepare(realm, message.Topic, message.Payload, _signer.Value, asked),
            reason => Refusal(realm, message, reason),
            answer => connection.SendTogether(() =>
            {
                acknowledge();
                Answer(connection, answer, asked);
            }));
        // The answer may still wait for its commit, and ends the span then. The client's next packet has another.
        if (asked.Span is not null && Activity.Current == asked.Span)
            Activity.Current = null;
        return taken;
    };

    private static void Answer(MqttConnection connection, DeviceAnswer answer, OperationRequest asked)
    {
        if (asked.Fault is { } fault)
            fault.Send(() => Respond(connection, answer, asked), asked.Lost);
        else
            Respond(connection, answer, asked);
    }

    private static void Respond(MqttConnection connection, DeviceAnswer answer, OperationRequest asked)
    {
        asked.Answered(answer.Error is { } error ? Api.IotJobsData.StatusOf(error) : StatusCodes.Status200OK, answer.Error?.MqttCode, answer.Payload);
        connection.Respond(answer.Topic, answer.Payload, ClientTenant.TenantOf(asked.Tenant));
    }

    /// <summary>Whether clients may subscribe to the topic but not publish to it.</summary>
    private static bool IsReserved(string topic, (string ThingName, string[] Levels)? request) =>
        topic.StartsWith("$aws/events/", StringComparison.Ordinal) || (request is var (_, levels) && DeviceTopics.IsReserved(levels));

    private DeviceAnswer Refusal(Realm realm, MqttMessage message, Exception reason)
    {
        if (reason is not (Core.ServiceException or AnswerLostException))
            LogFault(_log, reason, message.Topic);
        return DeviceTopics.Rejected(realm, message.Topic, message.Payload, reason);
    }

    /// <summary>The realm that the client states. A client that states none is served in the realm that has its thing.</summary>
    private Realm RealmOf(ClientTenant tenant, string thingName)
    {
        var (account, region) = tenant.AccountAndRegion(_options);
        var realm = _turns.RealmOf(account, region);
        return tenant.IsKnown ? realm : _turns.RealmHavingThing(thingName, realm);
    }

    private void Announce(TurnEnded turn)
    {
        if (turn.IsReset)
        {
            Broker.Reset();
            Messages.Clear();
        }
        if (turn.Tenant is not { } tenant || turn.Announcements.Count == 0)
            return;
        if (Broker.HasSubscriptions || turn.Span is not null || _requests.Faults.Any)
            Publish(tenant, turn);
        else
            KeepUnsubscribed(tenant, turn, turn.Announcements);
    }

    private void Publish(Core.Tenant tenant, TurnEnded turn)
    {
        var receivers = ClientTenant.TenantOf(tenant);
        List<Announcement> unsubscribed = [];
        for (var i = 0; i < turn.Announcements.Count; i++)
        {
            var announcement = turn.Announcements[i];
            if (_events.Of(tenant, turn.At, announcement, turn.EventConfiguration, _signer.Value) is not var (topic, payload))
                continue;
            if (turn.Span is null && !_requests.Faults.Any && !HasReceivers(receivers, announcement, topic))
            {
                unsubscribed.Add(announcement);
                continue;
            }
            if (unsubscribed.Count > 0)
            {
                KeepUnsubscribed(tenant, turn, unsubscribed);
                unsubscribed = [];
            }
            if (FaultOf(tenant, announcement) is { } fault)
                PublishWith(fault, announcement, topic, payload, tenant, turn.Span);
            else
                Publish(announcement, topic, payload, tenant, turn.Span);
        }
        KeepUnsubscribed(tenant, turn, unsubscribed);
    }

    private bool HasReceivers(string tenant, Announcement announcement, string topic) =>
        Broker.HasReceivers(topic, tenant) || EventTopics.OtherTopicsOf(announcement).Any(other => Broker.HasReceivers(other, tenant));

    /// <summary>Nobody can receive these announcements: they are kept for those who ask what was published.</summary>
    private void KeepUnsubscribed(Core.Tenant tenant, TurnEnded turn, IReadOnlyList<Announcement> announcements)
    {
        if (!announcements.All(IsPublished))
            announcements = [.. announcements.Where(IsPublished)];
        if (announcements.Count == 0)
            return;
        var messages = new UnsubscribedMessages(tenant, turn.At, _machine.GetUtcNow(), announcements, _events, _signer.Value);
        Messages.Add(messages);
        Published(null, messages.Count);
        _eventLog.Published(tenant, messages.Count, messages.Notifications);

        bool IsPublished(Announcement announcement) => EventTopics.IsPublished(announcement, turn.EventConfiguration);
    }

    // A method of its own, so that announcements without a fault pay for no closure.
    private void PublishWith(FaultStrike fault, Announcement announcement, string topic, MqttPayload payload, Core.Tenant tenant, Activity? cause) =>
        fault.Send(() => Publish(announcement, topic, payload, tenant, cause));

    private FaultStrike? FaultOf(Core.Tenant tenant, Announcement announcement) => _requests.Faults.Any
        ? _requests.Faults.Strike(NotificationTargets.TargetOf(announcement), NotificationTargets.SubjectOf(tenant, announcement))
        : null;

    private void Publish(Announcement announcement, string topic, MqttPayload payload, Core.Tenant tenant, Activity? cause)
    {
        var subject = NotificationTargets.SubjectOf(tenant, announcement);
        PublishTo(topic);
        foreach (var other in EventTopics.OtherTopicsOf(announcement))
            PublishTo(other);

        void PublishTo(string one)
        {
            using var span = MessageSpans.OfNotification(_turns.Spans, cause, one, EventTopics.TemplateOf(announcement));
            Broker.Publish(one, payload, tenant: ClientTenant.TenantOf(tenant), properties: MessageSpans.PropertiesOf(span));
            _eventLog.Published(tenant, one, subject.ThingName, subject.JobId);
        }
    }

    /// <summary>The probable mistake in a topic that resembles a request of a device.</summary>
    private static string? FindMistake(string topic) => topic.Split('/') switch
    {
        ["aws", "things", _, "jobs", ..] => "the $ before aws is missing",
        ["", "$aws", "things", _, "jobs", ..] => "it begins with a slash",
        ["$aws", "thing", _, "jobs", ..] => "it is things, not thing",
        ["$aws", "things", _, "job", ..] => "it is jobs, not job",
        ["$aws", "things", "", "jobs", ..] => "the thing has no name",
        ["$aws", "things", _, "jobs"] => "no operation is named",
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "{ClientId} publishes to {Topic}, which is no topic of AWS IoT Jobs: {Mistake}")]
    private static partial void LogMistake(ILogger log, string clientId, string topic, string mistake);

    [LoggerMessage(LogLevel.Warning, "{ClientId} publishes to {Topic}, where only the service does: its connection is ended")]
    private static partial void LogForbidden(ILogger log, string clientId, string topic);

    [LoggerMessage(LogLevel.Error, "{Topic} failed: this is a bug in the emulator")]
    private static partial void LogFault(ILogger log, Exception fault, string topic);

    [LoggerMessage(LogLevel.Error, "A listener of publications failed: this is a bug in the emulator")]
    private static partial void LogListenerFailed(ILogger log, Exception exception);

    [LoggerMessage(LogLevel.Information, "MQTT client {ClientId} disconnected: {Reason}, {Description}")]
    private static partial void LogDisconnected(ILogger log, string clientId, ReasonCode reason, string description);

    [LoggerMessage(LogLevel.Warning, "A message on {Topic} is dropped, and others may be: too many wait for {ClientId}, which does not read or is offline")]
    private static partial void LogDropped(ILogger log, string clientId, string topic);

    [LoggerMessage(LogLevel.Warning, "A limit of the MQTT broker is reached until the next reset: {Limit}")]
    private static partial void LogLimitReached(ILogger log, string limit);
}
