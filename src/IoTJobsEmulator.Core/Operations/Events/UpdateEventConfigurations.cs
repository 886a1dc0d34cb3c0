using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.Events;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateEventConfigurations.html"/>
public static class UpdateEventConfigurations
{
    public sealed record Request : IStructure
    {
        /// <summary>By type of event: THING, THING_GROUP, JOB, JOB_EXECUTION and so on.</summary>
        public IReadOnlyDictionary<string, Configuration?>? EventConfigurations { get; init; }
    }

    public sealed record Response;

    /// <summary>Turns types of events on or off. Types that are not given stay as they are.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var given = request?.EventConfigurations ?? new Dictionary<string, Configuration?>();
        if (given.Keys.Any(name => !new EnumText<EventType>(name).IsDefined))
            throw ServiceError.InvalidRequest.Because(
                $"1 validation error detected: Value '{{{string.Join(", ", given.Keys)}}}' at 'eventConfigurations' failed to satisfy constraint: "
                + $"Map keys must satisfy constraint: [Member must satisfy enum value set: [{string.Join(", ", Enum.GetNames<EventType>())}]]");

        if (realm.EventConfigurations.Only is null)
            realm.EventConfigurations.Put(new() { Enabled = [], CreatedAt = realm.Now, LastModifiedAt = realm.Now });
        var types = given.ToDictionary(type => new EnumText<EventType>(type.Key).Value, type => type.Value?.Enabled ?? false);
        realm.EventConfigurations.Change(EventConfiguration.OnlyKey, row => row.Set(types, realm.Now));
        return new();
    }
}
