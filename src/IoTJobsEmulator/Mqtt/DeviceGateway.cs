using System.Security.Cryptography;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;
using Activity = System.Diagnostics.Activity;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Connects the MQTT broker with AWS IoT Jobs: requests of devices go to <see cref="DeviceTopics"/>, and <see cref="AnnouncementPublisher"/> publishes
/// what turns announce. Messages on all other topics are only delivered.
/// </summary>
internal sealed partial class DeviceGateway
{
    private readonly TurnGate _turns;
    private readonly EmulatorOptions _options;
    private readonly OperationRequests _requests;
    private readonly EventLog _eventLog;
    private readonly ILogger _log;
    private readonly DeviceUrlSigner _signer;

    public DeviceGateway(
        TurnGate turns, EmulatorOptions options, OperationRequests requests, EventLog eventLog, KestrelEndpoints endpoints, TimeProvider machine,
        ILogger<DeviceGateway> log, IServiceProvider services)
    {
        (_turns, _options, _requests, _eventLog, _log) = (turns, options, requests, eventLog, log);
        _signer = new(options, endpoints, services.GetService<DocumentStore>());
        Messages = new(machine);
        // The broker uses the machine's clock: keep-alives of real devices do not follow the emulator's clock.
        Broker = new(new()
        {
            ValidateConnection = ValidateConnection,
            InterceptPublish = InterceptPublish,
            PublicationListeners = [Messages.Add],
            Delivered = Deliver,
            ListenerFailed = exception => LogListenerFailed(log, exception),
            Connected = Connected,
            Disconnected = Disconnected,
            MessageDropped = (clientId, message) => LogDropped(log, clientId, message.Topic),
            LimitReached = limit => LogLimitReached(log, limit),
            Store = services.GetService<ISessionStore>(),
        }, machine);
        var topics = new EventTopics(services.GetService<Func<Guid>>() ?? (static () => new(RandomNumberGenerator.GetBytes(16))), _signer);
        var publisher = new AnnouncementPublisher(Broker, Messages, topics, requests.Faults, eventLog, machine);
        turns.AddListener(turn =>
        {
            if (turn.IsReset)
                Reset();
            else
                publisher.Publish(turn);
        });
        turns.KeepsAnnouncements = () => Broker.HasKeptSessions;
    }

    public MqttBroker Broker { get; }

    /// <summary>The last messages that were published.</summary>
    public PublishedMessages Messages { get; }

    /// <summary>Called with each message that is written to a client.</summary>
    public Action<MqttMessage> Delivered { get; set; } = static _ => { };

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

    // The events of connections come after those of the turns so far, too.
    private void Connected(MqttConnection connection) => _turns.DeliverOnPool(() => _eventLog.Connected(StatedTenantOf(connection), connection.ClientId));

    private void Disconnected(MqttConnection connection, ReasonCode reason, string description)
    {
        LogDisconnected(_log, connection.ClientId, reason, description);
        if (connection.IsAccepted)
            _turns.DeliverOnPool(() => _eventLog.Disconnected(StatedTenantOf(connection), connection.ClientId, reason.ToString()));
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
            DeviceTopics.Prepare(realm, message.Topic, message.Payload, _signer, asked),
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

    private void Reset()
    {
        _requests.Reset(); // first: what a fault has delayed is not published after the rest
        Broker.Reset();
        Messages.Clear();
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
