using System.Security.Cryptography;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// The broker and those who know what its topics mean: requests of devices go to <see cref="DeviceTopics"/>, what turns announce
/// comes from <see cref="EventTopics"/>. All other topics are plain messages.
/// </summary>
internal sealed partial class DeviceGateway
{
    private readonly TurnGate _turns;
    private readonly EmulatorOptions _options;
    private readonly ILogger _log;
    private readonly EventTopics _events;

    private readonly Lazy<UrlSigner?> _signer;

    public DeviceGateway(TurnGate turns, EmulatorOptions options, TimeProvider machine, ILogger<DeviceGateway> log, IServiceProvider services)
    {
        (_turns, _options, _log) = (turns, options, log);
        _events = new(services.GetService<Func<Guid>>() ?? (static () => new(RandomNumberGenerator.GetBytes(16))));
        // A device on MQTT has not said how it reaches the emulator over HTTP. Where that listens is known once it does, and the
        // server is not asked for earlier: its listeners need this front.
        var documents = services.GetService<DocumentStore>();
        _signer = new(() => documents?.Signer(options.PublicUrl ?? AddressOf(services.GetRequiredService<IServer>(), options)));
        Messages = new(machine);
        // The broker lives by the machine's clock: a device that is silent is silent, whatever time it is in the emulator.
        Broker = new(new()
        {
            Connecting = Connecting,
            Intercept = Intercept,
            Published = publication => Messages.Add(publication),
            Ended = (connection, reason, words) => LogEnded(log, connection.ClientId, reason, words),
            Dropped = (connection, message) => LogDropped(log, connection.ClientId, message.Topic),
        }, machine);
        NotificationFaults = new(machine, (topic, payload, realm) => Broker.Publish(topic, payload, tenant: ClientTenant.TenantOf(realm)));
        turns.Ended += Announce;
    }

    public MqttBroker Broker { get; }

    /// <summary>What was published lately.</summary>
    public PublishedMessages Messages { get; }

    /// <summary>What is to go wrong with notifications.</summary>
    public NotificationFaults NotificationFaults { get; }

    private static string AddressOf(IServer server, EmulatorOptions options)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost";
        return new UriBuilder(address) { Host = "localhost" }.Uri.GetLeftPart(UriPartial.Authority) + options.BasePath;
    }

    private ReasonCode Connecting(MqttConnection connection)
    {
        var tenant = TenantOf(connection).With(connection.UserName);
        (connection.Tag, connection.Tenant) = (tenant, tenant.TenantIn(_options));
        if (connection.WillTopic is { } will && IsReserved(will, DeviceTopics.Read(will)))
        {
            LogForbidden(_log, connection.ClientId, will);
            return ReasonCode.NotAuthorized;
        }
        return ReasonCode.Success;
    }

    private static ClientTenant TenantOf(MqttConnection connection) => connection.Tag as ClientTenant ?? ClientTenant.Unknown;

    private async ValueTask<bool> Intercept(MqttConnection connection, MqttMessage message)
    {
        var request = DeviceTopics.Read(message.Topic);
        if (IsReserved(message.Topic, request))
        {
            LogForbidden(_log, connection.ClientId, message.Topic);
            connection.Disconnect(ReasonCode.NotAuthorized);
            return true;
        }
        if (request is not var (thingName, _))
        {
            if (Mistake(message.Topic) is { } mistake)
                LogMistake(_log, connection.ClientId, message.Topic, mistake);
            return false;
        }
        var realm = RealmOf(TenantOf(connection), thingName);
        await _turns.TakeAndTell(
            realm,
            DeviceTopics.Prepare(realm, message.Topic, message.Payload, _signer.Value),
            reason => Refusal(realm, message, reason),
            answer => connection.Send(answer.Topic, answer.Payload, message.Qos));
        return true;
    }

    /// <summary>Whether clients may only listen there.</summary>
    private static bool IsReserved(string topic, (string ThingName, string[] Levels)? request) =>
        topic.StartsWith("$aws/events/", StringComparison.Ordinal) || (request is var (_, levels) && DeviceTopics.IsReserved(levels));

    private DeviceAnswer Refusal(Realm realm, MqttMessage message, Exception reason)
    {
        if (reason is not Core.ServiceException)
            LogFault(_log, reason, message.Topic);
        return DeviceTopics.Rejected(realm, message.Topic, message.Payload, reason);
    }

    /// <summary>A client that says where it belongs is served there; any other where its thing is.</summary>
    private Realm RealmOf(ClientTenant tenant, string thingName)
    {
        var (account, region) = tenant.In(_options);
        var realm = _turns.RealmOf(account, region);
        return tenant.IsKnown ? realm : _turns.RealmHavingThing(thingName, realm);
    }

    private void Announce(TurnEnded turn)
    {
        if (turn.Realm is not { } realm)
        {
            Broker.Reset();
            Messages.Clear();
            NotificationFaults.Clear();
            return;
        }
        foreach (var announcement in turn.Announcements)
        {
            if (_events.Of(realm, turn.At, announcement, turn.EventConfiguration, _signer.Value) is var (topic, payload))
                NotificationFaults.Publish(ThingOf(announcement), topic, payload, realm);
        }
    }

    /// <summary>Whose notification it is; events are nobody's.</summary>
    private static string? ThingOf(Announcement announcement) => announcement switch
    {
        PendingExecutionsChanged changed => changed.ThingName,
        NextExecutionChanged changed => changed.ThingName,
        _ => null,
    };

    /// <summary>What is probably wrong with a topic that looks like one of a device's requests.</summary>
    private static string? Mistake(string topic) => topic.Split('/') switch
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

    [LoggerMessage(LogLevel.Information, "MQTT client {ClientId} has gone: {Reason}, {Words}")]
    private static partial void LogEnded(ILogger log, string clientId, ReasonCode reason, string words);

    [LoggerMessage(LogLevel.Warning, "A message on {Topic} is dropped: too many wait for {ClientId}, or are retained")]
    private static partial void LogDropped(ILogger log, string clientId, string topic);
}
