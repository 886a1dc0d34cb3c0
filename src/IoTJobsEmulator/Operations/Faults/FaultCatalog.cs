using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Operations.Faults;

/// <summary>Everything that can go wrong: the operations of the APIs, the notifications and the events. Makes rules of definitions.</summary>
/// <param name="operations">All operations of AWS that the emulator has.</param>
internal sealed class FaultCatalog(Func<IEnumerable<Operation>> operations)
{
    public const string Any = "*", Notify = "notify", NotifyNext = "notify-next";

    private static readonly string[] Notifications = [Notify, NotifyNext, .. Enum.GetNames<EventType>()];

    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    private static readonly ServiceError[] Errors =
        [.. typeof(ServiceError).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ServiceError>()];

    private readonly Lazy<Operation[]> _operations = new(() => [.. operations()]);

    // Rules share their sets: there may be many that strike every operation.
    private readonly ConcurrentDictionary<string, FrozenSet<FaultTarget>> _sets = [];

    /// <summary>Whether an operation of AWS has this name.</summary>
    public bool Has(string operation) => Array.Exists(_operations.Value, known => known.Name == operation);

    /// <summary>Makes a rule of a definition that satisfies its shapes.</summary>
    /// <exception cref="ServiceException">InvalidRequest: its members contradict each other, or it can strike nothing.</exception>
    public FaultRule Rule(FaultDefinition definition)
    {
        CheckMembers(definition);
        var error = definition.Error is { } given ? ErrorOf(given) : null;
        var targets = definition.Notification is { } notification ? Told(definition, notification) : Called(definition, error);
        return new(definition with { Seed = definition.Probability is null ? null : definition.Seed ?? Random.Shared.Next() }, targets, error);
    }

    private static void CheckMembers(FaultDefinition given)
    {
        var isNotification = given.Notification is not null;
        if (given.Operation is null != isNotification)
            throw Refused(given.Operation is null ? "'operation' or 'notification' must be given" : "'operation' and 'notification' exclude each other");
        if (given.Error is null && given.Delay is null && given.Drop is null && given.Duplicate is not true)
            throw Refused("one of 'error', 'delay', 'drop' and 'duplicate' must be given");
        if (given.Delay is { } delay && delay.Span > LongestDelay)
            throw Refused($"Value '{delay}' at 'delay' failed to satisfy constraint: Member must be at most 1h");
        if (given.Seed is not null && given.Probability is null)
            throw Refused("'seed' needs 'probability'");
        Exclude(given.Error is not null && given.Drop is not null, "error", "drop");
        Exclude(given.Duplicate is true && given.Drop is not null, "duplicate", "drop");
        Exclude(given.Duplicate is true && given.Transport?.Value is Transport.http, "duplicate", "transport http");
        Exclude(given.Duplicate is true && given.Transport?.Value is Transport.simulator, "duplicate", "transport simulator");
        Exclude(given.Delay is not null && given.Transport?.Value is Transport.simulator, "delay", "transport simulator");
        Exclude(isNotification && given.Error is not null, "notification", "error");
        Exclude(isNotification && given.Drop?.Value is FaultDrop.after, "notification", "drop after");
        Exclude(isNotification && given.Transport?.Value is Transport.http, "notification", "transport http");
        Exclude(isNotification && given.Transport?.Value is Transport.simulator, "notification", "transport simulator");
        Exclude(isNotification && given.Service is not null, "notification", "service");
        Exclude(given.Notification == Notify && given.JobId is not null, "notification notify, which lists all jobs of a thing,", "jobId");
    }

    private static void Exclude(bool areBoth, string one, string other)
    {
        if (areBoth)
            throw Refused($"{one} and {other} exclude each other");
    }

    private static ServiceError ErrorOf(FaultError given)
    {
        if (given.Name is null)
        {
            var code = given.Code ?? throw Refused("'error.name' or 'error.code' must be given");
            return new(code, given.StatusCode ?? 400, code);
        }
        Exclude(given.Code is not null || given.StatusCode is not null, "error.name", "error.code or error.statusCode");
        return Array.Find(Errors, error => error.Name == given.Name)
            ?? throw Refused($"Value '{given.Name}' at 'error' failed to satisfy constraint: Member must be an error of AWS IoT: [{string.Join(", ", Errors.Select(error => error.Name).Distinct())}]");
    }

    private FrozenSet<FaultTarget> Told(FaultDefinition definition, string notification)
    {
        if (notification != Any && !Notifications.Contains(notification))
            throw Refused($"Value '{notification}' at 'notification' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", Notifications)}, {Any}]");
        if (definition.Thing is not null && notification is nameof(EventType.JOB))
            throw Refused("events of a JOB concern no 'thing'");
        return _sets.GetOrAdd(notification, name => Notifications.Where(known => name == Any || known == name).Select(known => new FaultTarget(null, known)).ToFrozenSet());
    }

    /// <summary>The operations that the definition means; each filter leaves some, or its member is refused.</summary>
    private FrozenSet<FaultTarget> Called(FaultDefinition definition, ServiceError? error)
    {
        var name = definition.Operation!;
        Operation[] meant = Array.FindAll(_operations.Value, operation => name == Any || operation.Name == name);
        if (meant.Length == 0)
            throw Refused($"Value '{name}' at 'operation' failed to satisfy constraint: Member must be the name of an operation of AWS that the emulator has, or {Any}");
        Keep(definition.Service is not null, operation => ServiceOf(operation.Api) == definition.Service, $"is no operation of the 'service' {definition.Service}");
        Keep(definition.Transport?.Value is Transport.mqtt || definition.Duplicate is true, operation => operation.Api == Api.IotJobsData, "cannot be called over MQTT");
        Keep(definition.Transport?.Value is Transport.simulator, IsCalledBySimulatedDevices, "is called by no simulated device");
        Keep(definition.Thing is not null, operation => operation.NamesThing, "names no 'thing'");
        Keep(definition.JobId is not null, operation => operation.NamesJob, "names no job: 'jobId' fits nothing");
        if (definition.Error is { Name: { } errorName })
        {
            var all = meant;
            Keep(true, operation => error == ServiceError.Throttling || operation.Declares(error!),
                $"cannot answer the 'error' {errorName}, but: {string.Join(", ", all.SelectMany(operation => operation.Errors.Select(operation.NameOf)).Distinct().Order(StringComparer.Ordinal))}");
        }
        var targets = meant.Select(operation => new FaultTarget(operation.Api, operation.Name)).ToArray();
        return _sets.GetOrAdd(string.Join(' ', targets), _ => targets.ToFrozenSet());

        void Keep(bool applies, Predicate<Operation> which, string otherwise)
        {
            if (applies && (meant = Array.FindAll(meant, which)).Length == 0)
                throw Refused($"{(name == Any ? "any operation" : name)} {otherwise}");
        }
    }

    private static bool IsCalledBySimulatedDevices(Operation operation) =>
        operation.Api == Api.IotJobsData && SimulatedClient.Operations.Any(called => called.Method.DeclaringType!.Name == operation.Name);

    /// <summary>The name of an API as the SDKs have it.</summary>
    public static string ServiceOf(Api api) => api switch
    {
        Api.IotJobsData => "iot-jobs-data",
        Api.IotData => "iot-data",
        _ => "iot",
    };

    private static ServiceException Refused(string what) => ServiceError.InvalidRequest.Because($"1 validation error detected: {what}");
}
